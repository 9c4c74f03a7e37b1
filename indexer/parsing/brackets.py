"""Brackets in folded text, which may be nested, mixed or left open."""

import re
from functools import cache

_CLOSERS = {"（": "）", "〔": "〕"}
_OPENERS = {closer: opener for opener, closer in _CLOSERS.items()}
_TITLES = {"《": "》", "〈": "〉"}


def closing(text: str, start: int) -> int | None:
    """Offset of the bracket that closes the one at `start`, or None where it is never closed."""
    opener, closer = text[start], (_CLOSERS | _TITLES)[text[start]]
    depth = 0
    for i in range(start, len(text)):
        if text[i] == opener:
            depth += 1
        elif text[i] == closer:
            depth -= 1
            if depth == 0:
                return i
    return None


def opening(text: str, end: int) -> int | None:
    """Offset of the bracket that the one at `end` closes, or None."""
    closer, opener = text[end], _OPENERS[text[end]]
    depth = 0
    for i in range(end, -1, -1):
        if text[i] == closer:
            depth += 1
        elif text[i] == opener:
            depth -= 1
            if depth == 0:
                return i
    return None


def pairs(text: str, opener: str) -> dict[int, int]:
    """Where each bracket of one kind that is closed opens and closes, found in one pass."""
    closer = _CLOSERS[opener]
    opened: list[int] = []
    found: dict[int, int] = {}
    for match in re.finditer(f"[{opener}{closer}]", text):
        if match[0] == opener:
            opened.append(match.start())
        elif opened:
            found[opened.pop()] = match.start()
    return found


def split_outside(text: str, separators: str) -> list[tuple[int, int]]:
    """Stretches of `text` between separators that stand outside any bracket or title mark; none is empty."""
    pieces, start, depth = [], 0, 0
    for mark in _marks(separators).finditer(text):
        if mark[0] in "（〔《〈":
            depth += 1
        elif mark[0] in "）〕》〉":
            depth = max(0, depth - 1)
        elif depth == 0:
            pieces.append((start, mark.start()))
            start = mark.end()
    pieces.append((start, len(text)))
    return [(a, b) for a, b in pieces if b > a]


@cache
def _marks(separators: str) -> re.Pattern[str]:
    return re.compile(f"[（〔《〈）〕》〉{separators}]")
