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
from multiprocessing.connection import Connection

import msgspec

from corpus.errors import XianliError
from indexer.preparation import Prepared, Request

_AHEAD = 4
"""Requests that a worker has been sent and not answered, so that it never waits for the next one."""


def prepare_ahead(
    requests: Iterable[Request | Exception], processes: int
) -> Generator[Prepared | Exception, None, None]:
    """What is in each file, in order, or what went wrong with it; what is no request any more is passed on.

    A file that a worker dies of has failed, and another worker takes over. Closing the iterator ends the workers.
    """
    workers = [_Worker() for _ in range(processes)]
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

    def __init__(self) -> None:
        self._asked: deque[Request] = deque()
        self._start()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "indexer.preparation_process", str(theirs.fileno())],
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
            answer = self._connection.recv()
        except (EOFError, ConnectionError):
            self._replace()
            return XianliError(
                f"{request.file}：读这份文件的进程意外终止（可能是内存不足），未收录。请单独再收录一次；仍不行，请把文件发给维护者。",
                code="internal",
            )
        if isinstance(answer, bytes):
            return msgspec.msgpack.decode(answer, type=Prepared)
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
