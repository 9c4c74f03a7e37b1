"""How long a client may take, and how long an answer."""

import asyncio

import h11
from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from search_api.http.limits import brings_files
from search_api.http.problems import answer, problem

_UPLOADS_TAKE = 4
_HEAD_SECONDS = 10.0


class TimeLimit:
    """Ends a request that has not come in whole (408) or whose answer has not begun (504) in time.

    An answer that has begun is given the same time again to be taken. A search that runs in a thread runs on to its end there,
    which the index bounds; nobody waits for it.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        """`seconds` hold for most requests; one that brings files may take four times as long."""
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds = self._seconds * (_UPLOADS_TAKE if brings_files(scope["method"], scope["path"]) else 1)
        is_whole, has_begun = not _has_body(scope), False

        async def receive_noted() -> Message:
            nonlocal is_whole
            message = await receive()
            is_whole = is_whole or not message.get("more_body")
            return message

        async def send_noted(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                clock.reschedule(asyncio.get_running_loop().time() + seconds)
            await send(message)

        try:
            async with asyncio.timeout(seconds) as clock:
                await self._app(scope, receive_noted, send_noted)
        except TimeoutError:
            if has_begun or not clock.expired():
                raise
            await _refuse(scope, receive, send, seconds, is_whole=is_whole)


async def _refuse(scope: Scope, receive: Receive, send: Send, seconds: float, *, is_whole: bool) -> None:
    if is_whole:
        told = f"{seconds:g} 秒内没有得出结果，已停止等待。请缩短查询或增加筛选条件后重试。"
        response = answer(Request(scope), 504, "timeout", told)
    else:
        told = f"{seconds:g} 秒内没有收到完整的请求，已停止等待。请检查网络后重试。"
        response = answer(Request(scope), 408, "body_too_slow", told)
    response.headers["Connection"] = "close"
    await response(scope, receive, send)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


class BoundedHead(H11Protocol):
    """uvicorn's HTTP/1.1, which waits for the head of a request as long as the client likes; this one does not."""

    _head_due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio."""
        super().connection_made(transport)
        self._head_due = self.loop.call_later(_HEAD_SECONDS, transport.abort)

    def handle_events(self) -> None:
        """See uvicorn. A head that has begun must end in time, however many bytes come meanwhile."""
        super().handle_events()
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._head_due is None and self.conn.trailing_data[0]:
            self._head_due = self.loop.call_later(_HEAD_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        """See uvicorn, which answers what is no HTTP in plain English."""
        told = problem(400, "bad_request", "这不是完整的 HTTP 请求，或请求头太长。请检查发出请求的程序。")
        headers = [*told.raw_headers, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=400, headers=headers),
            h11.Data(data=bytes(told.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None
