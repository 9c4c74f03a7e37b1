"""From characters on pages to paragraphs: lines, running headers and page numbers, tables, and what a line break means.

Real forms: paragraphs that begin two characters in (GB/T 9704-2012, 7.3.3), titles over two centred lines, `— 3 —` at the
foot of a page, a table of tasks with rules around its cells. A break that might be meant is left: the parser joins lines
that stop in the middle of a sentence, and nobody can cut a line that was joined by mistake.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.reading.content import Content, ContentBuilder, Grid
from indexer.reading.pdf_tables import Cells, find_tables

_PAGE_NUMBER = re.compile(
    r"[-—–－―·•.\s]*(?:第?\s*[0-9０-９]{1,4}\s*页?)(?:\s*[/／,，]?\s*共?\s*[0-9]{1,4}\s*页?)?[-—–－―·•.\s]*"
)
_LABEL = re.compile(
    r"""[一二三四五六七八九十]{1,3}、 | [(（][一二三四五六七八九十0-9]{1,3}[)）] | [0-9]{1,2}[.．、](?![0-9]) | [①-⑳]
    | 第[一二三四五六七八九十]+[章条，、]""",
    re.X,
)
# What begins a paragraph even without an indent: a section's label, 责任单位：
_HEAD = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]+[章条]|[\u4e00-\u9fff]{4}[:：]"
)
_SENTENCE_END = re.compile("[。；：:;！？!?]$")
_STOP = re.compile("[。；：;:！？!?）)】〕\\]]$")
_NEARLY_ALL = 0.85
_MARGIN = 0.12
"""Share of a page's height, at its head and at its foot, in which furniture stands."""


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one base line: where they begin and end, and how large they are."""

    text: str
    x0: float
    x1: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page outside its tables, and its tables with the height at which each stands."""

    lines: list[Line]
    tables: list[tuple[float, Grid]]
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """Where most lines of the text begin and end, and whether its paragraphs are indented, which tells where they begin."""

    left: float
    right: float
    indented: bool


def read_page(page: Any) -> Page:
    """The lines and tables of a page as pdfplumber gives it. Slanting lines, which watermarks are, are left out."""
    chars = [char for char in page.chars if not _slants(char)]
    tables = []
    for cells in find_tables(page):
        inside = [char for char in chars if cells.holds(char)]
        grid = _grid(cells, inside)
        if grid.is_data:
            tables.append((cells.top, grid))
            taken = set(map(id, inside))
            chars = [char for char in chars if id(char) not in taken]
    return Page(_lines(chars), tables, float(page.height))


def build_content(pages: Sequence[Page]) -> Content:
    """The text of all pages. Each page's furniture stands before its first whole paragraph."""
    furniture = _furniture(pages)
    column = _column([line for page in pages for line in page.lines if line not in furniture])
    builder = ContentBuilder()
    above: Line | None = None
    for page in pages:
        frame = [line.text for line in page.lines if line in furniture]
        tables = sorted(page.tables, key=lambda table: table[0])
        same_page = False
        for line in page.lines:
            if line in furniture:
                continue
            if above is None or (tables and tables[0][0] < line.top) or not _runs_on(above, line, column, same_page):
                _add_before(line.top, frame, tables, builder)
            elif above.text[-1].isalpha() and above.text[-1].isascii() and line.text[0].isascii():
                builder.add_words(" ")
            builder.add_words(line.text)
            above, same_page = line, True
        if frame or tables:
            _add_before(page.height, frame, tables, builder)
            above = None
        builder.end_page()
    builder.end_line()
    return builder.content()


def _add_before(top: float, frame: list[str], tables: list[tuple[float, Grid]], builder: ContentBuilder) -> None:
    """End the paragraph; then come the furniture that waits, and the tables that stand above `top`."""
    builder.end_line()
    while frame:
        builder.add_line(frame.pop(0), frame=True)
    while tables and tables[0][0] < top:
        builder.add_table(tables.pop(0)[1])


