import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from corpus.errors import ReadError
from indexer.reading.formats import read
from tests.indexer.reading.making import pdf_file

LONG = "加强规范性文件监督管理，对制定的规范性文件逐件开展合法性审核和公平竞争审查，审核率达到百分之百，并于每季度首月向社会公布上一季度目录，接受监督。"
NOTICE = "\n".join((
    "甲区人民政府办公室关于印发", "甲区2018年法治政府建设工作要点的通知", "各镇人民政府：", "现将要点印发给你们。", "一、健全制度",
    *(f"（{n}）{LONG}（区司法局负责）" for n in "一二三四五六七八九十"),
))  # fmt: skip


def drawn(draw: Callable[[Canvas], None], **how: object) -> bytes:
    """A PDF that `draw` makes; its font is set."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, **how)
    canvas.setFont("STSong-Light", 16)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def empty_pages(canvas: Canvas) -> None:
    for _ in range(501):
        canvas.showPage()


def test_lines_are_joined_to_paragraphs_also_across_pages() -> None:
    content = read(pdf_file(NOTICE), "a.pdf")
    framed = [content.text[s.start : s.end] for s in content.frame]
    assert framed == ["— 1 —", "— 2 —"]
    assert [line for line in content.text.splitlines() if line not in framed] == NOTICE.split("\n")


def test_every_page_has_its_stretch() -> None:
    content = read(pdf_file(NOTICE), "a.pdf")
    first, second = content.pages
    assert (first.start, first.end) == (0, second.start)
    assert content.text[second.end :].strip() == ""
    assert "— 1 —" in content.text[first.start : first.end]
    assert "— 2 —" in content.text[second.start : second.end]


def test_running_header_is_frame_and_the_same_words_in_the_text_are_not() -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(4):
            canvas.setFont("STSong-Light", 16)
            canvas.drawString(80, 800, f"甲区人民政府公报 2018年第{page}期")
            canvas.drawString(80, 500, f"第{page}条 甲区人民政府公报按月出版。")
            canvas.showPage()

    content = read(drawn(draw), "a")
    assert {content.text[s.start : s.end][:8] for s in content.frame} == {"甲区人民政府公报"}
    assert len(content.frame) == 4
    assert content.text.count("按月出版") == 4


def test_break_that_may_be_meant_is_left() -> None:
    def draw(canvas: Canvas) -> None:
        for i, line in enumerate(
            (
                "区司法局、区财政局、区教育局、区审计局、区民政局、",
                "区卫健局、区统计局、区医保局、区信访局、区商务局。",
                "各镇人民政府",
            )
        ):
            canvas.drawString(80, 600 - i * 28, line)

    assert read(drawn(draw), "a").text.splitlines() == [
        "区司法局、区财政局、区教育局、区审计局、区民政局、区卫健局、区统计局、区医保局、区信访局、区商务局。",
        "各镇人民政府",
    ]  # fmt: skip


def test_ruled_table_is_a_table() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    data = [["序号", "任务", "单位"], ["1", "公开文件", "区司法局\n区财政局"], ["", "清理文件", "区编办"]]
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, -1), "STSong-Light", 12),
            ("GRID", (0, 0), (-1, -1), 1, "black"),
            ("SPAN", (0, 1), (0, 2)),
        ]
    )
    file = BytesIO()
    SimpleDocTemplate(file).build([Table(data, style=style, colWidths=(50, 150, 150))])
    content = read(file.getvalue(), "a")
    (table,) = content.tables
    assert [[content.text[s.start : s.end] for s in row] for row in table.rows] == [
        ["序号", "任务", "单位"], ["1", "公开文件", "区司法局 区财政局"], ["1", "清理文件", "区编办"]
    ]  # fmt: skip
    assert content.text.splitlines() == ["序号\t任务\t单位", "1\t公开文件\t区司法局 区财政局", "\t清理文件\t区编办"]


def test_watermark_across_the_page_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 600, "一、健全制度")
        canvas.rotate(45)
        canvas.drawString(300, 300, "内部资料")

    assert read(drawn(draw), "a").text == "一、健全制度\n"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (drawn(lambda canvas: canvas.rect(80, 80, 300, 300, fill=1)), "no_text_layer", "OCR"),
        (drawn(lambda canvas: canvas.drawString(80, 80, "甲"), encrypt=StandardEncryption("secret", "owner")), "encrypted", "密码"),
        (pdf_file(NOTICE)[:400], "damaged", "损坏"),
        (b"%PDF-1.7\n", "damaged", "损坏"),
        (drawn(empty_pages), "too_many_pages", "500"),
        (drawn(lambda canvas: canvas.drawString(80, 80, "plain english")), "not_text", "中文"),
    ],
)  # fmt: skip
def test_pdf_that_cannot_be_read_is_refused(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError) as raised:
        read(data, "扫描.pdf")
    assert (raised.value.code, raised.value.detail[:7]) == (code, "扫描.pdf：")
    assert words in raised.value.detail
    assert "请" in raised.value.detail


@pytest.mark.slow
def test_pdf_that_unpacks_to_gigabytes_is_refused() -> None:
    squeezed = zlib.compressobj(1)
    packed = zlib.compress(b"".join(squeezed.compress(b" " * 10_000_000) for _ in range(200)) + squeezed.flush(), 9)
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 500] /Contents 4 0 R >>", stream]  # fmt: skip
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (i + 1, o) for i, o in enumerate(objects))
    with pytest.raises(ReadError) as raised:
        read(body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF", "炸弹.pdf")
    assert raised.value.code in ("too_large", "damaged")
