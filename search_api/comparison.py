"""Comparison: up to six provisions side by side, what all of them share, and what only one of them has.

The first is the one that the others are held against: the text of each is compared with its text. Names differ where the thing
is the same (区法制办 and the 司法局 that took over from it), see `search_api.similar`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.citation import Citation, cite
from corpus.errors import QueryError
from corpus.model import Notice, TaskItem
from indexer.index.keys import fold_key
from search_api.differences import Cut, Segment, compare
from search_api.similar import Trait, article_traits, target_traits, unit_traits

FEWEST, MOST = 2, 6
"""Provisions that can be compared at once: more columns than six can't be read on a page."""


class Aspect(StrEnum):
    """In what provisions are compared besides their text."""

    UNIT = "unit"
    DEADLINE = "deadline"
    TARGET = "target"
    BASIS = "basis"


@dataclass(frozen=True, slots=True)
class Compared:
    """A provision of a comparison. `differences`: from the text of the first, empty for the first itself."""

    notice: Notice
    item: TaskItem
    citation: Citation
    differences: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that provisions have, as the first of them prints it, and the places of those that have it, from 0 on."""

    aspect: Aspect
    value: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Provisions in the order that was asked for, and their features in the order of the provisions."""

    items: tuple[Compared, ...]
    features: tuple[Feature, ...]

    @property
    def shared(self) -> tuple[Feature, ...]:
        """What all of them have."""
        return tuple(feature for feature in self.features if len(feature.places) == len(self.items))

    def only(self, place: int) -> tuple[Feature, ...]:
        """What the provision at `place` has and no other."""
        return tuple(feature for feature in self.features if feature.places == (place,))


def compare_items(items: Sequence[TaskItem], notices: Mapping[str, Notice], cut: Cut) -> Comparison:
    """Two to six provisions side by side; `notices` has the notice of each by its id, `cut` cuts text into words.

    A provision that is given twice counts once. Raises QueryError where there are fewer than two or more than six.
    """
    distinct = list({item.id: item for item in items}.values())
    check_number(len(distinct))
    first = distinct[0]
    compared = tuple(
        Compared(
            notice=notices[item.notice_id],
            item=item,
            citation=cite(notices[item.notice_id], item),
            differences=() if item is first else compare(first.text, item.text, cut),
        )
        for item in distinct
    )
    features = tuple(feature for aspect, traits in _TRAITS.items() for feature in _features(aspect, traits, distinct))
    return Comparison(compared, features)


def check_number(items: int) -> None:
    """Raises QueryError unless so many provisions can be compared."""
    if not FEWEST <= items <= MOST:
        raise QueryError(
            f"一次可以比较 {FEWEST} 至 {MOST} 条不同的条款，现在给了 {items} 条。请增减后重试。", code="bad_comparison"
        )


def _features(
    aspect: Aspect, traits: Callable[[TaskItem], Iterator[Trait]], items: Sequence[TaskItem]
) -> Iterator[Feature]:
    found: list[tuple[str, frozenset[str], dict[int, None]]] = []
    for place, item in enumerate(items):
        for value, keys in traits(item):
            same = next((one for one in found if one[1] & keys), None)
            if same is None:
                found.append((value, keys, {place: None}))
            else:
                same[2][place] = None
    for value, _, places in found:
        yield Feature(aspect, value, tuple(places))


def _deadlines(item: TaskItem) -> Iterator[Trait]:
    for deadline in (item.schedule,) if item.schedule else item.deadlines:
        yield deadline, frozenset({fold_key(deadline)})


_TRAITS: Mapping[Aspect, Callable[[TaskItem], Iterator[Trait]]] = {
    Aspect.UNIT: unit_traits,
    Aspect.DEADLINE: _deadlines,
    Aspect.TARGET: target_traits,
    Aspect.BASIS: article_traits,
}
