"""A process that prepares files: `python -m indexer.preparation_process FD [MEMORY]` serves the socket FD until its end.

It may take MEMORY bytes, or what there is, and ends when the other end of the socket closes.

It is sent a `Request` and sends back the `Prepared` as MessagePack, the failure of the file, or the words of a fault of ours.
"""

import resource
import sys
import traceback
from multiprocessing.connection import Connection

import msgspec

from analyzers.terms import Analyzer
from corpus.errors import XianliError
from indexer.preparation import Request, attempt


def main() -> None:
    """Answer request after request."""
    for memory in map(int, sys.argv[2:]):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    analyzer = Analyzer()
    with Connection(int(sys.argv[1])) as connection:
        try:
            while True:
                connection.send(_answer(connection.recv(), analyzer))
        except (EOFError, ConnectionError):
            return  # whoever asked has gone


def _answer(request: Request, analyzer: Analyzer) -> bytes | Exception | str:
    prepared = attempt(request, analyzer)
    try:
        if not isinstance(prepared, Exception):
            return msgspec.msgpack.encode(prepared)
    except Exception as failure:
        prepared = failure
    if isinstance(prepared, (XianliError, MemoryError, OSError)):
        return prepared
    return "".join(traceback.format_exception(prepared))  # of which nobody knows whether it can be sent


if __name__ == "__main__":
    main()
