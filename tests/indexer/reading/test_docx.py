from io import BytesIO
from typing import Any

import pytest
from docx import Document as new_docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.errors import ReadError
from indexer.reading.content import Content
from indexer.reading.docx_numbering import FORMATS
from indexer.reading.formats import read
from tests.indexer.reading.making import saved, zip_file

W = nsdecls("w")
RUN = "<w:r><w:t>{}</w:t></w:r>"
LEVELS = (("chineseCounting", "%1、", ""), ("chineseCountingThousand", "（%2）", ""), ("decimal", "%3.", ""), ("decimal", "%1.%4", "<w:isLgl/>"))  # fmt: skip


def word(*blocks: str, numbering: str = "", styles: str = "") -> Any:
    """A document with these paragraphs and tables, and lists 1 and 2 that count on together."""
    document = new_docx()
    body = document.element.body
    for block in reversed(blocks):
        body.insert(0, parse_xml(block.replace(">", f" {W}>", 1)))
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text, more) in enumerate(LEVELS)
    )
    lists = f'<w:x {W}><w:abstractNum w:abstractNumId="50">{levels}</w:abstractNum>{numbering}'
    lists += "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="50"/></w:num>' for n in (91, 92)) + "</w:x>"
    part = document.part.numbering_part.element
    for added in list(parse_xml(lists)):
        part.append(added)
    for added in list(parse_xml(f"<w:x {W}>{styles}</w:x>")):
        document.part._styles_part.element.append(added)
    return document


def text_of(*blocks: str, **parts: str) -> str:
    return read(saved(word(*blocks, **parts)), "a.docx").text.rstrip("\n")


def numbered(text: str, level: int = 0, number: int = 91) -> str:
    return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>{RUN.format(text)}</w:p>'


def plain(text: str) -> str:
    return f"<w:p>{RUN.format(text)}</w:p>"


@pytest.mark.parametrize(
    ("paragraphs", "lines"),
    [
        ([("甲", 0), ("乙", 1), ("丙", 1), ("丁", 0), ("戊", 1)], "一、甲 （一）乙 （二）丙 二、丁 （一）戊"),
        ([("甲", 0), ("乙", 2), ("丙", 0), ("丁", 2)], "一、甲 1.乙 二、丙 1.丁"),
        ([("甲", 0), ("乙", 3), ("丙", 3), ("丁", 0), ("戊", 3)], "一、甲 1.1乙 1.2丙 二、丁 2.1戊"),
        ([("甲", 1)], "（一）甲"),
        ([("甲", 0)] * 11, "一、甲 二、甲 三、甲 四、甲 五、甲 六、甲 七、甲 八、甲 九、甲 十、甲 十一、甲"),
        ([("甲", 8)], "甲"),
    ],
)
def test_numbers_are_restored_by_level(paragraphs: list[tuple[str, int]], lines: str) -> None:
    text = text_of(*(numbered(words, level) for words, level in paragraphs))
    assert text.replace(". ", ".").replace("1 ", "1").replace("2 ", "2").split("\n") == lines.split(" ")


def test_lists_of_one_definition_count_on_and_a_start_of_its_own_begins_anew() -> None:
    start = '<w:num w:numId="93"><w:abstractNumId w:val="50"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    blocks = [
        numbered("甲"),
        numbered("乙", number=92),
        numbered("丙", number=93),
        numbered("丁", number=93),
        numbered("戊"),
    ]
    assert text_of(*blocks, numbering=start).split("\n") == ["一、甲", "二、乙", "五、丙", "六、丁", "七、戊"]


def test_numbers_come_through_styles_and_can_be_switched_off() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="Item"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="91"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Sub"/><w:basedOn w:val="Item"/></w:style>'
    )
    of = '<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr>' + RUN.format("甲") + "</w:p>"
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    text = text_of(of.format("Item", ""), of.format("Sub", ""), of.format("Sub", off), styles=styles)
    assert text.split("\n") == ["（一）甲", "（二）甲", "甲"]


def test_level_that_names_a_style_numbers_its_paragraphs() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="60"><w:lvl w:ilvl="1"><w:pStyle w:val="Second"/><w:numFmt w:val="decimalEnclosedCircle"/>'
        '<w:lvlText w:val="%2"/></w:lvl></w:abstractNum><w:num w:numId="95"><w:abstractNumId w:val="60"/></w:num>'
    )
    styles = '<w:style w:type="paragraph" w:styleId="Second"><w:name w:val="Second"/><w:pPr><w:numPr><w:numId w:val="95"/></w:numPr></w:pPr></w:style>'
    of = '<w:p><w:pPr><w:pStyle w:val="Second"/></w:pPr>' + RUN.format("甲") + "</w:p>"
    assert text_of(of, of, numbering=numbering, styles=styles).split("\n") == ["①甲", "②甲"]


