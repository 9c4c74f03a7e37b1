"""The embedded index: one folder, no server. Catalogue in SQLite, postings in tantivy, vectors in a flat file."""

import logging
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import Self

import numpy as np

from analyzers.embedding import FloatArray
from analyzers.embedding.choice import ModelChoice, remember_model, remembered_model
from analyzers.terms import Analyzer, Terms
from corpus.errors import ModelError, NotFoundError, StorageError
from corpus.model import ParsedNotice, TaskItem
from indexer.analysis import ItemTerms, analyse_item, embedded_text
from indexer.index.embedded.catalogue import Catalogue
from indexer.index.embedded.changes import Change
from indexer.index.embedded.derived import DerivedFiles
from indexer.index.embedded.failures import storage_errors
from indexer.index.embedded.postings import Matching
from indexer.index.embedded.queries import in_band, matching, ranked, satisfying, those
from indexer.index.embedded.vectors import Slots, Vectors
from indexer.index.filters import Filters
from indexer.index.item_vectors import check_shape, vector_key
from indexer.index.protocol import Facets, NoticeRecord, ScoredItem, Snapshot, Statistics, Wordings
from indexer.index.weights import Expansion
from indexer.shingles import SKETCH_WORDS

_WIDE = 8
"""A filter that more than one in so many items satisfy: all vectors are scanned and the best ones tested, which is cheaper
than listing what satisfies it (32 ms for 100,000 items)."""

_Owners = list[tuple[str, int, int]]
"""Items that have certain vectors: id, row and slot of each."""

_log = logging.getLogger(__name__)


