"""Hit lists and comparisons as files: CSV, XLSX and DOCX, each written from the same table."""

from enum import StrEnum
from importlib import import_module
from typing import BinaryIO

from corpus.errors import QueryError
from search_api.exports.table import Table
from search_api.printable import printable


class Format(StrEnum):
    """A format by the ending of its files."""

    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

# Each has a function `write(table, file)`; imported when it is needed, for the libraries are heavy.
_WRITERS = {Format.CSV: "comma_separated", Format.XLSX: "spreadsheet", Format.DOCX: "word"}

_LONGEST_NAME = 60


def read_format(name: str) -> Format:
    """The format of this name, with or without a dot; raises QueryError."""
    try:
        return Format(name.lower().removeprefix("."))
    except ValueError:
        known = "、".join(Format)
        raise QueryError(f"导出格式“{name}”无法识别。可以是：{known}。", code="bad_format") from None


def write_table(table: Table, file_format: Format, file: BinaryIO) -> None:
    """Write a table to a file that is open for writing bytes."""
    import_module(f"search_api.exports.{_WRITERS[file_format]}").write(table, file)


def file_name(table: Table, file_format: Format, day: str) -> str:
    """A name for the file of a table that every system takes: 条款对照表-备案审查-2026-11-22.xlsx."""
    spoken = "".join(one if one.isalnum() or one in "-_（）《》〔〕" else " " for one in printable(table.subject))
    parts = (table.kind, "".join(spoken.split())[:_LONGEST_NAME], day)
    return f"{'-'.join(filter(None, parts))}.{file_format}"
