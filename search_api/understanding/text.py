"""A query as the stages read it: folded, with what has been read blanked, so that nothing is read twice."""

from collections.abc import Callable, Collection, Iterator

from corpus.model import Span
from indexer.parsing.lines import FoldedText

TAKEN = "\0"
"""Stands in `QueryText.open` for a character that has been read or is to be left as it is."""


class QueryText:
    """A query in folded form (see `FoldedText`); offsets are into the folded text.

    `text` is all of it, `open` the same with what is taken blanked. Texts of `plain` are taken from the start.
    """

    def __init__(self, query: str, plain: Collection[str] = ()) -> None:
        self.query = query
        folded = FoldedText(
            "".join(" " if character.isspace() or character == TAKEN else character for character in query)
        )
        self._folded = folded
        self.text = folded.text
        self.open = folded.text
        for left in plain:
            self._take_all(FoldedText(left).text)

    def take(self, start: int, end: int) -> None:
        """Blank a stretch of `open`."""
        self.open = self.open[:start] + TAKEN * (end - start) + self.open[end:]

    def span(self, start: int, end: int) -> Span:
        """The stretch of the query from the first to the last character of a folded one."""
        return self._folded.span(start, end)

    def printed(self, start: int, end: int) -> str:
        """A stretch as typed."""
        span = self.span(start, end)
        return self.query[span.start : span.end]

    def ends_at(self, at: int) -> bool:
        """Whether a word ends or begins before the character at `at`: by an end, a space, a mark or what was read."""
        if at <= 0 or at >= len(self.text) or self.spaced(at):
            return True
        return not (self.open[at - 1].isalnum() and self.open[at].isalnum())

    def spaced(self, at: int) -> bool:
        """Whether white space was typed before the character at `at`."""
        return 0 < at < len(self.text) and self._folded.offsets[at] > self._folded.offsets[at - 1] + 1

    def stretches(self) -> Iterator[tuple[int, int]]:
        """Where `open` has letters and digits without white space, mark or blank between them."""
        start = 0
        for at in range(1, len(self.open) + 1):
            if at == len(self.open) or self.ends_at(at):
                if self.open[start].isalnum():
                    yield start, at
                start = at

    def _take_all(self, left: str) -> None:
        at = self.open.find(left) if left else -1
        while at >= 0:
            self.take(at, at + len(left))
            at = self.open.find(left, at + len(left))


def occurrences(text: str, is_name: Callable[[str], bool], longest: int) -> Iterator[tuple[int, int]]:
    """Where names of two to `longest` characters stand in a text: from the left, the longest first, none overlapping."""
    at = 0
    while at < len(text) - 1:
        ends = range(min(len(text), at + longest), at + 1, -1)
        end = next((end for end in ends if is_name(text[at:end])), None)
        if end is not None:
            yield at, end
        at = end or at + 1
