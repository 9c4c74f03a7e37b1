"""Provisions that most comparable notices have and a draft lacks.

Comparable is a notice of the same family of document types (工作要点, 工作安排, …; `families.tsv`) and of near years that has
something close to several provisions of the draft: that tells that both are about the same better than words of their titles do.
Of each district one notice counts, that which shares most with the draft, and those of the draft's own city and province come first.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import ceil

import numpy as np
from numpy.typing import NDArray

from analyzers.embedding import FloatArray
from corpus.citation import Citation, cite
from corpus.model import ItemKind, Notice, TaskItem
from indexer.index.keys import plan_years
from indexer.index.protocol import Index
from search_api.districts import District, district
from search_api.drafting.closeness import CLOSE, Closeness, compared_text
from search_api.drafting.draft import Draft

FEWEST_NOTICES = 4
"""Comparable notices from which something can be said to be missing."""
SHARE = 0.5
"""Share of the comparable notices that must have a provision."""
COVERED = 0.12
"""Least closeness of an item of the draft by which a provision is not missing: below CLOSE, for a false alarm costs more than a
gap that nobody is told of (docs/drafting.md)."""

_FEWEST_HAVING = 3
"""Comparable notices that must have a provision, however few there are: a city and a district that copies it are no majority."""
_MOST_NOTICES = 12
_MOST_ITEMS = 200
"""Items of a comparable notice that are looked at."""
_YEARS = 3
"""How many years before or after the draft a comparable notice may plan for."""
_LEAST_SHARED = 0.1
"""Share of the draft's provisions to which a comparable notice must have a close one, and two at least."""
_MOST_MISSING = 30


@dataclass(frozen=True, slots=True)
class HeldProvision:
    """A held item with its notice and citation: evidence of what is said about a draft."""

    notice: Notice
    item: TaskItem
    citation: Citation


@dataclass(frozen=True, slots=True)
class Missing:
    """A provision that the draft lacks, as comparable notices write it: the most typical first, one of each notice."""

    provisions: tuple[HeldProvision, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What the draft lacks, most frequent first, and the notices that it was compared with.

    Where these are fewer than FEWEST_NOTICES, nothing can be told, and nothing is.
    """

    comparable: tuple[Notice, ...]
    missing: tuple[Missing, ...]

    @property
    def can_tell(self) -> bool:
        """Whether there were enough comparable notices."""
        return len(self.comparable) >= FEWEST_NOTICES


def find_gaps(draft: Draft, close_in: Mapping[str, int], index: Index, closeness: Closeness) -> Gaps:
    """What comparable notices have and the draft lacks. `close_in`: to how many items each notice has a close one, by notice id."""
    comparable = _comparable(draft, close_in, index)
    if len(comparable) < FEWEST_NOTICES:
        return Gaps(comparable, ())
    held = [
        HeldProvision(parsed.notice, item, cite(parsed.notice, item))
        for parsed in (index.notice(notice.id) for notice in comparable)
        for item in parsed.items[:_MOST_ITEMS]
        # What every plan says in its own words (指导思想, 总体目标) is nobody's gap.
        if item.kind in (ItemKind.TASK, ItemKind.RESULT)
    ]
    texts = [compared_text(one.item.heading, one.item.text) for one in held]
    own = [compared_text(item.heading, item.text) for item in draft.items]
    covered = closeness.between(texts, own).max(axis=1, initial=0.0) >= COVERED
    owners = np.array([comparable.index(one.notice) for one in held], np.int_)
    least = max(_FEWEST_HAVING, ceil(len(comparable) * SHARE))
    groups = _groups(closeness.between(texts, texts), owners, covered, least)
    return Gaps(comparable, tuple(Missing(tuple(held[place] for place in group)) for group in groups))


def _groups(close: FloatArray, owners: NDArray[np.int_], covered: NDArray[np.bool_], least: int) -> list[list[int]]:
    """Places of items that say the same in at least `least` notices, the one that most others are close to first.

    Greedy: the item with the closest ones in most notices takes these with it, then the next. A group that an item of the draft
    is close to, in whichever notice's wording, is not missing.
    """
    near = close >= CLOSE
    np.fill_diagonal(near, val=True)
    left = np.ones(len(owners), bool)
    groups: list[list[int]] = []
    while len(groups) < _MOST_MISSING:
        open_ = near & left[None, :]
        support = [len(set(owners[row])) if free else 0 for row, free in zip(open_, left, strict=True)]
        centre = int(np.argmax(support)) if support else 0
        if not support or support[centre] < least:
            return groups
        members = np.flatnonzero(open_[centre])
        left[members] = False
        if not covered[members].any():
            groups.append(_one_each(members, owners, close[centre]))
    return groups


def _one_each(members: NDArray[np.intp], owners: NDArray[np.int_], close: FloatArray) -> list[int]:
    """The member closest to the centre of each notice, closest first."""
    best: dict[int, int] = {}
    for place in sorted(members.tolist(), key=lambda place: -close[place]):
        best.setdefault(int(owners[place]), place)
    return list(best.values())


def _comparable(draft: Draft, close_in: Mapping[str, int], index: Index) -> tuple[Notice, ...]:
    """The notices to compare with, those of the same place first, then those that share most."""
    own = draft.notice
    held = [record.notice for record in index.records(sorted(close_in))]
    alike = [one for one in held if family(one.doc_type) == family(own.doc_type) and _apart(one, own) <= _YEARS]
    shared = Counter[District]()
    best: dict[District, Notice] = {}
    for notice in sorted(alike, key=lambda one: (-close_in[one.id], _apart(one, own), one.id)):
        shared[district(notice)] += close_in[notice.id]
        best.setdefault(district(notice), notice)
    least = max(2, _LEAST_SHARED * len(draft.items))
    enough = [notice for place, notice in best.items() if shared[place] >= least]
    return tuple(sorted(enough, key=lambda one: (_distance(one, own), -shared[district(one)], one.id))[:_MOST_NOTICES])


def family(doc_type: str | None) -> str | None:
    """The family of a document type; a type of its own where the table has none."""
    return _families().get(doc_type or "", doc_type)


@cache
def _families() -> Mapping[str, str]:
    text = resources.files("search_api.drafting").joinpath("families.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {row[0]: row[1] for row in rows[1:]}


def _apart(one: Notice, other: Notice) -> int:
    """The years between two notices, 0 where their plan years overlap or are not known."""
    left, right = plan_years(one), plan_years(other)
    if not left or not right:
        return 0
    return max(0, left[0] - right[-1], right[0] - left[-1])


def _distance(one: Notice, other: Notice) -> int:
    """0 in the same city, 1 in the same province, 2 elsewhere or where it is not known."""
    if one.city and one.city == other.city:
        return 0
    return 1 if one.province and one.province == other.province else 2
