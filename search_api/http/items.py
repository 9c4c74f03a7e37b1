"""Routes of items: /items/{id} and what is like it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from search_api.answers import item_answer, search_answer, wording_answer
from search_api.filter_values import clean
from search_api.http.answering import cacheable, cacheable_response
from search_api.http.parameters import Collapse, Offset, PerDistrict, Top, Wanted, filter_parameters
from search_api.http.schemas import ItemAnswer, SearchAnswer, WordingAnswer
from search_api.http.search import Service

router = APIRouter(prefix="/items", tags=["条款"])

ItemId = Annotated[str, Path(description="条款编号", examples=["a9f09fca2f54-005"])]


@router.get(
    "/{item_id}",
    summary="一条条款",
    description="条款、所在的通知、引文和原文。",
    response_model=None,
    responses=cacheable(ItemAnswer, 404, "invalid_parameter", 503, 504),
)
def get_item(request: Request, service: Service, item_id: ItemId) -> Response:
    """An item."""
    found = service.index.items([clean(item_id)])[0]
    address = str(request.url_for("item_page", item_id=found.id))
    answer = item_answer(service.index.notice(found.notice_id), found, address)
    return cacheable_response(request, answer)


@router.get(
    "/{item_id}/similar",
    summary="相近条款",
    description="其他通知里的相近条款，默认每个区县至多 5 条。",
    response_model=None,
    openapi_extra=filter_parameters(),
    responses=cacheable(SearchAnswer, 404, "invalid_parameter", "bad_filter", "too_deep", 503, 504),
)
def similar_items(
    request: Request,
    service: Service,
    wanted: Wanted,
    item_id: ItemId,
    top: Top = 10,
    offset: Offset = 0,
    per_district: PerDistrict = 5,
    collapse: Collapse = True,
) -> Response:
    """What is like an item."""
    result = service.similar_to_item(
        clean(item_id), wanted, top=top, offset=offset, per_district=per_district or None, collapse=collapse
    )
    return cacheable_response(request, search_answer(result))


@router.get(
    "/{item_id}/wording",
    summary="同文条款",
    description="文字几乎相同的条款：有多少区县、多少份通知在用，最早见于哪一份，以及各自的不同之处。",
    response_model=None,
    responses=cacheable(WordingAnswer, 404, "invalid_parameter", 503, 504),
)
def get_wording(request: Request, service: Service, item_id: ItemId) -> Response:
    """Who uses the wording of an item."""
    return cacheable_response(request, wording_answer(service.wording_users(clean(item_id))))
