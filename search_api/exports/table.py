"""A table as every format writes it: columns, rows of cells, and notes that say where it is from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.metadata import version

from search_api.printable import printable


class Mark(StrEnum):
    """How a stretch of a text differs from the text that it is compared with."""

    ADDED = "added"
    MISSING = "missing"
    """Stands in the other text alone; shown struck out."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text with one mark, or none."""

    text: str
    mark: Mark | None = None


Cell = str | int | float | date | tuple[Run, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its name, and its width in half-width characters: a Chinese one takes two."""

    name: str
    width: int


Note = tuple[str, str]
"""A name, and what is said under it."""


@dataclass(frozen=True, slots=True)
class Table:
    """`kind` names the sort of table (条款对照表), `subject` what it is about; `rows` are read once, a cell for each column.

    `notes` say in Chinese how it came about, so that it can be made again.
    """

    kind: str
    subject: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    notes: tuple[Note, ...]

    @property
    def title(self) -> str:
        """Kind and subject on one line, short enough for a heading."""
        subject = " ".join(printable(self.subject).split())
        short = subject if len(subject) <= _LONGEST_SUBJECT else f"{subject[:_LONGEST_SUBJECT]}…"
        return f"{self.kind}：{short}" if short else self.kind


def provenance(generation: int, day: date) -> Iterator[Note]:
    """Of which index (its `generation`), when and by which program an export was made."""
    yield "索引版本", f"第 {generation} 次改动后"
    yield "导出日期", day.isoformat()
    yield "程序版本", f"先例 {version('xianli')}"


def plain(cell: Cell) -> str:
    """What a cell says, as text; what is marked as missing is left out."""
    return "".join(run.text for run in runs(cell) if run.mark is not Mark.MISSING)


def runs(cell: Cell) -> tuple[Run, ...]:
    """A cell as text with marks; nothing in it but what can be printed."""
    if not isinstance(cell, tuple):
        cell = (Run("" if cell is None else str(cell)),)
    return tuple(Run(text, run.mark) for run in cell if (text := printable(run.text)))


_LONGEST_SUBJECT = 40
