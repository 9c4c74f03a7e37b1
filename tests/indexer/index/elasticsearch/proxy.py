"""A server in front of the real one that can be told to answer badly."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Bad:
    """An answer in place of the real one, to requests whose path contains `path`, after `seconds`."""

    path: str
    status: int
    body: object = field(default_factory=dict)
    seconds: float = 0.0
    product: str = "Elasticsearch"


class Proxy:
    """Passes requests on to `target`, but for those that one of `bad` is due for: each is used once, in order.

    `change` makes another answer of the real one to a path.
    """

    change: Callable[[str, bytes], bytes] | None = None

    def __init__(self, target: str, *bad: Bad) -> None:
        self.bad = deque(bad)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                if proxy.bad and proxy.bad[0].path in self.path:
                    bad = proxy.bad.popleft()
                    time.sleep(bad.seconds)
                    self.answer(bad.status, "application/json", json.dumps(bad.body).encode(), bad.product)
                    return
                request = urllib.request.Request(target + self.path, body or None, method=self.command)
                for name in ("content-type", "accept"):
                    if self.headers.get(name):
                        request.add_header(name, self.headers[name])
                try:
                    with urllib.request.urlopen(request) as found:
                        body = found.read()
                        self.answer(
                            found.status,
                            found.headers["content-type"],
                            proxy.change(self.path, body) if proxy.change else body,
                        )
                except urllib.error.HTTPError as refused:
                    self.answer(refused.code, refused.headers["content-type"], refused.read())

            do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

            def answer(self, status: int, kind: str | None, body: bytes, product: str = "Elasticsearch") -> None:
                self.send_response(status)
                self.send_header("X-Elastic-Product", product)
                self.send_header("Content-Type", kind or "application/json")
                self.send_header("Content-Length", str(len(body)))
                with suppress(ConnectionError):  # of a client that did not wait
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *message: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
