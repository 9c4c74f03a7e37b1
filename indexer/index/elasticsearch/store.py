"""The server's side: opening the index, searching it as it was at one moment, and replacing its state."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from corpus.errors import StorageError
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.documents import STATE_ID, mapping, meta, settings, vector_mapping
from indexer.index.elasticsearch.failures import storage_errors
from indexer.index.elasticsearch.state import State

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

REQUEST_SECONDS = 30.0
"""How long the server may take to answer; shorter than `state.GRACE_SECONDS`."""

_START_TIMEOUT = "10s"
_REFRESH_SECONDS = 180.0
"""The graph of the new vectors is built then, in 2 to 10 s for a batch."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """The index and its state as they were at one moment. `written` is the state's own version, None before the first one."""

    index: str
    state: State
    written: tuple[int, int] | None


class Store:
    """The index at an address. Threads may share one."""

    def __init__(self, address: Address, client: "Elasticsearch") -> None:
        self.address = address
        self.client = client

    @classmethod
    def open(cls, address: Address, analysis: str, *, create: bool) -> "Store":
        """Connect, and make sure that the index is one that this program can use. Raises StorageError."""
        with storage_errors(address):
            from elasticsearch import Elasticsearch

            client = Elasticsearch(address.url, basic_auth=address.credentials, request_timeout=REQUEST_SECONDS)
        store = cls(address, client)
        try:
            store._check(analysis, create)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns what the client raises inside into StorageError."""
        with storage_errors(self.address):
            yield

    def _check(self, analysis: str, create: bool) -> None:
        held = self._metas()
        if not held and create:
            self._create(analysis)
            held = self._metas()
        if not held:
            raise StorageError(f"还没有索引（{self.address}）。请先执行 xianli index 文件或文件夹。", code="no_index")
        wanted = meta(analysis)
        if len(held) > 1 or "xianli" not in held[0]:
            raise StorageError(f"{self.address} 不是本程序的索引。请在地址里换一个前缀，如 {self.address}-2")
        if held[0] != wanted:
            raise StorageError(
                f"索引 {self.address} 是用另一版本的分词或格式建立的（{_told(held[0])}，本程序是 {_told(wanted)}）。"
                "请使用建立它的程序版本，或在地址里换一个前缀重新建立索引（xianli index）"
            )
        self._wait()

    def _wait(self) -> None:
        """Wait for shards that are about to start: of an index that was just created, or of a server that was.

        A shard that was never started counts as yellow, so that its status alone does not tell.
        """
        with self.errors():
            self.client.options(ignore_status=408).cluster.health(
                index=self.address.reading, wait_for_status="yellow", wait_for_active_shards=1, timeout=_START_TIMEOUT
            )

    def _metas(self) -> list[dict[str, str]]:
        """What the indexes behind the alias were built with; none where there is no index."""
        with self.errors():
            found = self.client.options(ignore_status=404).indices.get_mapping(index=self.address.reading)
        return [] if found.meta.status == 404 else [one["mappings"].get("_meta", {}) for one in found.body.values()]

    def _create(self, analysis: str) -> None:
        """Create the first version of the index behind both aliases, unless another process has just done so."""
        from elasticsearch import BadRequestError

        name, aliases = self.address.version(1), dict[str, Json]({self.address.reading: {}, self.address.writing: {}})
        with self.errors():
            try:
                self.client.indices.create(
                    index=name, aliases=aliases, settings=settings(), mappings=mapping(meta(analysis))
                )
            except BadRequestError as failure:
                if failure.error != "resource_already_exists_exception":
                    raise

    # The state

    def view(self, *, for_writing: bool = False) -> View:
        """The index in use and its state now."""
        alias = self.address.writing if for_writing else self.address.reading
        with self.errors():
            found = self.client.options(ignore_status=404).get(index=alias, id=STATE_ID, source_includes=["state"])
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

    def change(self, transform: Callable[[State], State]) -> View:
        """Replace the state by what `transform` makes of it, however often it takes; the index with its new state."""
        while True:
            view = self.view(for_writing=True)
            state = transform(view.state)
            if state == view.state or self.replace(view, state):
                return View(view.index, state, view.written)

    # Searching

    def search(self, index: str, query: Json | None = None, *, track_total_hits: bool = False, **more: Any) -> Json:
        """One search, complete or not at all."""
        with self.errors():
            found = self.client.search(
                index=index,
                query=query,
                allow_partial_search_results=False,
                track_total_hits=track_total_hits,
                **more,
            )
        return dict(found.body)

    def fields(
        self, index: str, query: Json | None, names: Sequence[str], **more: Any
    ) -> list[tuple[float, list[Any]]]:
        """Score, and the values of these fields, of each hit."""
        found = self.search(index, query, source=False, stored_fields="_none_", docvalue_fields=list(names), **more)
        return [(hit["_score"] or 0.0, [hit["fields"][name][0] for name in names]) for hit in found["hits"]["hits"]]

    def sources(self, index: str, query: Json, names: Sequence[str], **more: Any) -> list[Json]:
        """What is read back of each hit: these fields."""
        found = self.search(index, query, source_includes=list(names), **more)
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def count(self, index: str, query: Json) -> int:
        """Number of documents that match."""
        return int(self.search(index, query, size=0, track_total_hits=True)["hits"]["total"]["value"])

    # Other requests

    def refresh(self, index: str) -> None:
        """Make everything that was stored searchable, on every copy."""
        with self.errors():
            answer = self.client.options(request_timeout=_REFRESH_SECONDS).indices.refresh(index=index)
        if answer["_shards"]["failed"]:
            raise StorageError(f"索引 {self.address}：有分片没有刷新，刚写入的内容没有生效。请检查集群状态后再运行一次")

    def take_vectors(self, index: str, dimension: int) -> None:
        """Make room for vectors of this length."""
        with self.errors():
            self.client.indices.put_mapping(index=index, properties=vector_mapping(dimension))

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def now() -> float:
    """Seconds since 1970; clocks of writers must agree to about a minute."""
    return time.time()


def _told(meta: dict[str, str]) -> str:
    return f"格式 {meta.get('xianli')}、分词 {meta.get('analysis')}"
