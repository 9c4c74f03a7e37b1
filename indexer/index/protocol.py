"""What an index can do: the same for every backend, and checked by one contract test suite."""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from analyzers.embedding import FloatArray
from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Terms
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.analysis import ItemTerms
from indexer.index.filters import Filters
from indexer.index.weights import Expansion
from indexer.shingles import Sketches

FACET_FIELDS = ("province", "city", "district", "year", "unit", "role", "basis", "doc_type", "kind")


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An item found by one leg: BM25 score, or cosine similarity."""

    item_id: str
    score: float


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the matching items have `value`."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over all matching items. `total` is their number; `fields` has each of FACET_FIELDS, most first.

    `partial`: a part of the index did not answer, see `Snapshot`.
    """

    total: int
    fields: dict[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A notice as it is held: with its number of items and the names of its file's folder and content."""

    notice: Notice
    items: int
    path: str
    """Where its file was read from, as given: tells a changed file from another one of the same name."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an index holds."""

    notices: int
    items: int
    vectors: int
    fingerprint: str | None
    backend: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Wordings:
    """Items by what tells their wording: ids ascending, ids of their notices, and sketches, uint64 [items, 8]."""

    item_ids: tuple[str, ...]
    notice_ids: tuple[str, ...]
    sketches: Sketches


@dataclass(slots=True)
class Snapshot:
    """What one search has seen of an index. `partial`: something of it did not answer, so that hits may be missing."""

    partial: bool = False


class Index(Protocol):
    """Stores notices and finds items. Errors are `corpus.errors.StorageError`, `ModelError` and `NotFoundError`."""

    @property
    def fingerprint(self) -> str | None:
        """Fingerprint of the model whose vectors are stored; None while there are none."""
        ...

    @property
    def model(self) -> ModelChoice | None:
        """The model that was written down with the index; its folder may be no more than a name."""
        ...

    def remember(self, model: ModelChoice) -> None:
        """Write down which model the vectors are of."""
        ...

    @property
    def superseded(self) -> bool:
        """Whether another version has taken the place of this one: to be opened again. Costs next to nothing to ask."""
        ...

    @property
    def generation(self) -> int:
        """Counts the changes: another number means that something was written or removed."""
        ...

    @property
    def moment(self) -> Hashable | None:
        """What a search sees now: as long as it is equal, the same search finds the same. None where that isn't known."""
        ...

    def write(
        self,
        parsed: ParsedNotice,
        path: str,
        vectors: FloatArray | None,
        fingerprint: str | None,
        terms: Sequence[ItemTerms] | None = None,
    ) -> None:
        """Store a notice with all its items, all or nothing; its former version and what was read from `path` give way.

        `vectors` is float32 [items, d], L2-normalised, of the model `fingerprint`; None stores the items without. `terms` are
        those of the items (`analyse_item`), where they are known already.
        Raises ModelError when the index holds vectors of another model.
        """
        ...

    def remove(self, notice_id: str) -> bool:
        """Delete a notice and its items; False when it is not held."""
        ...

    def loading(self) -> AbstractContextManager[None]:
        """Within it, notices that are written may be stored many at a time: safe at the latest when it ends.

        They are found by the next search of this index all the same. Where storing fails, `write` says so for the notices
        before.
        """
        ...

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """What is asked within it belongs to one search, also by threads that run in a copy of its context.

        It is answered as of one moment where the backend can. A part of the index that does not answer is left out, and
        noted; elsewhere it is an error. Raises StorageError where the search takes longer than a search may.
        """
        ...

    def legs(
        self, terms: Terms, vector: FloatArray, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> tuple[list[ScoredItem], list[ScoredItem]]:
        """`lexical` and `nearest` at once."""
        ...

    def lexical(
        self, terms: Terms | None, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> list[ScoredItem]:
        """The best `k` items by BM25 over all fields, best first; ties by item id.

        `expansions` are further terms, each with its weight. With `terms` None every item that satisfies the filters has the score 0.
        """
        ...

    def nearest(self, vector: FloatArray, filters: Filters, k: int) -> list[ScoredItem]:
        """The best `k` items by cosine similarity to `vector`, best first; ties by item id."""
        ...

    def facets(self, terms: Terms | None, also: Sequence[str], filters: Filters, size: int) -> Facets:
        """Counts over the items that satisfy `filters` and match.

        An item matches when it contains most of the query's grams (`weights.required_grams`) or is one of `also`;
        with `terms` None every item matches. At most `size` values a field, most frequent first, ties by value.
        """
        ...

    def sharing(self, bands: Sequence[str], limit: int) -> Wordings:
        """Items that have at least one of `bands` (see `shingles.Wording`), the first `limit` of them by id."""
        ...

    def count(self, filters: Filters) -> int:
        """How many items satisfy `filters`."""
        ...

    def among(self, item_ids: Sequence[str], filters: Filters) -> frozenset[str]:
        """Those of the items with these ids that satisfy `filters`."""
        ...

    def frequencies(self, grams: Sequence[str]) -> dict[str, int]:
        """In how many items each gram (one or two characters, folded) occurs; 0 where in none.

        The greater of two counts: items that have it in their text, items that have it in their headings. Items that
        were lately replaced or removed may still be among them.
        """
        ...

    def items(self, item_ids: Sequence[str]) -> list[TaskItem]:
        """Items by id, in the order asked for; raises NotFoundError for the first that is not held."""
        ...

    def item_vectors(self, texts: Sequence[str]) -> dict[str, FloatArray]:
        """Stored vectors of those of `texts` (what was embedded, not ids) that have one: spares embedding again."""
        ...

    def notice(self, notice_id: str) -> ParsedNotice:
        """A notice with all its items, blocks, warnings and source text; raises NotFoundError."""
        ...

    def notices(self, filters: Filters, offset: int, limit: int) -> tuple[int, list[NoticeRecord]]:
        """How many notices satisfy the filters on notices, and a page of them by date, newest first, then id.

        Filters on items (unit, role, basis, kind) are left aside.
        """
        ...

    def scan(self) -> Iterator[NoticeRecord]:
        """All records by id, as of the moment of the first; what is written meanwhile is not among them."""
        ...

    def record(self, notice_id: str) -> NoticeRecord | None:
        """A notice's record by id, or None."""
        ...

    def records(self, notice_ids: Sequence[str]) -> list[NoticeRecord]:
        """Records of those of the notices that are held, in no order."""
        ...

    def record_by_path(self, path: str) -> NoticeRecord | None:
        """The record of the notice that was read from `path`, or None."""
        ...

    def records_by_number(self, document_number: str) -> list[NoticeRecord]:
        """Records of the notices with this document number."""
        ...

    def statistics(self) -> Statistics:
        """What is held."""
        ...

    def close(self) -> None:
        """Release files and connections; further calls are errors."""
        ...
