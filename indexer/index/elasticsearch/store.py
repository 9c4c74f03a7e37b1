"""The server's side: opening the index, searching it as it was at one moment, and replacing its state."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec

from corpus.errors import StorageError
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.breaker import Breaker
from indexer.index.elasticsearch.documents import (
    MOST_RESULTS,
    STATE_ID,
    mapping,
    meta,
    settings,
    vector_field,
    vector_mapping,
)
from indexer.index.elasticsearch.failures import UNAVAILABLE, incomplete, refused, storage_errors
from indexer.index.elasticsearch.state import State
from indexer.index.protocol import Snapshot

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

REQUEST_SECONDS = 30.0
"""How long the server may take to answer; shorter than `state.GRACE_SECONDS`."""

SEARCH_SECONDS = 10.0
"""How long a search may wait for the server, all its requests together. Loading a model meanwhile is not the server's fault."""
_SHARD_SHARE = 0.8
"""Part of the time left that a shard may take before the others' answers are given without its."""

_START_SECONDS = 10.0
_START_PAUSE_SECONDS = 0.1
_REFRESH_SECONDS = 180.0
"""The graph of the new vectors is built then, in 2 to 10 s for a batch."""

_SCANNED_AT_ONCE, _SKIPPED_AT_ONCE = 500, 10_000
_SCAN_KEPT = "5m"
"""How long the server keeps the moment of a scan from one of its pages to the next."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """The index and its state as they were at one moment. `written` is the state's own version, None before the first one."""

    index: str
    state: State
    written: tuple[int, int] | None


@dataclass(slots=True)
class _Moment:
    """A search under way: what it sees, how long it has waited for the server, and whether it saw all."""

    store: "Store"
    waited: float = 0.0
    seen: Snapshot = field(default_factory=Snapshot)
    view: View | None = None

    @property
    def seconds_left(self) -> float:
        """Never nothing, since a request must have some time to fail in."""
        return max(SEARCH_SECONDS - self.waited, 0.01)


_moment: ContextVar[_Moment | None] = ContextVar("moment", default=None)


