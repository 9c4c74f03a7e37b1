"""Items from the rows of task tables."""

import re
from dataclasses import dataclass

from corpus.model import BlockKind, ResponsibleUnit, Role
from indexer.parsing.clauses import Parts
from indexer.parsing.lines import FoldedText
from indexer.parsing.outline import HEADING_LENGTH
from indexer.parsing.stretch import Stretch
from indexer.parsing.tables import Cell, Column, Row
from indexer.parsing.units import read_units

_ROLES = {Column.LEAD: Role.LEAD, Column.PARTICIPATE: Role.PARTICIPATE, Column.RESPONSIBLE: Role.RESPONSIBLE}
_LABELS = {Role.LEAD: "牵头单位：", Role.PARTICIPATE: "配合单位：", Role.RESPONSIBLE: "责任单位："}
_SEPARATED = re.compile("[、，；。]")


@dataclass(frozen=True, slots=True)
class RowReading:
    """What a row says. `label` is empty where the table numbers nothing; `blocks` cover the row's line and cells."""

    label: str
    area: str
    heading: str
    parts: Parts
    units: tuple[ResponsibleUnit, ...]
    blocks: tuple[tuple[BlockKind, int, int], ...]


class RowReader:
    """Reads the rows of one notice in order; a cell that is merged over rows is recorded once."""

    def __init__(self, folded: FoldedText, level: str) -> None:
        self._folded = folded
        self._level = level
        self._recorded: set[Cell] = set()

    def read(self, rows: list[Row]) -> RowReading:
        """The item in `rows`, which share their task."""
        first = rows[0]
        tasks = first.of(Column.TASK)
        headings = tasks[:1] if len(tasks) > 1 and self._is_heading(tasks[0]) else []
        words = tasks[len(headings) :]
        cells = {
            BlockKind.LABEL: first.of(Column.NUMBER),
            BlockKind.HEADING: [*first.of(Column.AREA), *headings],
            BlockKind.TEXT: words,
            BlockKind.UNITS: [cell for row in rows for cell in row.of(*_ROLES)],
            BlockKind.SCHEDULE: [cell for row in rows for cell in row.of(Column.SCHEDULE)],
        }
        parts = Parts(
            text=[self._stretch(cell) for cell in words],
            units=[self._stretch(cell) for cell in dict.fromkeys(cells[BlockKind.UNITS])],
            schedule=[self._stretch(cell) for cell in dict.fromkeys(cells[BlockKind.SCHEDULE])],
        )
        return RowReading(
            label=self._label(first),
            area="".join(self._printed(cell) for cell in first.of(Column.AREA)),
            heading="".join(self._printed(cell) for cell in headings),
            parts=parts,
            units=self._units(rows),
            blocks=tuple(self._blocks(rows, cells)),
        )

    def _is_heading(self, cell: Cell) -> bool:
        return cell in self._recorded or cell[1] - cell[0] <= HEADING_LENGTH

    def _stretch(self, cell: Cell) -> Stretch:
        return Stretch(self._folded, (cell,))

    def _printed(self, cell: Cell) -> str:
        return "".join(self._folded.printed(*cell).split())

    def _label(self, row: Row) -> str:
        number = "".join(self._folded.text[start:end] for start, end in row.of(Column.NUMBER)).rstrip(".、")
        return f"{number}." if number.isdigit() else number

    def _units(self, rows: list[Row]) -> tuple[ResponsibleUnit, ...]:
        """Units of all unit cells; those of a cell without separators stand one a line or between spaces."""
        units: list[ResponsibleUnit] = []
        for row in rows:
            for column, role in _ROLES.items():
                for cell in row.of(column):
                    text = self._folded.text[slice(*cell)]
                    if not _SEPARATED.search(text):
                        text = "、".join(FoldedText(part).text for part in self._folded.printed(*cell).split())
                    units += read_units(_LABELS[role] + text, self._level)
        return tuple(dict.fromkeys(units))

    def _blocks(self, rows: list[Row], cells: dict[BlockKind, list[Cell]]) -> list[tuple[BlockKind, int, int]]:
        blocks: list[tuple[BlockKind, int, int]] = []
        for kind, found in cells.items():
            for cell in found:
                if cell not in self._recorded:
                    self._recorded.add(cell)
                    blocks.append((kind, *cell))
        taken = sorted(cell for row in rows for cell in row.cells if cell in self._recorded)
        for row in rows:
            at = row.line.start
            for start, end in [cell for cell in taken if row.line.start <= cell[0] < row.line.end]:
                blocks.append((BlockKind.TABLE, at, start))
                at = max(at, end)
            blocks.append((BlockKind.TABLE, at, row.line.end))
            for cell in row.cells:  # of no interest, and on a line of its own
                if cell not in self._recorded and not row.line.start <= cell[0] < row.line.end:
                    self._recorded.add(cell)
                    blocks.append((BlockKind.TABLE, *cell))
        return blocks
