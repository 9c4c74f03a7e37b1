"""The postings: one tantivy folder, derived from the catalogue and named by it.

tantivy-py keeps no word of ours with a commit, so a small file beside the segments says which generation of the
catalogue was committed last. It is written after the commit: what it names is there, and perhaps more.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from corpus.errors import StorageError
from corpus.model import Notice
from indexer.analysis import ItemTerms
from indexer.index.embedded.changes import StoredItem
from indexer.index.embedded.failures import engine_errors
from indexer.index.embedded.queries import of_notice
from indexer.index.keys import facet_values, item_keys, notice_keys, plan_years
from indexer.index.protocol import FACET_FIELDS, FacetCount
from indexer.shingles import SKETCH_WORDS

POSTINGS_VERSION = 2
"""Bump it whenever the same items give other postings: indexes of another version are rebuilt when they are opened."""

_TERM_FIELDS = ("words", "grams", "path_words", "path_grams")
_KEY_FIELDS = (
    "province",
    "city",
    "district",
    "doc_type",
    "unit",
    "role",
    "basis",
    "kind",
    "band",
    "notice_id",
    "item_id",
)
# The first bytes of an item's id as a number: ids and numbers sort alike but for ties.
_ID_ORDER = "id_order"
_SKETCH_FIELDS = tuple(f"sketch_{word}" for word in range(SKETCH_WORDS))
_NUMBER_FIELDS = ("first_year", "last_year", "row", "slot", _ID_ORDER, *_SKETCH_FIELDS)
_NO_SLOT = -1

_HEAP_BYTES = 64_000_000
LOCK_WAIT_SECONDS = 3.0
# tantivy refuses an answer of more than 65,000 buckets; a segment's own list may be longer, which makes counts exact.
_VALUES = 65_000 // len(FACET_FIELDS)
_SEGMENT_VALUES = 1_000_000
# BM25 is summed in float32 in an order that differs between segments: equal scores agree to about this many digits.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Matching:
    """Items that satisfy a filter: `rows` and, in the same order, `slots` (-1 for an item without a vector)."""

    rows: NDArray[np.int64]
    slots: NDArray[np.int64]


class Searcher:
    """The postings as they were at one moment."""

    def __init__(self, folder: Path, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self.schema = schema
        self._folder = folder
        self._searcher = searcher

    @property
    def count(self) -> int:
        """Number of items."""
        return self._searcher.num_docs

    def best(self, query: tantivy.Query, k: int) -> list[tuple[int, float]]:
        """Row and score of the `k` best items, best first, with all that equal the last of them."""
        if k < 1:
            return []
        limit = k + k // 8 + 1  # mostly enough to see where those end that equal the last
        while True:
            limit = min(limit, max(self.count, 1))
            with engine_errors(self._folder):
                hits = self._searcher.search(query, limit, count=False).hits
                rows = self._searcher.fast_field_values("row", [address for _, address in hits])
            scores = [round(score, _DIGITS) for score, _ in hits]
            if len(hits) < limit or limit == self.count or scores[-1] < scores[k - 1]:
                found = zip(rows, scores, strict=True)
                return [(int(row or 0), score) for row, score in found if score >= scores[min(k, len(scores)) - 1]]
            limit *= 2

    def first(self, query: tantivy.Query, k: int) -> list[int]:
        """Rows of the `k` items with the least ids among those that a query matches, in no order, with some more."""
        limit = min(max(k, 1), max(self.count, 1))
        while True:
            with engine_errors(self._folder):
                hits = self._searcher.search(
                    query, limit, count=False, order_by_field=_ID_ORDER, order=tantivy.Order.Asc
                ).hits
                if len(hits) < limit or limit == self.count or hits[-1][0] > hits[k - 1][0]:
                    return [int(row or 0) for row in self._searcher.fast_field_values("row", [at for _, at in hits])]
            limit = min(2 * limit, self.count)

    def matching(self, query: tantivy.Query) -> Matching:
        """All items that a query matches, in no order."""
        with engine_errors(self._folder):
            hits = self._searcher.search(query, max(self.count, 1), count=False).hits
            addresses = [address for _, address in hits]
            rows = self._searcher.fast_field_values("row", addresses)
            slots = self._searcher.fast_field_values("slot", addresses)
        return Matching(np.array(rows, np.int64), np.array(slots, np.int64))

    def sketches(self, query: tantivy.Query) -> dict[int, tuple[Any, ...]]:
        """Rows of all items that a query matches, and the sketch of each as SKETCH_WORDS signed numbers."""
        with engine_errors(self._folder):
            hits = self._searcher.search(query, max(self.count, 1), count=False).hits
            addresses = [address for _, address in hits]
            rows = self._searcher.fast_field_values("row", addresses)
            words = [self._searcher.fast_field_values(name, addresses) for name in _SKETCH_FIELDS]
        return dict(zip(np.array(rows, np.int64).tolist(), zip(*words, strict=True), strict=True))

    def total(self, query: tantivy.Query) -> int:
        """Number of items that a query matches."""
        with engine_errors(self._folder):
            found = self._searcher.search(query, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # which tantivy's stubs leave out

    def frequencies(self, grams: Iterable[str]) -> dict[str, int]:
        """In how many items each gram occurs, in text or headings; deleted ones count until their segment is merged."""
        frequency = self._searcher.doc_freq
        with engine_errors(self._folder):
            return {gram: max(frequency("grams", gram), frequency("path_grams", gram)) for gram in grams}

    def counts(self, query: tantivy.Query, size: int) -> tuple[int, dict[str, tuple[FacetCount, ...]]]:
        """Number of items that a query matches, and the `size` most frequent values of each facet."""
        wanted: dict[str, Any] = {
            name: {"terms": {"field": f"facet_{name}", "size": _VALUES, "segment_size": _SEGMENT_VALUES}}
            for name in FACET_FIELDS
        }
        wanted["total"] = {"value_count": {"field": "row"}}
        with engine_errors(self._folder):
            found = self._searcher.aggregate(query, wanted)
        return int(found["total"]["value"]), {name: _most(found[name]["buckets"], size) for name in FACET_FIELDS}


class Postings:
    """The tantivy index in `folder`. One writer at a time, in all processes together."""

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("terms", whitespace)
        index.config_reader("manual")
        index.reload()
        self._folder = folder
        self._index = index
        self._writer: tantivy.IndexWriter | None = None

    @classmethod
    def create(cls, folder: Path) -> "Postings":
        """Empty postings in a new folder."""
        folder.mkdir()
        with engine_errors(folder):
            return cls(folder, tantivy.Index(_schema(), str(folder)))

    @classmethod
    def open(cls, folder: Path) -> "Postings":
        """Existing postings; StorageError where they are missing or damaged."""
        with engine_errors(folder):
            return cls(folder, tantivy.Index.open(str(folder)))

    @property
    def name(self) -> str:
        """The folder's name, which is never used again."""
        return self._folder.name

    @property
    def generation(self) -> int:
        """The generation that was committed last; -1 where nothing says so."""
        try:
            return int((self._folder / "generation").read_text())
        except (OSError, ValueError):
            return -1

    @property
    def writing(self) -> bool:
        """Whether this process has the lock for writing."""
        return self._writer is not None

    def lock(self, wait_seconds: float = LOCK_WAIT_SECONDS) -> None:
        """Take the lock for writing; StorageError when another process keeps it for longer than that."""
        deadline = time.monotonic() + wait_seconds
        while self._writer is None:
            try:
                with engine_errors(self._folder.parent):
                    self._writer = self._index.writer(_HEAP_BYTES, 1)
                    # A writer that was killed leaves files whose names the next commit would use again.
                    self._writer.garbage_collect_files()
            except StorageError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(0.05)

    def put(self, notice: Notice, items: Sequence[StoredItem], terms: Sequence[ItemTerms]) -> None:
        """Replace a notice's items, from the next commit on."""
        self.delete(notice.id)
        with engine_errors(self._folder.parent):
            for stored, found in zip(items, terms, strict=True):
                self._locked().add_document(_document(notice, stored, found))

    def delete(self, notice_id: str) -> None:
        """Delete a notice's items, from the next commit on.

        By query, not by term: deleting by a term of an unsigned field deletes nothing, and says nothing.
        """
        with engine_errors(self._folder.parent):
            self._locked().delete_documents_by_query(of_notice(self._index.schema, notice_id))

    def commit(self, generation: int) -> None:
        """Make the changes durable and visible, and note the generation that they are complete for."""
        with engine_errors(self._folder.parent):
            self._locked().commit()
            noted = self._folder / "generation.new"
            noted.write_text(str(generation))
            noted.replace(self._folder / "generation")
            self._index.reload()

    def unlock(self) -> None:
        """Give the lock back; what was not committed is lost."""
        writer, self._writer = self._writer, None
        if writer is not None:
            with engine_errors(self._folder.parent):
                writer.wait_merging_threads()

    def reload(self) -> None:
        """See what other processes have committed."""
        with engine_errors(self._folder.parent):
            self._index.reload()

    def searcher(self) -> Searcher:
        """The postings as they are now."""
        return Searcher(self._folder.parent, self._index.schema, self._index.searcher())

    def _locked(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise RuntimeError("postings are written without their lock")
        return self._writer


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _TERM_FIELDS:
        builder.add_text_field(name, tokenizer_name="terms", index_option="freq")
    for name in _KEY_FIELDS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACET_FIELDS:
        builder.add_text_field(f"facet_{name}", tokenizer_name="raw", index_option="basic", fast=True)
    for name in _NUMBER_FIELDS:
        builder.add_integer_field(name, indexed=name.endswith("_year"), fast=True)
    return builder.build()


def _document(notice: Notice, stored: StoredItem, terms: ItemTerms) -> tantivy.Document:
    values: dict[str, object] = {
        "words": terms.words,
        "grams": terms.grams,
        "path_words": terms.path_words,
        "path_grams": terms.path_grams,
        "notice_id": notice.id,
        "item_id": stored.item.id,
        "row": stored.row,
        _ID_ORDER: int.from_bytes(stored.item.id.encode()[:7].ljust(7, b"\0"), "big"),
        "slot": _NO_SLOT if stored.slot is None else stored.slot,
        "band": list(terms.wording.bands),
    }
    values |= zip(_SKETCH_FIELDS, np.frombuffer(terms.wording.sketch, np.int64).tolist(), strict=True)
    years = plan_years(notice)
    if years:
        values |= {"first_year": years[0], "last_year": years[-1]}
    values |= {name: list(keys) for name, keys in (notice_keys(notice) | item_keys(stored.item)).items()}
    values |= {f"facet_{name}": list(found) for name, found in facet_values(notice, stored.item).items()}
    document = tantivy.Document()
    document.extend(values, None)
    return document


def _most(buckets: list[dict[str, Any]], size: int) -> tuple[FacetCount, ...]:
    counts = sorted((FacetCount(bucket["key"], bucket["doc_count"]) for bucket in buckets), key=_by_frequency)
    return tuple(counts[:size])


def _by_frequency(facet: FacetCount) -> tuple[int, str]:
    return -facet.count, facet.value
