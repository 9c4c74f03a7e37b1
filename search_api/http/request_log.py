"""One line a request: who asked what, and how it went."""

import time
from logging import getLogger
from urllib.parse import parse_qs

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.http.metrics import Metrics
from search_api.http.problems import answer
from search_api.http.request_ids import HEADER, begin_request

_log = getLogger(__name__)

_LONGEST = 200
"""Characters of a query, or of an address that leads nowhere, that are logged."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_PUT_OFF, _GONE = 429, 499
"""Too many requests; the client left before the answer, as nginx writes it."""
_UNEXPECTED = "服务器遇到意外错误，已记入日志。请重试；若仍出现，请告知管理员。"


class RequestLog:
    """Names every request, logs and counts it, and answers 500 where an error was not foreseen.

    Outside the other middlewares, so that what the others answer is logged too. Requests that were put off (429) are in the sums
    of `limits.Tally` instead.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, *, with_queries: bool) -> None:
        """`with_queries`: whether lines have the words that were searched for."""
        self._app = app
        self._metrics = metrics
        self._with_queries = with_queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = begin_request(Headers(scope=scope))
        started, status, length = time.perf_counter(), _GONE, 0

        async def send_noted(message: Message) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            else:
                length += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except ClientDisconnect:
            pass
        except Exception:
            if status == _GONE:
                await answer(Request(scope), 500, "internal", _UNEXPECTED)(scope, receive, send_noted)
            raise  # the server logs it, with the id of the request
        finally:
            self._note(scope, status, time.perf_counter() - started, length)

    def _note(self, scope: Scope, status: int, seconds: float, length: int) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_of(scope)
        self._metrics.answered(method, route or "none", status, seconds)
        if status == _PUT_OFF:
            return
        caller = scope.get("state", {}).get("caller")
        line = {
            "method": method,
            "route": route,
            "path": None if route else scope["path"][:_LONGEST],
            "status": status,
            "ms": round(seconds * 1000, 1),
            "bytes": length,
            "key": caller.key if caller else None,
            "address": scope["client"][0] if scope.get("client") else None,
        }
        if self._with_queries:
            words = parse_qs(scope["query_string"].decode("latin-1"), encoding="utf-8", errors="replace").get("q", [""])
            line["q"] = words[0][:_LONGEST] or None
        _log.info("request", extra=line)


def route_of(scope: Scope) -> str | None:
    """The template of the route that answered (/items/{item_id}), of which there are few; None where none did."""
    if "endpoint" not in scope:
        return None
    if mounted := scope.get("root_path"):
        return f"{mounted}/…"
    segments = scope["path"].split("/")
    for name, value in reversed(scope.get("path_params", {}).items()):
        if value in segments:
            place = len(segments) - 1 - segments[::-1].index(value)
            segments[place] = f"{{{name}}}"
    return "/".join(segments)
