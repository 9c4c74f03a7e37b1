"""Processes that prepare files ahead of whoever stores them, since Python runs on one processor at a time.

They are programs of their own, not forks, which would copy a process with the threads of the postings' writer and of the
model in the middle of anything, and not `multiprocessing`'s, which would run the caller's script once more. They are in a
process group of their own, so that Ctrl-C in a terminal reaches their owner alone, and they end when the socket to it
closes, however it ended. How far they are ahead is limited by what the sockets hold, some hundred kilobytes each.
"""

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

import msgspec

from corpus.errors import ReadError, XianliError
from indexer.preparation import Prepared, Request

_AHEAD = 4
"""Requests that a worker has been sent and not answered, so that it never waits for the next one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds from when its turn comes, and bytes of its process's memory."""

    seconds: float
    memory: int


def prepare_ahead(
    requests: Iterable[Request | Exception], processes: int, limits: Limits | None = None
) -> Generator[Prepared | Exception, None, None]:
    """What is in each file, in order, or what went wrong with it; what is no request any more is passed on.

    A file that a worker dies of, or that passes the limits, has failed, and another worker takes over. Closing the iterator
    ends the workers.
    """
    workers = [_Worker(limits) for _ in range(processes)]
    asked: deque[_Worker | Exception] = deque()
    try:
        for number, request in enumerate(requests):
            if isinstance(request, Exception):
                asked.append(request)
            else:
                worker = workers[number % processes]
                worker.ask(request)
                asked.append(worker)
            if len(asked) > _AHEAD * processes:
                yield _answer(asked.popleft())
        while asked:
            yield _answer(asked.popleft())
    finally:
        for worker in workers:
            worker.stop()


def _answer(asked: "_Worker | Exception") -> Prepared | Exception:
    return asked if isinstance(asked, Exception) else asked.answer()


class _Worker:
    """One process, and the requests that it has not answered."""

    def __init__(self, limits: Limits | None) -> None:
        self._limits = limits
        self._asked: deque[Request] = deque()
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        memory = [str(self._limits.memory)] if self._limits else []
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "indexer.preparation_process", str(theirs.fileno()), *memory],
                stdin=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                process_group=0,
            )
        self._connection = Connection(ours.detach())

    def ask(self, request: Request) -> None:
        """Hand over a request."""
        self._asked.append(request)
        with suppress(ConnectionError):  # a worker that has died is noticed when its answer is due
            self._connection.send(request)

    def answer(self) -> Prepared | Exception:
        """The answer to the request that was handed over first."""
        request = self._asked.popleft()
        try:
            if self._limits and not self._connection.poll(self._limits.seconds):
                self._replace()
                return _beyond_limits(request)
            answer = self._connection.recv()
        except (EOFError, ConnectionError):
            self._replace()
            if self._limits:
                return _beyond_limits(request)
            return XianliError(
                f"{request.file}：读这份文件的进程意外终止（可能是内存不足），未收录。请单独再收录一次；仍不行，请把文件发给维护者。",
                code="internal",
            )
        if isinstance(answer, bytes):
            return msgspec.msgpack.decode(answer, type=Prepared)
        if self._limits and isinstance(answer, MemoryError):
            return _beyond_limits(request)
        return answer if isinstance(answer, Exception) else RuntimeError(answer)

    def _replace(self) -> None:
        self.stop()
        self._start()
        for request in self._asked:
            with suppress(ConnectionError):
                self._connection.send(request)

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._connection.close()
        self._process.kill()
        self._process.wait()


def _beyond_limits(request: Request) -> ReadError:
    return ReadError(
        f"{request.file}：在限定的时间和内存里没有读完，未收录。请拆分，或复制文字存为 .txt 再收录。", code="too_large"
    )
