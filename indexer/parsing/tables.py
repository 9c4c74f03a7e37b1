"""Tables in which a row is an item.

Real heads: `工作任务|工作要求|牵头单位|责任单位`, `具体要求|责任科室|时限要求`, `序号|重点工作|责任领导|责任单位|完成时限`. HTML and Word
tell where tables are; a text copy leaves rows of cells between upright strokes, or one cell a line under the heads. A cell
that is merged over several rows stands in each of them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Table
from indexer.parsing.lines import FoldedText, Line
from indexer.parsing.units import may_be_units

Cell = tuple[int, int]
"""Start and end in folded text; equal where the cell is empty."""


class Column(StrEnum):
    """What the cells of a column hold."""

    NUMBER = "number"
    AREA = "area"
    TASK = "task"
    LEAD = "lead"
    PARTICIPATE = "participate"
    RESPONSIBLE = "responsible"
    SCHEDULE = "schedule"
    OTHER = "other"


# The head of a column by what it says; the first that matches counts. 责任领导 are persons and no units.
_HEADS = (
    (re.compile(r"^(?:序号|编号|序|号)$"), Column.NUMBER),
    (re.compile(r"领导|责任人|联系人|备注|进展|情况|分值|依据"), Column.OTHER),
    (re.compile(r"(?:牵头|主办|主责)(?:责任)?(?:单位|部门|科室)"), Column.LEAD),
    (re.compile(r"(?:配合|协办|协助|参加|参与)(?:责任)?(?:单位|部门|科室)"), Column.PARTICIPATE),
    (re.compile(r"(?:责任|承办|负责|落实|实施|完成)(?:单位|部门|科室|主体)"), Column.RESPONSIBLE),
    (re.compile(r"时限|时间|进度|期限|节点"), Column.SCHEDULE),
    (re.compile(r"类别|领域|板块|方面|分类|一级指标|项目$"), Column.AREA),
    (re.compile(r"任务|工作|要求|内容|措施|举措|事项|重点|目标|做法|指标|标准|成果"), Column.TASK),
)
# Heads that stand on lines of their own are told from short provisions by being nothing but a head.
_LISTED_HEADS = (
    re.compile(r"序号|编号"),
    re.compile(r"(?:责任|牵头|分管)领导|责任人|备注"),
    re.compile(r"(?:牵头|主办|配合|协办|参加|责任|承办|负责)(?:责任)?(?:单位|部门|科室)"),
    re.compile(r"(?:完成|办理|工作)?(?:时限|时间|期限)(?:要求|安排|节点)?|进度(?:安排|要求)"),
    re.compile(r"(?:重点|工作|主要|具体|改革|年度)?(?:任务|工作|要求|内容|措施|举措|事项|领域|类别)"),
)
_LONGEST_LISTED_HEAD = 8
_MOST_COLUMNS = 8
_LONGEST_TIME = 30
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|抄送：|附件")
_UNIT_COLUMNS = {Column.LEAD, Column.PARTICIPATE, Column.RESPONSIBLE}
_LONGEST_HEAD = 14
_RULE = re.compile(r"^[|:\-+=]+$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a task table: its line and its cells by column; rows that share their task belong to one item."""

    line: Line
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]

    def of(self, *wanted: Column) -> list[Cell]:
        """Cells with text in the columns of these kinds, in order."""
        pairs = zip(self.columns, self.cells, strict=False)
        return [cell for column, cell in pairs if column in wanted and cell[0] < cell[1]]


def find_rows(folded: FoldedText, lines: list[Line], tables: Sequence[Table]) -> dict[int, Row]:
    """The rows of task tables among `lines` by the start of each of their lines. Other tables are left as text."""
    found = dict(_listed(folded, lines))
    for grid in (*_told(folded, lines, tables), *_drawn(lines)):
        columns = _columns(folded, grid[0][1]) if len(grid) > 1 else None
        if columns is None:
            continue
        for line, cells in grid[1:]:
            row = Row(line, columns, cells)
            if row.of(Column.TASK):
                found[line.start] = row
    return found


