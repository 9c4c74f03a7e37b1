"""The start page, and the results of a search."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from indexer.index.filters import Filters
from indexer.index.protocol import Facets
from search_api.filter_values import clean, write_filters
from search_api.http.parameters import Collapse, Offset, PerDistrict, Plain, Wanted
from search_api.http.search import Service
from search_api.results import Broader, SearchResult
from search_api.search import DEEPEST
from search_api.web.address import Address
from search_api.web.chips import chips, corrections, other_notes, standing
from search_api.web.responses import page
from search_api.wording import shown

router = APIRouter(include_in_schema=False)

_PAGE = 10
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
        return page("start.html", held=held, mode=service.mode, groups=groups, examples=_EXAMPLES)
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
    return page(
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


def _broader(here: Address, result: SearchResult) -> Iterator[tuple[Broader, Address]]:
    """The searches that find something where this one doesn't; one for nothing at all would lead to the start page."""
    for one in result.none_found.broader if result.none_found else ():
        if one.words or one.filters != Filters():
            yield one, replace(here, q=one.words, filters=write_filters(one.filters), plain=(), offset=0)


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
