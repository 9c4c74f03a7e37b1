"""The start page, and the results of a search."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from indexer.index.filters import Filters
from search_api.filter_values import clean, write_filters
from search_api.http.parameters import Collapse, Offset, PerDistrict, Plain, Wanted
from search_api.http.search import Service
from search_api.results import Broader, SearchResult
from search_api.search import DEEPEST, SearchService
from search_api.web.address import Address
from search_api.web.chips import chips, corrections, other_notes, standing
from search_api.web.facet_lists import counted, facet_lists
from search_api.web.grouping import Grouping, grouped
from search_api.web.responses import page

router = APIRouter(include_in_schema=False)

_PAGE = 10
_BROWSED = ("province", "city", "district", "year", "unit", "basis", "type")
"""What the start page offers to begin with; the others only narrow."""
_EXAMPLES = ("规范性文件备案审查", "行政机关负责人出庭应诉", "让老百姓办事少跑腿", "行政执法三项制度", "领导干部学法")

Words = Annotated[str, Query()]


@router.get("/")
def search_page(
    service: Service,
    wanted: Wanted,
    q: Words = "",
    offset: Offset = 0,
    per_district: PerDistrict = 0,
    collapse: Collapse = True,
    group: Grouping = Grouping.NONE,
    plain: Plain = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """The results, or the start page when nothing is asked for."""
    words = clean(q).strip()
    if not words and wanted == Filters():
        return _start_page(service)
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
        words,
        write_filters(wanted),
        standing(left, words, result.understood.query),
        per_district,
        collapse,
        offset,
        group,
    )
    return page(
        "results.html",
        q=words,
        result=result,
        deepest=DEEPEST,
        here=here,
        chips=chips(here, result.understood),
        corrections=corrections(here, result.understood),
        notes=other_notes(result.understood),
        broader=list(_broader(here, result)),
        facets=list(facet_lists(counted(service, result.facets, words, wanted, left), result.total, here)),
        groups=grouped(result.hits, group),
        earlier=here.at(max(0, offset - _PAGE)) if offset else None,
        later=_later(here, result),
    )


def _start_page(service: SearchService) -> Response:
    """What can be asked, and what is held, to browse in."""
    facets = service.facets("", Filters())
    lists = facet_lists(counted(service, facets, "", Filters(), ()), facets.total, Address(""))
    return page(
        "start.html",
        held=service.index.statistics(),
        mode=service.mode,
        facets=[one for one in lists if one.name in _BROWSED],
        examples=_EXAMPLES,
    )


def _broader(here: Address, result: SearchResult) -> Iterator[tuple[Broader, Address]]:
    """The searches that find something where this one doesn't; one for nothing at all would lead to the start page."""
    for one in result.none_found.broader if result.none_found else ():
        if one.words or one.filters != Filters():
            yield one, replace(here, q=one.words, filters=write_filters(one.filters), plain=(), offset=0)


def _later(here: Address, result: SearchResult) -> Address | None:
    following = here.offset + _PAGE
    more = len(result.hits) == _PAGE and following < result.total and following + _PAGE <= DEEPEST
    return here.at(following) if more else None
