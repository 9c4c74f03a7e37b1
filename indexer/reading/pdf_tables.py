"""Tables with rules around their cells; without rules there is no telling a table from text."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_SAME = 2.0
_MAX_CELLS = 2_000
_MAX_RULES = 5_000


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a table, and by row which of them stands in each column (a merged one several times)."""

    boxes: list[Box]
    rows: list[tuple[int, ...]]

    @property
    def top(self) -> float:
        """The upper edge."""
        return min(box[1] for box in self.boxes)

    def holds(self, char: Any) -> bool:
        """Whether a character stands in one of the cells."""
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        return any(_contains(box, x, y) for box in self.boxes)


def find_tables(page: Any) -> list[Cells]:
    """The ruled tables of a page whose cells leave no gap."""
    if len(page.lines) + len(page.rects) + len(page.curves) > _MAX_RULES:
        return []
    found = [_cells(table.cells) for table in page.find_tables()]
    return [cells for cells in found if cells]


def _cells(boxes: list[Box]) -> Cells | None:
    if len(boxes) < 4 or len(boxes) > _MAX_CELLS:
        return None
    columns = _middles([x for box in boxes for x in (box[0], box[2])])
    heights = _middles([y for box in boxes for y in (box[1], box[3])])
    rows = []
    for y in heights:
        row = [next((i for i, box in enumerate(boxes) if _contains(box, x, y)), None) for x in columns]
        if any(cell is None for cell in row):
            return None
        rows.append(tuple(cell for cell in row if cell is not None))
    return Cells(boxes, rows)


def _middles(edges: list[float]) -> list[float]:
    """The middles between the rules, nearly equal rules taken for one."""
    distinct: list[float] = []
    for edge in sorted(edges):
        if not distinct or edge - distinct[-1] > _SAME:
            distinct.append(edge)
    return [(a + b) / 2 for a, b in pairwise(distinct)]


def _contains(box: Box, x: float, y: float) -> bool:
    return box[0] <= x < box[2] and box[1] <= y < box[3]
