"""The index on Elasticsearch: what is searched and read back. `Writer` has what is changed."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from itertools import islice
from types import TracebackType
from typing import Self

from analyzers.embedding import FloatArray
from analyzers.embedding.choice import ModelChoice, from_remembered, to_remember
from analyzers.terms import Analyzer, Terms
from corpus.errors import NotFoundError, StorageError
from corpus.model import ParsedNotice, TaskItem
from indexer.analysis import ItemTerms, analyse_item
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.documents import (
    MOST_RESULTS,
    read_item,
    read_parsed,
    read_record,
    read_sketches,
    read_vector,
)
from indexer.index.elasticsearch.legs import best, lexical_leg, vector_leg
from indexer.index.elasticsearch.queries import (
    HAVE_VECTORS,
    ITEMS,
    NOTICES,
    in_force,
    matching,
    notices_satisfying,
    satisfying,
    with_any,
)
from indexer.index.elasticsearch.store import Json, Store, View, listing, scored
from indexer.index.elasticsearch.writer import Writer
from indexer.index.filters import Filters
from indexer.index.item_vectors import vector_key
from indexer.index.protocol import (
    FACET_FIELDS,
    FacetCount,
    Facets,
    NoticeRecord,
    ScoredItem,
    Snapshot,
    Statistics,
    Wordings,
)
from indexer.index.weights import Expansion, weighted_terms

_FEW, _MANY = 20, 1_000
"""Matches that are expected at most where one is asked for, and where copies of one wording are."""
_LEAST_SHARD_SIZE = 1_000
"""Values of a facet that each shard counts, so that the sums over several are right."""


class ElasticsearchIndex:
    """An `Index` on Elasticsearch. Threads may share one; any number of processes may read and write.

    What `write` and `remove` have done is safe and found everywhere at once; within `loading`, when a search of this index
    follows, when enough was written, or at the end.
    """

    def __init__(self, store: Store, analyzer: Analyzer, read_only: bool, holder: str | None = None) -> None:
        self._store = store
        self._analyzer = analyzer
        self._read_only = read_only
        self._writer = Writer(store, analyzer.version, holder)

    @classmethod
    def open(
        cls,
        address: str,
        analyzer: Analyzer,
        *,
        read_only: bool = False,
        access: Access | None = None,
        shards: int = 1,
    ) -> Self:
        """Open the index at an address (see `Address`), creating it unless `read_only`. Raises StorageError."""
        known = access or Access()
        store = Store.open(Address.parse(address), known, analyzer.version, create=not read_only, shards=shards)
        index = cls(store, analyzer, read_only)
        if not read_only:
            index._writer.recover()
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def fingerprint(self) -> str | None:
        """See Index."""
        batch = self._writer.batch
        return batch.fingerprint if batch and batch.fingerprint else self._store.view().state.fingerprint

    @property
    def model(self) -> ModelChoice | None:
        """See Index."""
        remembered = self._store.view().state.model
        return None if remembered is None else from_remembered(remembered)

    def remember(self, model: ModelChoice) -> None:
        """See Index."""
        self._require_writable()
        self._store.change(lambda state: replace(state, model=to_remember(model)))

    @property
    def superseded(self) -> bool:
        """See Index. Noticed by the searches of this index."""
        return self._store.superseded

    @property
    def generation(self) -> int:
        """See Index."""
        return self._view().state.generation

    @property
    def moment(self) -> Hashable | None:
        """See Index. Shards show what was written each in its own time."""
        return None

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
        if terms is None:
            terms = [analyse_item(item, self._analyzer) for item in parsed.items]
        self._writer.write(parsed, path, terms, vectors, fingerprint)

    def remove(self, notice_id: str) -> bool:
        """See Index."""
        self._require_writable()
        return self._writer.remove(notice_id)

    @contextmanager
    def loading(self) -> Iterator[None]:
        """See Index."""
        self._require_writable()
        with self._writer.loading():
            yield

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """See Index. A search sees what was in force when it began, and may take ten seconds."""
        self._writer.publish()
        return self._store.snapshot()

    def legs(
        self, terms: Terms, vector: FloatArray, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> tuple[list[ScoredItem], list[ScoredItem]]:
        """See Index."""
        view = self._view()
        if k < 1 or view.state.dimension is None or not (terms.words or terms.grams):
            return self.lexical(terms, filters, k, expansions), self.nearest(vector, filters, k)
        wanted = weighted_terms(terms, expansions)
        both = [lexical_leg(self._store, view, wanted, filters), vector_leg(self._store, view, vector, filters)]
        lexical, nearest = best(self._store, view, both, k)
        return lexical, nearest

    def lexical(
        self, terms: Terms | None, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> list[ScoredItem]:
        """See Index. Scores are rounded to four digits, so that equal items tie wherever they lie."""
        if k < 1 or (terms is not None and not terms.words and not terms.grams):
            return []
        view = self._view()
        if terms is None:
            listed = self._store.fields(
                view.index, satisfying(filters, view.state), ["item_id"], size=min(k, MOST_RESULTS), sort=["item_id"]
            )
            return [ScoredItem(item_id, 0.0) for (item_id,) in listed]
        leg = lexical_leg(self._store, view, weighted_terms(terms, expansions), filters)
        return best(self._store, view, [leg], k)[0]

    def nearest(self, vector: FloatArray, filters: Filters, k: int) -> list[ScoredItem]:
        """See Index. The graph of the vectors is searched, which may miss some; similarities are exact."""
        view = self._view()
        if view.state.dimension is None or k < 1:
            return []
        return best(self._store, view, [vector_leg(self._store, view, vector, filters)], k)[0]

    def facets(self, terms: Terms | None, also: Sequence[str], filters: Filters, size: int) -> Facets:
        """See Index."""
        view = self._view()
        counted = {
            name: {"terms": {"field": f"facet_{name}", "size": size, "shard_size": max(size, _LEAST_SHARD_SIZE)}}
            for name in FACET_FIELDS
        }
        query = matching(terms, also, filters, view.state)
        found = self._store.search(view.index, {"query": query, "size": 0, "aggs": counted, "track_total_hits": True})
        fields = {
            name: tuple(FacetCount(bucket["key"], bucket["doc_count"]) for bucket in values["buckets"])
            for name, values in ((name, found["aggregations"][name]) for name in FACET_FIELDS)
        }
        return Facets(found["hits"]["total"]["value"], fields)

    def sharing(self, bands: Sequence[str], limit: int) -> Wordings:
        """See Index."""
        view, found = self._view(), []
        if bands and limit > 0:
            query = in_force([with_any("band", bands)], view.state)
            found = self._store.all_fields(view.index, query, ["item_id", "notice_id", "sketch"], _MANY)
            found = sorted(found)[:limit]
        item_ids, notice_ids, sketches = zip(*found, strict=True) if found else ((), (), ())
        return Wordings(item_ids, notice_ids, read_sketches(sketches))

    def count(self, filters: Filters) -> int:
        """See Index."""
        view = self._view()
        return self._store.count(view.index, satisfying(filters, view.state))

    def among(self, item_ids: Sequence[str], filters: Filters) -> frozenset[str]:
        """See Index."""
        if not item_ids:
            return frozenset()
        view = self._view()
        query = {"bool": {"filter": [with_any("item_id", item_ids), satisfying(filters, view.state)]}}
        found = self._store.fields(view.index, query, ["item_id"], size=len(item_ids))
        return frozenset(item_id for (item_id,) in found)

    def frequencies(self, grams: Sequence[str]) -> dict[str, int]:
        """See Index."""
        if not grams:
            return {}
        fields = ("grams", "path_grams")
        having = {f"{field}:{gram}": {"term": {field: gram}} for gram in grams for field in fields}
        # Without any other condition each count is read off the dictionary of terms.
        aggregations = {"having": {"filters": {"filters": having}}}
        found = self._store.search(self._view().index, {"size": 0, "aggs": aggregations})
        counts = found["aggregations"]["having"]["buckets"]
        return {gram: max(counts[f"{field}:{gram}"]["doc_count"] for field in fields) for gram in grams}

    def items(self, item_ids: Sequence[str]) -> list[TaskItem]:
        """See Index."""
        held = self._held_items(item_ids) if item_ids else {}
        missing = next((item_id for item_id in item_ids if item_id not in held), None)
        if missing is not None:
            self._store.require_whole()  # otherwise it may be held where nothing answered
            raise NotFoundError(f"索引里没有编号为 {missing} 的条目。请核对编号，或重新检索")
        return [held[item_id] for item_id in item_ids]

    def _held_items(self, item_ids: Sequence[str]) -> dict[str, TaskItem]:
        view, wanted = self._view(), list(dict.fromkeys(item_ids))
        query = in_force([with_any("item_id", wanted)], view.state)
        found = map(read_item, self._store.sources(view.index, query, ["item"], size=len(wanted)))
        return {item.id: item for item in found}

    def item_vectors(self, texts: Sequence[str]) -> dict[str, FloatArray]:
        """See Index. The vectors are in half precision."""
        fingerprint = self.fingerprint
        if fingerprint is None or not texts:
            return {}
        keys = {vector_key(text, fingerprint): text for text in texts}
        written = self._writer.batch.vectors if self._writer.batch else {}
        found = {keys[key]: written[key] for key in keys.keys() & written.keys()}
        wanted = [key for key in keys if key not in written]
        if wanted:
            view = self._store.view()
            query = in_force([with_any("vector_key", wanted)], view.state)
            body: Json = {"query": query, "collapse": {"field": "vector_key"}, "size": len(wanted)}
            body |= {"_source": ["components"], "docvalue_fields": ["vector_key"]}
            hits = self._store.search(view.index, body)["hits"]["hits"]
            found |= {keys[hit["fields"]["vector_key"][0]]: read_vector(hit["_source"]["components"]) for hit in hits}
        return found

    def notice(self, notice_id: str) -> ParsedNotice:
        """See Index."""
        view = self._view()
        this = with_any("notice_id", [notice_id])
        body: Json = {"query": in_force([NOTICES, this], view.state), "size": 1}
        body |= {"_source": ["parsed"], "docvalue_fields": ["record"]}
        held = self._store.search(view.index, body)["hits"]["hits"]
        if not held:
            raise NotFoundError(f"索引里没有编号为 {notice_id} 的通知。请核对编号，或先把它编入索引")
        count = read_record(held[0]["fields"]["record"][0]).items
        own = in_force([ITEMS, this], view.state)
        items = map(read_item, self._store.sources(view.index, own, ["item"], size=count))
        return read_parsed(held[0]["_source"], sorted(items, key=lambda item: item.order))

    def notices(self, filters: Filters, offset: int, limit: int) -> tuple[int, list[NoticeRecord]]:
        """See Index. What lies deep takes as many requests as there are ten thousands before it."""
        view = self._view()
        query = notices_satisfying(filters, view.state)
        order: list[Json | str] = [{"date_issued": {"order": "desc", "missing": "_last"}}, "notice_id"]
        offset, limit = max(offset, 0), max(limit, 0)
        if offset + limit > MOST_RESULTS:
            deep = islice(self._store.scan(view.index, query, ["record"], order, skip=offset), limit)
            return self._store.count(view.index, query), [read_record(record) for (record,) in deep]
        page = listing(["record"], query=query, sort=order, size=limit, track_total_hits=True, **{"from": offset})
        found = self._store.search(view.index, page)
        return found["hits"]["total"]["value"], [read_record(record) for _, (record,) in scored(found, ["record"])]

    def scan(self) -> Iterator[NoticeRecord]:
        """See Index."""
        view = self._view()
        found = self._store.scan(view.index, in_force([NOTICES], view.state), ["record"], ["notice_id"])
        return (read_record(record) for (record,) in found)

    def record(self, notice_id: str) -> NoticeRecord | None:
        """See Index."""
        return next(iter(self.records([notice_id])), None)

    def records(self, notice_ids: Sequence[str]) -> list[NoticeRecord]:
        """See Index."""
        wanted = frozenset(notice_ids)
        return self._records("notice_id", wanted, lambda record: record.notice.id in wanted)

    def record_by_path(self, path: str) -> NoticeRecord | None:
        """See Index."""
        return next(iter(self._records("path", {path}, lambda record: record.path == path)), None)

    def records_by_number(self, document_number: str) -> list[NoticeRecord]:
        """See Index."""
        found = self._records(
            "document_number", {document_number}, lambda record: record.notice.document_number == document_number
        )
        return sorted(found, key=lambda record: record.notice.id)

    def _records(
        self, field: str, values: frozenset[str] | set[str], fits: Callable[[NoticeRecord], bool]
    ) -> list[NoticeRecord]:
        """Records of the notices with one of the values, those that are written but not published among them."""
        if not values:
            return []
        view, batch = self._store.view(), self._writer.batch
        query = in_force([NOTICES, with_any(field, sorted(values))], view.state)
        found = self._store.all_fields(view.index, query, ["record"], expected=len(values) + _FEW)
        held = [read_record(record) for (record,) in found]
        if batch is None:
            return held
        return [*(record for record in held if not batch.supersedes(record)), *filter(fits, batch)]

    def statistics(self) -> Statistics:
        """See Index."""
        view = self._view()
        wanted = {"notices": NOTICES, "items": ITEMS, "vectors": HAVE_VECTORS}
        aggregations = {"held": {"filters": {"filters": wanted}}}
        body = {"query": in_force([], view.state), "size": 0, "aggs": aggregations}
        found = self._store.search(view.index, body)
        counts = {name: bucket["doc_count"] for name, bucket in found["aggregations"]["held"]["buckets"].items()}
        with self._store.errors():
            stats = self._store.client.indices.stats(index=view.index, metric="store")
        return Statistics(
            notices=counts["notices"],
            items=counts["items"],
            vectors=counts["vectors"],
            fingerprint=view.state.fingerprint,
            backend="elasticsearch",
            size_bytes=stats["_all"]["primaries"]["store"]["size_in_bytes"],
        )

    def close(self) -> None:
        """See Index."""
        try:
            self._writer.finish()
        finally:
            self._store.close()

    def _view(self) -> View:
        """The index as it is now, with all that was written through this object."""
        self._writer.publish()
        return self._store.view()

    def _require_writable(self) -> None:
        if self._read_only:
            raise StorageError(f"索引 {self._store.address} 以只读方式打开，不能写入。请用可写方式打开")
