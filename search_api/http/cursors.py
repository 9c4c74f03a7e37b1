"""Cursors: from which hit on a list is read, so that it can be read page by page.

A cursor is base64url of JSON: how many hits were passed, of which list, and in which generation of the index. It holds nothing
that the client did not send, so it is checked but not signed. Clients take it as it is.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from corpus.errors import QueryError
from search_api.answers import Answer

LONGEST = 200
"""Characters of a cursor; ours have about 80."""

_FURTHEST = 1_000_000
_DIGITS = 16


class _Cursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    offset: Annotated[int, msgspec.Meta(ge=0, le=_FURTHEST)]
    generation: int
    asked: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list: `top` entries from `offset` on. `moved`: the index has changed since the page before.

    Entries may then be missing or come twice.
    """

    offset: int
    top: int
    moved: bool
    generation: int
    asked: str
    deepest: int

    def following(self, shown: int, total: int) -> Answer:
        """What is added to an answer of `shown` entries, of `total` at most: the cursor of the next page, None after the last."""
        end = self.offset + shown
        goes_on = shown == self.top and end < min(total, self.deepest)
        return {"next": _encode(_Cursor(end, self.generation, self.asked)) if goes_on else None, "moved": self.moved}


def open_page(
    cursor: str, offset: int, top: int, *, asked: Mapping[str, Any], generation: int, deepest: int = _FURTHEST
) -> ListPage:
    """The page that a cursor, or without one an offset, asks for.

    `asked` is everything that decides on the list and its order. A page by cursor ends at `deepest` entries of it at the latest.
    Raises QueryError when the cursor is damaged, of another list, or given besides an offset.
    """
    name = hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()[:_DIGITS]
    if not cursor:
        return ListPage(offset, top, False, generation, name, deepest)
    if offset:
        raise QueryError("cursor 和 offset 不能同时使用，请只给一个。", code="bad_cursor")
    read = _decode(cursor)
    if read.asked != name:
        raise QueryError(
            "这个 cursor 是另一个检索的。翻页时检索词和筛选条件要与上一页相同；条件变了请从第一页开始。",
            code="bad_cursor",
        )
    return ListPage(
        offset=read.offset,
        top=min(top, max(1, deepest - read.offset)),
        moved=read.generation != generation,
        generation=generation,
        asked=name,
        deepest=deepest,
    )


def _encode(cursor: _Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def _decode(text: str) -> _Cursor:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        return msgspec.json.decode(base64.b64decode(padded, b"-_", validate=True), type=_Cursor)
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError) as error:
        raise QueryError(
            "cursor 已损坏，无法识别。请原样使用上一页答复里的 next，或从第一页开始。", code="bad_cursor"
        ) from error
