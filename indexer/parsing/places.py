"""The place that a notice is for: province, city and district.

An issuer prints 泉州市鲤城区人民政府办公室 and leaves the province out; a table of prefectures gives it. 晋安区人民政府 alone is
looked up among the districts, and left open where several districts share the name. Sources: the headers of `data/*.tsv`.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from corpus.model import ParseWarning

_DISTRICT = r"[\u4e00-\u9fff]{1,10}?(?:自治县|自治旗|林区|特区|[县区旗市])"
_AFTER = r"(?=人民政府|政府|管委|管理委|委|人大|政协|办公|全面|依法|法治|司法|行政|关于|[0-9]|贯彻|推进|落实|人民法院|人民检察院|$)"
_PLACE = re.compile(
    rf"(?:中共|中国共产党)?"
    rf"(?P<province>[\u4e00-\u9fff]{{2,7}}?(?:省|自治区|特别行政区))?"
    rf"(?P<city>[\u4e00-\u9fff]{{1,10}}?(?:自治州|地区|[市盟]))?"
    rf"(?P<district>{_DISTRICT})?{_AFTER}"
)
_NAMED_PROVINCE = re.compile(r"(?:《|〈|^|[，。、（])([\u4e00-\u9fff]{2,3}(?:省|自治区))(?!政府|委)")


@dataclass(frozen=True, slots=True)
class Place:
    """Names with their suffix (福建省, 泉州市, 鲤城区), None where unknown."""

    province: str | None = None
    city: str | None = None
    district: str | None = None


@cache
def _rows(name: str) -> tuple[tuple[str, ...], ...]:
    text = resources.files("indexer.parsing").joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(tuple(line.split("\t")) for line in lines[1:])


@cache
def _prefectures() -> dict[str, str]:
    return {row[0]: row[1] for row in _rows("prefectures.tsv")}


@cache
def _districts() -> dict[str, tuple[tuple[str, str], ...]]:
    """City and province of every district of a name; abolished ones only where no district has the name today."""
    today: dict[str, tuple[tuple[str, str], ...]] = {}
    former: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, city, province, until in _rows("districts.tsv"):
        rows = former if until else today
        rows[name] = (*rows.get(name, ()), (city, province))
    return former | today


@cache
def _provinces() -> frozenset[str]:
    return frozenset(row[0] for row in _rows("provinces.tsv"))


def find_place(names: list[str], text: str) -> tuple[Place, list[ParseWarning]]:
    """The place from the issuer's name and the titles, best first, completed from the tables and the text."""
    place = next((found for name in names if (found := _read(name)) != Place()), Place())
    for name in names:
        place = _merge(place, _read(name))
    warnings: list[ParseWarning] = []
    place = _complete(place, warnings)
    if place.province is None and place != Place():
        named = set(_NAMED_PROVINCE.findall(text))
        if len(named) == 1:
            place = Place(named.pop(), place.city, place.district)
            warnings.append(ParseWarning("province_inferred", f"省份未印出，按正文提到的{place.province}推定"))
        else:
            warnings.append(ParseWarning("province_unknown", "省份未印出，也不能由市名查得"))
    return place, warnings


def _read(name: str) -> Place:
    """The place that a name starts with, as far as it is printed."""
    match = _PLACE.match(name)
    if not match:
        return Place()
    province, city, district = match["province"], match["city"], match["district"]
    if city and not district and city not in _prefectures() and _is_county_city(city):
        city, district = None, city
    if city in _provinces():  # a municipality is both
        province = city
    return Place(province, city, district)


def _is_county_city(name: str) -> bool:
    return name in _districts()


def _merge(first: Place, second: Place) -> Place:
    """Fill what `first` leaves open from `second`, where the two don't contradict each other."""
    for a, b in ((first.province, second.province), (first.city, second.city), (first.district, second.district)):
        if a and b and a != b:
            return first
    return Place(first.province or second.province, first.city or second.city, first.district or second.district)


def _complete(place: Place, warnings: list[ParseWarning]) -> Place:
    province, city, district = place.province, place.city, place.district
    if district and not city:
        homes = [home for home in _districts().get(district, ()) if province in (None, home[1])]
        if len(homes) == 1:
            city, province = homes[0]
        elif homes:
            cities = "、".join(home[0] for home in homes)
            warnings.append(ParseWarning("place_ambiguous", f"{district}有多处（{cities}），所属城市待定"))
    if city and not province:
        province = _prefectures().get(city)
    return Place(province, city, district)
