"""Versions of an index on Elasticsearch (see `indexer.index.versions`): built, held, compared, put in place, swept away.

`succession` says why nothing is lost whenever who dies.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Self

from analyzers.embedding.choice import from_remembered
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.documents import mapping, meta, settings
from indexer.index.elasticsearch.holding import Holder, busy
from indexer.index.elasticsearch.index import ElasticsearchIndex
from indexer.index.elasticsearch.state import State, Successor
from indexer.index.elasticsearch.store import Json, Store, View, now
from indexer.index.elasticsearch.succession import in_use, number_of
from indexer.index.protocol import Index
from indexer.index.versions import Building, Wanted


@dataclass(frozen=True, slots=True)
class _Version:
    """An index of ours beside the others: what it was built with, and in how many shards."""

    number: int
    built_with: dict[str, str]
    shards: int
    is_hidden: bool
    """Being restored from a snapshot."""

    @classmethod
    def read(cls, index: str, found: Json) -> Self:
        """From what the server says of it."""
        given = found["settings"]["index"]
        built_with = found["mappings"].get("_meta", {})
        return cls(number_of(index), built_with, int(given["number_of_shards"]), given.get("hidden") == "true")


class ElasticsearchVersions:
    """The versions of the index at an address."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, address: str, access: Access | None = None) -> Self:
        """Connect; the index in use may be of another analysis. Raises StorageError where there is none."""
        return cls(Store.open(Address.parse(address), access or Access(), None, create=False))

    def close(self) -> None:
        """Close the connections."""
        self._store.close()

    def present(self) -> Wanted:
        """See Versions."""
        view = in_use(self._store)
        state = view.state
        model = None if state.model is None else from_remembered(state.model)
        return Wanted(state.fingerprint, state.dimension, model, self._version_of(view).shards)

    @contextmanager
    def building(self, wanted: Wanted, analyzer: Analyzer) -> Iterator[Building | None]:
        """See Versions."""
        view = in_use(self._store)
        held = self._versions()
        current = self._version_of(view)
        wanted, built_with = replace(wanted, shards=wanted.shards or current.shards), meta(analyzer.version)
        if _is_wanted(current, view.state, wanted, built_with):
            yield None
            return
        with Holder(self._store) as holder:
            number = self._begin(wanted, built_with, view, held, holder)
            self._sweep()
            source = ElasticsearchIndex(self._store.version(current.number), analyzer, read_only=True)
            fresh = ElasticsearchIndex(self._store.version(number), analyzer, read_only=False, holder=holder.name)
            yield ElasticsearchBuilding(self._store, source, fresh, number, view.index, holder)
            self._sweep()

    @contextmanager
    def rolling_back(self, analyzer: Analyzer) -> Iterator[tuple[Index, Index]]:
        """See Versions. A version of another analysis is refused, since this program could not search it."""
        view = in_use(self._store)
        former = next((one for one in self._versions() if one.number == view.state.former), None)
        if former is None:
            raise StorageError(f"索引 {self._store.address} 没有更换前的版本，不能退回。", code="no_former")
        self._store.require_analysis(self._store.address.version(former.number), analyzer.version)
        with Holder(self._store) as holder, holder.changing(view.index):
            _give_way(self._store, view.index, former.number, holder)
        numbers = former.number, number_of(view.index)
        now_used, before = (
            ElasticsearchIndex(self._store.version(number), analyzer, read_only=True) for number in numbers
        )
        yield now_used, before

    def _begin(
        self, wanted: Wanted, built_with: dict[str, str], view: View, held: list[_Version], holder: Holder
    ) -> int:
        """The number of the version to be built, held from now on: one that an interrupted run has left, or a new one."""
        others = (number_of(view.index), view.state.former)
        begun = [one for one in held if one.number not in others and not one.is_hidden]
        for one in begun:
            state = self._state_of(one)
            if state.is_held(now()):
                raise busy(self._store.address)
            # One that nobody held is no beginning: it was in use before, or is nothing of ours.
            if state.hold is not None and _is_wanted(one, state, wanted, built_with):
                holder.take(self._store.address.version(one.number), wanted)
                return one.number
        number = max(one.number for one in held) + 1
        self._create(number, wanted, built_with)
        holder.take(self._store.address.version(number), wanted)
        return number

    def _create(self, number: int, wanted: Wanted, built_with: dict[str, str]) -> None:
        """An index that no alias points at."""
        from elasticsearch import BadRequestError

        with self._store.errors():
            try:
                self._store.client.indices.create(
                    index=self._store.address.version(number),
                    settings=settings(wanted.shards or 1),
                    mappings=mapping(built_with),
                )
            except BadRequestError as failure:
                if failure.error != "resource_already_exists_exception":
                    raise
                raise busy(self._store.address) from failure

    def _versions(self) -> list[_Version]:
        """All that there are, by number."""
        named = re.compile(re.escape(self._store.address.prefix) + r"-[1-9]\d*")
        with self._store.errors():
            found = self._store.client.indices.get(
                index=f"{self._store.address.prefix}-*", expand_wildcards="all", features=["mappings", "settings"]
            )
        held = [_Version.read(index, one) for index, one in found.items() if named.fullmatch(index)]
        return sorted(held, key=lambda one: one.number)

    def _version_of(self, view: View) -> _Version:
        return next(one for one in self._versions() if one.number == number_of(view.index))

    def _sweep(self) -> None:
        """Delete versions that are neither in use, nor the former one, nor held or restored. What fails is left to the next."""
        with suppress(StorageError):
            view = in_use(self._store)
            kept = (number_of(view.index), view.state.former)
            for one in self._versions():
                if one.number in kept or one.is_hidden or "xianli" not in one.built_with:
                    continue
                if not self._state_of(one).is_held(now()):
                    with self._store.errors():
                        name = self._store.address.version(one.number)
                        self._store.client.options(ignore_status=404).indices.delete(index=name)

    def _state_of(self, version: _Version) -> State:
        return self._store.version(version.number).view().state


@dataclass(frozen=True, slots=True)
class ElasticsearchBuilding:
    """See Building."""

    store: Store
    source: ElasticsearchIndex
    fresh: ElasticsearchIndex
    number: int
    used: str
    holder: Holder

    def changing(self) -> AbstractContextManager[None]:
        """See Building. Batches that others have under way have a minute left."""
        return self.holder.changing(self.used)

    def take_place(self) -> None:
        """See Building."""
        _give_way(self.store, self.used, self.number, self.holder)


def _is_wanted(version: _Version, state: State, wanted: Wanted, built_with: dict[str, str]) -> bool:
    held = version.built_with, version.shards, state.fingerprint
    return held == (built_with, wanted.shards, wanted.fingerprint)


def _give_way(store: Store, used: str, number: int, holder: Holder) -> None:
    """Put another version in the place of the one in use, which is held. This is the change."""

    def given_way(state: State) -> State:
        if state.successor == Successor(number, state.change + 1):
            return state  # a request that seemed to fail did not
        return holder.require(state).succeeded_by(number)

    store.change(given_way, used)
    in_use(store)
