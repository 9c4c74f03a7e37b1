"""Where output goes: results on stdout, messages on stderr; bold and colours only in a terminal."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any

import msgspec

from search_api.printable import printable

Part = str | tuple[str, str]
"""A piece of a line: text, or text with a style that Rich knows."""


def prepare_streams() -> None:
    """Let text that the locale's encoding lacks come out as escapes: output in a foreign locale must not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard_output() -> None:
    """Let what is still buffered go nowhere, after the reader of stdout has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_json(document: Any) -> None:
    """One document on stdout, in UTF-8 whatever the locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
    sys.stdout.buffer.flush()


def message(text: str) -> None:
    """A line on stderr."""
    print(printable(text), file=sys.stderr)


def given_text(argument: str) -> str:
    """Text from the command line: bytes that the locale could not decode are taken for UTF-8."""
    return os.fsencode(argument).decode("utf-8", "replace") if _has_surrogates(argument) else argument


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


class Page:
    """Lines on stdout, styled where it is a terminal. Rich is imported there only."""

    def __init__(self) -> None:
        self._console: Any = None
        if sys.stdout.isatty():
            from rich.console import Console

            self._console = Console(highlight=False, soft_wrap=True)

    @property
    def in_terminal(self) -> bool:
        """Whether somebody looks at the lines, rather than a program reading them."""
        return self._console is not None

    def line(self, *parts: Part) -> None:
        """One line, made of its parts."""
        shown = [_printable(part) for part in parts]
        if self._console is None:
            print("".join(part if isinstance(part, str) else part[0] for part in shown))
            return
        from rich.text import Text

        self._console.print(Text.assemble(*shown))

    def tree(self, nodes: Sequence[tuple[int, Sequence[tuple[int, Sequence[Part]]]]]) -> None:
        """An outline as a tree: each node with its level from 1, and its lines, of which only the first counts."""
        from rich.text import Text
        from rich.tree import Tree

        root = Tree("", hide_root=True)
        above: list[tuple[int, Tree]] = [(0, root)]
        for level, lines in nodes:
            while above[-1][0] >= level:
                above.pop()
            text = Text("\n").join(Text.assemble(*map(_printable, parts)) for _, parts in lines)
            above.append((level, above[-1][1].add(text)))
        # Not wrapped by the terminal, which knows nothing of the guides in front of each line.
        self._console.print(root, soft_wrap=False)


def _printable(part: Part) -> Part:
    return printable(part) if isinstance(part, str) else (printable(part[0]), part[1])
