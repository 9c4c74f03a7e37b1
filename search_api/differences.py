"""How two provisions differ, in phrases that a reader takes in at a glance.

Words are aligned, not characters: both texts are folded and cut into words, dates and quantities whole. What is left equal
between two changes is made part of them where it is too short to help (要 between two phrases that were reworded), and what was
added or left out is moved to the boundary of a clause where the words allow it (加强培训， and not 培训，加强). A clause
that stands elsewhere in the other text is said to have moved.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from analyzers.folding import fold_with_offsets
from corpus.model import Span

LONGEST_IN_WORDS = 5_000
"""Characters up to which texts are compared word by word; longer ones are compared by clauses, which bounds the time."""

REWORDED = 0.3
"""Likeness below which the phrases that differ would be nearly all of the text."""

_SHORTEST_MOVE = 6
"""Letters of a clause that can be said to have moved: 加强领导 stands anywhere."""
_LONGEST_ISLAND = 3
"""Letters that may stand equal between two longer changes and yet be made part of them."""

_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?[万亿]?|百分之[一二三四五六七八九十百]+|[〇零一二两三四五六七八九十百千万]+)"
_COUNTED = r"(?:个?工作日|个?小时|个月|个百分点|季度|学时|课时|[万亿]?元|[年月日天周次项个名人件条家份场期批轮部篇户所倍分处级]|%)"
_QUANTITY = re.compile(
    rf"""
      (?: 第? (?: {_NUMBER}{_COUNTED} | [0-9]+(?:\.[0-9]+)? )     # 20个工作日, 三项, 85; 一公开 is a name, because nothing is counted
          (?: [底末初] | [上中下]旬 )?
      )+                                                         # 2018年12月底
      (?: 以[前上下内] | 之前 | [前内] )?                        # 85%以上, 12月底前
    | 年[底末内]前?                                              # 年底前
    """,
    re.X,
)
_TIME = re.compile("[年月日天周]|小时|季度")
_CLAUSE = re.compile(r"[^。；;，,：:！？!?]*[。；;，,：:！？!?]*")
_CLAUSE_MARKS = frozenset("。；;，,：:！？!?\n")

Cut = Callable[[str], list[str]]
"""Cuts folded text into words that make it up: `Analyzer.cut`."""


class Change(StrEnum):
    """What became of a stretch of the left text in the right one."""

    EQUAL = "equal"
    ADDED = "added"
    MISSING = "missing"
    CHANGED = "changed"
    QUANTITY = "quantity"
    """Changed in a number or date: 15日 → 20个工作日."""
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of both texts; the spans of all segments, in order, make up each raw text from end to end.

    `left` is empty where something was added, `right` where it is missing. What has moved is two segments, one with each
    span; `counterpart` is the place of the other.
    """

    change: Change
    left: Span
    right: Span
    counterpart: int | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A difference in words; one side is empty where something was added or is missing."""

    change: Change
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class _Words:
    """A text as words, and where each begins in the raw text; one more start says where it ends."""

    words: list[str]
    starts: list[int]

    def span(self, first: int, last: int) -> Span:
        return Span(self.starts[first], self.starts[last])


@dataclass(frozen=True, slots=True)
class _Run:
    """Words `i1` to `i2` of the left text against `j1` to `j2` of the right one."""

    equal: bool
    i1: int
    i2: int
    j1: int
    j2: int
    moved: bool = False


def compare(left: str, right: str, cut: Cut) -> tuple[Segment, ...]:
    """The segments of two texts, `left` the one that is asked about. 1 ms for 200 characters."""
    longest = max(len(left), len(right))
    a, b = (_words(text, cut if longest <= LONGEST_IN_WORDS else _CLAUSE.findall) for text in (left, right))
    runs = _runs(a.words, b.words)
    runs = _without_islands(runs, a.words, b.words)
    runs = _at_boundaries(runs, a.words, b.words)
    runs = _with_moves(runs, a.words, b.words)
    runs = _around_quantities(runs, a.words, b.words)
    segments = [Segment(_change(run, a.words, b.words), a.span(run.i1, run.i2), b.span(run.j1, run.j2)) for run in runs]
    return tuple(_paired(segments, runs, a.words, b.words))


def phrases(left: str, right: str, segments: Sequence[Segment]) -> tuple[Phrase, ...]:
    """What differs, in words: what has moved once, and what differs in punctuation alone not at all."""
    found: list[Phrase] = []
    for place, segment in enumerate(segments):
        if segment.change is Change.EQUAL or (segment.counterpart is not None and segment.counterpart < place):
            continue
        here = (segment, segment if segment.counterpart is None else segments[segment.counterpart])
        one = _shown("".join(left[part.left.start : part.left.end] for part in dict.fromkeys(here)))
        other = _shown("".join(right[part.right.start : part.right.end] for part in dict.fromkeys(here)))
        if segment.change is Change.MOVED or _letters(one) != _letters(other):
            found.append(Phrase(segment.change, one, other))
    return tuple(found)


def likeness(segments: Sequence[Segment]) -> float:
    """The share of both texts, by characters, that is equal or has only moved: 0 to 1."""
    lengths = [(s.change, s.left.end - s.left.start + s.right.end - s.right.start) for s in segments]
    whole = sum(length for _, length in lengths)
    alike = sum(length for change, length in lengths if change in (Change.EQUAL, Change.MOVED))
    return alike / whole if whole else 1.0


def _words(text: str, cut: Cut) -> _Words:
    folded, offsets = fold_with_offsets(text)
    words: list[str] = []
    starts: list[int] = []
    at = 0
    for word in _cut(folded, cut):
        start = offsets[at]
        if starts and start == starts[-1]:  # one character of the text that folds to several: ㈱ → (株)
            words[-1] += word
        else:
            words.append(word)
            starts.append(start)
        at += len(word)
    if text and not words:  # nothing but what folding drops
        words.append(text)
    return _Words(words, [0, *starts[1:], len(text)] if words else [0])


def _cut(folded: str, cut: Cut) -> Iterator[str]:
    at = 0
    for quantity in _QUANTITY.finditer(folded):
        yield from filter(None, cut(folded[at : quantity.start()]))
        yield quantity[0]
        at = quantity.end()
    yield from filter(None, cut(folded[at:]))


def _runs(a: list[str], b: list[str]) -> list[_Run]:
    """Equal and differing runs in turn."""
    found = SequenceMatcher(None, a, b).get_opcodes()
    return [_Run(tag == "equal", i1, i2, j1, j2) for tag, i1, i2, j1, j2 in found]


def _joined(runs: Sequence[_Run]) -> list[_Run]:
    """The runs without empty ones, and neighbours of one kind as one."""
    joined: list[_Run] = []
    for run in runs:
        if run.i1 == run.i2 and run.j1 == run.j2:
            continue
        if joined and (joined[-1].equal, joined[-1].moved) == (run.equal, run.moved) == (run.equal, False):
            run = replace(joined.pop(), i2=run.i2, j2=run.j2)
        joined.append(run)
    return joined


def _without_islands(runs: Sequence[_Run], a: list[str], b: list[str]) -> list[_Run]:
    """The runs with what is equal, but too short to help, made part of the changes around it."""
    texts = [("".join(a[run.i1 : run.i2]), "".join(b[run.j1 : run.j2])) for run in runs]
    sizes = [max(len(_letters(one)), len(_letters(other))) for one, other in texts]
    kept: list[_Run] = []
    for place, run in enumerate(runs):
        beside = [near for near in (place - 1, place + 1) if 0 <= near < len(runs)]
        parts = bool(_CLAUSE_MARKS & set(texts[place][0])) or any(_is_quantity(*texts[near]) for near in beside)
        few = sizes[place] <= _LONGEST_ISLAND and sizes[place] < min((sizes[near] for near in beside), default=0)
        between = len(beside) == 2 and few and not parts
        lone = sizes[place] == 1 and beside
        kept.append(replace(run, equal=False) if run.equal and (lone or between) else run)
    return _joined(kept)


def _is_quantity(one: str, other: str) -> bool:
    """Whether one quantity stands for another of its sort: a time for a time (15日, 20个工作日), a number for a number."""
    both = _QUANTITY.fullmatch(one) and _QUANTITY.fullmatch(other)
    return bool(both) and bool(_TIME.search(one)) == bool(_TIME.search(other))


def _around_quantities(runs: Sequence[_Run], a: list[str], b: list[str]) -> list[_Run]:
    """The runs with changes from one quantity to another apart from what else changed beside them."""
    parted: list[_Run] = []
    for run in runs:
        i, j = run.i1, run.j1
        one = [place for place in range(run.i1, run.i2) if _QUANTITY.fullmatch(a[place])]
        other = [place for place in range(run.j1, run.j2) if _QUANTITY.fullmatch(b[place])]
        if not run.equal and len(one) == len(other):
            for p, q in zip(one, other, strict=True):
                if a[p] != b[q] and _is_quantity(a[p], b[q]):
                    parted += [_Run(False, i, p, j, q), _Run(False, p, p + 1, q, q + 1)]
                    i, j = p + 1, q + 1
        parted.append(replace(run, i1=i, j1=j))
    return [run for run in parted if run.i1 < run.i2 or run.j1 < run.j2]


def _at_boundaries(runs: list[_Run], a: list[str], b: list[str]) -> list[_Run]:
    """The runs with each addition and omission shifted along equal words to where a clause begins or ends."""
    shifted = list(runs)
    for place in range(1, len(runs) - 1):
        before, run, after = shifted[place - 1 : place + 2]
        if run.equal or (run.i1 < run.i2 and run.j1 < run.j2):
            continue
        words, start, stop = (b, run.j1, run.j2) if run.i1 == run.i2 else (a, run.i1, run.i2)
        shift = _best_shift(words, start, stop, before.i2 - before.i1, after.i2 - after.i1)
        moved = _Run(False, run.i1 + shift, run.i2 + shift, run.j1 + shift, run.j2 + shift)
        shifted[place - 1 : place + 2] = [
            replace(before, i2=moved.i1, j2=moved.j1),
            moved,
            replace(after, i1=moved.i2, j1=moved.j2),
        ]
    return _joined(shifted)


def _best_shift(words: list[str], start: int, stop: int, left: int, right: int) -> int:
    """By how many words an insertion can be shifted, at most `left` back or `right` on, to end up between clauses."""

    def between_clauses(shift: int) -> int:
        first, last = start + shift, stop + shift
        return (first == 0 or words[first - 1][-1] in _CLAUSE_MARKS) + (words[last - 1][-1] in _CLAUSE_MARKS)

    shifts = [0]
    while -shifts[-1] < left and words[start + shifts[-1] - 1] == words[stop + shifts[-1] - 1]:
        shifts.append(shifts[-1] - 1)
    forward = 0
    while forward < right and words[start + forward] == words[stop + forward]:
        forward += 1
        shifts.append(forward)
    return max(shifts, key=lambda shift: (between_clauses(shift), -abs(shift)))


def _with_moves(runs: list[_Run], a: list[str], b: list[str]) -> list[_Run]:
    """The runs with whole clauses that are missing here and added there as runs of their own."""
    missing = _clauses(a, [(run.i1, run.i2) for run in runs if run.j1 == run.j2])
    added = _clauses(b, [(run.j1, run.j2) for run in runs if run.i1 == run.i2])
    both = missing.keys() & added.keys()
    if not both:
        return runs
    gone, come = ({clauses[key] for key in both} for clauses in (missing, added))
    parted: list[_Run] = []
    for run in runs:
        if run.j1 == run.j2:
            for first, last in _parts(run.i1, run.i2, gone):
                parted.append(_Run(False, first, last, run.j1, run.j2, moved=(first, last) in gone))
        elif run.i1 == run.i2:
            for first, last in _parts(run.j1, run.j2, come):
                parted.append(_Run(False, run.i1, run.i2, first, last, moved=(first, last) in come))
        else:
            parted.append(run)
    return _joined(parted)


def _clauses(words: list[str], stretches: Sequence[tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The whole clauses in stretches of words, by their letters."""
    found: dict[str, tuple[int, int]] = {}
    for start, stop in stretches:
        first = start
        for place in range(start, stop):
            if words[place][-1] in _CLAUSE_MARKS or place == stop - 1:
                letters = _letters("".join(words[first : place + 1]))
                if len(letters) >= _SHORTEST_MOVE:
                    found.setdefault(letters, (first, place + 1))
                first = place + 1
    return found


