"""Paragraphs and tables of a part of a Word document, in print order.

What is printed counts: insertions that are tracked are kept, deletions and hidden text are left out, and of two forms of
the same drawing (mc:AlternateContent) the first is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indexer.reading.content import ContentBuilder, Grid, one_line
from indexer.reading.docx_numbering import Numbering
from indexer.reading.docx_styles import Styles
from indexer.reading.docx_xml import child, is_on, name_of, value

_DROPPED = frozenset((
    "del", "moveFrom", "delText", "instrText", "fldData", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid",
    "trPr", "tcPr", "sectPr", "rt", "rubyPr", "altChunk", "annotationRef", "separator", "continuationSeparator",
))  # fmt: skip
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CONTENTS = "Table of Contents"
_MAX_SPAN = 100
_MAX_CELLS = 50_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A printed line; `contents` where it belongs to a table of contents."""

    text: str
    contents: bool = False


class Body:
    """Reads the parts of one document. Numbers count on from part to part, as they do in print."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def write(self, part: Any, builder: ContentBuilder, *, frame: bool = False) -> None:
        """Add the lines and tables of a part; nothing where the document has no such part."""
        for block in self._blocks(part) if part is not None else ():
            if isinstance(block, Paragraph):
                builder.add_line(block.text, frame=frame or block.contents)
            elif frame:
                builder.add_line(block.as_text, frame=True)
            else:
                builder.add_table(block)

    def _blocks(self, container: Any, *, in_cell: bool = False) -> Iterator[Paragraph | Grid]:
        torn = ""
        for element in _children(container, "p", "tbl"):
            if name_of(element) == "tbl":
                yield from self._table(element)
                continue
            text, boxes = self._words(element)
            for box in boxes:
                yield from self._blocks(box)
            properties = child(element, "pPr")
            if child(child(properties, "rPr"), "del") is not None:  # the mark between two paragraphs is deleted
                torn += text
                continue
            text = torn + text
            torn = ""
            label = self._label(properties)
            contents = self._styles.is_contents(self._style(properties)) or _in_contents(element)
            for line in (label + text.lstrip() if text.strip() or in_cell else "").split("\n"):
                yield Paragraph(line.strip(), contents)
        if torn:
            yield Paragraph(torn.strip())

    def _style(self, properties: Any) -> str:
        return value(child(properties, "pStyle"), "val") or self._styles.default

    def _label(self, properties: Any) -> str:
        """The number that Word prints before a paragraph: that of its own list, or of the list of its style."""
        own = child(properties, "numPr")
        number, level = value(child(own, "numId"), "val"), value(child(own, "ilvl"), "val")
        if not number:
            for key, style in self._styles.chain(self._style(properties)):
                if style.list:
                    number = style.list
                    tied = self._numbering.level_of_style(number, key) if style.level is None else style.level
                    level = level or str(tied)
                    break
        return self._numbering.label(number, int(level) if level in set("012345678") else 0) if number else ""

    def _words(self, paragraph: Any) -> tuple[str, list[Any]]:
        """The text of a paragraph, and the text boxes that hang on it."""
        hidden = self._styles.is_hidden(self._style(child(paragraph, "pPr")))
        words: list[str] = []
        boxes: list[Any] = []
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            name = name_of(element)
            if name in _DROPPED or (name == "r" and self._is_hidden(element, hidden)):
                continue
            if name == "t":
                words.append(element.text or "")
            elif name in _MARKS:
                words.append(_MARKS[name])
            elif name == "txbxContent":
                boxes.append(element)
            elif name == "textpath":  # WordArt, often the red masthead
                words.append(f"{value(element, 'string')}\n")
            else:
                stack.extend(element[:1] if name == "AlternateContent" else reversed(element))
        return "".join(words), boxes

    def _is_hidden(self, run: Any, otherwise: bool) -> bool:
        properties = child(run, "rPr")
        own = is_on(child(properties, "vanish"))
        return (
            own if own is not None else otherwise or self._styles.is_hidden(value(child(properties, "rStyle"), "val"))
        )

    def _table(self, table: Any) -> Iterator[Paragraph | Grid]:
        texts: list[str] = []
        rows: list[list[int]] = []
        blocks: list[Paragraph | Grid] = []
        for tr in _children(table, "tr"):
            if child(child(tr, "trPr"), "del") is not None:
                continue
            row: list[int] = [-1] * _number(child(child(tr, "trPr"), "gridBefore"), 0)
            for tc in _children(tr, "tc"):
                properties = child(tc, "tcPr")
                merged = child(properties, "vMerge")
                width = _number(child(properties, "gridSpan"), 1)
                if merged is not None and value(merged, "val") != "restart" and rows and len(row) < len(rows[-1]):
                    row += [rows[-1][len(row)]] * width
                    continue
                inside = list(self._blocks(tc, in_cell=True))
                blocks += inside
                row += [len(texts)] * width
                texts.append(one_line(block.text for block in inside if isinstance(block, Paragraph)))
            rows.append(row)
        grid = _grid(texts, rows)
        nested = any(isinstance(block, Grid) for block in blocks)
        if nested or grid is None or not grid.is_data:
            yield from blocks
        else:
            yield grid


def _children(container: Any, *names: str) -> Iterator[Any]:
    """The elements of these names in a container, also those inside content controls and tracked insertions."""
    stack = list(reversed(container))
    while stack:
        element = stack.pop()
        name = name_of(element)
        if name in names:
            yield element
        elif name == "AlternateContent":
            stack.extend(element[:1])
        elif name not in _DROPPED and name not in ("p", "tbl", "tr", "tc"):
            stack.extend(reversed(element))


def _in_contents(paragraph: Any) -> bool:
    """Whether a paragraph stands in the table of contents that Word makes."""
    above = paragraph.getparent()
    if name_of(above) != "sdtContent":
        return False
    return value(child(child(child(above.getparent(), "sdtPr"), "docPartObj"), "docPartGallery"), "val") == _CONTENTS


def _grid(texts: list[str], rows: list[list[int]]) -> Grid | None:
    """The table with rows of one length; None where it would be absurdly large."""
    width = max(map(len, rows), default=0)
    if width * len(rows) > _MAX_CELLS:
        return None
    for row in rows:
        row += [-1] * (width - len(row))
        for column, cell in enumerate(row):
            if cell < 0:
                row[column] = len(texts)
                texts.append("")
    return Grid(texts, [tuple(row) for row in rows])


def _number(element: Any, otherwise: int) -> int:
    digits = value(element, "val")
    return min(int(digits), _MAX_SPAN) if digits.isascii() and digits.isdigit() and len(digits) < 6 else otherwise