@pytest.mark.parametrize(
    ("form", "number", "printed"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 12, "十二"), ("chineseCounting", 20, "二十"), ("chineseCounting", 101, "一百零一"),
        ("chineseCountingThousand", 110, "一百一十"), ("japaneseCounting", 33, "三十三"), ("ideographDigital", 10, "一〇"), ("ideographDigital", 25, "二五"),
        ("chineseLegalSimplified", 12, "壹拾贰"), ("ideographTraditional", 11, "甲"), ("ideographZodiac", 2, "丑"), ("decimalEnclosedCircle", 20, "⑳"),
        ("decimalEnclosedCircle", 21, "21"), ("decimalEnclosedParen", 3, "⑶"), ("decimalZero", 7, "07"), ("decimalFullWidth", 12, "１２"),
        ("upperLetter", 27, "AA"), ("lowerLetter", 2, "b"), ("upperRoman", 14, "XIV"), ("lowerRoman", 9, "ix"), ("none", 3, ""),
    ],
)  # fmt: skip
def test_number_formats(form: str, number: int, printed: str) -> None:
    assert FORMATS[form](number) == printed


@pytest.mark.parametrize(
    ("block", "text"),
    [
        ("<w:p><w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t></w:r></w:p>", "甲\n乙"),
        ("<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins><w:del><w:r><w:delText>丙</w:delText></w:r></w:del></w:p>", "甲乙"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>甲</w:t></w:r></w:p>", "甲"),
        ("<w:p><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>", "甲"),
        ("<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:sdtContent></w:sdt>", "甲"),
        ("<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>甲区人民政府文件</w:t></w:r></w:p></w:txbxContent></w:pict><w:t>乙</w:t></w:r></w:p>", "甲区人民政府文件\n乙"),
        ("<w:p><w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>甲</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>", "甲"),
    ],
)  # fmt: skip
def test_what_is_printed_is_read(block: str, text: str) -> None:
    assert text_of(block) == text


def test_paragraphs_whose_mark_is_deleted_are_one() -> None:
    deleted = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲，</w:t></w:r></w:p>"
    assert text_of(deleted, plain("乙。"), plain("丙。")) == "甲，乙。\n丙。"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def cells(content: Content) -> list[list[list[str]]]:
    return [[[content.text[s.start : s.end] for s in row] for row in table.rows] for table in content.tables]


def test_table_with_merged_cells_and_automatic_numbers() -> None:
    def merge(value: str) -> str:
        return f'<w:tcPr><w:vMerge w:val="{value}"/></w:tcPr>'

    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>'
    table = "<w:tbl>" + row(plain("序号"), plain("任务"), wide + plain("单位"))
    table += row(
        numbered("", 2), merge("restart") + plain("公开"), plain("区司法局") + plain("区财政局"), plain("牵头")
    )
    table += row(numbered("", 2), merge("continue") + "<w:p/>", plain("区编办"), "<w:p/>") + "</w:tbl>"
    content = read(saved(word(plain("如下："), table, plain("完。"))), "a")
    assert cells(content) == [
        [["序号", "任务", "单位", "单位"], ["1.", "公开", "区司法局 区财政局", "牵头"], ["2.", "公开", "区编办", ""]]
    ]
    assert content.text == "如下：\n序号\t任务\t单位\t\n1.\t公开\t区司法局 区财政局\t牵头\n2.\t\t区编办\t\n完。\n"


def test_table_of_one_cell_is_layout() -> None:
    content = read(saved(word("<w:tbl>" + row(plain("一、甲。") + plain("二、乙。")) + "</w:tbl>")), "a")
    assert (content.tables, content.text) == ((), "一、甲。\n二、乙。\n")


def test_headers_footers_and_contents_are_frame() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    document = word(
        f'<w:p><w:pPr><w:pStyle w:val="T1"/></w:pPr>{RUN.format("一、甲 1")}</w:p>', plain("一、甲"), styles=styles
    )
    document.sections[0].header.paragraphs[0].text = "甲区公报"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    content = read(saved(document), "a")
    assert content.text == "甲区公报\n一、甲 1\n一、甲\n第 1 页\n"
    assert [content.text[s.start : s.end] for s in content.frame] == ["甲区公报\n一、甲 1", "第 1 页"]


def test_notes_stand_behind_the_body() -> None:
    notes = f'<w:footnotes {W}><w:footnote w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote>{plain("注：见条例。")}</w:footnote></w:footnotes>'
    data = with_part(saved(word(plain("正文。"))), "word/footnotes.xml", notes.encode())
    assert read(data, "a").text == "正文。\n注：见条例。\n"


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    return zip_file(members | {name: part})


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (BOMB, "damaged"),
        (OUTSIDE, "damaged"),
        (BOMB.decode().encode("utf-16"), "damaged"),
        (b"<x><y></x>", "damaged"),
        (b"", "damaged"),
        (b"<x>" * 5000 + b"</x>" * 5000, "damaged"),
        (b"<x/>" * 1_000_001, "too_large"),
        (f"<w:document {W}><w:body/></w:document>".encode(), "empty"),
    ],
)
def test_document_that_cannot_be_read_is_refused(part: bytes, code: str) -> None:
    with pytest.raises(ReadError) as raised:
        read(with_part(saved(word(plain("甲"))), "word/document.xml", part), "坏.docx")
    assert raised.value.code == code
    assert raised.value.detail.startswith("坏.docx")


def test_deeply_nested_tables_and_boxes_are_read_or_refused() -> None:
    for opened, closed in (
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
    ):
        inner = f"<w:document {W}><w:body>{opened * 60}{plain('甲')}{closed * 60}</w:body></w:document>"
        assert read(with_part(saved(word()), "word/document.xml", inner.encode()), "a").text == "甲\n"
