"""The index on Elasticsearch: what is searched and read back. `Writer` has what is changed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import numpy as np

from analyzers.embedding import FloatArray
from analyzers.terms import Analyzer, Terms
from corpus.errors import ModelError, NotFoundError, StorageError
from corpus.model import ParsedNotice, TaskItem
from indexer.analysis import ItemTerms, analyse_item
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.documents import (
    MOST_RESULTS,
    read_item,
    read_parsed,
    read_record,
    read_sketches,
    read_vector,
    vector_field,
)
from indexer.index.elasticsearch.queries import (
    HAVE_VECTORS,
    ITEMS,
    NOTICES,
    in_force,
    matching,
    notices_satisfying,
    ranked,
    satisfying,
    with_any,
)
from indexer.index.elasticsearch.store import Json, Store, View
from indexer.index.elasticsearch.writer import Writer
from indexer.index.filters import Filters
from indexer.index.item_vectors import vector_key
from indexer.index.protocol import FACET_FIELDS, FacetCount, Facets, NoticeRecord, ScoredItem, Statistics, Wordings
from indexer.index.weights import FIELD_WEIGHTS, Expansion, WeightedTerm, weighted_terms

_MOST_TERMS = 4_096
"""Clauses of a query, half of what a node of 512 MB takes; of a longer query the most telling terms are kept."""
_SPARE = 32
"""Hits asked for beyond those that are wanted: where scores tie at the cut, ids decide among all that tie."""
_MOST_NEAREST = 10_000
"""Of what Elasticsearch gives; and the fewest vectors that it looks at, beside what is asked for."""
_FEWEST_CANDIDATES = 200
_OVERSAMPLE = 2.0
"""Candidates for each vector wanted, whose similarity is computed again without rounding."""
_SCORE_DIGITS = 4
"""BM25 is summed in float32 in an order that differs between segments: equal scores agree to about this many digits."""
_COSINE_DIGITS = 6
_LEAST_SHARD_SIZE = 1_000
"""Values of a facet that each shard counts, so that the sums over several are right."""


class ElasticsearchIndex:
    """An `Index` on Elasticsearch. Threads may share one; any number of processes may read and write.

    What `write` and `remove` have done is safe and found everywhere at once; within `loading`, when a search of this index
    follows, when enough was written, or at the end.
    """

    def __init__(self, store: Store, analyzer: Analyzer, read_only: bool) -> None:
        self._store = store
        self._analyzer = analyzer
        self._read_only = read_only
        self._writer = Writer(store)

    @classmethod
    def open(cls, address: str, analyzer: Analyzer, *, read_only: bool = False) -> Self:
        """Open the index at an address (see `Address`), creating it unless `read_only`. Raises StorageError."""
        store = Store.open(Address.parse(address), analyzer.version, create=not read_only)
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
    def generation(self) -> int:
        """See Index."""
        return self._view().state.generation

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
            return [ScoredItem(item_id, 0.0) for _, (item_id,) in listed]
        query = ranked(self._telling(view, weighted_terms(terms, expansions)), filters, view.state)

        def best(limit: int) -> list[ScoredItem]:
            # Frequencies over all shards, so that scores do not depend on where a document lies.
            kind = "dfs_query_then_fetch"
            found = self._store.fields(view.index, query, ["item_id"], size=limit, search_type=kind)
            return [ScoredItem(item_id, round(score, _SCORE_DIGITS)) for score, (item_id,) in found]

        return _first(best, k, MOST_RESULTS)

    def _telling(self, view: View, terms: list[WeightedTerm]) -> list[WeightedTerm]:
        """The terms, or the most telling of those that occur where a query has too many."""
        if len(terms) <= _MOST_TERMS:
            return terms
        texts = {field: " ".join(term.term for term in terms if term.field == field) for field in FIELD_WEIGHTS}
        with self._store.errors():
            found = self._store.client.termvectors(
                index=view.index,
                doc=texts,
                fields=list(FIELD_WEIGHTS),
                filter={"max_num_terms": _MOST_TERMS // len(FIELD_WEIGHTS)},
                field_statistics=False,
                offsets=False,
                positions=False,
            )
        held: Json = found["term_vectors"]
        return [term for term in terms if term.term in held.get(term.field, {}).get("terms", {})]

    def nearest(self, vector: FloatArray, filters: Filters, k: int) -> list[ScoredItem]:
        """See Index. The graph of the vectors is searched, which may miss some; similarities are exact."""
        view = self._view()
        dimension = view.state.dimension
        if dimension is None or k < 1:
            return []
        if len(vector) != dimension:
            raise ModelError(
                f"索引 {self._store.address} 的向量是 {dimension} 维，查询向量是 {len(vector)} 维。"
                f"请改用建立索引时的模型 {view.state.fingerprint}"
            )

        def best(limit: int) -> list[ScoredItem]:
            knn = {
                "field": vector_field(dimension),
                "query_vector": vector.astype(np.float64).tolist(),
                "k": limit,
                "num_candidates": min(max(2 * limit, _FEWEST_CANDIDATES), _MOST_NEAREST),
                "rescore_vector": {"oversample": _OVERSAMPLE},
                "filter": satisfying(filters, view.state),
            }
            found = self._store.fields(view.index, None, ["item_id"], knn=knn, size=limit)
            return [ScoredItem(item_id, round(2 * score - 1, _COSINE_DIGITS)) for score, (item_id,) in found]

        return _first(best, k, _MOST_NEAREST)

    def facets(self, terms: Terms | None, also: Sequence[str], filters: Filters, size: int) -> Facets:
        """See Index."""
        view = self._view()
        counted = {
            name: {"terms": {"field": f"facet_{name}", "size": size, "shard_size": max(size, _LEAST_SHARD_SIZE)}}
            for name in FACET_FIELDS
        }
        found = self._store.search(
            view.index, matching(terms, also, filters, view.state), size=0, aggs=counted, track_total_hits=True
        )
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
            names = ["item_id", "notice_id", "sketch"]
            size = min(limit, MOST_RESULTS)
            found = [values for _, values in self._store.fields(view.index, query, names, size=size, sort=["item_id"])]
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
        return frozenset(item_id for _, (item_id,) in found)

    def frequencies(self, grams: Sequence[str]) -> dict[str, int]:
        """See Index."""
        if not grams:
            return {}
        fields = ("grams", "path_grams")
        having = {f"{field}:{gram}": {"term": {field: gram}} for gram in grams for field in fields}
        # Without any other condition each count is read off the dictionary of terms.
        found = self._store.search(self._view().index, size=0, aggs={"having": {"filters": {"filters": having}}})
        counts = found["aggregations"]["having"]["buckets"]
        return {gram: max(counts[f"{field}:{gram}"]["doc_count"] for field in fields) for gram in grams}

    def items(self, item_ids: Sequence[str]) -> list[TaskItem]:
        """See Index."""
        held = self._held_items(item_ids) if item_ids else {}
        missing = next((item_id for item_id in item_ids if item_id not in held), None)
        if missing is not None:
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
            each = {"field": "vector_key"}
            hits = self._store.search(
                view.index,
                query,
                source_includes=["components"],
                docvalue_fields=["vector_key"],
                collapse=each,
                size=len(wanted),
            )["hits"]["hits"]
            found |= {keys[hit["fields"]["vector_key"][0]]: read_vector(hit["_source"]["components"]) for hit in hits}
        return found

    def notice(self, notice_id: str) -> ParsedNotice:
        """See Index."""
        view = self._view()
        this = with_any("notice_id", [notice_id])
        held = self._store.sources(view.index, in_force([NOTICES, this], view.state), ["parsed", "items"], size=1)
        if not held:
            raise NotFoundError(f"索引里没有编号为 {notice_id} 的通知。请核对编号，或先把它编入索引")
        own = in_force([ITEMS, this], view.state)
        items = map(read_item, self._store.sources(view.index, own, ["item"], size=held[0]["items"]))
        return read_parsed(held[0], sorted(items, key=lambda item: item.order))

    def notices(self, filters: Filters, offset: int, limit: int) -> tuple[int, list[NoticeRecord]]:
        """See Index. A list can be paged through as far as its 100,000th notice."""
        view = self._view()
        query = notices_satisfying(filters, view.state)
        offset = max(offset, 0)
        if limit < 1 or offset >= MOST_RESULTS:
            return self._store.count(view.index, query), []
        found = self._store.search(
            view.index,
            query,
            source_includes=_RECORD,
            from_=offset,
            size=min(limit, MOST_RESULTS - offset),
            sort=[{"date_issued": {"order": "desc", "missing": "_last"}}, "notice_id"],
            track_total_hits=True,
        )["hits"]
        return found["total"]["value"], [read_record(hit["_source"]) for hit in found["hits"]]

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
        held = map(read_record, self._store.sources(view.index, query, _RECORD, size=MOST_RESULTS))
        if batch is None:
            return list(held)
        return [*(record for record in held if not batch.supersedes(record)), *filter(fits, batch)]

    def statistics(self) -> Statistics:
        """See Index."""
        view = self._view()
        wanted = {"notices": NOTICES, "items": ITEMS, "vectors": HAVE_VECTORS}
        found = self._store.search(
            view.index, in_force([], view.state), size=0, aggs={"held": {"filters": {"filters": wanted}}}
        )
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


_RECORD = ("notice", "items", "path")


def _first(best: Callable[[int], list[ScoredItem]], k: int, most: int) -> list[ScoredItem]:
    """The first `k` by score, then id; `best` is asked for more as long as there may be others that tie with the last."""
    limit = min(k + _SPARE, most)
    while True:
        found = best(limit)
        if len(found) < limit or limit == most or found[-1].score < found[k - 1].score:
            return sorted(found, key=lambda item: (-item.score, item.item_id))[:k]
        limit = min(2 * limit, most)
