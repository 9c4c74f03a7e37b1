"""Holding versions of an index: to be the only one who writes to them (see `succession`)."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread
from typing import Self

from analyzers.embedding.choice import to_remember
from corpus.errors import StorageError
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.state import HOLD_SECONDS, State
from indexer.index.elasticsearch.store import Store, now
from indexer.index.elasticsearch.succession import lost, number_of
from indexer.index.versions import Wanted

DRAIN_SECONDS = 60.0
"""How long batches under way may still be published before versions change."""

RENEW_SECONDS = HOLD_SECONDS / 6
_POLL_SECONDS = 0.5


class Holder:
    """Holds indexes under a name of its own, and says so from time to time as long as it is open."""

    def __init__(self, store: Store) -> None:
        self.name = uuid.uuid4().hex
        self._store = store
        self._held: list[str] = []
        self._ended = Event()
        self._renewing = Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Self:
        self._renewing.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._renewing.join()
        for index in list(self._held):
            self._let_go(index)

    def take(self, index: str, wanted: Wanted) -> None:
        """Hold a version that is to be built, and give up what a builder before may be about to write to it."""

        def taken(state: State) -> State:
            if state.change or self._is_held_by_another(state):
                raise busy(self._store.address)
            model = to_remember(wanted.model) if wanted.model else None
            fresh = replace(state, fingerprint=wanted.fingerprint, dimension=wanted.dimension, model=model)
            return fresh.give_up_pending(now()).take(self.name, now())

        self._held.append(index)
        self._store.change(taken, index)

    @contextmanager
    def changing(self, used: str) -> Iterator[None]:
        """Hold the version in use, once those who are writing to it have published that."""

        def taken(state: State) -> State:
            if state.successor or self._is_held_by_another(state):
                raise StorageError(
                    f"索引 {self._store.address} 的版本正在由别的进程更换，或刚刚换过，没有更换。请稍后再运行一次。",
                    code="busy",
                )
            return state.take(self.name, now())

        self._held.append(used)
        try:
            self._store.change(taken, used)
            self._drain(used)
            yield
        finally:
            self._held.remove(used)
            self._let_go(used)

    def _drain(self, used: str) -> None:
        end = time.monotonic() + DRAIN_SECONDS
        version = self._store.version(number_of(used))
        while version.view().state.give_up_dead(now()).pending and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
        self._store.change(lambda state: self.require(state).give_up_pending(now()), used)

    def _is_held_by_another(self, state: State) -> bool:
        return state.is_held(now()) and not state.held_by(self.name)

    def require(self, state: State) -> State:
        """The state, where it says that the index is held by this holder; raises StorageError."""
        if not state.held_by(self.name):
            raise lost(self._store.address)
        return state

    def _renew(self) -> None:
        while not self._ended.wait(RENEW_SECONDS):
            for index in list(self._held):
                with suppress(StorageError):  # who needs the hold finds out, and says so
                    self._store.change(
                        lambda state: state.take(self.name, now()) if state.held_by(self.name) else state, index
                    )

    def _let_go(self, index: str) -> None:
        with suppress(StorageError):  # it runs out by itself
            self._store.change(lambda state: state.let_go() if state.held_by(self.name) else state, index)


def busy(address: Address) -> StorageError:
    """The error for a second builder."""
    return StorageError(
        f"另一个进程正在为索引 {address} 建立新版本。请等它结束后再试；如果它已异常退出，请过 {HOLD_SECONDS / 60:.0f} 分钟再试。",
        code="busy",
    )
