"""Searches at a steady rate and a writer beside them, and what became of each."""

import random
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import TracebackType
from typing import Self

from analyzers.embedding import FloatArray
from analyzers.terms import Analyzer, Terms
from corpus.errors import StorageError
from corpus.model import ParsedNotice
from indexer.analysis import embedded_text
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, item, notice, vectors
from tests.indexer.embedders import NamedEmbedder

EVERY = Filters()
FIRST = 10
_QUERIES = 60
_CHARACTERS = 20
_RATE = 20
_PATIENCE_SECONDS = 90.0
_THREADS = 40
"""As many as the API has."""


@dataclass(frozen=True, slots=True)
class Query:
    """The first words and the vector of an item, which each leg has to find."""

    item_id: str
    terms: Terms
    vector: FloatArray


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a search that was asked at a time (monotonic): the code of its error, or whether both legs found the item."""

    asked: float
    seconds: float
    failure: str | None = None
    incomplete: bool = False
    found: bool = False


def queries(notices: Sequence[ParsedNotice], analyzer: Analyzer) -> list[Query]:
    """Of some of the items of notices, always the same ones; none that begins as another one does."""
    items = {item.text[:_CHARACTERS]: item for parsed in notices for item in parsed.items}
    embedder = NamedEmbedder(MODEL)
    return [
        Query(items[words].id, analyzer.analyse(words), embedder.encode_query(embedded_text(items[words])))
        for words in random.Random(1).sample(sorted(items), _QUERIES)
    ]


class Load:
    """20 searches a second, whether or not those before have been answered, and notices that are written one after another.

    `answers` are those of the searches; `acknowledged` the notices whose writing succeeded, `refused` the errors of the others'.
    """

    def __init__(self, address: str, analyzer: Analyzer, asked: Sequence[Query], *, writing: bool = True) -> None:
        self.answers: list[Answer] = []
        self.acknowledged: list[ParsedNotice] = []
        self.refused: list[str] = []
        self._open = partial(ElasticsearchIndex.open, address, analyzer)
        self._queries = asked
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=run) for run in (self._read, *([self._write] if writing else []))]

    def __enter__(self) -> Self:
        with self._open(read_only=True) as index:
            for query in self._queries:  # a node that has just started is slow
                self._ask(index, query)
        self.answers.clear()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def wait(self, searches: int, written: int = 0) -> None:
        """Wait until as many more searches were answered and notices written; a busy machine takes longer over them."""
        answered, acknowledged = len(self.answers) + searches, len(self.acknowledged) + written
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(self.answers) < answered or len(self.acknowledged) < acknowledged:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.answers)} answers, {len(self.acknowledged)} notices, {self.refused}")
            time.sleep(0.05)

    def longest_gap(self) -> float:
        """Seconds between an answer that was given and the next one, at most."""
        given = sorted(answer.asked + answer.seconds for answer in self.answers if answer.failure is None)
        return max((later - earlier for earlier, later in pairwise(given)), default=0.0)

    def _read(self) -> None:
        with self._open(read_only=True) as index, ThreadPoolExecutor(_THREADS) as threads:
            number, start = 0, time.monotonic()
            while not self._ended.wait(max(start + number / _RATE - time.monotonic(), 0)):
                threads.submit(self._ask, index, self._queries[number % len(self._queries)])
                number += 1
            threads.shutdown(cancel_futures=True)

    def _ask(self, index: ElasticsearchIndex, query: Query) -> None:
        asked = time.monotonic()
        try:
            with index.snapshot() as seen:
                legs = index.legs(query.terms, query.vector, EVERY, FIRST)
        except StorageError as failure:
            self.answers.append(Answer(asked, time.monotonic() - asked, failure.code))
            return
        found = all(query.item_id in [hit.item_id for hit in leg] for leg in legs)
        self.answers.append(Answer(asked, time.monotonic() - asked, None, seen.partial, found))

    def _write(self) -> None:
        with self._open() as index:
            while not self._ended.is_set():
                number = len(self.acknowledged)
                parsed = notice(f"w{number}", item(f"第{number}份编造的通知"), number=f"编〔2024〕{number}号")
                try:
                    index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
                    self.acknowledged.append(parsed)
                except StorageError as failure:  # the same notice once more
                    self.refused.append(failure.code)
