"""A circuit breaker: a server that does not answer is left alone for a while, and nobody waits for it meanwhile.

Nygard, Release It! (2nd edition, 2018), chapter 5. Closed, every request goes through; after MOST_FAILURES in a row it opens, and requests
fail at once; after PAUSE_SECONDS one is let through at a time, until one succeeds.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

MOST_FAILURES = 5
PAUSE_SECONDS = 5.0


class Open(Exception):
    """The server has not answered several times in a row, and is not asked now."""


class Breaker:
    """Counts failures in a row. Threads share one; requests that go through do not wait for each other."""

    def __init__(self, failures: tuple[type[BaseException], ...], clock: Callable[[], float] = time.monotonic) -> None:
        """`failures` are the exceptions that mean that the server did not answer; after any other end it did."""
        self._failures = failures
        self._clock = clock
        self._lock = Lock()
        self._in_row = 0
        self._asked_again = 0.0

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """One request. Raises Open instead of letting it through."""
        with self._lock:
            if self._in_row >= MOST_FAILURES:
                if self._clock() < self._asked_again:
                    raise Open
                self._asked_again = self._clock() + PAUSE_SECONDS  # the others wait for what becomes of this one
        try:
            yield
        except self._failures:
            with self._lock:
                self._in_row += 1
                self._asked_again = self._clock() + PAUSE_SECONDS
            raise
        except BaseException:
            self._in_row = 0
            raise
        self._in_row = 0