def _parts(start: int, stop: int, inner: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A stretch cut at the stretches inside it."""
    bounds = {start, stop, *(bound for pair in inner if start <= pair[0] and pair[1] <= stop for bound in pair)}
    yield from pairwise(sorted(bounds))


def _change(run: _Run, a: list[str], b: list[str]) -> Change:
    if run.equal:
        return Change.EQUAL
    if run.moved:
        return Change.MOVED
    if run.i1 == run.i2:
        return Change.ADDED
    if run.j1 == run.j2:
        return Change.MISSING
    one, other = "".join(a[run.i1 : run.i2]), "".join(b[run.j1 : run.j2])
    return Change.QUANTITY if _is_quantity(one, other) else Change.CHANGED


def _paired(segments: list[Segment], runs: Sequence[_Run], a: list[str], b: list[str]) -> Iterator[Segment]:
    """The segments, each that has moved with the place of its counterpart."""
    places: dict[tuple[bool, str], int] = {}
    keys: list[tuple[bool, str]] = []
    for place, run in enumerate(runs):
        key = (run.i1 < run.i2, _letters("".join(a[run.i1 : run.i2] or b[run.j1 : run.j2])))
        keys.append(key)
        if run.moved:
            places[key] = place
    for segment, (gone, letters), run in zip(segments, keys, runs, strict=True):
        yield replace(segment, counterpart=places[not gone, letters]) if run.moved else segment


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _shown(text: str) -> str:
    return "".join(text.split())
