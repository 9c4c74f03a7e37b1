"""Web pages saved from a site (.html, .htm): the lines and tables of a page, its frame named.

Real forms: pages in GBK that say `charset=gb2312`, or nothing; paragraphs as `<p>`, as `<div>`, or as text between `<br>`;
indents of `&nbsp;` and 　; a table of tasks inside a layout of tables; a hidden copy of the page for telephones.
"""

import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from corpus.errors import ReadError
from indexer.reading.content import Content, ContentBuilder, one_line
from indexer.reading.html_frame import Line, Region, find_frame
from indexer.reading.html_tables import data_tables
from indexer.reading.text import checked, decode

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_UNSHOWN = frozenset((
    "script", "style", "noscript", "template", "head", "iframe", "frame", "frameset", "object", "embed", "svg",
    "canvas", "audio", "video", "select", "textarea", "datalist", "input",
))  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_ENCODINGS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
}  # fmt: skip
_WIDE = "\u2e80-\u9fff\uff00-\uffef\u3000-\u303f"
_TORN_WORD = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[{_WIDE}])")
_WHITE = re.compile(r"[ \t\r\n\f]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_MAX_TAGS = 300_000
"""A page of the longest notice, pasted from Word with a span for each word, has some 100,000."""


def read_html(data: bytes, name: str) -> Content:
    """The lines of a page; what is not the notice's main text is named as frame."""
    page, encoding = _decoded(data, name)
    lines, regions, title = _lines(_parsed(page, name))
    frame = find_frame(lines, regions, title)
    builder = ContentBuilder()
    for i, line in enumerate(lines):
        if line.grid and i not in frame:
            builder.add_table(line.grid)
        else:
            for text in line.text.split("\n"):
                builder.add_line(text, frame=i in frame)
    content = builder.content(encoding)
    checked(content.text, name)
    return content


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """A page's text. Its declaration counts, and a byte or two that are wrong, as where a site cut a title in two."""
    declared = _CHARSET.search(data[:4096])
    encoding = _ENCODINGS.get(declared[1].decode().lower()) if declared else None
    if encoding and not _is_utf8(data):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= 2 + len(text) // 5000:
            return text, encoding
    return decode(data, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(page: str, name: str) -> Any:
    if page.count("<") > _MAX_TAGS:
        raise ReadError(f"{name}：网页过于庞杂，不会是一份通知。请复制正文存为 .txt 再收录。", code="too_large")
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(_CONTROL.sub("", page).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError(f"{name}：网页已损坏，读不出文字。请重新保存网页再收录。", code="damaged") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise ReadError(f"{name}：网页的标签嵌套过深，无法读取。请复制正文存为 .txt 再收录。", code="too_large")
    return root


def _lines(root: Any) -> tuple[list[Line], list[Region], str]:
    """The lines of a page, the regions that they lie in, and the page's own title."""
    title = _WHITE.sub("", root.findtext(".//title") or "")
    walker = _Walker()
    walker.walk(root)
    return walker.lines, walker.regions, title


def _is_hidden(element: Any) -> bool:
    return (
        element.tag in _UNSHOWN or "hidden" in element.attrib or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


class _Walker:
    """Goes through a page without recursion and collects its lines."""

    def __init__(self, *, tables: bool = True) -> None:
        self.lines: list[Line] = []
        self.regions: list[Region] = []
        self._tables = tables
        self._words: list[str] = []
        self._linked = 0
        self._links = 0
        self._preformatted = 0
        self._inside = [-1]

    def walk(self, root: Any) -> None:
        """Collect the lines of an element."""
        grids = data_tables(root, _cell_text) if self._tables else {}
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            if leaving:
                self._leave(element)
                if element is not root:
                    self._add(element.tail)
                continue
            if _is_hidden(element):
                self._add(element.tail)
                continue
            stack.append((element, True))
            self._enter(element)
            if element in grids:
                self._end_line()
                caption = element.findtext("caption") or ""
                self.lines += [Line(caption)] if caption.strip() else []
                self.lines.append(Line(grids[element].as_text, grid=grids[element]))
            else:
                self._add(element.text)
                stack.extend((child, False) for child in reversed(element))
        self._end_line()

    def _enter(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._end_line()
            names = " ".join(element.get(key) or "" for key in ("id", "class", "role"))
            self.regions.append(Region(element.tag, names, self._inside[-1], len(self.lines), len(self.lines)))
            self._inside.append(len(self.regions) - 1)
        self._links += element.tag == "a" and "href" in element.attrib
        self._preformatted += element.tag == "pre"

    def _leave(self, element: Any) -> None:
        if element.tag in _BLOCKS or element.tag == "br":
            self._end_line()
        if element.tag in _BLOCKS:
            self.regions[self._inside.pop()].end = len(self.lines)
        self._links -= element.tag == "a" and "href" in element.attrib
        self._preformatted -= element.tag == "pre"

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if self._preformatted:
            for line in text.splitlines(keepends=True):
                self._words.append(line)
                if line.endswith("\n"):
                    self._end_line()
            return
        self._words.append(text)
        self._linked += len(_WHITE.sub("", text)) if self._links else 0

    def _end_line(self) -> None:
        text = _WHITE.sub(" ", _TORN_WORD.sub("", "".join(self._words))).strip(" ")
        if text.strip():
            self.lines.append(Line(text, self._linked, heading=self._in_heading()))
        self._words, self._linked = [], 0

    def _in_heading(self) -> bool:
        return self._inside[-1] >= 0 and self.regions[self._inside[-1]].tag in ("h1", "h2", "h3")


def _cell_text(cell: Any) -> str:
    walker = _Walker(tables=False)
    walker.walk(cell)
    return one_line(line.text for line in walker.lines)
