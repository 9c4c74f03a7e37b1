from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from corpus.errors import QueryError
from search_api.exports import Format, file_name, read_format
from search_api.exports.table import Cell, Column, Mark, Run, Table, plain
from tests.search_api.exports.reading import csv_rows, document, part, sheet_rows, word_rows, workbook, written

COLUMNS = (Column("序号", 6), Column("条款", 40))
NOTES = (("检索词", "备案审查"), ("筛选条件", "区县：青溪区"))
ROWS_OF: dict[Format, Callable[[bytes], list[list[Any]]]] = {
    Format.CSV: csv_rows,
    Format.XLSX: sheet_rows,
    Format.DOCX: word_rows,
}


def table(*cells: Cell, notes: tuple[tuple[str, str], ...] = NOTES, subject: str = "备案审查") -> Table:
    return Table("条款对照表", subject, COLUMNS, ((at, cell) for at, cell in enumerate(cells, 1)), notes)


def only_cell(cell: Cell, file_format: Format) -> Any:
    [_, row] = ROWS_OF[file_format](written(table(cell, notes=()), file_format))
    return row[1]


@pytest.mark.parametrize("file_format", Format)
def test_head_and_rows_come_back_in_order(file_format: Format) -> None:
    rows = ROWS_OF[file_format](written(table("开展案卷评查。", "𠮷区〔2018〕“公示”"), file_format))
    assert [row[:2] for row in rows] == [
        ["序号", "条款"],
        [1 if file_format is Format.XLSX else "1", "开展案卷评查。"],
        [2 if file_format is Format.XLSX else "2", "𠮷区〔2018〕“公示”"],
    ]


@pytest.mark.parametrize("file_format", Format)
def test_table_without_rows_has_its_head(file_format: Format) -> None:
    assert [row[:2] for row in ROWS_OF[file_format](written(table(), file_format))] == [["序号", "条款"]]


@pytest.mark.parametrize("file_format", Format)
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("一\x00二\x08三\x0b\x0c\x1f四", "一二三四"),
        ("一\ud800二\ufffe\uffff", "一二"),
        ("甲\u202e乙\u2066丙\u200f", "甲乙丙"),
        ("<b>&amp;</b> ]]>", "<b>&amp;</b> ]]>"),
        ("_x0041_ 与 _x000D_", "_x0041_ 与 _x000D_"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
    ],
)
def test_text_is_shown_as_text_without_what_cannot_be_printed(file_format: Format, text: str, shown: str) -> None:
    assert only_cell(text, file_format) == shown


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1", "＋1", "－1", "＠A",
        '=HYPERLINK("http://example.org","点这里")', "=cmd|' /C calc'!A0", "\x00=1+1", "\u202e=1+1",
    ],
)  # fmt: skip
def test_cell_that_begins_like_a_formula_stays_text(text: str) -> None:
    assert only_cell(text, Format.CSV).startswith("'")
    content = written(table(text), Format.XLSX)
    assert "<f>" not in part(content, "xl/worksheets/sheet1.xml")
    assert workbook(content).worksheets[0]["B2"].data_type in ("s", "inlineStr")


def test_notes_and_names_that_begin_like_a_formula_stay_text_in_csv() -> None:
    made = Table("表", "", (Column("=1", 5),), [("甲",)], (("检索词", "=1+1"),))
    assert csv_rows(written(made, Format.CSV)) == [["'=1", "检索词"], ["甲", "'=1+1"]]


