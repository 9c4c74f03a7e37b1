"""What is held: places × years as a table, shaded by the number of notices.

Where there are few places, each is a row; where there are many, a province or a city is, and leads to those in it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from search_api.coverage import HeldPlace, years_of
from search_api.filter_values import clean
from search_api.http.search import Service
from search_api.web.address import Address
from search_api.web.responses import page

router = APIRouter(include_in_schema=False)

UNKNOWN = "所属不详"
"""What stands for a province or city that the notices do not tell."""

_MOST_ROWS = 60
"""Places that are listed one by one; of more, those of a city or province are one row."""
_SHADES = 5

PlaceName = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Cell:
    """The notices of a year: their number, how many places lack it, its shade from 0 (none) to 5, and where they are listed."""

    year: int
    count: int
    missing: int
    shade: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A place, or all places of a city or province, which `address` leads to."""

    name: str
    address: str | None
    notices: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """How places become rows: what a row is called, the key of the places in it, and the name of the group that it is in."""

    row: str
    key: Callable[[HeldPlace], object]
    group: Callable[[HeldPlace], str]


@router.get("/holdings")
def holdings_page(service: Service, province: PlaceName = "", city: PlaceName = "") -> Response:
    """The table of all places, or of those in a province or a city."""
    coverage, province, city = service.coverage.get(), clean(province).strip(), clean(city).strip()
    within = [one for one in coverage.places if _is_in(one, province, city)]
    level = _level(within, province, city)
    years, held = years_of(within), _held(within)
    return page(
        "holdings.html",
        coverage=coverage,
        within=" › ".join(filter(None, (province, city))),
        above=_address(province=province) if province and city else "/holdings",
        summary=_summary(within),
        level=level.row,
        years=years,
        groups=_groups(within, level, years, Counter(one.place.district for one in coverage.places)),
        totals=[len(held.get(year, ())) for year in years],
        notices=sum(one.notices for one in within),
    )


def _is_in(one: HeldPlace, province: str, city: str) -> bool:
    return province in ("", one.place.province or UNKNOWN) and city in ("", one.place.city or UNKNOWN)


def _level(within: Sequence[HeldPlace], province: str, city: str) -> _Level:
    """Rows of provinces while there are too many places, then of cities, then of the places themselves."""
    if len(within) > _MOST_ROWS and not city:
        if province:
            return _Level("设区市", lambda one: one.place.city, lambda one: "")
        return _Level("省份", lambda one: one.place.province, lambda one: "")
    return _Level("地区", lambda one: one.place, lambda one: _group(one, province, city))


def _group(one: HeldPlace, province: str, city: str) -> str:
    """The province and city that a place is in, as far as the page is not about that one."""
    if city:
        return ""
    names = (one.place.city,) if province else (one.place.province or UNKNOWN, one.place.city)
    return " › ".join(dict.fromkeys(filter(None, names)))  # a municipality is its own city


def _groups(
    within: Sequence[HeldPlace], level: _Level, years: range, named: Counter[str | None]
) -> list[tuple[str, list[Row]]]:
    """The rows under the names of their groups. `named`: how many places have the name of a district."""
    gathered = [list(places) for _, places in groupby(within, key=level.key)]
    held = [_held(places) for places in gathered]
    most = max((len(ids) for one in held for ids in one.values()), default=0)
    rows = [_row(places, ids, level, years, named, most) for places, ids in zip(gathered, held, strict=True)]
    grouped = groupby(zip(gathered, rows, strict=True), key=lambda pair: level.group(pair[0][0]))
    return [(name, [row for _, row in pairs]) for name, pairs in grouped]


def _held(places: Sequence[HeldPlace]) -> dict[int, list[str]]:
    """The ids of the notices of each year that has any."""
    held: dict[int, list[str]] = {}
    for one in places:
        for year, ids in one.years.items():
            held.setdefault(year, []).extend(ids)
    return held


def _row(
    places: Sequence[HeldPlace],
    held: dict[int, list[str]],
    level: _Level,
    years: range,
    named: Counter[str | None],
    most: int,
) -> Row:
    name, address = _name(places, level)
    missing = Counter(year for one in places for year in one.missing)
    cells = tuple(
        Cell(
            year=year,
            count=len(ids),
            missing=missing[year],
            shade=ceil(_SHADES * len(ids) / max(most, _SHADES)),
            address=_listed(places, year, ids, named) if ids else None,
        )
        for year in years
        for ids in (held.get(year, []),)
    )
    return Row(name, address, sum(one.notices for one in places), cells)


def _name(places: Sequence[HeldPlace], level: _Level) -> tuple[str, str | None]:
    """What a row is called, and where the places in it are listed, if it has several."""
    place = places[0].place
    province = place.province or UNKNOWN
    match level.row:
        case "省份":
            return province, _address(province=province)
        case "设区市":
            name = place.city or (UNKNOWN if any(one.place.district for one in places) else "省本级")
            return name, _address(province=province, city=place.city or UNKNOWN)
    return place.district or ("市本级" if place.city else "省本级"), None


def _listed(places: Sequence[HeldPlace], year: int, ids: Sequence[str], named: Counter[str | None]) -> str:
    """Where the notices of a year are: the provisions of a district, the notice where it is one, else a list of notices."""
    place = places[0].place
    if len(places) == 1 and place.district:
        city = {"city": [place.city]} if place.city and named[place.district] > 1 else {}
        return str(Address("", {"district": [place.district], **city, "year": [str(year)]}))
    if len(ids) == 1:
        return f"/notices/{ids[0]}"
    whole = {"province": place.province} if len({one.place.city for one in places}) > 1 else {"city": place.city}
    return f"/notices?{urlencode({name: value for name, value in whole.items() if value} | {'year': year})}"


def _address(**narrowed: str) -> str:
    return f"/holdings?{urlencode(narrowed)}"


def _summary(within: Sequence[HeldPlace]) -> str:
    """收录 12 个区县的 30 份通知，2016—2025 年；首尾之间缺 4 个年份."""
    districts = sum(one.place.district is not None for one in within)
    own = len(within) - districts
    of = "和 ".join(filter(None, (f"{districts} 个区县" if districts else "", f"{own} 个省市本级" if own else "")))
    years, missing = years_of(within), sum(len(one.missing) for one in within)
    span = f"，{years[0]}{f'—{years[-1]}' if len(years) > 1 else ''} 年" if years else ""
    gaps = f"缺 {missing} 个年份" if missing else "没有缺年"
    return f"收录 {of}的 {sum(one.notices for one in within)} 份通知{span}；各地首尾年份之间{gaps}。"
