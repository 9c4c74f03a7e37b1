"""What a model is trained on: texts of the holdings that belong together, and ones that only look as if they did.

    anchor     行政执法三项制度                                  heading of an item
    positive   全面推行行政执法公示制度、执法全过程记录制度……       its text
    negative   完善行政执法案卷评查制度，每年评查两次……            shares words with the anchor, but says something else

    anchor     a provision of one notice
    positive   the same provision as another district has reworded it: 3-gram overlap of 0.2 to 0.85
    negative   as above

More overlap needs no model to be seen, and less is often another provision. BM25 finds both, so that each item costs one query.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzers.terms import Analyzer
from corpus.model import TaskItem
from indexer.analysis import embedded_text
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from indexer.shingles import NEAR_IDENTICAL, Shingles, overlap, shingles

_REWORDED = 0.2
_UNRELATED = 0.15
"""Most overlap of a negative with the positive and with the anchor."""
_DEPTH = 40
_HARD = slice(10, _DEPTH)
"""Ranks of BM25 that negatives come from: what is further up answers the anchor too often."""
_TWINS = 3
"""Reworded provisions of one item, at most: a text that everybody has copied must not crowd out the others."""
_SHORTEST = 10
"""Characters that a text must have to say something without its heading."""
_HELD_OUT = 0.15
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Example:
    """Two texts that belong together and one that does not, with the notices of the first two."""

    anchor: str
    positive: str
    negative: str
    notices: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Split:
    """Examples to train on, and examples of notices that no training example touches."""

    training: tuple[Example, ...]
    held_out: tuple[Example, ...]


def find_examples(index: Index, analyzer: Analyzer, seed: int) -> Iterator[Example]:
    """The examples that the items of an index give, item by item; the same ones each time for a `seed`."""
    for item in _items(index):
        choice = random.Random(f"{seed} {item.id}")
        text = embedded_text(item)
        own = shingles(text)
        found = _like(index, analyzer, text, item.notice_id)
        others = [(other, shingles(embedded_text(other))) for other in found]
        twins = [(other, held) for other, held in others if _REWORDED <= overlap(own, held) < NEAR_IDENTICAL]
        for twin, held in twins[:_TWINS]:
            if negative := _negative(others[_HARD], (own, held), choice):
                yield Example(text, embedded_text(twin), negative, (item.notice_id, twin.notice_id))
        if heading := _heading(item):
            by_heading = _like(index, analyzer, heading, item.notice_id)
            candidates = [(other, shingles(embedded_text(other))) for other in by_heading[_HARD]]
            if negative := _negative(candidates, (own,), choice):
                yield Example(heading, _without(heading, text), negative, (item.notice_id, item.notice_id))


def split(examples: Sequence[Example]) -> Split:
    """Hold out about every seventh notice, always the same; examples that join it with another one are left aside."""
    held = {name: _is_held_out(name) for example in examples for name in example.notices}
    sides = [{held[name] for name in example.notices} for example in examples]
    return Split(
        tuple(example for example, side in zip(examples, sides, strict=True) if side == {False}),
        tuple(example for example, side in zip(examples, sides, strict=True) if side == {True}),
    )


def all_texts(index: Index) -> list[str]:
    """The embedded texts of all items, each once."""
    return list(dict.fromkeys(embedded_text(item) for item in _items(index)))


def _is_held_out(notice_id: str) -> bool:
    return int(hashlib.sha256(notice_id.encode()).hexdigest()[:8], 16) < _HELD_OUT * 16**8


def _items(index: Index) -> Iterator[TaskItem]:
    total = index.statistics().notices
    for offset in range(0, total, _PAGE):
        for record in index.notices(Filters(), offset, _PAGE)[1]:
            yield from index.notice(record.notice.id).items


def _like(index: Index, analyzer: Analyzer, text: str, notice_id: str) -> list[TaskItem]:
    """Items of other notices that BM25 finds for a text, best first."""
    hits = index.lexical(analyzer.analyse(text), Filters(exclude_notice=(notice_id,)), _DEPTH)
    return index.items([hit.item_id for hit in hits])


def _negative(
    candidates: Sequence[tuple[TaskItem, Shingles]], unlike: Sequence[Shingles], choice: random.Random
) -> str | None:
    fitting = [
        embedded_text(item) for item, held in candidates if all(overlap(held, other) < _UNRELATED for other in unlike)
    ]
    return choice.choice(fitting) if fitting else None


def _without(heading: str, text: str) -> str:
    """The text after its heading where it is run in, unless it says nothing else: the same words would teach nothing."""
    rest = text.removeprefix(heading).lstrip("。：，；:,; \n")
    return rest if len(rest) >= _SHORTEST else text


def _heading(item: TaskItem) -> str | None:
    """The words of the nearest heading, without its label; that of the item itself, or the one above it."""
    words = [step.removeprefix(label.text).strip() for step, label in zip(item.path, item.labels, strict=False)]
    return next((heading for heading in reversed(words) if heading), None)
