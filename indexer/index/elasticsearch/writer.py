"""Changes: notices are written in batches, published in one step, and what they replace is deleted later (see `state`)."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock

from analyzers.embedding import FloatArray
from corpus.errors import ModelError, StorageError
from corpus.model import ParsedNotice
from indexer.analysis import ItemTerms, embedded_text
from indexer.index.elasticsearch.batch import MOST_NOTICES, Batch
from indexer.index.elasticsearch.bulk import Bulk, Operation
from indexer.index.elasticsearch.documents import notice_documents
from indexer.index.elasticsearch.queries import HAVE_VECTORS, NOTICES, Query, in_force, with_any, with_versions
from indexer.index.elasticsearch.state import State, Versions
from indexer.index.elasticsearch.store import Store, View, now
from indexer.index.elasticsearch.succession import in_use, to_write
from indexer.index.item_vectors import check_shape, vector_key
from indexer.index.protocol import NoticeRecord

DELETE_EVERY_SECONDS = 60.0
"""How long what may be deleted waits for more of its kind, since deleting takes two refreshes."""

_DELETED_AT_ONCE = 5_000
_SEGMENTS = 4
# An index that is loaded for the first time has no use for copies, and its files are still there if a node dies.
_WHILE_LOADING = {"auto_expand_replicas": "false", "number_of_replicas": "0"}

_log = logging.getLogger(__name__)


class Writer:
    """Writes terms of one analysis to one index. Threads may share one.

    `holder` is the name under which a version that is being built is held; None for the one in use, whichever that is.
    """

    def __init__(self, store: Store, analysis: str, holder: str | None = None) -> None:
        self.batch: Batch | None = None
        """What is written but not published."""
        self._store = store
        self._analysis = analysis
        self._holder = holder
        self._known: str | None = None
        self._lock = RLock()
        self._is_loading = False
        self._with_field: set[tuple[str, int]] = set()

    def write(
        self,
        parsed: ParsedNotice,
        path: str,
        terms: Sequence[ItemTerms],
        vectors: FloatArray | None,
        fingerprint: str | None,
    ) -> None:
        """Write a notice, and publish it unless more are to come."""
        check_shape(parsed, vectors, fingerprint)
        if vectors is None or not len(vectors):
            vectors = fingerprint = None
        with self._lock:
            if self.batch and self.batch.is_full(now()):
                self.publish()
            if vectors is not None and fingerprint is not None:
                self._require_model(fingerprint, vectors.shape[1])
            with self._dropped_on_failure(), self._store.errors():
                batch = self.batch = self.batch or self._new_batch()
                if vectors is not None and fingerprint is not None:
                    self._take_vectors(batch, [embedded_text(item) for item in parsed.items], vectors, fingerprint)
                version = batch.next_version()
                documents = notice_documents(parsed, path, version, terms, vectors, fingerprint)
                operations = (
                    Operation.put(document_id, parsed.notice.id, document) for document_id, document in documents
                )
                batch.add(version, NoticeRecord(parsed.notice, len(parsed.items), path), operations)
            if not self._is_loading:
                self.publish()

    def _new_batch(self) -> Batch:
        count = MOST_NOTICES if self._is_loading else 1
        while True:
            view = self._to_write()
            state = view.state.allocate(count, now())
            if self._store.replace(view, state):
                return Batch(Bulk(self._store.client, view.index), state.pending[-1])

    def _to_write(self) -> View:
        """The version to write to, when its time has come; another one than before must be of the same analysis."""
        view = to_write(self._store, self._holder)
        if view.index != self._known:
            self._store.require_analysis(view.index, self._analysis)
            self._known = view.index
        return view

    def _require_model(self, fingerprint: str, dimension: int) -> None:
        """Refuse vectors of another model than those that are held, or written in this batch."""
        held = self.batch if self.batch and self.batch.fingerprint else in_use(self._store).state
        _require_same(self._store, held, fingerprint, dimension)

    def _take_vectors(self, batch: Batch, texts: Sequence[str], vectors: FloatArray, fingerprint: str) -> None:
        if batch.fingerprint is None:
            batch.fingerprint, batch.dimension = fingerprint, vectors.shape[1]
            place = batch.bulk.index, batch.dimension
            if place not in self._with_field:
                self._store.take_vectors(*place)
                self._with_field.add(place)
        batch.vectors.update(zip((vector_key(text, fingerprint) for text in texts), vectors, strict=True))

    @contextmanager
    def _dropped_on_failure(self) -> Iterator[None]:
        """A batch that failed once is not published; what it has left on the server stays hidden and is deleted later."""
        try:
            yield
        except BaseException as failure:
            lost, self.batch = self.batch, None
            if lost:
                lost.bulk.give_up()
            if isinstance(failure, StorageError) and lost and self._is_loading:
                told = f"{failure.detail}。此前写的 {len(lost.records)} 份通知也没有生效，请再运行一次"
                raise StorageError(told, code=failure.code) from failure
            raise

    def publish(self) -> None:
        """Make what was written seen by everybody, in one step. Raises StorageError."""
        with self._lock:
            batch = self.batch
            if batch is None:
                return
            with self._dropped_on_failure():
                if now() > batch.versions.until:
                    raise self._late()
                with self._store.errors():
                    refused = batch.finish()
                self._store.refresh(batch.bulk.index)
                self._show(batch)
            self.batch = None
            self._delete_due()
        if refused:
            told = "；".join(f"{record.path}（{why}）" for record, why in refused[:5])
            raise StorageError(f"索引 {self._store.address} 没有收下 {len(refused)} 份通知：{told}。其余的已写入")

    def _show(self, batch: Batch) -> None:
        """Replace the state by one in which the batch is shown, and what gives way to it is hidden."""
        tried = False
        while True:
            view = self._store.view(for_writing=True)
            if view.index != batch.bulk.index:
                raise self._late()
            if not view.state.is_pending(batch.versions):
                if tried and not view.state.is_abandoned(batch.versions):
                    return  # a request that seemed to fail did not
                raise self._late()
            given_way = self._giving_way(view, batch)
            state = view.state.publish(batch.versions, {*given_way, *batch.replaced}, now())
            if batch.fingerprint is not None and batch.dimension is not None:
                _require_same(self._store, state, batch.fingerprint, batch.dimension)
                state = replace(state, fingerprint=batch.fingerprint, dimension=batch.dimension)
            else:
                state = self._without_model_if_empty(view, state, given_way)
            if self._store.replace(view, state):
                return
            tried = True

    def _late(self) -> StorageError:
        return StorageError(
            f"索引 {self._store.address} 写入中断过久，或索引已换了版本，写的通知没有生效。请再运行一次"
        )

    def _giving_way(self, view: View, batch: Batch) -> list[int]:
        """Versions in force of the notices that have an id or a path of the batch."""
        ids, paths = [record.notice.id for record in batch], [record.path for record in batch]
        either = {"bool": {"should": [with_any("notice_id", ids), with_any("path", paths)]}}
        return self._versions(view, [either])

    def _versions(self, view: View, conditions: list[Query]) -> list[int]:
        query = in_force([NOTICES, *conditions], view.state)
        found = self._store.fields(view.index, query, ["version"], size=2 * MOST_NOTICES)
        return [version for (version,) in found]

    def _without_model_if_empty(self, view: View, state: State, hidden: Sequence[int]) -> State:
        """Without any vector the index has no model either."""
        if state.fingerprint is None or not hidden or self._store.count(view.index, in_force([HAVE_VECTORS], state)):
            return state
        return replace(state, fingerprint=None, dimension=None)

    def remove(self, notice_id: str) -> bool:
        """Hide a notice and its items from everybody; False when it is not held."""
        with self._lock:
            self.publish()
            tried = False
            while True:
                view = self._to_write()
                held = self._versions(view, [with_any("notice_id", [notice_id])])
                if not held:
                    return tried
                state = self._without_model_if_empty(view, view.state.hide(held, now()), held)
                if self._store.replace(view, state):
                    self._delete_due()
                    return True
                tried = True

    # What is no longer needed

    def recover(self) -> None:
        """Put right what a writer that died has left."""
        with self._lock:
            self._restore_settings()
            self._delete_due()

    def _delete_due(self) -> None:
        """Delete documents that nobody sees and nobody needs any more. What fails here is done the next time."""
        try:
            view = self._store.change(lambda state: state.give_up_dead(now()))
            if view.state.due(now() - DELETE_EVERY_SECONDS):
                due = view.state.due(now())
                self._delete(view.index, due)
                self._store.change(lambda state: state.forget(due))
        except StorageError as failure:
            _log.warning("replaced documents not deleted yet", extra={"reason": failure.detail})

    def _delete(self, index: str, due: Sequence[Versions]) -> None:
        query = with_versions(due)
        while True:
            # What was stored and never published may not be searchable yet.
            self._store.refresh(index)
            body = {"query": query, "_source": False, "size": _DELETED_AT_ONCE, "sort": ["_doc"]}
            hits = self._store.search(index, body)["hits"]["hits"]
            if not hits:
                return
            with self._store.errors():
                bulk = Bulk(self._store.client, index)
                bulk.add(Operation(hit["_id"], hit["_routing"], b"") for hit in hits)
                bulk.finish()

    # Loading

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Publish in large batches. An empty index does without copies until the end."""
        with self._lock:
            self._is_loading = True
            self._suspend_settings()
        try:
            yield
        finally:
            self.finish()

    def finish(self) -> None:
        """Publish what was written, and end loading."""
        with self._lock:
            was_loading, self._is_loading = self._is_loading, False
            try:
                self.publish()
            finally:
                if was_loading:
                    self._restore_settings()

    def _suspend_settings(self) -> None:
        from elasticsearch import AuthorizationException

        view = self._store.view(for_writing=True)
        if view.state.suspended is not None or self._store.count(view.index, in_force([NOTICES], view.state)):
            return
        with self._store.errors():
            found = self._store.client.indices.get_settings(index=view.index)[view.index]["settings"]["index"]
            former = {name: found[name] for name in _WHILE_LOADING if name in found}
            # Noted first, so that whoever comes after a crash knows.
            self._store.change(lambda state: replace(state, suspended=former))
            try:
                self._store.client.indices.put_settings(index=view.index, settings=_WHILE_LOADING)
            except AuthorizationException:  # for speed alone: who may only write does without it
                self._store.change(lambda state: replace(state, suspended=None))

    def _restore_settings(self) -> None:
        from elasticsearch import AuthorizationException

        view = self._store.view(for_writing=True)
        if view.state.suspended is None:
            return
        with self._store.errors():
            try:
                self._store.client.indices.put_settings(index=view.index, settings=view.state.suspended)
            except AuthorizationException:
                _log.warning("settings of a load not put back: that takes the right to manage the index")
                return
            self._store.change(lambda state: replace(state, suspended=None))
            # A first load leaves many segments, and each search goes through all: the server joins them in its own time.
            self._store.client.indices.forcemerge(
                index=view.index, max_num_segments=_SEGMENTS, wait_for_completion=False
            )


def _require_same(store: Store, held: State | Batch, fingerprint: str, dimension: int) -> None:
    if held.fingerprint is not None and (held.fingerprint, held.dimension) != (fingerprint, dimension):
        raise ModelError(
            f"索引 {store.address} 是用向量模型 {held.fingerprint}（{held.dimension} 维）建立的，"
            f"现在给出的是 {fingerprint}（{dimension} 维）。如果索引刚换过模型，请再运行一次；"
            "否则请改用原来的模型，或运行 xianli reindex 换用现在的模型"
        )
