"""The draft desk: a form for a draft, and what precedents say about what was sent."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from corpus.errors import ParseError, QueryError, ReadError
from search_api.drafting import wording
from search_api.drafting.desk import Desk
from search_api.drafting.draft import MOST_ITEMS, DraftItem
from search_api.exports import Format
from search_api.exports.desk_document import file_name, write_desk
from search_api.filter_values import read_filters
from search_api.http.drafts import read_and_compare
from search_api.http.exports import attachment
from search_api.http.search import Service
from search_api.http.uploads import Received, put_down
from search_api.printable import printable
from search_api.search import SearchService
from search_api.web.responses import page

router = APIRouter(include_in_schema=False)

_LONGEST_TEXT = 2_000_000
"""Characters of a pasted draft; the reader takes no longer file either."""
_LARGEST_FIELD = 4 * _LONGEST_TEXT
_PLACES = ("province", "city", "district", "year")
"""The filters of the form."""
_PASTED = "粘贴.txt"
_LONGEST_NAME = 24
_SAID: dict[str, Any] = {
    one.__name__: one
    for one in (
        wording.named,
        wording.share,
        wording.state,
        wording.summary,
        wording.told_from,
        wording.told_of_gaps,
        wording.usual_sorts,
    )
}
"""What the template says in the words of the desk."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a form brings: a draft, the text of it where it was pasted, filters by name, and whether Word is wanted."""

    received: Received
    text: str
    filters: dict[str, str]
    as_word: bool


@router.get("/draft")
def draft_form() -> Response:
    """The form."""
    return _form()


# Nothing is stored or changed by it, and what comes back another site can't read: a token against forged forms would guard nothing.
@router.post("/draft")
async def draft_desk(request: Request, service: Service) -> Response:
    """The desk of the draft that was sent, as a page or as a Word document."""
    text, filters = "", dict[str, str]()
    try:
        sent = await _receive(request)
        text, filters = sent.text, sent.filters
        return await run_in_threadpool(_answer, service, sent)
    except (QueryError, ReadError, ParseError) as error:
        return _form(422, text, filters, error.detail)


def _answer(service: SearchService, sent: _Sent) -> Response:
    """The page or the document; deletes what was received."""
    try:
        wanted = read_filters({name: [value] for name, value in sent.filters.items()})
        generation = service.index.generation
        desk = read_and_compare(service, sent.received, wanted)
    finally:
        sent.received.discard()
    if not desk.items:
        raise QueryError("没有找到可以比对的条款。请粘贴完整的条文，或换一个文件。", code="empty_query")
    if sent.as_word:
        return _word(desk, generation)
    return page("draft_desk.html", desk=desk, filters=sent.filters, short=_short, **_SAID)


async def _receive(request: Request) -> _Sent:
    """The draft in a form. Raises QueryError where there is none."""
    async with request.form(max_files=1, max_fields=20, max_part_size=_LARGEST_FIELD) as form:
        file, text = form.get("file"), form.get("text")
        filters = {name: value for name in _PLACES if isinstance(value := form.get(name), str) and value.strip()}
        as_word = form.get("format") == Format.DOCX
        pasted = printable(text) if isinstance(text, str) else ""
        if isinstance(file, UploadFile) and file.filename:
            received = await run_in_threadpool(put_down, [(file.filename, file.file)])
        elif pasted.strip():
            if len(pasted) > _LONGEST_TEXT:
                raise QueryError(f"文稿超过 {_LONGEST_TEXT} 字，请分成几份。", code="query_too_long")
            received = await run_in_threadpool(put_down, [(_PASTED, BytesIO(pasted.encode()))])
        else:
            raise QueryError("请粘贴文稿，或选择一个文件。", code="empty_query")
    return _Sent(received, pasted, filters, as_word)


def _form(status: int = 200, text: str = "", filters: dict[str, str] | None = None, error: str = "") -> Response:
    return page("draft.html", status, text=text, filters=filters or {}, error=error, most=MOST_ITEMS)


def _word(desk: Desk, generation: int) -> Response:
    content, day = BytesIO(), date.today()
    write_desk(desk, generation, day, content)
    return attachment(content.getvalue(), file_name(desk, day), Format.DOCX)


def _short(item: DraftItem) -> str:
    """A name for a provision in a list: its own step of the outline, or the beginning of its text."""
    name = " ".join((item.path[-1] if item.path and item.heading else item.text).split())
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