class Store:
    """The index at an address. Threads may share one."""

    superseded = False
    """Whether another version of the index has taken the place of the one that is read."""

    def __init__(self, address: Address, client: "Elasticsearch") -> None:
        from elastic_transport import ConnectionError, ConnectionTimeout

        self.address = address
        self.client = client
        self._reading: str | None = None
        self._breaker = Breaker((ConnectionError, ConnectionTimeout))

    @classmethod
    def open(cls, address: Address, access: Access, analysis: str | None, *, create: bool, shards: int = 1) -> "Store":
        """Connect, and make sure that the index is one that this program can use. Raises StorageError.

        With `analysis` None it may be of another analysis: it can be read then, but not searched. `shards` is for a new index.
        """
        from indexer.index.elasticsearch.client import connect

        store = cls(address, connect(address, access, REQUEST_SECONDS))
        try:
            store._check(analysis, create, shards)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns what the client raises inside into StorageError."""
        started = time.monotonic()
        try:
            with storage_errors(self.address), self._breaker.guarded():
                yield
        finally:
            if self._moment is not None:
                self._moment.waited += time.monotonic() - started

    def version(self, number: int) -> "Store":
        """One version of the index, in use or not, over the same connections."""
        return Store(replace(self.address, only=number), self.client)

    def _check(self, analysis: str | None, create: bool, shards: int) -> None:
        held = self._metas(self.address.reading)
        if not held and create and analysis is not None:
            self._create(analysis, shards)
            held = self._metas(self.address.reading)
        if not held:
            raise StorageError(f"还没有索引（{self.address}）。请先执行 xianli index 文件或文件夹。", code="no_index")
        (name, found), *others = held.items()
        if others or "xianli" not in found:
            raise StorageError(f"{self.address} 不是本程序的索引。请在地址里换一个前缀，如 {self.address}-2")
        self._require(found, analysis)
        if not create:
            self._reading = name
        self._wait()

    def _wait(self) -> None:
        """Wait for shards that are about to start: of an index that was just created, or of a server that was.

        Counting tells, and needs no right beyond those of a reader; what is gone for longer is for later searches to say.
        """
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                with self.errors():
                    shards = self.client.count(index=self.address.reading)["_shards"]
                if shards["successful"] == shards["total"]:
                    return
            except StorageError as failure:
                if failure.code != UNAVAILABLE:
                    raise
            time.sleep(_START_PAUSE_SECONDS)

    def require_analysis(self, index: str, analysis: str) -> None:
        """Make sure that this version of the index is of this analysis. Raises StorageError."""
        self._require(self._metas(index).get(index, {}), analysis)

    def _require(self, found: dict[str, str], analysis: str | None) -> None:
        wanted = meta(found.get("analysis", "") if analysis is None else analysis)
        if found == wanted:
            return
        told = f"索引 {self.address} 是用另一版本的分词或格式建立的（{_told(found)}，本程序是 {_told(wanted)}）。"
        if found.get("xianli") == wanted["xianli"]:
            raise StorageError(f"{told}请使用建立它的程序版本，或运行 xianli reindex 按本程序的分词重新建立索引")
        raise StorageError(f"{told}请使用建立它的程序版本，或在地址里换一个前缀重新建立索引（xianli index）")

    def _metas(self, name: str) -> dict[str, dict[str, str]]:
        """What each index of this name, or behind this alias, was built with; nothing where there is none."""
        with self.errors():
            found = self.client.options(ignore_status=404).indices.get_mapping(index=name)
        held = {} if found.meta.status == 404 else found.body
        return {name: one["mappings"].get("_meta", {}) for name, one in held.items()}

    def _create(self, analysis: str, shards: int) -> None:
        """Create the first version of the index behind both aliases, unless another process has just done so."""
        from elasticsearch import BadRequestError

        name, aliases = self.address.version(1), dict[str, Json]({self.address.reading: {}, self.address.writing: {}})
        with self.errors():
            try:
                self.client.indices.create(
                    index=name, aliases=aliases, settings=settings(shards), mappings=mapping(meta(analysis))
                )
            except BadRequestError as failure:
                if failure.error != "resource_already_exists_exception":
                    raise

    # The state

    def view(self, *, for_writing: bool = False) -> View:
        """The index in use and its state now; within a snapshot those of its beginning."""
        if for_writing:
            return self._read_state(self.address.writing)
        moment = self._moment
        if moment is not None and moment.view is not None:
            return moment.view
        view = self._read_state(self.address.reading)
        if self._reading is not None and view.index != self._reading:
            # Model and analysis of this process may not fit the other version: it goes on with its own until it opens that.
            self.superseded = True
            view = self._read_state(self._reading)
        if moment is not None:
            moment.view = view
        return view

    def _read_state(self, alias: str) -> View:
        with self.errors():
            found = self._asking.options(ignore_status=404).get(index=alias, id=STATE_ID, source_includes=["state"])
        if "_index" not in found:
            raise StorageError(f"索引 {self.address} 已被删除。请重新建立索引（xianli index）", code="no_index")
        if not found["found"]:
            return View(found["_index"], State(), None)
        state = msgspec.convert(found["_source"]["state"], State)
        return View(found["_index"], state, (found["_seq_no"], found["_primary_term"]))

    def replace(self, view: View, state: State) -> bool:
        """Put `state` in the place of the view's; False where somebody has replaced that meanwhile."""
        place = (
            {"if_seq_no": view.written[0], "if_primary_term": view.written[1]}
            if view.written
            else {"op_type": "create"}
        )
        with self.errors():
            answer = self.client.options(ignore_status=409).index(
                index=view.index, id=STATE_ID, document={"state": msgspec.to_builtins(state)}, **place
            )
        return answer.meta.status != 409

    def change(self, transform: Callable[[State], State], index: str | None = None) -> View:
        """Replace the state by what `transform` makes of it, however often it takes; the index with its new state.

        That of `index`, by default of the one that changes go to.
        """
        while True:
            view = self._read_state(index or self.address.writing)
            state = transform(view.state)
            if state == view.state or self.replace(view, state):
                return View(view.index, state, view.written)

    # Searching

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """See Index."""
        if self._moment is not None:
            yield self._moment.seen
            return
        moment = _Moment(self)
        begun = _moment.set(moment)
        try:
            yield moment.seen
        finally:
            _moment.reset(begun)

    def require_whole(self) -> None:
        """Raise StorageError where something has been missing of the answers to this search."""
        if self._moment is not None and self._moment.seen.partial:
            raise incomplete(self.address)

    @property
    def _moment(self) -> _Moment | None:
        moment = _moment.get()
        return moment if moment is not None and moment.store is self else None

    @property
    def _asking(self) -> "Elasticsearch":
        """The client, with the time that is left."""
        moment = self._moment
        return self.client if moment is None else self.client.options(request_timeout=moment.seconds_left)

    def search(self, index: str, body: Json) -> Json:
        """One search: complete or an error; within a snapshot as complete as can be."""
        return self.searches(index, [body])[0]

    def searches(self, index: str, bodies: Sequence[Json]) -> list[Json]:
        """Several searches in one request. Frequencies are those of all shards, so that scores do not depend on where things lie."""
        moment, timed = self._moment, {}
        if moment is not None:
            timed = {"timeout": f"{int(moment.seconds_left * _SHARD_SHARE * 1000)}ms"}
        header = {"search_type": "dfs_query_then_fetch", "allow_partial_search_results": moment is not None}
        lines = [line for body in bodies for line in (header, {"track_total_hits": False, **timed, **body})]
        with self.errors():
            found: list[Json] = self._asking.msearch(index=index, searches=lines)["responses"]
        for one in found:
            if "error" in one:
                raise refused(self.address, one["status"], one)
            if one["timed_out"] or one["_shards"]["failed"]:
                if moment is None:
                    raise incomplete(self.address)
                moment.seen.partial = True
        return found

    def sources(self, index: str, query: Json, names: Sequence[str], **more: Any) -> list[Json]:
        """What is read back of each hit: these fields."""
        found = self.search(index, {"query": query, "_source": list(names), **more})
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def fields(self, index: str, query: Json, names: Sequence[str], **more: Any) -> list[list[Any]]:
        """The values of these fields of each hit."""
        return [values for _, values in scored(self.search(index, listing(names, query=query, **more)), names)]

    def all_fields(self, index: str, query: Json, names: Sequence[str], expected: int) -> list[list[Any]]:
        """The same of all that matches, in no order. Room for every hit is made beforehand, so `expected` should not be far off."""
        found = self.fields(index, query, names, size=expected + 1, sort=["_doc"])
        return found if len(found) <= expected else self.fields(index, query, names, size=MOST_RESULTS, sort=["_doc"])

    def count(self, index: str, query: Json) -> int:
        """Number of documents that match."""
        found = self.search(index, {"query": query, "size": 0, "track_total_hits": True})
        return int(found["hits"]["total"]["value"])

    def scan(
        self, index: str, query: Json, names: Sequence[str], sort: Sequence[Json | str], skip: int = 0
    ) -> Iterator[list[Any]]:
        """The values of these fields of all documents that match, in order and as of one moment, however many there are."""
        with self.errors():
            pit = self.client.open_point_in_time(index=index, keep_alive=_SCAN_KEPT)["id"]
        try:
            after: Json = {}
            while True:
                size, read = (min(skip, _SKIPPED_AT_ONCE), ()) if skip else (_SCANNED_AT_ONCE, names)
                body = listing(read, query=query, sort=list(sort), size=size, **after)
                body |= {"pit": {"id": pit, "keep_alive": _SCAN_KEPT}, "track_total_hits": False}
                with self.errors():
                    found = self.client.search(body=body, allow_partial_search_results=False)
                pit, hits = found["pit_id"], found["hits"]["hits"]
                if read:
                    yield from (values for _, values in scored(found.body, read))
                if len(hits) < size:
                    return
                skip, after = max(skip - size, 0), {"search_after": hits[-1]["sort"]}
        finally:
            with suppress(StorageError), self.errors():
                self.client.options(ignore_status=404).close_point_in_time(id=pit)

    # Other requests

    def refresh(self, index: str) -> None:
        """Make everything that was stored searchable, on every copy."""
        with self.errors():
            answer = self.client.options(request_timeout=_REFRESH_SECONDS).indices.refresh(index=index)
        if answer["_shards"]["failed"]:
            raise StorageError(f"索引 {self.address}：有分片没有刷新，刚写入的内容没有生效。请检查集群状态后再运行一次")

    def take_vectors(self, index: str, dimension: int) -> None:
        """Make room for vectors of this length, unless there is: to change the mapping takes rights that writing does not."""
        with self.errors():
            (held,) = self.client.indices.get_mapping(index=index).body.values()
            if vector_field(dimension) not in held["mappings"]["properties"]:
                self.client.indices.put_mapping(index=index, properties=vector_mapping(dimension))

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def listing(names: Sequence[str], **more: Any) -> Json:
    """A search that gives nothing of its hits but the values of these fields."""
    return {"_source": False, "stored_fields": "_none_", "docvalue_fields": list(names), **more}


def scored(found: Json, names: Sequence[str]) -> list[tuple[float, list[Any]]]:
    """Score of each hit of a `listing`, and the values of these fields."""
    return [(hit.get("_score") or 0.0, [hit["fields"][name][0] for name in names]) for hit in found["hits"]["hits"]]


def now() -> float:
    """Seconds since 1970; clocks of writers must agree to about a minute."""
    return time.time()


def _told(meta: dict[str, str]) -> str:
    return f"格式 {meta.get('xianli')}、分词 {meta.get('analysis')}"
