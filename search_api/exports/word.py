"""DOCX for drafters: A4 landscape, a table whose head is repeated on each page, the notes below it, page numbers.

Fonts are named and not embedded: 仿宋 for what is read, as in official documents (GB/T 9704-2012, 5.2.2), 宋体 for titles and heads.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from search_api.exports.table import Cell, Column, Mark, Note, Table, runs
from search_api.printable import printable

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_TITLE_FONT, _TEXT_FONT = "宋体", "仿宋"
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 297, 210, 20
"""A4 landscape, in mm."""
_GREY = "666666"
_LONGEST_PROPERTY = 255
"""Characters that python-docx lets a document's title have."""


def write(table: Table, file: BinaryIO) -> None:
    """Write `table` to `file`."""
    document = new_document(table.title)
    document.add_paragraph(table.title, style="Title")
    add_table(document, table.columns, table.rows)
    document.add_paragraph("说明", style="Heading 1")
    add_notes(document, table.notes)
    document.save(file)


def new_document(title: str) -> "Document":
    """An empty document with the page, the fonts and the page numbers of all exports; `title` is its property only."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    document = Document()
    document.core_properties.title = title[:_LONGEST_PROPERTY]
    document.core_properties.author = "先例"
    document.core_properties.comments = ""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_PAGE_WIDTH), Mm(_PAGE_HEIGHT)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for name, font, size in (
        ("Normal", _TEXT_FONT, 10.5),
        ("Title", _TITLE_FONT, 18),
        ("Heading 1", _TITLE_FONT, 14),
        ("Heading 2", _TITLE_FONT, 12),
    ):
        _set_font(document.styles[name], font, Pt(size))
    _number_pages(section.footer.paragraphs[0])
    return document


def add_table(document: "Document", columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """A table as wide as the page, its columns in proportion to their widths, its head on every page."""
    from docx.shared import Mm

    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.autofit = False
    whole = sum(column.width for column in columns)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for column, made, cell in zip(columns, table.columns, head.cells, strict=True):
        made.width = cell.width = Mm((_PAGE_WIDTH - 2 * _MARGIN) * column.width / whole)
        run = cell.paragraphs[0].add_run(printable(column.name))
        run.bold = True
        _name_fonts(run.element.get_or_add_rPr().get_or_add_rFonts(), _TITLE_FONT)
    for row in rows:
        for made_cell, value in zip(table.add_row().cells, row, strict=True):
            _write_cell(made_cell.paragraphs[0], value)


def add_notes(document: "Document", notes: Sequence[Note]) -> None:
    """Notes, a paragraph each."""
    for name, value in notes:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}：").bold = True
        paragraph.add_run(printable(value))


def _write_cell(paragraph: "Paragraph", cell: Cell) -> None:
    from docx.shared import RGBColor

    for part in runs(cell):
        run = paragraph.add_run()
        # Not as `run.text`, which python-docx takes character by character.
        for at, line in enumerate(part.text.split("\n")):
            if at:
                run.add_break()
            run.element.add_t(line)
        if part.mark is Mark.ADDED:
            run.bold = run.underline = True
        elif part.mark is Mark.MISSING:
            run.font.strike, run.font.color.rgb = True, RGBColor.from_string(_GREY)


def _set_font(style: Any, font: str, size: Any) -> None:
    """The font for Latin and Chinese alike; the fonts and the colour of the theme give way."""
    style.font.name, style.font.size = font, size
    properties = style.element.rPr
    _name_fonts(properties.rFonts, font)
    for colour in properties.findall(_qualified("w:color")):
        properties.remove(colour)


def _name_fonts(fonts: Any, font: str) -> None:
    """One font for every script; python-docx names that of Latin letters only."""
    fonts.attrib.clear()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(_qualified(f"w:{name}"), font)


def _number_pages(paragraph: Any) -> None:
    """第 1 页，共 9 页, in the middle."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("第 ", "PAGE"), (" 页，共 ", "NUMPAGES")):
        paragraph.add_run(text)
        paragraph._p.append(_element("w:fldSimple", _element("w:r", _element("w:t")), instr=field))
    paragraph.add_run(" 页")


def _element(tag: str, *children: Any, **attributes: str) -> Any:
    """An element of WordprocessingML, with attributes of the same namespace."""
    from docx.oxml.parser import OxmlElement

    element: Any = OxmlElement(tag, {_qualified(f"w:{name}"): value for name, value in attributes.items()})
    element.extend(children)
    return element


def _qualified(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(name)
