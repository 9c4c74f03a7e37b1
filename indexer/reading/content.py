"""What a file says, as readers hand it over: the text with one line a paragraph, and where its parts are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.model import Document, Source, Span, Table


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file with the stretches of it that are frame, tables and pages (see `Document`)."""

    text: str
    encoding: str = "utf-8"
    frame: tuple[Span, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[Span, ...] = ()

    def document(self, source: Source) -> Document:
        """The document that this content and its source make."""
        return Document(self.text, source, self.frame, self.tables, self.pages)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table before it has a place in a text: the words of each cell, and by row the number of the cell that stands there.

    A merged cell's number stands in every position that it covers. Example of a cell over two rows:
    texts 序号 任务 一 公开文件 清理文件, rows (0, 1) (2, 3) (2, 4).
    """

    texts: Sequence[str]
    rows: Sequence[tuple[int, ...]]

    @property
    def is_data(self) -> bool:
        """Whether it has rows and columns of its own: not one row, not one column, not one cell with nearly all text."""
        columns = set(zip_longest(*self.rows, fillvalue=-1))
        if len(set(self.rows)) < 2 or len(columns) < 2:
            return False
        longest = max(map(len, self.texts))
        return longest < _PROSE or longest * 3 < sum(map(len, self.texts)) * 2

    @property
    def as_text(self) -> str:
        """One line a row, cells separated by a tab, a merged cell printed where it begins."""
        left = dict(enumerate(self.texts))
        return "\n".join("\t".join(left.pop(cell, "") for cell in row) for row in self.rows)


_PROSE = 300
"""Characters of a cell that may be prose; a task in a table of tasks seldom has as many."""


class ContentBuilder:
    """Puts a text together line by line and remembers where its parts are."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._frame: list[Span] = []
        self._tables: list[Table] = []
        self._pages: list[Span] = []

    def add_line(self, text: str, *, frame: bool = False) -> None:
        """A line; one without words is left out. Frame lines that follow each other are one stretch."""
        if not text.strip():
            return
        self.end_line()
        start = self._length
        self.add_words(text)
        self.end_line()
        if frame:
            if self._frame and self._frame[-1].end == start - 1:
                start = self._frame.pop().start
            self._frame.append(Span(start, self._length - 1))

    def add_words(self, text: str) -> None:
        """A part of a line, which stays open for more."""
        self._parts.append(text)
        self._length += len(text)

    def end_line(self) -> None:
        """End the line that is open, if one is."""
        if self._parts and not self._parts[-1].endswith("\n"):
            self.add_words("\n")

    def add_table(self, grid: Grid) -> None:
        """A table: one line a row, cells separated by a tab, a merged cell printed where it begins."""
        self.end_line()
        spans: dict[int, Span] = {}
        rows = []
        for row in grid.rows:
            for i, cell in enumerate(row):
                self.add_words("\t" if i else "")
                if cell not in spans:
                    spans[cell] = Span(self._length, self._length + len(grid.texts[cell]))
                    self.add_words(grid.texts[cell])
            rows.append(tuple(spans[cell] for cell in row))
            self.add_words("\n")
        self._tables.append(Table(tuple(rows)))

    def end_page(self) -> None:
        """The page that began at the start or behind the page before ends here."""
        self._pages.append(Span(self._pages[-1].end if self._pages else 0, self._length))

    def content(self, encoding: str = "utf-8") -> Content:
        """All that was added."""
        return Content("".join(self._parts), encoding, tuple(self._frame), tuple(self._tables), tuple(self._pages))


def one_line(lines: Iterable[str]) -> str:
    """The lines of a table cell as one, so that a row stays a line and a tab stays a separator."""
    return " ".join(" ".join(line.split()) for line in lines if line.strip())
