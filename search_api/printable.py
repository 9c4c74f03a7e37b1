"""Text of notices and queries as it can be shown: nothing in it that steers a terminal or turns the words beside it."""

import re

_LINE_END = re.compile("\r\n?")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and LF (XML 1.0, 2.2, and those that it discourages)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks and overrides of direction (Unicode Standard Annex 9)
    "\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """Text without controls, lone surrogates, and marks of direction; lines end with LF."""
    return _UNPRINTABLE.sub("", _LINE_END.sub("\n", text))