def test_csv_has_a_byte_order_mark_and_the_notes_in_every_row() -> None:
    content = written(table("甲", "乙,“丙”\n丁"), Format.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
    assert csv_rows(content) == [
        ["序号", "条款", "检索词", "筛选条件"],
        ["1", "甲", "备案审查", "区县：青溪区"],
        ["2", "乙,“丙”\n丁", "备案审查", "区县：青溪区"],
    ]


def test_spreadsheet_has_typed_cells() -> None:
    sheet = workbook(written(table(2018, 0.5, date(2018, 5, 9), "2018", None), Format.XLSX)).worksheets[0]
    cells = [sheet.cell(row, 2) for row in range(2, 7)]
    assert [cell.value for cell in cells] == [2018, 0.5, datetime(2018, 5, 9), "2018", None]
    assert cells[2].is_date


def test_spreadsheet_keeps_its_head_in_sight_and_has_the_notes_on_a_sheet() -> None:
    content = written(table("甲", "乙"), Format.XLSX)
    book = workbook(content)
    sheet = book.worksheets[0]
    assert book.sheetnames == ["条款对照表", "说明"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")
    assert 40 <= sheet.column_dimensions["B"].width <= 41
    assert sheet.print_title_rows == "$1:$1"
    assert sheet_rows(content, 1) == [["项目", "内容"], ["检索词", "备案审查"], ["筛选条件", "区县：青溪区"]]


def test_text_that_is_too_long_for_a_spreadsheet_is_cut_and_says_so() -> None:
    cell = only_cell("条" * 40_000, Format.XLSX)
    assert len(cell) == 32_767
    assert cell.endswith("条……（全文见原件）")


def test_address_in_a_text_is_no_link() -> None:
    content = written(table("见 http://example.org", "http://example.org", "internal:甲!A1"), Format.XLSX)
    assert "hyperlink" not in part(content, "xl/worksheets/sheet1.xml")


def test_word_document_is_landscape_a4_with_a_head_on_every_page_and_page_numbers() -> None:
    content = written(table("甲"), Format.DOCX)
    made = document(content)
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert section.orientation == 1
    xml = part(content, "word/document.xml")
    assert xml.count("<w:tblHeader/>") == 1
    assert 'w:orient="landscape"' in xml
    footer = section.footer._element.xml
    assert 'w:instr="PAGE"' in footer
    assert 'w:instr="NUMPAGES"' in footer


def test_word_document_names_its_fonts_and_none_of_the_theme() -> None:
    made = document(written(table("甲"), Format.DOCX))
    for style, font in (("Normal", "仿宋"), ("Title", "宋体"), ("Heading 1", "宋体")):
        fonts = made.styles[style].element.rPr.rFonts
        assert {value for _, value in fonts.items()} == {font}


def test_word_document_has_title_and_notes() -> None:
    made = document(written(table("甲"), Format.DOCX))
    assert made.core_properties.title == "条款对照表：备案审查"
    paragraphs = [paragraph.text for paragraph in made.paragraphs]
    assert paragraphs == ["条款对照表：备案审查", "说明", "检索词：备案审查", "筛选条件：区县：青溪区"]


MARKED = (Run("开展"), Run("年度", Mark.MISSING), Run("案卷", Mark.ADDED), Run("评查"))


def test_marks_are_bold_and_underlined_or_struck_out() -> None:
    assert only_cell(MARKED, Format.CSV) == "开展案卷评查"
    rich = only_cell(MARKED, Format.XLSX)
    assert str(rich) == "开展年度案卷评查"
    styled = {
        one.text: (bool(one.font.b), one.font.u, bool(one.font.strike)) for one in rich if not isinstance(one, str)
    }
    assert styled["案卷"] == (True, "single", False)
    assert styled["年度"] == (False, None, True)
    [*_, cell] = document(written(table(MARKED), Format.DOCX)).tables[0].rows[1].cells
    assert [(run.text, run.bold, run.underline, run.font.strike) for run in cell.paragraphs[0].runs] == [
        ("开展", None, None, None),
        ("年度", None, None, True),
        ("案卷", True, True, None),
        ("评查", None, None, None),
    ]


@pytest.mark.parametrize("cell", [(Run("全部", Mark.ADDED),), (Run("甲", Mark.MISSING), Run("\x00", Mark.ADDED)), ()])
def test_cell_with_one_run_or_none_is_written(cell: tuple[Run, ...]) -> None:
    shown = "".join(run.text for run in cell).replace("\x00", "")
    assert only_cell(cell, Format.XLSX) == (shown or None)
    assert only_cell(cell, Format.DOCX) == shown


def test_long_marked_text_is_cut_within_a_spreadsheet() -> None:
    cell = only_cell((Run("甲" * 30_000), Run("乙" * 30_000, Mark.ADDED)), Format.XLSX)
    assert len(str(cell)) == 32_767
    assert str(cell).endswith("乙……（全文见原件）")


@pytest.mark.parametrize(
    ("cell", "text"),
    [(None, ""), (2018, "2018"), (date(2018, 5, 9), "2018-05-09"), (MARKED, "开展案卷评查"), ("甲\x00", "甲")],
)
def test_plain_is_what_a_cell_says(cell: Cell, text: str) -> None:
    assert plain(cell) == text


@pytest.mark.parametrize(("name", "file_format"), [("csv", Format.CSV), (".XLSX", Format.XLSX), ("docx", Format.DOCX)])
def test_format_is_read_from_its_name_or_ending(name: str, file_format: Format) -> None:
    assert read_format(name) is file_format


@pytest.mark.parametrize("name", ["", "pdf", "xls", "../csv"])
def test_unknown_format_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(QueryError, match="csv、xlsx、docx") as refused:
        read_format(name)
    assert refused.value.code == "bad_format"


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("规范性文件 备案审查", "条款对照表-规范性文件备案审查-2026-11-22.csv"),
        ("", "条款对照表-2026-11-22.csv"),
        ("../../etc/passwd", "条款对照表-etcpasswd-2026-11-22.csv"),
        ('a"b\r\nSet-Cookie: x=1;<>|?*\\:', "条款对照表-abSet-Cookiex1-2026-11-22.csv"),
        ("《甲区安排》（甲政办〔2018〕7号）一", "条款对照表-《甲区安排》（甲政办〔2018〕7号）一-2026-11-22.csv"),
        ("长" * 300, f"条款对照表-{'长' * 60}-2026-11-22.csv"),
    ],
)
def test_file_name_is_one_that_every_system_takes(subject: str, name: str) -> None:
    assert file_name(table(subject=subject), Format.CSV, "2026-11-22") == name