class EmbeddedIndex:
    """An `Index` in one folder. Threads may share one; processes open the folder each for itself, one writes at a time.

    What `write` and `remove` have stored is safe at once, and is found from the next search on in this process, and in
    others when this one searches, has written 5,000 items more, or closes.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, derived: DerivedFiles, analyzer: Analyzer, read_only: bool):
        self._folder = folder
        self._catalogue = catalogue
        self._derived = derived
        self._analyzer = analyzer
        self._read_only = read_only

    @classmethod
    def open(cls, folder: Path, analyzer: Analyzer, *, read_only: bool = False) -> Self:
        """Open the index in `folder`, creating it unless `read_only`.

        Postings and vectors that are behind, damaged or of another analysis are brought up or built anew. Raises
        StorageError where there is no index, or none that can be opened.
        """
        with storage_errors(folder):
            if folder.exists() and not folder.is_dir():
                raise StorageError(f"{folder} 不是文件夹。请用 --index 指定一个文件夹")
            if not read_only:
                folder.mkdir(parents=True, exist_ok=True)
        catalogue = Catalogue(folder, create=not read_only)
        try:
            with storage_errors(folder):
                derived = DerivedFiles(folder, catalogue, analyzer)
        except BaseException:
            catalogue.close()
            raise
        return cls(folder, catalogue, derived, analyzer, read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def fingerprint(self) -> str | None:
        """See Index."""
        return self._catalogue.settings().fingerprint

    @property
    def model(self) -> ModelChoice | None:
        """See Index."""
        return remembered_model(self._folder)

    def remember(self, model: ModelChoice) -> None:
        """See Index."""
        self._require_writable()
        remember_model(self._folder, model)

    @property
    def superseded(self) -> bool:
        """See Index. A folder that is opened by itself has no other versions."""
        return False

    @property
    def generation(self) -> int:
        """See Index."""
        return self._catalogue.settings().generation

    @property
    def moment(self) -> Hashable | None:
        """See Index. While the postings are behind the catalogue, a search sees more of them every time."""
        settings = self._catalogue.settings()
        return settings if settings.floor == settings.generation else None

    def write(
        self,
        parsed: ParsedNotice,
        path: str,
        vectors: FloatArray | None,
        fingerprint: str | None,
        terms: Sequence[ItemTerms] | None = None,
    ) -> None:
        """See Index."""
        self._require_writable()
        check_shape(parsed, vectors, fingerprint)
        if terms is None:
            terms = [analyse_item(item, self._analyzer) for item in parsed.items]
        with self._derived.locked():
            with self._catalogue.changing() as change:
                superseded = [held for held in change.notices_from(path) if held != parsed.notice.id]
                replaced = [*superseded, parsed.notice.id]
                former = [slot for held in replaced for slot in change.slots_of(held)]
                slots = self._put_vectors(change, parsed, vectors, fingerprint)
                for held in replaced:
                    change.delete_notice(held)
                stored = change.insert_notice(parsed, path, slots)
                change.drop_unused(former)
                deletions = [(held, change.new_generation(held)) for held in superseded]
                generation = change.new_generation(parsed.notice.id)
            for held, deletion in deletions:
                self._derived.delete(held, deletion)
            self._derived.put(parsed.notice, stored, terms, generation)

    def _put_vectors(
        self, change: Change, parsed: ParsedNotice, vectors: FloatArray | None, fingerprint: str | None
    ) -> Sequence[int | None]:
        if vectors is None or fingerprint is None or not len(vectors):
            return [None] * len(parsed.items)
        settings, dimension = change.settings(), vectors.shape[1]
        if settings.fingerprint is None:
            change.set(fingerprint=fingerprint, dimension=dimension)
        elif (settings.fingerprint, settings.dimension) != (fingerprint, dimension):
            raise ModelError(
                f"索引 {self._folder} 是用向量模型 {settings.fingerprint}（{settings.dimension} 维）建立的，"
                f"现在给出的是 {fingerprint}（{dimension} 维）。请改用原来的模型，或换一个新文件夹重新建立索引"
            )
        keys = [vector_key(embedded_text(item), fingerprint) for item in parsed.items]
        slots, records = change.put_vectors(keys, vectors)
        self._derived.publish(change, records)
        return slots

    def remove(self, notice_id: str) -> bool:
        """See Index."""
        self._require_writable()
        with self._derived.locked():
            with self._catalogue.changing() as change:
                former = change.slots_of(notice_id)
                if not change.delete_notice(notice_id):
                    return False
                change.drop_unused(former)
                generation = change.new_generation(notice_id)
            self._derived.delete(notice_id, generation)
        return True

    def loading(self) -> AbstractContextManager[None]:
        """See Index. Postings are committed many notices at a time anyway, and the catalogue is quick."""
        return nullcontext()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """See Index. There are no parts that could fail alone."""
        with self._catalogue.one_moment():
            yield Snapshot()

    def legs(
        self, terms: Terms, vector: FloatArray, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> tuple[list[ScoredItem], list[ScoredItem]]:
        """See Index."""
        return self.lexical(terms, filters, k, expansions), self.nearest(vector, filters, k)

    def lexical(
        self, terms: Terms | None, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> list[ScoredItem]:
        """See Index. Scores are rounded to four digits, so that equal items tie wherever they lie."""
        if terms is not None and not terms.words and not terms.grams:
            return []
        searcher = self._derived.searcher()
        if terms is None:
            rows = searcher.first(satisfying(searcher.schema, filters), k) if k > 0 else []
            return _first([ScoredItem(item_id, 0.0) for item_id in self._catalogue.ids(rows).values()], k)
        found = searcher.best(ranked(searcher.schema, terms, expansions, filters), k)
        ids = self._catalogue.ids([row for row, _ in found])
        return _first([ScoredItem(ids[row], score) for row, score in found if row in ids], k)

    def nearest(self, vector: FloatArray, filters: Filters, k: int) -> list[ScoredItem]:
        """See Index. Exact over the stored vectors, whose int8 components move a score by less than 0.01."""
        vectors = self._derived.vectors()
        if vectors is None or k < 1:
            return []
        if len(vector) != vectors.dimension:
            raise ModelError(
                f"索引 {self._folder} 的向量是 {vectors.dimension} 维，查询向量是 {len(vector)} 维。"
                f"请改用建立索引时的模型 {self.fingerprint}"
            )
        if filters == Filters():
            return self._nearest(vectors, vector, None, lambda items: items, k)
        searcher = self._derived.searcher()
        wanted = satisfying(searcher.schema, filters)
        if searcher.total(wanted) > searcher.count / _WIDE:

            def satisfied(items: _Owners) -> _Owners:
                among = those(searcher.schema, [item_id for item_id, _, _ in items], filters)
                return _of_rows(searcher.matching(among), items)

            return self._nearest(vectors, vector, None, satisfied, k)
        listed = searcher.matching(wanted)
        return self._nearest(vectors, vector, vectors.positions(listed.slots), partial(_of_rows, listed), k)

    def _nearest(
        self,
        vectors: Vectors,
        query: FloatArray,
        positions: Slots | None,
        satisfied: Callable[[_Owners], _Owners],
        k: int,
    ) -> list[ScoredItem]:
        """The best items, going deeper as long as vectors turn out to be of deleted items or not `satisfied`."""
        query = query.astype(np.float32)
        among = len(vectors.slots) if positions is None else len(positions)
        depth = k
        while True:
            chosen, scores = vectors.nearest(query, positions, depth)
            by_slot = dict(zip(vectors.slots[chosen].tolist(), scores.tolist(), strict=True))
            items = satisfied(self._catalogue.items_of_slots(list(by_slot)))
            found = [ScoredItem(item_id, by_slot[slot]) for item_id, _, slot in items]
            if len(found) >= k or len(chosen) == among:
                return _first(found, k)
            depth *= 4

    def facets(self, terms: Terms | None, also: Sequence[str], filters: Filters, size: int) -> Facets:
        """See Index. Ties are broken by value among the 7,000 most frequent ones of a field."""
        searcher = self._derived.searcher()
        total, counts = searcher.counts(matching(searcher.schema, terms, list(also), filters), size)
        return Facets(total, counts)

    def sharing(self, bands: Sequence[str], limit: int) -> Wordings:
        """See Index."""
        searcher = self._derived.searcher()
        sketches = searcher.sketches(in_band(searcher.schema, bands)) if bands else {}
        owners = sorted(self._catalogue.owners(list(sketches)))[: max(limit, 0)]
        item_ids, notice_ids, rows = zip(*owners, strict=True) if owners else ((), (), ())
        held = np.array([sketches[row] for row in rows], np.int64).reshape(-1, SKETCH_WORDS)
        return Wordings(item_ids, notice_ids, held.view(np.uint64))

    def count(self, filters: Filters) -> int:
        """See Index."""
        searcher = self._derived.searcher()
        return searcher.count if filters == Filters() else searcher.total(satisfying(searcher.schema, filters))

    def among(self, item_ids: Sequence[str], filters: Filters) -> frozenset[str]:
        """See Index."""
        searcher = self._derived.searcher()
        rows = searcher.matching(those(searcher.schema, item_ids, filters)).rows.tolist() if item_ids else []
        return frozenset(self._catalogue.ids(rows).values())

    def frequencies(self, grams: Sequence[str]) -> dict[str, int]:
        """See Index."""
        return self._derived.searcher().frequencies(grams)

    def items(self, item_ids: Sequence[str]) -> list[TaskItem]:
        """See Index."""
        held = self._catalogue.items(item_ids)
        missing = next((item_id for item_id in item_ids if item_id not in held), None)
        if missing is not None:
            raise NotFoundError(f"索引里没有编号为 {missing} 的条目。请核对编号，或重新检索")
        return [held[item_id] for item_id in item_ids]

    def item_vectors(self, texts: Sequence[str]) -> dict[str, FloatArray]:
        """See Index. The vectors are those that are searched: turned back from int8."""
        fingerprint = self.fingerprint
        return {} if fingerprint is None else self._catalogue.vectors(texts, fingerprint)

    def notice(self, notice_id: str) -> ParsedNotice:
        """See Index."""
        parsed = self._catalogue.parsed(notice_id)
        if parsed is None:
            raise NotFoundError(f"索引里没有编号为 {notice_id} 的通知。请核对编号，或先把它编入索引")
        return parsed

    def notices(self, filters: Filters, offset: int, limit: int) -> tuple[int, list[NoticeRecord]]:
        """See Index."""
        return self._catalogue.page(filters, offset, limit)

    def scan(self) -> Iterator[NoticeRecord]:
        """See Index."""
        return self._catalogue.scan()

    def record(self, notice_id: str) -> NoticeRecord | None:
        """See Index."""
        return next(iter(self._catalogue.records("id = ?", notice_id)), None)

    def records(self, notice_ids: Sequence[str]) -> list[NoticeRecord]:
        """See Index."""
        return self._catalogue.records_of(notice_ids)

    def record_by_path(self, path: str) -> NoticeRecord | None:
        """See Index."""
        return next(iter(self._catalogue.records("path = ? ORDER BY row DESC LIMIT 1", path)), None)

    def records_by_number(self, document_number: str) -> list[NoticeRecord]:
        """See Index."""
        return self._catalogue.records("document_number = ? ORDER BY id", document_number)

    def statistics(self) -> Statistics:
        """See Index. `vectors` counts the items that have one; items with the same text share theirs."""
        return Statistics(
            notices=self._catalogue.count("notices"),
            items=self._catalogue.count("items"),
            vectors=self._catalogue.count("items", "slot IS NOT NULL"),
            fingerprint=self.fingerprint,
            backend="embedded",
            size_bytes=sum(map(_size, self._folder.rglob("*"))),
        )

    def close(self) -> None:
        """See Index."""
        try:
            with storage_errors(self._folder):
                self._derived.close()
        finally:
            self._catalogue.close()

    def _require_writable(self) -> None:
        if self._read_only:
            raise StorageError(f"索引 {self._folder} 以只读方式打开，不能写入。请用可写方式打开")


def _size(path: Path) -> int:
    """Bytes of a file; 0 for a folder, and for a file that a merge of the postings has just taken away."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    return found.st_size if S_ISREG(found.st_mode) else 0


def _of_rows(listed: Matching, items: _Owners) -> _Owners:
    rows = set(listed.rows.tolist())
    return [item for item in items if item[1] in rows]


def _first(found: list[ScoredItem], k: int) -> list[ScoredItem]:
    return sorted(found, key=lambda item: (-item.score, item.item_id))[:k]