def _runs_on(above: Line, line: Line, column: Column, same_page: bool) -> bool:
    """Whether a line surely goes on with the paragraph of the line above it."""
    fills = above.x1 > column.right - above.size * 1.6 and above.x0 < column.left + above.size * 2.6
    if abs(above.size - line.size) > 0.6 or not fills or line.x0 > column.left + line.size * 0.5:
        return False
    if column.indented:
        return not (_HEAD.match(line.text) and _STOP.search(above.text))
    near = same_page and line.top - above.top < above.size * 2.5
    return near and not _SENTENCE_END.search(above.text) and not _LABEL.match(line.text)


def _lines(chars: list[Any]) -> list[Line]:
    """Characters gathered into lines, top to bottom."""
    rows: list[list[Any]] = []
    middle = 0.0
    for char in sorted(chars, key=_middle):
        if not rows or _middle(char) - middle > char["size"] * 0.45:
            rows.append([])
            middle = _middle(char)
        rows[-1].append(char)
    return [line for row in rows if (line := _line(sorted(row, key=lambda char: char["x0"]))).text]


def _slants(char: Any) -> bool:
    along, across = abs(float(char["matrix"][0])), abs(float(char["matrix"][1]))
    return min(along, across) > 0.1 * max(along, across)


def _middle(char: Any) -> float:
    return float(char["top"] + char["bottom"]) / 2


def _line(chars: list[Any]) -> Line:
    words: list[str] = []
    before = None
    for char in chars:
        size = char["size"]
        if before and char["text"] == before["text"] and char["x0"] - before["x0"] < size * 0.2:
            continue  # printed twice to look bold
        if before and char["x0"] - before["x1"] > size * 0.6:
            words.append(" ")
        words.append(char["text"])
        before = char
    shown = [char for char in chars if char["text"].strip()] or chars
    text = re.sub(r"\s+", " ", "".join(words)).strip()
    size = Counter(round(char["size"], 1) for char in shown).most_common(1)[0][0]
    return Line(text, shown[0]["x0"], shown[-1]["x1"], min(char["top"] for char in shown), size)


def _furniture(pages: Sequence[Page]) -> set[Line]:
    """Page numbers, and lines that recur at the same height of many pages, figures aside."""
    at_edge = [[line for line in page.lines if _is_at_edge(line, page)] for page in pages]
    seen = Counter(key for lines in at_edge for key in {_recurring(line) for line in lines})
    enough = max(3, len(pages) // 3)
    found = set()
    for page, lines in zip(pages, at_edge, strict=True):
        for line in lines:
            alone = line in (page.lines[0], page.lines[-1])
            if seen[_recurring(line)] >= enough or (alone and _PAGE_NUMBER.fullmatch(line.text)):
                found.add(line)
    return found


def _is_at_edge(line: Line, page: Page) -> bool:
    return line.top < page.height * _MARGIN or line.top > page.height * (1 - _MARGIN)


def _recurring(line: Line) -> tuple[str, int]:
    return re.sub("[0-9]+", "0", line.text), round(line.top / 4)


def _column(lines: list[Line]) -> Column:
    widest = max((line.x1 - line.x0 for line in lines), default=0.0)
    long = [line for line in lines if line.x1 - line.x0 > widest * 0.6]
    if not long:
        return Column(0, 0, False)
    begins = Counter(round(line.x0 / 2) * 2 for line in long)
    left = min(x for x, count in begins.items() if count * 10 >= len(long) or count == max(begins.values()))
    labelled = [line for line in lines if _LABEL.match(line.text)]
    indented = [line for line in labelled if line.x0 > left + line.size]
    is_indented = len(indented) >= 3 and len(indented) >= len(labelled) * _NEARLY_ALL
    return Column(left, sorted(line.x1 for line in long)[len(long) * 9 // 10], is_indented)


def _grid(cells: Cells, chars: list[Any]) -> Grid:
    """The words of each cell. A line that fills its cell goes on in the next one without a space."""
    texts = []
    for x0, top, x1, bottom in cells.boxes:
        inside = [char for char in chars if x0 <= (char["x0"] + char["x1"]) / 2 < x1 and top <= _middle(char) < bottom]
        text = ""
        for line in _lines(inside):
            text += line.text if line.x1 > x1 - line.size * 1.6 else f"{line.text} "
        texts.append(text.strip())
    return Grid(texts, cells.rows)
