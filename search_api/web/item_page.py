"""A task item: its place in the source, who uses its wording, and what is like it."""

from collections.abc import Iterable, Iterator, Mapping

from fastapi import APIRouter, Response

from corpus.citation import cite
from corpus.model import ParsedNotice, TaskItem
from indexer.index.filters import Filters
from search_api.differences import REWORDED, likeness
from search_api.filter_values import clean
from search_api.http.search import Service
from search_api.results import Hit, SearchResult, Shared
from search_api.web.responses import page

router = APIRouter(include_in_schema=False)

_SIMILAR = 20
"""Similar items of which groups are made."""
_SIMILAR_SHOWN = 5
"""Those that are shown in full, each of another district."""
_CONTEXT = 200
"""Characters of the source that are shown before and after an item."""


@router.get("/items/{item_id}")
def item_page(service: Service, item_id: str) -> Response:
    """An item, its place in the source, who uses its wording, and what is like it."""
    item = service.index.items([clean(item_id)])[0]
    parsed = service.index.notice(item.notice_id)
    similar = service.similar_to_item(item.id, Filters(), top=_SIMILAR)
    hits = {hit.id: hit for hit in similar.hits}
    best = similar.groups.districts[:_SIMILAR_SHOWN] if similar.groups else ()
    return page(
        "item.html",
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


def _source(parsed: ParsedNotice, item: TaskItem) -> tuple[str, str, str]:
    """The source before the item, the item, and after it."""
    text, span = parsed.document.text, item.span
    before, after = text[max(0, span.start - _CONTEXT) : span.start], text[span.end : span.end + _CONTEXT]
    return before.lstrip(), text[span.start : span.end], after.rstrip()
