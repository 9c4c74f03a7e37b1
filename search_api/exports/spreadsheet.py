"""XLSX: the table with typed cells on one sheet, the notes on another. No cell is ever a formula or a link."""

from datetime import date
from typing import Any, BinaryIO

from search_api.exports.table import Cell, Mark, Run, Table, runs
from search_api.printable import printable

_LONGEST_TEXT = 32_767
"""Characters that a cell may have (Excel's specification); longer text would be dropped."""
_CUT = "……（全文见原件）"
_A4 = 9
_FONT = {"font_name": "宋体", "font_size": 11}
_NOTE_WIDTHS = (16, 100)


def write(table: Table, file: BinaryIO) -> None:
    """Write `table` to `file`."""
    from xlsxwriter import Workbook

    # In memory: a server's root file system may be read-only, and 1,000 rows are small.
    with Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": table.title, "author": "先例"})
        _write_rows(workbook, table)
        _write_notes(workbook, table)


def _write_rows(workbook: Any, table: Table) -> None:
    sheet = workbook.add_worksheet(table.kind)
    text = workbook.add_format(_FONT | {"text_wrap": True, "valign": "top"})
    day = workbook.add_format(_FONT | {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    marked = {
        Mark.ADDED: workbook.add_format(_FONT | {"bold": True, "underline": 1}),
        Mark.MISSING: workbook.add_format(_FONT | {"font_strikeout": True, "font_color": "#666666"}),
    }
    _write_head(workbook, sheet, [(column.name, column.width) for column in table.columns])
    last = 0
    for last, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            match cell:
                case int() | float():
                    sheet.write_number(last, place, cell, text)
                case date():
                    sheet.write_datetime(last, place, cell, day)
                case _:
                    _write_text(sheet, last, place, cell, marked, text)
    sheet.autofilter(0, 0, last, len(table.columns) - 1)


def _write_text(sheet: Any, row: int, place: int, cell: Cell, marked: dict[Mark, Any], text: Any) -> None:
    shown = _within(runs(cell), _LONGEST_TEXT)
    if not shown:
        sheet.write_blank(row, place, None, text)
    elif any(run.mark for run in shown) and len(shown) > 1:
        fragments = [part for run in shown for part in ((marked[run.mark], run.text) if run.mark else (run.text,))]
        sheet.write_rich_string(row, place, *fragments, text)
    else:
        sheet.write_string(row, place, "".join(run.text for run in shown), text)


def _within(shown: tuple[Run, ...], longest: int) -> tuple[Run, ...]:
    """Runs of so many characters at most, with a word that something was cut off."""
    if sum(len(run.text) for run in shown) <= longest:
        return shown
    left = longest - len(_CUT)
    kept: list[Run] = []
    for run in shown:
        if left > 0:
            kept.append(Run(run.text[:left], run.mark))
            left -= len(run.text)
    return (*kept, Run(_CUT))


def _write_notes(workbook: Any, table: Table) -> None:
    sheet = workbook.add_worksheet("说明")
    text = workbook.add_format(_FONT | {"text_wrap": True, "valign": "top"})
    _write_head(workbook, sheet, list(zip(("项目", "内容"), _NOTE_WIDTHS, strict=True)))
    for row, (name, value) in enumerate(table.notes, 1):
        sheet.write_string(row, 0, name, text)
        sheet.write_string(row, 1, printable(value)[:_LONGEST_TEXT], text)


def _write_head(workbook: Any, sheet: Any, columns: list[tuple[str, int]]) -> None:
    """The first row, which stays in sight and is printed on each page."""
    head = workbook.add_format(_FONT | {"bold": True, "text_wrap": True, "bg_color": "#E7EDF3", "bottom": 1})
    for place, (name, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, printable(name), head)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
