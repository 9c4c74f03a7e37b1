"""Near-identical wording: which hits of a page say the same, and who else uses the wording.

Wording that was copied from an upper plan stands in hundreds of districts. On a page its copies fold into the first of
them; counted it is over all that is held, whatever the filters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.model import Notice, TaskItem
from indexer.index.keys import plan_years
from indexer.index.protocol import Index, Wordings
from indexer.shingles import (
    ESTIMATE_ERROR,
    NEAR_IDENTICAL,
    Shingles,
    Wording,
    estimated_overlap,
    near_identical,
    overlap,
    shingles,
    wording,
)
from search_api.districts import district

_MOST_USERS = 10_000
"""Items that share bands with those of one page and are looked at."""
_MOST_COMPARED = 50
"""Items whose texts are read for one wording because the sketches leave it open."""
_MOST_MEMBERS = 20
_DOUBT = 2 * ESTIMATE_ERROR
"""How far from the threshold an estimate leaves it open whether two texts are near-identical."""

_NO_YEAR = 9999

# The same provisions come up in one search after another.
_shingles = lru_cache(maxsize=1024)(shingles)
_wording = lru_cache(maxsize=4096)(wording)


class NearIdentical:
    """Items of a page in the order of their ranks, each with the later ones that are near-identical to it."""

    def __init__(self) -> None:
        self._first: dict[str, Shingles] = {}

    def first(self, item: TaskItem) -> str:
        """Id of the earliest item that `item` is near-identical to; its own where it is the first of its wording."""
        found = _shingles(item.text)
        for item_id, held in self._first.items():
            if near_identical(found, held):
                return item_id
        self._first[item.id] = found
        return item.id


@dataclass(frozen=True, slots=True)
class FirstUse:
    """The item that used a wording first: that of the earliest plan year, or date where none is known."""

    item_id: str
    notice: Notice


@dataclass(frozen=True, slots=True)
class Usage:
    """How many districts, notices and items use a wording, itself included; `at_least`: and perhaps more.

    `members` are ids of near-identical items without the one that was asked for, oldest first, 20 at most.
    """

    districts: int
    notices: int
    items: int
    first: FirstUse
    members: tuple[str, ...]
    at_least: bool = False


def usages(items: Sequence[TaskItem], index: Index) -> dict[str, Usage]:
    """Who uses the wording of each of these held items, over the whole index; by item id, those without letters left out."""
    asked = {item.id: _wording(item.text) for item in items}
    bands = {band for one in asked.values() for band in one.bands}
    candidates = index.sharing(sorted(bands), _MOST_USERS)
    at_least = len(candidates.item_ids) == _MOST_USERS
    users = {
        item_id: {candidates.item_ids[place]: candidates.notice_ids[place] for place in places}
        for item_id, places in _near_identical(items, asked, candidates, index).items()
    }
    owners = {owner for found in users.values() for owner in found.values()}
    notices = {record.notice.id: record.notice for record in index.records(sorted(owners))}
    return {item_id: _usage(item_id, found, notices, at_least) for item_id, found in users.items() if found}


def _near_identical(
    items: Sequence[TaskItem], asked: Mapping[str, Wording], candidates: Wordings, index: Index
) -> dict[str, list[int]]:
    """The places of those candidates whose wording is that of each item.

    The sketches decide where they are clear; of the others the first by id are compared word for word.
    """
    estimates = {
        item.id: estimated_overlap(asked[item.id].sketch, candidates.sketches) for item in items if asked[item.id].bands
    }
    doubtful = {
        item_id: np.flatnonzero(np.abs(found - NEAR_IDENTICAL) <= _DOUBT)[:_MOST_COMPARED].tolist()
        for item_id, found in estimates.items()
    }
    compared = sorted({place for places in doubtful.values() for place in places})
    texts = index.items([candidates.item_ids[place] for place in compared])
    held = {place: _shingles(item.text) for place, item in zip(compared, texts, strict=True)}
    for item in items:
        mine = _shingles(item.text) if doubtful.get(item.id) else frozenset()
        for place in doubtful.get(item.id, ()):
            estimates[item.id][place] = overlap(mine, held[place])
    return {item_id: np.flatnonzero(found >= NEAR_IDENTICAL).tolist() for item_id, found in estimates.items()}


def _usage(item_id: str, users: Mapping[str, str], notices: Mapping[str, Notice], at_least: bool) -> Usage:
    used_in = {owner: notices[owner] for owner in users.values() if owner in notices}
    ages = {owner: _age(notice) for owner, notice in used_in.items()}
    oldest_first = sorted(
        (user for user, owner in users.items() if owner in ages), key=lambda user: (ages[users[user]], user)
    )
    earliest = oldest_first[0]
    return Usage(
        districts=len({district(notice) for notice in used_in.values()}),
        notices=len(used_in),
        items=len(oldest_first),
        first=FirstUse(earliest, used_in[users[earliest]]),
        members=tuple(user for user in oldest_first if user != item_id)[:_MOST_MEMBERS],
        at_least=at_least,
    )


def _age(notice: Notice) -> tuple[int, str, str]:
    """What orders notices from the oldest on: plan year, date, id; those without a year come last."""
    years, issued = plan_years(notice), notice.date_issued or ""
    year = years[0] if years else int(issued[:4] or _NO_YEAR)
    return year, issued or f"{year}-12-31", notice.id
