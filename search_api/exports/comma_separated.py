"""CSV that spreadsheets open: UTF-8 with a byte order mark, one line a row, the notes repeated in each.

A cell whose text a spreadsheet would take for a formula gets an apostrophe in front, which makes it text (OWASP, CSV injection).
"""

import csv
from io import TextIOWrapper
from typing import BinaryIO

from search_api.exports.table import Cell, Table, plain

_FORMULA_STARTS = tuple("=+-@＝＋－＠")
"""Full-width ones too, which spreadsheets in Chinese read as the others."""


def write(table: Table, file: BinaryIO) -> None:
    """Write `table` to `file`, row by row."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    noted = [_as_text(value) for _, value in table.notes]
    writer.writerow([*(_as_text(column.name) for column in table.columns), *(name for name, _ in table.notes)])
    for row in table.rows:
        writer.writerow([*map(_value, row), *noted])
    text.detach()


def _value(cell: Cell) -> str | int | float:
    return cell if isinstance(cell, int | float) else _as_text(plain(cell))


def _as_text(text: str) -> str:
    starts_formula = text.lstrip().startswith(_FORMULA_STARTS) or text.startswith("\t")
    return f"'{text}" if starts_formula else text
