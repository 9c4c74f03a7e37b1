"""What a request is called in its answer, in its problem document and in the log."""

import re
import secrets
from contextvars import ContextVar

from starlette.datastructures import Headers

HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin_request(headers: Headers) -> str:
    """The id of a request that begins: the one that came with it, if it is short and plain, else a new one."""
    given = headers.get(HEADER, "")
    chosen = given if _SANE.fullmatch(given) else secrets.token_hex(8)
    _current.set(chosen)
    return chosen


def request_id() -> str:
    """The id of the request that is being answered; empty where there is none."""
    return _current.get()
