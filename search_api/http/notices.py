"""Routes of notices."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from search_api.answers import notice_answer, notices_answer
from search_api.filter_values import clean
from search_api.http.answering import documented, json_response
from search_api.http.parameters import NOTICE_PARAMETERS, Offset, Top, WantedNotices, filter_parameters
from search_api.http.schemas import NoticeAnswer, NoticesAnswer
from search_api.http.search import Service

router = APIRouter(prefix="/notices", tags=["通知"])

NoticeId = Annotated[str, Path(description="通知编号", examples=["a9f09fca2f54"])]


@router.get(
    "",
    summary="已收录的通知",
    description="按成文日期排列，新的在前。",
    response_model=None,
    openapi_extra=filter_parameters(NOTICE_PARAMETERS),
    responses=documented(NoticesAnswer, 422, 503),
)
def notices(service: Service, wanted: WantedNotices, top: Top = 20, offset: Offset = 0) -> Response:
    """The notices that are held."""
    total, records = service.index.notices(wanted, offset, top)
    return json_response(notices_answer(total, records))


@router.get(
    "/{notice_id}",
    summary="一份通知",
    description="通知及其全部条款、层级结构和解析时的存疑之处。",
    response_model=None,
    responses=documented(NoticeAnswer, 404, 422, 503),
)
def notice(service: Service, notice_id: NoticeId) -> Response:
    """A notice with its items."""
    return json_response(notice_answer(service.index.notice(clean(notice_id))))
