"""The pages: search, an item, the notices, a notice."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from corpus.citation import cite
from corpus.model import ParsedNotice, TaskItem
from indexer.index.filters import Filters
from indexer.index.protocol import Facets
from search_api.answers import outline
from search_api.differences import REWORDED, likeness
from search_api.filter_values import clean, write_filters
from search_api.http.parameters import Collapse, Offset, PerDistrict, Plain, Wanted, WantedNotices
from search_api.http.search import Service
from search_api.results import Broader, Hit, SearchResult, Shared
from search_api.search import DEEPEST
from search_api.web.address import Address
from search_api.web.chips import chips, corrections, other_notes, standing
from search_api.web.rendering import STATIC_FOLDER
from search_api.web.rendering import render as render_html
from search_api.wording import shown

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
static_files = StaticFiles(directory=STATIC_FOLDER)

_PAGE = 10
_NOTICES_PAGE = 50
_SIMILAR = 20
"""Similar items of which groups are made."""
_SIMILAR_SHOWN = 5
"""Those that are shown in full, each of another district."""
_CONTEXT = 200
"""Characters of the source that are shown before and after an item."""
_FACETS = ("district", "year", "unit", "role", "type", "kind")
_EXAMPLES = ("规范性文件备案审查", "行政机关负责人出庭应诉", "让老百姓办事少跑腿", "行政执法三项制度", "领导干部学法")

Words = Annotated[str, Query()]


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that sets or drops a value of a filter."""

    name: str
    text: str
    count: int
    chosen: bool
    address: Address


@router.get("/")
def search_page(
    service: Service,
    wanted: Wanted,
    q: Words = "",
    offset: Offset = 0,
    per_district: PerDistrict = 0,
    collapse: Collapse = True,
    plain: Plain = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """The results, or the start page when nothing is asked for."""
    words = clean(q).strip()
    if not words and wanted == Filters():
        held, facets = service.index.statistics(), service.facets("", Filters())
        groups = _groups(facets, Address(""))
        return render("start.html", q="", held=held, mode=service.mode, groups=groups, examples=_EXAMPLES)
    left = [clean(text) for text in plain]
    result = service.search(
        words,
        wanted,
        top=_PAGE,
        offset=offset,
        per_district=per_district or None,
        collapse=collapse,
        plain=left,
    )
    here = Address(
        words, write_filters(wanted), standing(left, words, result.understood.query), per_district, collapse, offset
    )
    return render(
        "results.html",
        q=words,
        result=result,
        here=here,
        chips=chips(here, result.understood),
        corrections=corrections(here, result.understood),
        notes=other_notes(result.understood),
        broader=list(_broader(here, result)),
        groups=_groups(result.facets, here),
        earlier=here.at(max(0, offset - _PAGE)) if offset else None,
        later=_later(here, result),
    )


@router.get("/items/{item_id}")
def item_page(service: Service, item_id: str) -> Response:
    """An item, its place in the source, who uses its wording, and what is like it."""
    item = service.index.items([clean(item_id)])[0]
    parsed = service.index.notice(item.notice_id)
    similar = service.similar_to_item(item.id, Filters(), top=_SIMILAR)
    hits = {hit.id: hit for hit in similar.hits}
    best = similar.groups.districts[:_SIMILAR_SHOWN] if similar.groups else ()
    return render(
        "item.html",
        q="",
        notice=parsed.notice,
        item=item,
        citation=cite(parsed.notice, item),
        source=_source(parsed, item),
        wording=service.wording_users(item.id),
        mode=similar.mode,
        partial=similar.partial,
        similar=[hits[hit] for hit in best],
        close=any(likeness(hits[hit].differences) >= REWORDED for hit in best),
        groups=list(_shared(similar, hits)),
    )


@router.get("/notices")
def notices_page(service: Service, wanted: WantedNotices, offset: Offset = 0) -> Response:
    """The notices that are held, newest first."""
    total, records = service.index.notices(wanted, offset, _NOTICES_PAGE)
    more = offset + len(records) < total
    return render(
        "notices.html",
        q="",
        total=total,
        records=records,
        offset=offset,
        earlier=max(0, offset - _NOTICES_PAGE) if offset else None,
        later=offset + _NOTICES_PAGE if more else None,
    )


@router.get("/notices/{notice_id}")
def notice_page(service: Service, notice_id: str) -> Response:
    """A notice: its fields, its outline with the items, and the doubts that parsing had."""
    parsed = service.index.notice(clean(notice_id))
    items = {item.id: item for item in parsed.items}
    return render(
        "notice.html",
        q="",
        notice=parsed.notice,
        entries=[(entry, items.get(entry["item_id"])) for entry in outline(parsed.items)],
        citations={item.id: cite(parsed.notice, item).text for item in parsed.items},
        warnings=[
            (warning, _line(parsed, warning.span.start) if warning.span else None) for warning in parsed.warnings
        ],
        text=parsed.document.text,
    )


def render(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page as an answer."""
    return HTMLResponse(render_html(template, **values), status)


def error_page(status: int, title: str, detail: str, q: str) -> Response:
    """What went wrong and what to do, with the query to correct."""
    return render("error.html", status, q=clean(q)[:200], title=title, detail=detail)


def _broader(here: Address, result: SearchResult) -> Iterator[tuple[Broader, Address]]:
    """The searches that find something where this one doesn't; one for nothing at all would lead to the start page."""
    for one in result.none_found.broader if result.none_found else ():
        if one.words or one.filters != Filters():
            yield one, replace(here, q=one.words, filters=write_filters(one.filters), plain=(), offset=0)


def _shared(similar: SearchResult, hits: Mapping[str, Hit]) -> Iterator[tuple[str, list[tuple[Shared, list[Hit]]]]]:
    """What similar items have in common with the item, each with the best hit of each notice."""
    if similar.groups is None:
        return
    for name, shared in (
        ("责任单位和职责相同", similar.groups.units),
        ("依据相同", similar.groups.basis),
        ("指标相同", similar.groups.targets),
    ):
        if shared:
            yield name, [(one, _best_of_notices(hits[hit] for hit in one.item_ids)) for one in shared]


def _best_of_notices(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.notice.id, hit)
    return list(best.values())


def _groups(facets: Facets, here: Address) -> list[tuple[str, list[Choice]]]:
    """The counts of each field as links that set the filter, or drop it where it is set."""
    groups = []
    for name in _FACETS:
        counts = facets.fields.get("doc_type" if name == "type" else name, ())
        choices = []
        for one in counts:
            chosen = here.has(name, one.value)
            address = here.dropping(name, one.value) if chosen else here.adding(name, one.value)
            choices.append(Choice(name, shown(name, one.value), one.count, chosen, address))
        if choices:
            groups.append((name, choices))
    return groups


def _later(here: Address, result: SearchResult) -> Address | None:
    following = here.offset + _PAGE
    more = len(result.hits) == _PAGE and following < result.total and following + _PAGE <= DEEPEST
    return here.at(following) if more else None


def _source(parsed: ParsedNotice, item: TaskItem) -> tuple[str, str, str]:
    """The source before the item, the item, and after it."""
    text, span = parsed.document.text, item.span
    before, after = text[max(0, span.start - _CONTEXT) : span.start], text[span.end : span.end + _CONTEXT]
    return before.lstrip(), text[span.start : span.end], after.rstrip()


def _line(parsed: ParsedNotice, offset: int) -> int:
    return parsed.document.text.count("\n", 0, offset) + 1
