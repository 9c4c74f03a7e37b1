"""A paragraph that page breaks may have torn into several pieces, read as one text."""

from dataclasses import dataclass
from functools import cached_property

from indexer.parsing.lines import FoldedText, Line

Pieces = list[tuple[int, int]]


@dataclass(frozen=True)
class Stretch:
    """Pieces of folded text, (start, end) each, that belong together; offsets into `text` run over all of them."""

    folded: FoldedText
    pieces: tuple[tuple[int, int], ...]

    @classmethod
    def of_lines(cls, folded: FoldedText, lines: list[Line]) -> "Stretch":
        """The stretch that whole lines make."""
        return cls(folded, tuple((line.start, line.end) for line in lines))

    @cached_property
    def text(self) -> str:
        """The folded text of all pieces."""
        return "".join(self.folded.text[start:end] for start, end in self.pieces)

    def cut(self, start: int, end: int | None = None) -> "Stretch":
        """The part from `start` to `end`, offsets into `text`."""
        found: Pieces = []
        at, stop = 0, len(self.text) if end is None else end
        for piece_start, piece_end in self.pieces:
            low, high = max(start, at), min(stop, at + piece_end - piece_start)
            if low < high:
                found.append((piece_start + low - at, piece_start + high - at))
            at += piece_end - piece_start
        return Stretch(self.folded, tuple(found))

    @property
    def printed(self) -> str:
        """The words as the source prints them, torn ends joined."""
        return "".join(self.folded.printed(start, end) for start, end in self.pieces)

    def __bool__(self) -> bool:
        return bool(self.pieces)
