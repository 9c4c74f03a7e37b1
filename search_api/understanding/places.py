"""Places in a query: 鲤城区, 泉州市鲤城区, 鲤城 2018年.

A short form is a place only where it stands alone, or before what goes on behind a place in titles: 朝阳产业, 和平解决, 南山公园 are none.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from indexer.index.filters import Filters
from indexer.parsing.agencies import is_agency
from indexer.parsing.data import read_rows
from search_api.understanding.holdings import PLACE_FIELDS, HeldPlace, Holdings
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText, occurrences
from search_api.wording import FIELDS

_LONGEST = 16
# A suffix that is the beginning of another word: 青溪 区域, 云汀 市场, 云汀 市民, 白榆 县域.
_OTHER_WORD = re.compile(r"(?<=区)[域块划分别间]|(?<=市)(?:[场容价值面]|民(?!政))|(?<=县)[域城]")
# What goes on behind a place in titles and names of organs.
_AFTER = re.compile(
    r"[0-9二]|人民政府|政府|区委|市委|县委|省委|全面|依法|法治|行政|关于|贯彻|推进|[的和与及、是在有怎如]"
)
_BEFORE = re.compile(r"(?:^|[的和与及、在到看查找像])$")


def read_places(text: QueryText, held: Holdings) -> Iterator[Part]:
    """The places of a query that notices are from; one that is known and not held gets a note."""
    places = held.values().places
    chain: list[tuple[int, int, HeldPlace]] = []

    def is_name(name: str) -> bool:
        return name in places or name in _known()

    for start, end in occurrences(text.open, is_name, _LONGEST):
        name = text.open[start:end]
        found = places.get(name)
        follows = bool(chain) and chain[-1][1] == start
        if not _is_place(text, start, end, places, follows):
            continue
        if found is None:
            note = f"没有收录{name}的通知，“{text.printed(start, end)}”按字词检索"
            yield Part(PartKind.PLACE, text.printed(start, end), text.span(start, end), note, stays=True)
            text.take(start, end)
        elif follows and _rank(found) < _rank(chain[-1][2]):
            chain.append((start, end, found))
            continue
        else:
            yield from _chain_part(text, chain, held)
            chain = [(start, end, found)]
    yield from _chain_part(text, chain, held)


def _is_place(text: QueryText, start: int, end: int, places: Mapping[str, HeldPlace], follows: bool) -> bool:
    """Whether a name is a place where it stands; `follows`: it stands right behind another one."""
    name = text.open[start:end]
    if any(text.spaced(at) for at in range(start + 1, end)) or _OTHER_WORD.match(text.open, end):
        return False
    if _is_full(name, places):
        # 城区 and 矿区 are districts, and words.
        return len(name) > 2 or follows or (text.ends_at(start) and text.ends_at(end))
    if follows:
        return True
    before = text.ends_at(start) or _BEFORE.search(text.open[:start])
    after = text.ends_at(end) or _AFTER.match(text.open, end) or _name_at(text.open, end, places)
    return bool(before and after)


def _is_full(name: str, places: Mapping[str, HeldPlace]) -> bool:
    return name in _known() or (name in places and places[name].name == name)


def _name_at(text: str, at: int, places: Mapping[str, HeldPlace]) -> bool:
    """Whether an agency or another place stands at `at`: 云汀 is a place in 云汀青溪区 and in 云汀司法局."""
    names = (text[at:end] for end in range(at + 2, min(len(text), at + _LONGEST) + 1))
    return any(name in places or (len(name) > 2 and (name in _known() or is_agency(name))) for name in names)


def _chain_part(text: QueryText, chain: list[tuple[int, int, HeldPlace]], held: Holdings) -> Iterator[Part]:
    """One part for 云汀市青溪区. The larger places restrict too, unless notices of the smallest leave them open."""
    if not chain:
        return
    filters = _asking_for(chain)
    if len(chain) > 1 and not held.count(filters):
        if chain[-1][1] - chain[-1][0] <= 2:  # 云汀市城区, 云汀和平: of another city, so a word
            yield from _chain_part(text, chain[:-1], held)
            return
        filters = _asking_for(chain[-1:])
    start, end, smallest = chain[0][0], chain[-1][1], chain[-1][2]
    typed = text.printed(start, end)
    yield Part(
        PartKind.PLACE, typed, text.span(start, end), f"{FIELDS[smallest.field]}：{smallest.name}", filters=filters
    )
    text.take(start, end)


def _asking_for(chain: list[tuple[int, int, HeldPlace]]) -> Filters:
    return Filters(**{place.field: (place.name,) for _, _, place in chain})  # type: ignore[arg-type]


def _rank(place: HeldPlace) -> int:
    return PLACE_FIELDS.index(place.field)


@cache
def _known() -> frozenset[str]:
    """Full names of all places of the tables."""
    return frozenset(
        row[0] for table in ("districts.tsv", "prefectures.tsv", "provinces.tsv") for row in read_rows(table)
    )
