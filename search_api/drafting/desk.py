"""The desk: each provision of a draft with its precedents and what is usual, then what concerns the draft as a whole."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.errors import NotFoundError, QueryError
from indexer.index.filters import Filters
from search_api.drafting.closeness import CLOSE, Closeness, compared_text
from search_api.drafting.draft import Draft, DraftItem
from search_api.drafting.missing import Gaps, find_gaps
from search_api.drafting.references import CheckedReference, ReferenceCheck
from search_api.drafting.usual import FEWEST, Usuals, usuals
from search_api.results import Hit, SearchResult
from search_api.search import SearchService

_COUNTED = 20
"""Hits of a provision that are looked at, each of another district."""

Similar = Callable[[str, Filters], SearchResult]
"""Ranks held items by likeness to a text, one of each district."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A held provision like one of the draft, with its differences, and how close it is, 0 to 1 (`closeness`)."""

    hit: Hit
    closeness: float

    @property
    def is_close(self) -> bool:
        """Whether it counts."""
        return self.closeness >= CLOSE


@dataclass(frozen=True, slots=True)
class ItemDesk:
    """A provision of a draft. `precedents`: the closest first, each of another district; those that are close were counted.

    `partial`: a part of the index did not answer; `error`: why nothing could be sought.
    """

    item: DraftItem
    precedents: tuple[Precedent, ...]
    usual: Usuals
    partial: bool = False
    error: QueryError | NotFoundError | None = None

    @property
    def close(self) -> tuple[Precedent, ...]:
        """The precedents that were counted."""
        return tuple(one for one in self.precedents if one.is_close)

    @property
    def can_tell(self) -> bool:
        """Whether there are enough of them to say what is usual."""
        return len(self.close) >= FEWEST


@dataclass(frozen=True, slots=True)
class Desk:
    """All of it. `left_out` counts the provisions at the end that were not looked at; what is missing is then not told."""

    draft: Draft
    items: tuple[ItemDesk, ...]
    gaps: Gaps
    references: tuple[CheckedReference, ...]
    mode: str
    left_out: int

    @property
    def partial(self) -> bool:
        """Whether a part of the index did not answer."""
        return any(one.partial for one in self.items)

    @property
    def doubtful(self) -> tuple[CheckedReference, ...]:
        """The references that do not agree with the holdings."""
        return tuple(one for one in self.references if one.notes)


def item_desks(draft: Draft, service: SearchService, wanted: Filters) -> Iterator[ItemDesk]:
    """Each provision in turn, with precedents from other notices; the caller can show how far it is, or stop."""
    closeness = Closeness(service.holdings, service.analyzer)

    def similar(text: str, filters: Filters) -> SearchResult:
        # Copies in other districts count one by one: that many wrote it so is what is asked.
        return service.similar_to_text(text, filters, top=_COUNTED, per_district=1, collapse=False)

    others = _others(draft, wanted)
    for item in draft.items:
        yield item_desk(item, similar, others, closeness)


def item_desk(item: DraftItem, similar: Similar, others: Filters, closeness: Closeness) -> ItemDesk:
    """One provision; that it can't be sought is told, and does not stop the others."""
    try:
        result = similar(item.text, others)
    except (QueryError, NotFoundError) as error:
        return ItemDesk(item, (), Usuals(), error=error)
    texts = [compared_text(hit.item.heading, hit.item.text) for hit in result.hits]
    [found] = closeness.between([compared_text(item.heading, item.text)], texts)
    precedents = [Precedent(hit, min(1.0, float(near))) for hit, near in zip(result.hits, found, strict=True)]
    precedents.sort(key=lambda one: -one.closeness)
    close = [one.hit.item for one in precedents if one.is_close]
    return ItemDesk(item, tuple(precedents), usuals(item, close), result.partial)


def complete(draft: Draft, items: Sequence[ItemDesk], service: SearchService) -> Desk:
    """The desk, from those of its provisions that were looked at."""
    with service.index.snapshot():
        check = ReferenceCheck(service.index, service.holdings.values(), service.analyzer)
        references = tuple(check.check(one, draft.notice.id) for one in draft.references)
        skipped = len(draft.items) - len(items)
        # What was not looked at can't be told from what is not there.
        close_in = Counter(one.hit.notice.id for item in items for one in item.close) if not skipped else Counter[str]()
        gaps = find_gaps(draft, close_in, service.index, Closeness(service.holdings, service.analyzer))
    return Desk(draft, tuple(items), gaps, references, service.mode, draft.left_out + skipped)


def _others(draft: Draft, wanted: Filters) -> Filters:
    return replace(wanted, exclude_notice=(*wanted.exclude_notice, draft.notice.id))
