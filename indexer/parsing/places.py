"""The place that a notice is for: province, city and district.

An issuer prints 泉州市鲤城区人民政府办公室 and leaves the province out; a table of prefectures gives it. 晋安区人民政府 alone is
looked up among the districts, and left open where several districts share the name. Sources: the headers of `data/*.tsv`.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import cache

from corpus.model import Level, ParseWarning
from indexer.parsing.data import read_rows

_PARTY = re.compile(r"^(?:中共|中国共产党)")
# Names that no table has: a division's suffix, and behind it what an issuer or a title goes on with.
_AFTER = (
    r"(?=人民政府|政府|管委|管理委|委|人大|政协|人民法院|人民检察院|法院|检察院|办公|全面|依法|法治|行政|关于|[0-9]|贯彻|推进|落实|$"
    r"|[\u4e00-\u9fff]{2,10}[局厅部办])"
)
_UNKNOWN = (
    re.compile(r"[\u4e00-\u9fff]{2,7}?(?:省|自治区|特别行政区)"),
    re.compile(rf"[\u4e00-\u9fff]{{1,10}}?(?:自治州|地区|[市盟])(?:(?=[\u4e00-\u9fff]{{1,8}}[县区旗市])|{_AFTER})"),
    re.compile(rf"[\u4e00-\u9fff]{{1,10}}?(?:自治县|自治旗|林区|特区|[县区旗市]){_AFTER}"),
)
_LONGEST_NAME = 16
_NAMED_PROVINCE = re.compile(r"(?:《|〈|^|[，。、（])([\u4e00-\u9fff]{2,3}(?:省|自治区))(?!政府|委)")


@dataclass(frozen=True, slots=True)
class Place:
    """Names with their suffix (福建省, 泉州市, 鲤城区), None where unknown."""

    province: str | None = None
    city: str | None = None
    district: str | None = None


@cache
def _prefectures() -> dict[str, str]:
    return {row[0]: row[1] for row in read_rows("prefectures.tsv")}


@cache
def _districts() -> dict[str, tuple[tuple[str, str], ...]]:
    """City and province of every district of a name; abolished ones only where no district has the name today."""
    today: dict[str, tuple[tuple[str, str], ...]] = {}
    former: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, city, province, until in read_rows("districts.tsv"):
        rows = former if until else today
        rows[name] = (*rows.get(name, ()), (city, province))
    return former | today


@cache
def _district_names(city: str | None) -> frozenset[str]:
    """Districts of a city, or all of them."""
    return frozenset(n for n, homes in _districts().items() if city is None or any(home[0] == city for home in homes))


@cache
def _provinces() -> frozenset[str]:
    return frozenset(row[0] for row in read_rows("provinces.tsv"))


def find_place(names: list[str], text: str) -> tuple[Place, list[ParseWarning]]:
    """The place from the issuer's name and the titles, best first, completed from the tables and the text."""
    place = next((found for name in names if (found := _read(name)) != Place()), Place())
    for name in names:
        place = _merge(place, _read(name))
    warnings: list[ParseWarning] = []
    place = _complete(place, text, warnings)
    if place.province is None and place != Place():
        named = set(_NAMED_PROVINCE.findall(text))
        if len(named) == 1:
            place = Place(named.pop(), place.city, place.district)
            warnings.append(ParseWarning("province_inferred", f"省份未印出，按正文提到的{place.province}推定"))
        else:
            warnings.append(ParseWarning("province_unknown", "省份未印出，也不能由市名查得"))
    return place, warnings


def _read(name: str) -> Place:
    """The place that a name starts with, as far as it is printed: by the tables first, then by its suffixes."""
    rest = _PARTY.sub("", name)
    province, rest = _take(rest, _provinces(), _UNKNOWN[0])
    city = province if province in _prefectures() else None  # a municipality is both
    if city is None:
        city, rest = _take(rest, _prefectures(), _UNKNOWN[1])
    district, rest = _take(rest, _district_names(city if city in _prefectures() else None), _UNKNOWN[2])
    if city and not district and city not in _prefectures() and city in _districts():
        return Place(province, None, city)  # a city at county level: 义乌市
    return Place(province, city, district)


def _take(text: str, known: Container[str], unknown: re.Pattern[str]) -> tuple[str | None, str]:
    """The longest known name that a text starts with, else what looks like one; and the rest of the text."""
    for end in range(min(_LONGEST_NAME, len(text)), 1, -1):
        if text[:end] in known:
            return text[:end], text[end:]
    match = unknown.match(text)
    return (match[0], text[match.end() :]) if match else (None, text)


def _merge(first: Place, second: Place) -> Place:
    """Fill what `first` leaves open from `second`, where the two don't contradict each other."""
    for a, b in ((first.province, second.province), (first.city, second.city), (first.district, second.district)):
        if a and b and a != b:
            return first
    return Place(first.province or second.province, first.city or second.city, first.district or second.district)


# Whose notice it is by the issuer's name, where the place alone does not tell; the first that matches counts.
_LEVELS = (
    (re.compile(r"^(?:中共中央|国务院|全国|最高人民|国家)|总局$|^[\u4e00-\u9fff]{2,8}部(?:办公厅)?$"), Level.NATIONAL),
    (re.compile(r"街道办事处|街道党工委|街道工委|[镇乡](?:人民政府|党委)|[镇乡]党政办"), Level.TOWNSHIP),
    (
        re.compile(r"(?:开发区|高新区|保税区|园区|新区|管理区).*(?:管委会|管理委员会|党工委)|管理委员会$|管委会$"),
        Level.ZONE,
    ),
    (re.compile(r"(?<!办公)(?:局|厅|署|法院|检察院)(?:办公室)?$"), Level.DEPARTMENT),
)


def find_level(issuer: str | None, place: Place) -> Level | None:
    """The level of the body that issued a notice for `place`."""
    found = next((level for pattern, level in _LEVELS if issuer and pattern.search(issuer)), None)
    if found is None and place.district:
        return Level.DISTRICT
    if found is None and place.city and place.city != place.province:
        return Level.CITY
    return Level.PROVINCE if found is None and place.province else found


def read_place(name: str) -> Place | None:
    """A place given by hand, 福建省福州市鼓楼区 or 福州市鼓楼区, completed from the tables; None where it names none."""
    place = _complete(_read(name), "", [])
    return None if place == Place() else place


def _complete(place: Place, text: str, warnings: list[ParseWarning]) -> Place:
    province, city, district = place.province, place.city, place.district
    if district and not city:
        homes = [home for home in _districts().get(district, ()) if province in (None, home[1])]
        settled = homes if len(homes) == 1 else _settled(homes, text)
        if len(settled) == 1:
            city, province = settled[0]
            if len(homes) > 1:
                warnings.append(
                    ParseWarning("place_by_context", f"{district}有多处，按正文提到的地名定为{city}{district}")
                )
        elif homes:
            cities = "、".join(home[0] for home in homes)
            warnings.append(
                ParseWarning("place_ambiguous", f"{district}有多处（{cities}），所属城市待定，可用 --place 指定")
            )
        else:  # a zone named after its city: 苏州工业园区
            city = next((name for name in _prefectures() if district.startswith(name.removesuffix("市")[:8])), None)
    if city and not province:
        province = _prefectures().get(city)
    return Place(province, city, district)


def _settled(homes: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """The homes of a district that the text names most often, by city or by province."""
    for level in (0, 1):
        counts = [text.count(home[level]) for home in homes]
        if max(counts, default=0) and counts.count(max(counts)) == 1:
            return [homes[counts.index(max(counts))]]
    return []
