"""Exported files read back with other libraries than those that wrote them."""

import csv
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from docx import Document
from openpyxl import load_workbook

from search_api.exports import Format, write_table
from search_api.exports.table import Table


def written(table: Table, file_format: Format) -> bytes:
    content = BytesIO()
    write_table(table, file_format, content)
    return content.getvalue()


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(content: bytes) -> Any:
    return load_workbook(BytesIO(content), rich_text=True)


def sheet_rows(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return [list(row) for row in workbook(content).worksheets[sheet].iter_rows(values_only=True)]


def document(content: bytes) -> Any:
    return Document(BytesIO(content))


def word_rows(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document(content).tables[0].rows]


def part(content: bytes, name: str) -> str:
    """The XML of a part of a package."""
    with ZipFile(BytesIO(content)) as package:
        return package.read(name).decode()
