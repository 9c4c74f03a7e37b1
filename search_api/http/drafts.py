"""Routes of drafts: /drafts."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from indexer.index.filters import Filters
from search_api.answers import Answer
from search_api.draft_answers import draft_answer
from search_api.drafts import Draft, ItemPrecedents, draft_of, precedents
from search_api.http.answering import documented, json_response
from search_api.http.codes import UNREADABLE
from search_api.http.parameters import PerDistrict, Wanted, filter_parameters
from search_api.http.search import Service
from search_api.http.upload_schemas import DraftAnswer
from search_api.http.uploads import UPLOAD_BODY, Received, receive
from search_api.http.writing import read_alone
from search_api.search import SearchService

SECONDS = 45.0
"""How long the provisions of a draft are compared; 200 of them take some 20 s over 100,000 items."""

router = APIRouter(prefix="/drafts", tags=["文稿"])

Top = Annotated[int, Query(ge=1, le=20, description="每条最多几个先例", examples=[3])]


@router.post(
    "",
    summary="比对整份文稿",
    description="文稿（一份文件，或 JSON 里的文字）的各条条款，每条的先例和不同之处。文稿不收录。"
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
async def compare_draft(
    request: Request, service: Service, wanted: Wanted, top: Top = 3, per_district: PerDistrict = 1
) -> Response:
    """The precedents of each provision of a draft."""
    received = await receive(request)
    return json_response(await run_in_threadpool(_compare, service, received, wanted, top, per_district))


def _compare(service: SearchService, received: Received, wanted: Filters, top: int, per_district: int) -> Answer:
    """The answer; deletes what was received."""
    try:
        draft = draft_of(read_alone(received.only_file(), is_draft=True))
    finally:
        received.discard()
    similar = partial(service.similar_to_text, top=top, per_district=per_district or None)
    found = list(_until(time.monotonic() + SECONDS, precedents(draft, similar, wanted)))
    return draft_answer(_without_time_for(draft, len(found)), found, service.mode)


def _until(end: float, found: Iterator[ItemPrecedents]) -> Iterator[ItemPrecedents]:
    for one in found:
        yield one
        if time.monotonic() > end:
            return


def _without_time_for(draft: Draft, compared: int) -> Draft:
    return replace(draft, left_out=draft.left_out + len(draft.items) - compared)
