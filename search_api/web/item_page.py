"""A task item: its place in the notice and the source, its citations, who uses its wording, and what is like it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request, Response

from corpus.citation import citations
from corpus.model import ParsedNotice, TaskItem
from indexer.index.filters import BasisFilter, Filters
from indexer.index.protocol import Index
from search_api.differences import REWORDED, likeness
from search_api.filter_values import clean, write_filters
from search_api.http.search import Service
from search_api.results import Hit, SearchResult, Shared
from search_api.web.address import Address
from search_api.web.contents import around, contents
from search_api.web.responses import page
from search_api.wording import ROLES

router = APIRouter(include_in_schema=False)

_SIMILAR = 20
"""Similar items of which groups are made."""
_SIMILAR_SHOWN = 5
"""Those that are shown in full, each of another district."""
_CONTEXT = 200
"""Characters of the source that are shown before and after an item."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that an item has, the search for all that have it, and how many items of other notices do.

    `note` says more about it; `others` is None where they were not counted.
    """

    text: str
    address: Address
    note: str = ""
    others: int | None = None


@router.get("/items/{item_id}")
def item_page(request: Request, service: Service, item_id: str) -> Response:
    """An item, its place in the notice and the source, who uses its wording, and what is like it."""
    item = service.index.items([clean(item_id)])[0]
    parsed = service.index.notice(item.notice_id)
    similar = service.similar_to_item(item.id, Filters(), top=_SIMILAR)
    hits = {hit.id: hit for hit in similar.hits}
    best = similar.groups.districts[:_SIMILAR_SHOWN] if similar.groups else ()
    before, after = _neighbours(parsed, item)
    return page(
        "item.html",
        notice=parsed.notice,
        item=item,
        before=before,
        after=after,
        contents=around(contents(parsed.items), item.id),
        citations=citations(parsed.notice, item, str(request.url_for("item_page", item_id=item.id))),
        units=_units(item),
        basis_links=list(_basis(service.index, item)),
        source=_source(parsed, item),
        wording=service.wording_users(item.id),
        mode=similar.mode,
        partial=similar.partial,
        similar=[hits[hit] for hit in best],
        close=any(likeness(hits[hit].differences) >= REWORDED for hit in best),
        groups=list(_shared(similar, hits)),
    )


def _neighbours(parsed: ParsedNotice, item: TaskItem) -> tuple[TaskItem | None, TaskItem | None]:
    """The items before and after an item in its notice."""
    at = next(place for place, other in enumerate(parsed.items) if other.id == item.id)
    return (parsed.items[at - 1] if at else None), (parsed.items[at + 1] if at + 1 < len(parsed.items) else None)


def _units(item: TaskItem) -> dict[str, list[Link]]:
    """The units under the word for their role, each with the search for what it has this role in."""
    named: dict[str, list[Link]] = {}
    for unit in item.units:
        address = Address("", write_filters(Filters(unit=(unit.canonical,), role=(unit.role,))))
        note = f"现{unit.successor}" if unit.successor else ""
        named.setdefault(ROLES[unit.role], []).append(Link(unit.canonical, address, note))
    return named


def _basis(index: Index, item: TaskItem) -> Iterator[Link]:
    """Each article that an item rests on, or the document where no article is named."""
    for reference in item.basis:
        for article in reference.articles or (None,):
            under = Filters(basis=(BasisFilter(reference.document, article),))
            yield Link(
                text=f"《{reference.document}》" + (f"第{article}条" if article else ""),
                address=Address("", write_filters(under)),
                note=reference.document_number or "",
                others=index.count(replace(under, exclude_notice=(item.notice_id,))),
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