_Grid = list[tuple[Line, tuple[Cell, ...]]]


def _told(folded: FoldedText, lines: list[Line], tables: Sequence[Table]) -> Iterator[_Grid]:
    """The tables that the file's format tells."""
    starts = [line.start for line in lines]
    for table in tables:
        grid: _Grid = []
        for row in table.rows:
            cells = tuple(
                (bisect_left(folded.offsets, span.start), bisect_left(folded.offsets, span.end)) for span in row
            )
            # A cell merged over rows lies in the line of its first row; the row's own line is where its last cell is.
            own = [start for start, end in cells if start < end]
            place = bisect_left(starts, max(own) + 1) - 1 if own else -1
            if place >= 0 and min(own) >= starts[0] and max(own) < lines[place].end:
                grid.append((lines[place], cells))
        if grid:
            yield grid


def _drawn(lines: list[Line]) -> Iterator[_Grid]:
    """Neighbouring lines with the same number of upright strokes."""
    grid: _Grid = []
    for line in (*lines, Line("", -1, -1)):
        cells = tuple(_cells(line)) if line.text.count("|") >= 2 else ()
        if grid and len(cells) != len(grid[0][1]):
            yield grid
            grid = []
        if cells and not _RULE.match(line.text):
            grid.append((line, cells))


def _listed(folded: FoldedText, lines: list[Line]) -> Iterator[tuple[int, Row]]:
    """Tables with one cell a line: short lines that are heads, and as many lines for each row as long as they fit."""
    i = 0
    while i < len(lines):
        heads = lines[i : i + _MOST_COLUMNS]
        width = next((k for k, line in enumerate(heads) if not _is_head(line.text)), len(heads))
        columns = (
            _columns(folded, tuple((line.start, line.end) for line in lines[i : i + width])) if width > 1 else None
        )
        i += max(width, 1)
        while columns and _fits(columns, row := lines[i : i + width]):
            cells = tuple((line.start, line.end) for line in row)
            yield from ((line.start, Row(row[0], columns, cells)) for line in row)
            i += width


def _is_head(text: str) -> bool:
    return len(text) <= _LONGEST_LISTED_HEAD and any(head.fullmatch(text) for head in _LISTED_HEADS)


def _fits(columns: tuple[Column, ...], row: list[Line]) -> bool:
    """Whether lines can be the cells of one row: units where units are due, and no new section."""
    if len(row) < len(columns) or any(_SECTION.match(line.text) for line in row):
        return False
    pairs = list(zip(columns, row, strict=True))
    units = all(may_be_units(line.text) for column, line in pairs if column in _UNIT_COLUMNS)
    times = all(len(line.text) <= _LONGEST_TIME for column, line in pairs if column is Column.SCHEDULE)
    numbers = all(line.text.rstrip(".、").isdigit() for column, line in pairs if column is Column.NUMBER)
    return units and times and numbers


def _cells(line: Line) -> Iterator[Cell]:
    inner = line.text.removeprefix("|").removesuffix("|")
    at = line.start + line.text.startswith("|")
    for text in inner.split("|"):
        yield at, at + len(text)
        at += len(text) + 1


def _columns(folded: FoldedText, heads: tuple[Cell, ...]) -> tuple[Column, ...] | None:
    """The columns of a task table by its head; None for any other table."""
    texts = [folded.text[start:end] for start, end in heads]
    if any(len(text) > _LONGEST_HEAD for text in texts):
        return None
    columns = tuple(
        next((column for head, column in _HEADS if head.search(text)), Column.OTHER) if text else Column.OTHER
        for text in texts
    )
    if Column.TASK not in columns and Column.AREA in columns:
        columns = tuple(Column.TASK if column is Column.AREA else column for column in columns)
    is_task_table = Column.TASK in columns and (_UNIT_COLUMNS | {Column.SCHEDULE}) & set(columns)
    return columns if is_task_table else None
