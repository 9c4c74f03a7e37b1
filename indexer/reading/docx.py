"""Word documents (.docx): paragraphs with the numbers that Word gives them, tables, text boxes and notes, in print order.

Read from the XML itself (ECMA-376), because what matters here is what a library for paragraphs leaves out: automatic
numbers, text boxes, tracked changes, hidden text, notes. Elements are named without their namespace, of which there are
two (transitional and strict).
"""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

from corpus.errors import ReadError
from indexer.reading.archive import member_bytes, open_archive
from indexer.reading.content import Content, ContentBuilder
from indexer.reading.docx_body import Body
from indexer.reading.docx_numbering import read_numbering
from indexer.reading.docx_styles import read_styles
from indexer.reading.text import checked

_MAIN_PART = re.compile(r"word/document[0-9]*\.xml")
_HEADER = re.compile(r"word/header[0-9]*\.xml")
_FOOTER = re.compile(r"word/footer[0-9]*\.xml")
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_MAX_ELEMENTS = 1_000_000
_MOST_HEADERS = 20


def read_docx(data: bytes, name: str) -> Content:
    """The text of a Word document; headers and footers are named as frame, notes stand behind the body."""
    with open_archive(BytesIO(data), name) as archive:
        parts = _Parts(archive, name)
        styles = read_styles(parts.read("word/styles.xml"))
        body = Body(styles, read_numbering(parts.read("word/numbering.xml"), styles.lists))
        builder = ContentBuilder()
        for part in parts.named(_HEADER)[:_MOST_HEADERS]:
            body.write(parts.read(part), builder, frame=True)
        for part in parts.named(_MAIN_PART)[:1]:
            body.write(parts.read(part), builder)
        for part in _NOTES:
            body.write(parts.read(part), builder)
        for part in parts.named(_FOOTER)[:_MOST_HEADERS]:
            body.write(parts.read(part), builder, frame=True)
    content = builder.content()
    if not content.text:
        raise ReadError(f"{name}：Word 文件里没有文字，可能只有图片。请先做文字识别（OCR）再收录。", code="empty")
    checked(content.text, name)
    return content


class _Parts:
    """The XML parts of a document, read within a limit for all of them together."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._entries = {entry.filename: entry for entry in archive.infolist()}
        self._archive = archive
        self._name = name
        self._elements = 0

    def named(self, pattern: re.Pattern[str]) -> list[str]:
        """The parts whose names match, in a stable order."""
        return sorted(filter(pattern.fullmatch, self._entries))

    def read(self, part: str) -> Any:
        """The root element of a part, or None where the document has no such part."""
        if part not in self._entries:
            return None
        data = member_bytes(self._archive, self._entries[part], f"{self._name}（{part}）")
        self._elements += data.count(b"<")
        if self._elements > _MAX_ELEMENTS:
            raise ReadError(f"{self._name}：Word 文件过于庞杂，不会是一份通知。请拆分后再收录。", code="too_large")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root: Any = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError) as error:
            raise self._damaged() from error
        if root.getroottree().docinfo.doctype:
            raise self._damaged()  # no document has one; it only defines entities, which grow without end
        return root

    def _damaged(self) -> ReadError:
        return ReadError(
            f"{self._name}：Word 文件的内容已损坏，无法读取。请用 Word 或 WPS 打开后另存为 .docx 再收录。",
            code="damaged",
        )
