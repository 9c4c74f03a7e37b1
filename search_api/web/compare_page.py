"""Up to six items side by side, the first of them the one that the others are held against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from corpus.citation import Citations, citations
from indexer.index.filters import Filters
from search_api.comparison import FEWEST, MOST, Compared, Comparison, Feature
from search_api.filter_values import clean
from search_api.http.search import Service
from search_api.search import SearchService
from search_api.web.compared import Piece, marked
from search_api.web.responses import page

router = APIRouter(include_in_schema=False)

_LONGEST_ID = 100
_OFFERED = 5
"""Similar items that are offered for comparison with the only one that was chosen."""

ChosenIds = Annotated[list[str], Query(alias="id", max_length=100)]


@dataclass(frozen=True, slots=True)
class Column:
    """An item of the comparison with its differences from the first, and the same comparison based on it, and without it.

    `pieces` is empty for the first, and where the two say it quite differently. `only`: what no other one has.
    """

    compared: Compared
    pieces: tuple[Piece, ...]
    citations: Citations
    only: tuple[Feature, ...]
    as_base: str
    without: str


@router.get("/compare")
def compare_page(request: Request, service: Service, ids: ChosenIds = []) -> Response:  # noqa: B006  FastAPI copies it
    """The comparison, or how to choose what to compare."""
    chosen = list(dict.fromkeys(wanted for one in ids if (wanted := clean(one).strip()[:_LONGEST_ID])))
    held = service.index.among(chosen, Filters())
    known = [one for one in chosen if one in held]
    shown = known[:MOST]
    comparison = service.comparison(shown) if len(shown) >= FEWEST else None
    return page(
        "compare.html",
        unknown=[one for one in chosen if one not in held],
        left_out=len(known) - len(shown),
        most=MOST,
        comparison=comparison,
        columns=list(_columns(request, comparison, shown)) if comparison else [],
        exports=[(name, _address("/api/v1/compare/export", shown, name.lower())) for name in ("DOCX", "XLSX", "CSV")],
        alone=service.citation(shown[0]) if len(shown) == 1 else None,
        offered=list(_offered(service, shown[0])) if len(shown) == 1 else [],
    )


def _columns(request: Request, comparison: Comparison, ids: Sequence[str]) -> Iterator[Column]:
    base = comparison.items[0].item.text
    for at, one in enumerate(comparison.items):
        others = [other for other in ids if other != one.item.id]
        yield Column(
            compared=one,
            pieces=marked(base, one.item.text, one.differences, whole=True) if at else (),
            citations=citations(one.notice, one.item, str(request.url_for("item_page", item_id=one.item.id))),
            only=comparison.only(at),
            as_base=_address("/compare", [one.item.id, *others]),
            without=_address("/compare", others),
        )


def _offered(service: SearchService, item_id: str) -> Iterator[tuple[str, str]]:
    """The citations of similar items, each with the comparison with it."""
    for hit in service.similar_to_item(item_id, Filters(), top=_OFFERED, per_district=1).hits:
        yield hit.citation.text, _address("/compare", [item_id, hit.id])


def _address(path: str, ids: Sequence[str], file_format: str | None = None) -> str:
    pairs = [*(("id", one) for one in ids), *([("format", file_format)] if file_format else [])]
    return f"{path}?{urlencode(pairs)}"
