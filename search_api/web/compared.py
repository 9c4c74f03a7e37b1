"""A text with its differences from another one marked in it, for reading on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search_api.differences import REWORDED, Change, Segment, likeness

_LONGEST_EQUAL = 120
"""Characters of an equal stretch that are shown in full; of a longer one the ends are, since changes are what is looked for."""
_END_OF_EQUAL = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch to show: `left` was written in the text that is compared with, `right` stands in this one instead."""

    change: Change
    left: str
    right: str


def marked(left: str, right: str, segments: Sequence[Segment], whole: bool = False) -> tuple[Piece, ...]:
    """`right` in pieces, with what `left` had besides; none where the two are so unlike that marks would be everywhere.

    Long equal stretches are shortened, unless the `whole` text is wanted.
    """
    return tuple(_pieces(left, right, segments, whole)) if likeness(segments) >= REWORDED else ()


def stretches(left: str, right: str, segments: Sequence[Segment]) -> Iterator[tuple[str, bool]]:
    """`left` cut where the two begin or cease to differ: each stretch, and whether `right` differs in it."""
    for segment in segments:
        one, other = _sides(left, right, segment)
        if one:
            yield one, segment.change is not Change.EQUAL and _letters(one) != _letters(other)


def _sides(left: str, right: str, segment: Segment) -> tuple[str, str]:
    return left[segment.left.start : segment.left.end], right[segment.right.start : segment.right.end]


def _pieces(left: str, right: str, segments: Sequence[Segment], whole: bool) -> Iterator[Piece]:
    for segment in segments:
        one, other = _sides(left, right, segment)
        if segment.change is Change.MOVED:
            if other:  # shown once, where it stands now
                yield Piece(segment.change, "", other)
        elif segment.change is Change.EQUAL or _letters(one) == _letters(other):
            yield Piece(Change.EQUAL, "", other if whole else _shortened(other))
        else:
            yield Piece(segment.change, one, other)


def _letters(text: str) -> str:
    """What punctuation and white space make no difference to."""
    return "".join(character for character in text if character.isalnum())


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_EQUAL else f"{text[:_END_OF_EQUAL]}……{text[-_END_OF_EQUAL:]}"
