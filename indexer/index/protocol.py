"""What an index can do: the same for every backend, and checked by one contract test suite."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from analyzers.embedding import FloatArray
from analyzers.terms import Terms
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.index.filters import Filters

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
    """Counts over all matching items. `total` is their number; `fields` has each of FACET_FIELDS, most first."""

    total: int
    fields: dict[str, tuple[FacetCount, ...]] = field(default_factory=dict)


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


class Index(Protocol):
    """Stores notices and finds items. Errors are `corpus.errors.StorageError`, `ModelError` and `NotFoundError`."""

    @property
    def fingerprint(self) -> str | None:
        """Fingerprint of the model whose vectors are stored; None while there are none."""
        ...

    def write(self, parsed: ParsedNotice, path: str, vectors: FloatArray | None, fingerprint: str | None) -> None:
        """Store a notice with all its items, all or nothing; its former version and what was read from `path` give way.

        `vectors` is float32 [items, d], L2-normalised, of the model `fingerprint`; None stores the items without.
        Raises ModelError when the index holds vectors of another model.
        """
        ...

    def remove(self, notice_id: str) -> bool:
        """Delete a notice and its items; False when it is not held."""
        ...

    def lexical(self, terms: Terms | None, filters: Filters, k: int) -> list[ScoredItem]:
        """The best `k` items by BM25 over all fields, best first; ties by item id.

        With `terms` None every item that satisfies the filters has the score 0.
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

    def record(self, notice_id: str) -> NoticeRecord | None:
        """A notice's record by id, or None."""
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
