"""How much one client may ask: requests in a time, wrong keys, requests at the same time, bytes."""

import asyncio
import math
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from logging import getLogger

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.http.problems import answer

_log = getLogger(__name__)

_CLIENTS = 10_000
"""Clients that are remembered, so that a flood from many addresses takes no more memory: 2 MB at most."""
_BURST_SECONDS = 10.0
_WRONG_KEYS, _WRONG_KEYS_SECONDS = 10, 60.0
_REPORT_SECONDS = 60.0
_OTHERS = "others"
_UPLOADS = ("/api/v1/notices", "/api/v1/drafts", "/draft")
_UNLIMITED = "/healthz"


def brings_files(method: str, path: str) -> bool:
    """Whether a request may be larger and take longer than others."""
    return method == "POST" and any(path == route or path.startswith(f"{route}/") for route in _UPLOADS)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a token was there; how many are left, and after how many seconds all (or, without one, the next) are back."""

    allowed: bool
    left: int
    seconds: int


class TokenBuckets:
    """A bucket of tokens for each client, refilled steadily. For one thread: that of the event loop."""

    def __init__(self, rate: float, burst: int) -> None:
        """`rate` tokens a second, `burst` at most."""
        self.burst = burst
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str) -> Taken:
        """One token of a client's bucket. Whoever was not seen for longest is forgotten where there are too many."""
        now = time.monotonic()
        tokens, then = self._buckets.pop(client, (float(self.burst), now))
        tokens = min(self.burst, tokens + (now - then) * self._rate)
        allowed = tokens >= 1
        tokens -= allowed
        self._buckets[client] = (tokens, now)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        wanted = self.burst - tokens if allowed else 1 - tokens
        return Taken(allowed, int(tokens), math.ceil(wanted / self._rate))


class Tally:
    """Logs what may happen ten thousand times: the first at once, and the sum of the others once a minute."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._counts: dict[str, int] = {}
        self._due: asyncio.TimerHandle | None = None

    def note(self, client: str) -> None:
        """Count one."""
        if client in self._counts or len(self._counts) >= _CLIENTS:
            counted = client if client in self._counts else _OTHERS
            self._counts[counted] = self._counts.get(counted, 0) + 1
        else:
            self._counts[client] = 0  # the first is not in the sum
            _log.warning(self._event, extra={"address": client, "times": 1})
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(_REPORT_SECONDS, self.report)

    def report(self) -> None:
        """Log the sums and begin anew."""
        for client, more in self._counts.items():
            if more:
                _log.warning(self._event, extra={"address": client, "times": more})
        self._counts.clear()
        if self._due is not None:
            self._due.cancel()
            self._due = None


class WrongKeys:
    """Slows down who tries keys: ten wrong ones a minute from an address are answered, the others put off."""

    def __init__(self) -> None:
        self.tally = Tally("wrong key")
        self._buckets = TokenBuckets(_WRONG_KEYS / _WRONG_KEYS_SECONDS, _WRONG_KEYS)

    def note(self, address: str) -> int:
        """Count a wrong key; the seconds to wait before another one is looked at, 0 for none."""
        client = network(address)
        self.tally.note(client)
        taken = self._buckets.take(client)
        return 0 if taken.allowed else taken.seconds


class RateLimit:
    """Refuses requests above a rate, for each key and for each address without one (429, `too_many_requests`).

    What is left is told in the fields of draft-ietf-httpapi-ratelimit-headers-07.
    """

    def __init__(self, app: ASGIApp, rate: float, tally: Tally) -> None:
        self._app = app
        self._tally = tally
        self._buckets = TokenBuckets(rate, max(1, round(rate * _BURST_SECONDS)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["path"] == _UNLIMITED:
            await self._app(scope, receive, send)
            return
        caller = scope["state"]["caller"]
        taken = self._buckets.take(f"key {caller.key}" if caller.key else network(caller.address))

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Limit"] = str(self._buckets.burst)
                headers["RateLimit-Remaining"] = str(taken.left)
                headers["RateLimit-Reset"] = str(taken.seconds)
            await send(message)

        if taken.allowed:
            await self._app(scope, receive, send_told)
            return
        self._tally.note(caller.who)
        told = f"请求太多。请过 {taken.seconds} 秒再试。"
        response = answer(Request(scope), 429, "too_many_requests", told)
        response.headers["Retry-After"] = str(taken.seconds)
        await response(scope, receive, send_told)


class ConcurrencyLimit:
    """Asks clients to come back (503, `overloaded`) while too many requests are being answered."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["path"] == _UNLIMITED:
            await self._app(scope, receive, send)
            return
        if self._running >= self._most:
            response = answer(Request(scope), 503, "overloaded", "服务器正忙。请稍后再试。")
            response.headers["Retry-After"] = "1"
            await response(scope, receive, send)
            return
        self._running += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running -= 1


class BodyLimit:
    """Refuses a request body above a number of bytes, whether or not its length is announced."""

    def __init__(self, app: ASGIApp, largest: int, largest_upload: int) -> None:
        """`largest_upload` holds for requests that bring files."""
        self._app = app
        self._largest = largest
        self._largest_upload = largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._largest_upload if brings_files(scope["method"], scope["path"]) else self._largest
        announced = Headers(scope=scope).get("content-length", "0")
        if int(announced) > limit:  # that it is a number was checked by who read the head
            await answer(Request(scope), 413, "body_too_large", "请求正文太大。")(scope, receive, send)
            return
        received = 0

        async def receive_limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_limited, send)


def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the 64 bits that an IPv6 subscriber is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or f"{IPv6Address(int(parsed) >> 64 << 64)}/64")
