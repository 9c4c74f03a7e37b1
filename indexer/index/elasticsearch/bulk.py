"""Many documents in few requests: bounded memory, sizes that adapt, patience with a server that is busy."""

import random
import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

import msgspec

from indexer.index.elasticsearch.failures import reason

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

MOST_BYTES = 5_000_000
"""Of a request: some 500 to 1,000 items with vectors."""
PARALLEL = 2
"""Requests under way at once, while the next one is made ready."""
PATIENCE_SECONDS = 120.0
"""How long a busy server is asked again."""

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 10.0
_REQUEST_SECONDS = 60.0
_BUSY = (429, 503)
_TOO_LARGE = 413
_FEWEST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to be stored, or deleted where it has no body. Those of one `routing` lie on one shard."""

    id: str
    routing: str
    body: bytes

    @classmethod
    def put(cls, document_id: str, routing: str, document: dict[str, Any]) -> "Operation":
        """Store a document."""
        return cls(document_id, routing, msgspec.json.encode(document))

    @property
    def lines(self) -> list[bytes]:
        """As the bulk API reads it."""
        place = {"_id": self.id, "routing": self.routing}
        if self.body:
            return [msgspec.json.encode({"index": place}), self.body]
        return [msgspec.json.encode({"delete": place})]


@dataclass(slots=True)
class Bulk:
    """Sends operations to one index, in no order. `refused` says by id why documents were not taken."""

    client: "Elasticsearch"
    index: str
    refused: dict[str, str] = field(default_factory=dict)
    _waiting: list[Operation] = field(default_factory=list)
    _bytes: int = 0
    _most_bytes: int = MOST_BYTES
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(PARALLEL, "bulk"))
    _under_way: deque["Future[None]"] = field(default_factory=deque)
    _given_up: Event = field(default_factory=Event)

    def add(self, operations: Iterable[Operation]) -> None:
        """Take operations, and begin to send them when there are enough. Raises what went wrong with earlier ones."""
        for operation in operations:
            self._waiting.append(operation)
            self._bytes += len(operation.body)
            if self._bytes >= self._most_bytes:
                if len(self._under_way) == PARALLEL:
                    self._under_way.popleft().result()
                self._under_way.append(self._threads.submit(self._send, self._taken()))

    def finish(self) -> None:
        """Send all that was taken, and take nothing more. Raises what the client raises, of a busy server after PATIENCE_SECONDS."""
        self._send(self._taken())
        while self._under_way:
            self._under_way.popleft().result()
        self._threads.shutdown()

    def give_up(self) -> None:
        """Leave what waits, and what a busy server did not take; a request that is under way ends by itself."""
        self._given_up.set()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _taken(self) -> list[Operation]:
        operations, self._waiting, self._bytes = self._waiting, [], 0
        return operations

    def _send(self, operations: list[Operation]) -> None:
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, _FIRST_PAUSE_SECONDS
        while operations:
            operations = self._attempt(operations, last=time.monotonic() > deadline)
            if operations and self._given_up.wait(pause * random.uniform(0.5, 1.5)):
                return
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def _attempt(self, operations: list[Operation], *, last: bool) -> list[Operation]:
        """Send operations once; those that are returned were not taken because the server is busy."""
        from elasticsearch import ApiError

        # Another node is asked where one is gone; a busy one is asked again by us, later and with less.
        client = self.client.options(request_timeout=_REQUEST_SECONDS, retry_on_status=())
        again: list[Operation] = []
        for part in _parts(operations, self._most_bytes):
            lines: list[Any] = [line for operation in part for line in operation.lines]
            try:
                answer = client.bulk(
                    index=self.index, operations=lines, filter_path=["errors", "items.*.error", "items.*.status"]
                )
            except ApiError as failure:
                if not self._smaller(failure.meta.status) or last:
                    raise
                again += part
                continue
            if answer["errors"]:
                again += self._sort_out(part, answer["items"], last)
        return again

    def _smaller(self, status: int) -> bool:
        """Whether to try again with less, after a whole request was turned away."""
        fewer = max(self._most_bytes // 2, _FEWEST_BYTES)
        can = status in _BUSY or (status == _TOO_LARGE and fewer < self._most_bytes)
        self._most_bytes = fewer if can else self._most_bytes
        return can

    def _sort_out(self, part: list[Operation], results: list[dict[str, Any]], last: bool) -> list[Operation]:
        """Those of the operations to be sent again; the others that failed are noted."""
        again = []
        for operation, result in zip(part, results, strict=True):
            (outcome,) = result.values()
            if outcome.get("error") is None:
                continue
            if outcome["status"] in _BUSY and not last:
                again.append(operation)
            else:
                self.refused[operation.id] = reason(outcome)
        return again


def _parts(operations: list[Operation], most_bytes: int) -> Iterable[list[Operation]]:
    part: list[Operation] = []
    size = 0
    for operation in operations:
        if part and size + len(operation.body) > most_bytes:
            yield part
            part, size = [], 0
        part.append(operation)
        size += len(operation.body)
    if part:
        yield part
