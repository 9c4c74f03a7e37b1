"""Who asks, and what they may do.

A key comes as `Authorization: Bearer xl_…`, or as the password of HTTP Basic, which is how a browser asks its user for one.
Basic was chosen over a login page with a session: there is no state, nothing that outlives the key's revocation, no cookie to
steal and no page of our own that handles secrets. What a cookie would need against other sites' forms is needed here too:
a change that a browser sends for another site is refused (`_from_elsewhere`).

Without a key, those at this machine may read where the server listens on a loopback address. That is told by the address that
is listened to, and not by who connects: a proxy on this machine connects from 127.0.0.1 for the whole world. So a request with a
forwarding header, or for another host name (which also foils DNS rebinding), is nobody at this machine, and where a proxy is
trusted nobody is.
"""

import base64
import binascii
from dataclasses import dataclass
from ipaddress import ip_address

from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import StorageError
from search_api.http import keys
from search_api.http.limits import WrongKeys
from search_api.http.problems import answer
from search_api.settings import Serving

_READ, _WRITE = keys.Scope.READ, keys.Scope.WRITE
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_READING_POSTS = ("/api/v1/search", "/api/v1/similar", "/api/v1/drafts", "/api/v1/compare", "/compare", "/draft")
"""Routes that take what to look for in a body and change nothing, with what lies under them."""
_OF_WRITERS = ("/api/v1/jobs",)
"""What is for those who write, also to look at: it names files that were sent."""
_METRICS = "/metrics"
_FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_CHALLENGES = (
    (b"www-authenticate", b'Bearer realm="xianli"'),
    (b"www-authenticate", b'Basic realm="xianli", charset="UTF-8"'),
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an address, with the name of a key if one was given, and what they may do (None: nothing)."""

    address: str
    key: str | None
    scope: keys.Scope | None
    at_this_machine: bool

    @property
    def who(self) -> str:
        """The name of the key, or else the address: for logs."""
        return self.key or self.address

    def may(self, needed: keys.Scope) -> bool:
        """Whether something that needs a scope is allowed."""
        return self.scope is not None and self.scope >= needed


def caller_of(request: Request) -> Caller:
    """Who sent a request."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def needed_scope(method: str, path: str) -> keys.Scope | None:
    """What a request needs; None where everybody may. Whatever changes something, or is not known, needs `write`."""
    if path == "/healthz" or path.startswith("/static/"):
        return None
    reads = not _lies_under(path, _OF_WRITERS) if method in _SAFE_METHODS else _lies_under(path, _READING_POSTS)
    return _READ if reads else _WRITE


def _lies_under(path: str, known: tuple[str, ...]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in known)


class Identification:
    """Finds out who asks and notes it as `scope["state"]["caller"]`; refuses wrong keys."""

    def __init__(self, app: ASGIApp, store: keys.KeyStore, serving: Serving, wrong: WrongKeys) -> None:
        self._app = app
        self._store = store
        self._wrong = wrong
        self._open_reading = serving.open_reading
        self._local_scope = _WRITE if serving.allow_write else _READ
        self._is_local = is_loopback(serving.host) and not serving.trusted_proxies
        self._names = {name.lower() for name in (*_THIS_MACHINE, *serving.host_names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        address = scope["client"][0] if scope.get("client") else ""
        given = headers.getlist("authorization")
        caller = self._without_key(address, headers)
        if given:
            try:
                key = self._store.find(_secret(given))
            except StorageError as error:
                await answer(Request(scope), 503, error.code, error.detail)(scope, receive, send)
                return
            if key is None:
                await self._refuse(address, scope, receive, send)
                return
            caller = Caller(address, key.name, key.scope, caller.at_this_machine)
        scope.setdefault("state", {})["caller"] = caller
        await self._app(scope, receive, send)

    def _without_key(self, address: str, headers: Headers) -> Caller:
        local = (
            self._is_local
            and host_name(headers.get("host", "")) in self._names
            and not any(name in headers for name in _FORWARDING)
        )
        return Caller(address, None, self._local_scope if local else _READ if self._open_reading else None, local)

    async def _refuse(self, address: str, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self._wrong.note(address)
        request = Request(scope)
        if wait:
            response = answer(request, 429, "too_many_requests", f"错误的密钥试得太多。请过 {wait} 秒再试。")
            response.headers["Retry-After"] = str(wait)
        else:
            response = answer(request, 401, "bad_key", "密钥不对、已过期或已撤销。请核对，或向管理员要一个新的。")
            response.raw_headers.extend(_CHALLENGES)
        await response(scope, receive, send)


class Authorisation:
    """Refuses what the caller may not do, and changes that a browser asks for on behalf of another site."""

    def __init__(self, app: ASGIApp, cors_origins: tuple[str, ...]) -> None:
        self._app = app
        self._origins = cors_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        caller, needed = caller_of(request), needed_scope(scope["method"], scope["path"])
        guarded = scope["path"] == _METRICS and caller.key is None and not caller.at_this_machine
        if needed is not None and (guarded or not caller.may(needed)):
            response = _not_allowed(request, caller, needed)
        elif scope["method"] not in _SAFE_METHODS and self._from_elsewhere(request.headers):
            told = "这个请求来自另一个网站，不能执行。请在先例自己的页面上操作，或由管理员用 XIANLI_CORS_ORIGINS 允许该网站。"
            response = answer(request, 403, "cross_site", told)
        else:
            await self._app(scope, receive, send)
            return
        await response(scope, receive, send)

    def _from_elsewhere(self, headers: Headers) -> bool:
        """Whether a browser sends the request for a page of another site; programs say nothing about it."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin in self._origins or site in ("same-origin", "none"):
            return False
        return site is not None or (origin is not None and origin.partition("://")[2] != headers.get("host"))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address that is listened to."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """The name in a Host header: without the port, and without the brackets of IPv6."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.lower()


def _secret(given: list[str]) -> str:
    """The key in an Authorization header; empty where there is none to be read, or more than one header."""
    scheme, _, value = given[0].partition(" ")
    if len(given) > 1:
        return ""
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


def _not_allowed(request: Request, caller: Caller, needed: keys.Scope) -> Response:
    if caller.key is not None:
        told = f"密钥 {caller.key} 没有这个权限，需要 {needed.label}。请向管理员要一个权限够的密钥。"
        return answer(request, 403, "not_allowed", told)
    told = f"需要密钥（权限 {needed.label}）。请在 Authorization: Bearer 里给出；浏览器会询问，密钥填在密码一栏。"
    response = answer(request, 401, "key_required", told)
    response.raw_headers.extend(_CHALLENGES)
    return response
