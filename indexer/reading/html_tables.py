"""Tables of a page that hold data, told from those that only lay a page out."""

from collections.abc import Callable
from typing import Any

from indexer.reading.content import Grid

_MAX_SPAN = 100
_MAX_CELLS = 50_000


def data_tables(root: Any, text_of: Callable[[Any], str]) -> dict[Any, Grid]:
    """The tables in an element that hold data, each with its cells. A table with a table inside is layout."""
    grids = {}
    for table in root.iter("table"):
        if table.find(".//table") is None and (grid := _grid(table, text_of)) and grid.is_data:
            grids[table] = grid
    return grids


def _grid(table: Any, text_of: Callable[[Any], str]) -> Grid | None:
    texts: list[str] = []
    rows: list[dict[int, int]] = []
    left: dict[int, tuple[int, int]] = {}  # column: cell that covers it from above, and for how many rows yet
    size = 0
    for tr in table.iter("tr"):
        row = {column: cell for column, (cell, _) in left.items()}
        left = {column: (cell, more - 1) for column, (cell, more) in left.items() if more > 1}
        column = 0
        for td in tr.iterchildren("td", "th"):
            while column in row:
                column += 1
            width, height = _span(td, "colspan"), _span(td, "rowspan")
            for covered in range(column, column + width):
                row.setdefault(covered, len(texts))
                if height > 1:
                    left[covered] = (len(texts), height - 1)
            texts.append(text_of(td))
            column += width
        size += len(row)
        if size > _MAX_CELLS:
            return None
        if row:
            rows.append(row)
    return _filled(texts, rows)


def _filled(texts: list[str], rows: list[dict[int, int]]) -> Grid:
    """Rows of one length: a position that no cell covers has an empty cell."""
    width = max((max(row) + 1 for row in rows), default=0)
    filled = []
    for row in rows:
        for column in range(width):
            if column not in row:
                row[column] = len(texts)
                texts.append("")
        filled.append(tuple(row[column] for column in range(width)))
    return Grid(texts, filled)


def _span(cell: Any, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() and len(value) < 6 else 1
