"""Which reader a file needs, told by its content and not by its name, which is often wrong.

A reader is a function from the bytes of a file and the name that errors show to its content. Heavy libraries are loaded
by the first file that needs them.
"""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

from corpus.errors import ReadError
from indexer.reading.archive import STARTS, open_archive
from indexer.reading.content import Content
from indexer.reading.text import read_text

Reader = Callable[[bytes, str], Content]

_PDF = re.compile(rb"%PDF-[0-9]")
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta)\b|^\s*<(?:p|div|table|span|h[1-6])\b[^<>]*>.*</", re.I | re.S
)
_HEAD = 2000
LONGEST_TEXT = 2_000_000
"""Characters of a text that is parsed; the longest notices have about 200,000."""
DOCX_PART = "word/document.xml"
# What else is kept as a zip archive, by a member that each has: the kind and what to do about it.
_PACKAGES = (
    ("OFD.xml", "OFD 版式文件", "请用 OFD 阅读器打开，另存为 PDF 或复制文字存为 .txt 再收录"),
    ("xl/workbook.xml", "Excel 表格（.xlsx）", "请把表格复制到 Word，存为 .docx 再收录"),
    ("ppt/presentation.xml", "演示文稿（.pptx）", "请把文字存为 .txt 再收录"),
    ("content.xml", "OpenDocument 文件（.odt）", "请用 WPS 或 LibreOffice 另存为 .docx 再收录"),
)  # fmt: skip


def read(data: bytes, name: str) -> Content:
    """The content of a file; raises ReadError, with the file and the way out in Chinese."""
    content = _reader(data, name)(data, name)
    if len(content.text) > LONGEST_TEXT:
        raise ReadError(
            f"{name}：有 {len(content.text) // 10_000} 万字，超过 {LONGEST_TEXT // 10_000} 万字的上限，不会是一份通知。"
            "请拆分后再收录。",
            code="too_large",
        )
    return content


def is_plain_archive(archive: ZipFile) -> bool:
    """Whether a zip archive holds files of their own, and is not a document that is kept as one."""
    names = set(archive.namelist())
    return DOCX_PART not in names and not any(member in names for member, _, _ in _PACKAGES)


def _reader(data: bytes, name: str) -> Reader:
    if data.startswith(STARTS):
        return _package_reader(data, name)
    if _PDF.search(data[:1024]):
        from indexer.reading.pdf import read_pdf

        return read_pdf
    if _is_html(data[:_HEAD]):
        from indexer.reading.html import read_html

        return read_html
    return read_text


def _is_html(head: bytes) -> bool:
    # Markup is ASCII in every encoding that pages have but UTF-16, where each letter has a zero byte beside it.
    return bool(_HTML.search(head.replace(b"\0", b"").decode("latin-1")))


def _package_reader(data: bytes, name: str) -> Reader:
    with open_archive(BytesIO(data), name) as archive:
        names = set(archive.namelist())
    if DOCX_PART in names:
        from indexer.reading.docx import read_docx

        return read_docx
    for member, kind, advice in _PACKAGES:
        if member in names:
            raise ReadError(f"{name}：这是{kind}，不能直接读取。{advice}。", code="not_text")
    raise ReadError(
        f"{name}：这是压缩包，要指明其中一份文件，如 压缩包.zip/通知.docx；xianli index 可以收录整个压缩包。"
        "压缩包里的压缩包请先解压。",
        code="archive",
    )
