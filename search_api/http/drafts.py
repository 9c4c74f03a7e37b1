"""Routes of drafts: /drafts."""

import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from indexer.index.filters import Filters
from search_api.drafting.answers import desk_answer
from search_api.drafting.desk import Desk, ItemDesk, complete, item_desks
from search_api.drafting.draft import draft_of
from search_api.http.answering import documented, json_response
from search_api.http.codes import UNREADABLE
from search_api.http.parameters import Wanted, filter_parameters
from search_api.http.search import Service
from search_api.http.upload_schemas import DraftAnswer
from search_api.http.uploads import UPLOAD_BODY, Received, receive
from search_api.http.writing import read_alone
from search_api.search import SearchService

SECONDS = 45.0
"""How long the provisions of a draft are compared; 200 of them take some 20 s over 100,000 items."""

router = APIRouter(prefix="/drafts", tags=["文稿"])

Top = Annotated[int, Query(ge=1, le=20, description="每条最多列出几个先例，每个区县一个", examples=[3])]


@router.post(
    "",
    summary="比对整份文稿",
    description="文稿是一份文件，或 JSON 里的文字，不收录。每条条款：先例和不同之处，足够相近的先例里常见的单位、时限、指标、依据；"
    "整份文稿：多数同类通知有而文稿没有的条款，引用的文件与收录的是否相符。"
    f"最多比对 {SECONDS:.0f} 秒，没有比对的条数为 left_out。",
    response_model=None,
    openapi_extra=filter_parameters() | UPLOAD_BODY,
    responses=documented(
        DraftAnswer,
        "bad_request",
        "cross_site",
        "body_too_slow",
        "unsupported_media_type",
        "body_too_large",
        "several_files",
        "too_large",
        *UNREADABLE,
        422,
        503,
        504,
    ),
)
async def compare_draft(request: Request, service: Service, wanted: Wanted, top: Top = 3) -> Response:
    """What precedents say about a draft."""
    received = await receive(request)
    desk = await run_in_threadpool(read_and_compare, service, received, wanted)
    return json_response(desk_answer(desk, top))


def read_and_compare(service: SearchService, received: Received, wanted: Filters) -> Desk:
    """The desk for what was received, which is deleted before anything is compared."""
    try:
        draft = draft_of(read_alone(received.only_file(), is_draft=True))
    finally:
        received.discard()
    items = list(_until(time.monotonic() + SECONDS, item_desks(draft, service, wanted)))
    return complete(draft, items, service)


def _until(end: float, found: Iterator[ItemDesk]) -> Iterator[ItemDesk]:
    for one in found:
        yield one
        if time.monotonic() > end:
            return
