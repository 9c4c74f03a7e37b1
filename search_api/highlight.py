"""Where the query's words stand in the raw text of an item."""

from bisect import bisect_left

from analyzers.folding import fold_with_offsets
from search_api.matching import Wanted
from search_api.results import Highlight

_FRAGMENT = 120
"""Characters of a fragment: about three lines of the page."""
_FRAGMENTS = 2
_LONGEST_TERM_RUN = 3
"""Characters that bigrams alone must cover in a row to be marked: single bigrams (行政) are everywhere."""


def find_marks(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Ranges of the raw text that the query matched: words, what they are expanded to, runs of bigrams; merged, in order."""
    folded, offsets = fold_with_offsets(text)
    covered = bytearray(len(folded))
    for word in _sought(wanted):
        at = folded.find(word)
        while at >= 0:
            covered[at : at + len(word)] = b"\x01" * len(word)
            at = folded.find(word, at + 1)
    bigrams = {gram for gram in wanted.terms.grams if len(gram) == 2}
    start = 0
    for i in range(len(folded) - 1):
        if folded[i : i + 2] not in bigrams:
            start = i + 1
        elif i + 2 - start >= _LONGEST_TERM_RUN:
            covered[start : i + 2] = b"\x01" * (i + 2 - start)
    return _merged(covered, offsets)


def highlight(text: str, wanted: Wanted) -> tuple[Highlight, ...]:
    """The fragments of the raw text with most marks, in order; the beginning of the text where nothing matched."""
    marks = find_marks(text, wanted)
    if len(text) <= _FRAGMENT * _FRAGMENTS:
        return (Highlight(text, tuple(marks)),)
    starts: list[int] = []
    for _ in range(_FRAGMENTS if marks else 1):
        left = [mark for mark in marks if not any(s <= mark[0] < s + _FRAGMENT for s in starts)]
        if starts and not left:
            break
        starts.append(_best_start(text, left, starts))
    return tuple(_fragment(text, start, marks) for start in sorted(starts))


def _sought(wanted: Wanted) -> set[str]:
    added = (expansion for one in wanted.expanded for expansion in one.expansions)
    return {word for word in (*wanted.terms.words, *added) if len(word) > 1}


def _merged(covered: bytearray, offsets: list[int]) -> list[tuple[int, int]]:
    marks: list[tuple[int, int]] = []
    for i, hit in enumerate(covered):
        if not hit:
            continue
        if i and covered[i - 1] and marks:
            marks[-1] = (marks[-1][0], offsets[i] + 1)
        else:
            marks.append((offsets[i], offsets[i] + 1))
    return marks


def _best_start(text: str, marks: list[tuple[int, int]], taken: list[int]) -> int:
    """Start of the window that covers most marked characters, moved back to the beginning of its sentence if near."""
    best, best_score = 0, -1
    ends = [mark[1] for mark in marks]
    for start, _ in marks:
        stop = bisect_left(ends, start + _FRAGMENT)
        score = sum(b - a for a, b in marks[:stop] if a >= start)
        if score > best_score:
            best, best_score = start, score
    floor = max((t + _FRAGMENT for t in taken if t <= best), default=0)
    sentence = max(text.rfind(stop, floor, best) for stop in "。；\n,，") + 1
    return max(floor, sentence if best - sentence <= _FRAGMENT // 4 else best - 8)


def _fragment(text: str, start: int, marks: list[tuple[int, int]]) -> Highlight:
    end = min(len(text), start + _FRAGMENT)
    inside = [(max(a, start), min(b, end)) for a, b in marks if a < end and b > start]
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(lead) - start
    return Highlight(lead + text[start:end] + tail, tuple((a + shift, b + shift) for a, b in inside))
