"""Which places' notices are held and of which years, and which years are missing: one pass over all notices.

A year is missing where nothing is held for it, but something for an earlier and for a later one: what lies before the first and
after the last is not known to exist. A notice that plans for several years counts for each of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

from corpus.model import Notice
from indexer.index.keys import plan_years
from indexer.index.protocol import Index, NoticeRecord
from indexer.parsing.data import read_rows
from indexer.parsing.places import Place
from search_api.districts import District, district


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A place with its notices: a district, or a city or province where the notices are its own.

    `years`: the ids of the notices that plan for each year, `missing`: the years between that have none. `notices` counts those
    without a year too.
    """

    place: Place
    notices: int
    years: Mapping[int, tuple[str, ...]]
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All places in the order of the administrative divisions, and what can't be put among them.

    `notices`: how many are held; `placeless` and `yearless`: how many of them name no place, no year. `doc_types`: most used first.
    """

    places: tuple[HeldPlace, ...]
    notices: int
    placeless: int
    yearless: int
    doc_types: tuple[str, ...]

    @property
    def years(self) -> range:
        """The years from the first to the last of which something is held."""
        return years_of(self.places)


class LatestCoverage:
    """The coverage of an index, surveyed anew when it has changed. Threads may share one."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._surveying = Lock()
        self._surveyed: tuple[int, Coverage] | None = None

    def get(self) -> Coverage:
        """See Coverage."""
        with self._surveying:
            generation = self._index.generation
            if self._surveyed is None or self._surveyed[0] != generation:
                self._surveyed = generation, survey(self._index.scan())
            return self._surveyed[1]


def survey(records: Iterable[NoticeRecord]) -> Coverage:
    """The coverage of notices, each of which is looked at once."""
    held: dict[District, list[Notice]] = {}
    types: Counter[str] = Counter()
    total = placeless = yearless = 0
    for record in records:
        notice = record.notice
        total += 1
        yearless += not plan_years(notice)
        types.update([notice.doc_type] if notice.doc_type else [])
        if notice.province or notice.city or notice.district:
            held.setdefault(district(notice), []).append(notice)
        else:
            placeless += 1
    provinces = _provinces_of_cities(notice for notices in held.values() for notice in notices)
    places = sorted((_held_place(notices, provinces) for notices in held.values()), key=lambda one: _order(one.place))
    return Coverage(tuple(places), total, placeless, yearless, tuple(name for name, _ in types.most_common()))


def years_of(places: Sequence[HeldPlace]) -> range:
    """The years from the first to the last of which something is held of any of the places."""
    first = min((min(one.years) for one in places if one.years), default=0)
    last = max((max(one.years) for one in places if one.years), default=-1)
    return range(first, last + 1)


def _provinces_of_cities(notices: Iterable[Notice]) -> dict[str, str]:
    """The province of each city that any notice tells."""
    return {notice.city: notice.province for notice in notices if notice.city and notice.province}


def _held_place(notices: Sequence[Notice], provinces: Mapping[str, str]) -> HeldPlace:
    years: dict[int, tuple[str, ...]] = {}
    for notice in notices:
        for year in plan_years(notice):
            years[year] = (*years.get(year, ()), notice.id)
    missing = tuple(year for year in range(min(years, default=0), max(years, default=0)) if year not in years)
    city, district_name = notices[0].city, notices[0].district
    province = next((notice.province for notice in notices if notice.province), provinces.get(city or ""))
    return HeldPlace(Place(province, city, district_name), len(notices), years, missing)


def _order(place: Place) -> tuple[tuple[int, str], ...]:
    """Where a place stands among the administrative divisions: a city before its districts, what no table has at the end."""
    provinces, cities, districts = _divisions()
    city, name = place.city or "", place.district or ""
    return (
        (provinces.get(place.province, len(provinces)) if place.province else len(provinces) + 1, place.province or ""),
        (cities.get(city, len(cities)) if city else -1, city),
        (districts.get((city, name), len(districts)) if name else -1, name),
    )


@cache
def _divisions() -> tuple[dict[str, int], dict[str, int], dict[tuple[str, str], int]]:
    """The places of provinces, cities and districts in the tables of the administrative divisions."""
    provinces = {row[0]: at for at, row in enumerate(read_rows("provinces.tsv"))}
    cities = {row[0]: at for at, row in enumerate(read_rows("prefectures.tsv"))}
    districts = {(row[1], row[0]): at for at, row in enumerate(read_rows("districts.tsv"))}
    return provinces, cities, districts
