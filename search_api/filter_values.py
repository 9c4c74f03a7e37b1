"""Filters as strings: what options, addresses and answers say, read and written in one place.

Forms: year `2018`, `2016-2020`, `２０１６～２０２０年`; role `lead` or `牵头`; kind `task` or `任务`; basis `实施方案`, `实施方案:12`,
`《实施方案》第十二、十三条`. Several values of one filter stand in several strings, or in one with 、 or commas between them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from corpus.errors import QueryError
from corpus.model import ItemKind, Role
from indexer.index.filters import BasisFilter, Filters, YearRange
from indexer.parsing.numerals import CHINESE, to_int
from search_api.wording import FIELDS, KINDS, ROLES

PARAMETERS = ("district", "city", "province", "year", "unit", "role", "basis", "type", "kind")

_Named = TypeVar("_Named", bound=StrEnum)

# What notices and drafters call a role or kind, besides the word under which it is shown.
_ROLE_WORDS = {
    "主办": Role.LEAD,
    "参加": Role.PARTICIPATE,
    "参与": Role.PARTICIPATE,
    "协办": Role.PARTICIPATE,
    "协助": Role.PARTICIPATE,
    "责任": Role.RESPONSIBLE,
}
_KIND_WORDS = {"结果": ItemKind.RESULT, "成效": ItemKind.RESULT}

# Separators that stand outside brackets and title marks: 各镇（街道、园区） is one unit.
_SEPARATOR = re.compile(r"[、,，;；](?![^（(《]*[)）》])")
_NEXT_TITLE = re.compile(r"[、,，;；]\s*(?=《)")
_YEARS = re.compile(r"([0-9]{4})年?(?:(?:\.\.|[-‐-―~〜至到])([0-9]{4})年?)?")  # after NFKC: ～ is ~
_FIRST_YEAR, _LAST_YEAR = 1949, 2100
_NUMERAL = rf"[0-9{CHINESE}]{{1,5}}"
_ARTICLE = re.compile(rf"第?({_NUMERAL})条?(?:[-‐-―~〜至到]第?({_NUMERAL})条?)?")
_BASIS = re.compile(
    rf"""(?P<document>.+?)
    (?: : (?P<after_colon>.*)                                        # 实施方案:12
      | (?P<printed>第[0-9{CHINESE}条第、,，和及至到~-]+条)(?:规定)?  # 实施方案第十二、十三条
    )?""",
    re.X,
)
_TITLE = re.compile(r"《(?P<title>.+)》(?:[（(].*[）)])?")  # a document number may follow
_HALF_WIDTH = str.maketrans("０１２３４５６７８９：～", "0123456789:~")
_LONGEST_VALUE = 300
_MOST_VALUES = 100
_WIDEST_RANGE = 200


def read_filters(values: Mapping[str, Iterable[str]]) -> Filters:
    """The filters that strings ask for, by parameter name; raises QueryError naming the value that can't be read."""

    def read(name: str, reader: Callable[[str], Iterable[object]]) -> tuple[object, ...]:
        stripped = [text for value in values.get(name, ()) if (text := clean(value).strip())]
        if any(len(text) > _LONGEST_VALUE for text in stripped):
            raise QueryError(f"{FIELDS[name]}（{name}）的值超过 {_LONGEST_VALUE} 个字，请缩短。", code="bad_filter")
        found = tuple(dict.fromkeys(one for text in stripped for one in reader(text)))
        if len(found) > _MOST_VALUES:
            raise QueryError(f"{FIELDS[name]}（{name}）最多给 {_MOST_VALUES} 个值，请减少。", code="bad_filter")
        return found

    return Filters(
        **{attribute(name): read(name, _READERS.get(name, _separate)) for name in PARAMETERS}  # type: ignore[arg-type]
    )


def write_filters(filters: Filters) -> dict[str, list[str]]:
    """The strings that `read_filters` reads as `filters`; parameters that do not restrict are left out."""
    written = {name: [_written(value) for value in getattr(filters, attribute(name))] for name in PARAMETERS}
    return {name: values for name, values in written.items() if values}


def only(filters: Filters, parameter: str, value: str) -> Filters:
    """Filters that ask for one of the values of `filters` alone, written as `write_filters` does."""
    name = attribute(parameter)
    return Filters(**{name: tuple(one for one in getattr(filters, name) if _written(one) == value)})


def clean(text: str) -> str:
    """Text that can be stored, searched and sent: lone surrogates replaced, NUL taken out."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def attribute(parameter: str) -> str:
    """What a parameter is called among `Filters` and the facets of an index."""
    return "doc_type" if parameter == "type" else parameter


def _written(value: object) -> str:
    match value:
        case YearRange(first, last):
            return str(first) if first == last else f"{first}-{last}"
        case BasisFilter(document, article):
            return f"{document}:{article}" if article else document
    return str(value)


def _separate(value: str) -> Iterator[str]:
    return (part.strip() for part in _SEPARATOR.split(value) if part.strip())


def _years(value: str) -> Iterator[YearRange]:
    for part in _separate(value):
        match = _YEARS.fullmatch(unicodedata.normalize("NFKC", part).replace(" ", ""))
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not _FIRST_YEAR <= first <= last <= _LAST_YEAR:
            raise _unreadable("year", part, f"{_FIRST_YEAR} 至 {_LAST_YEAR} 的年份或起止年份，如 2018、2016-2020")
        yield YearRange(first, last)


def _basis(value: str) -> Iterator[BasisFilter]:
    for part in _NEXT_TITLE.split(value):
        match = _BASIS.fullmatch("".join(part.translate(_HALF_WIDTH).split()))
        if match is None:
            raise _unreadable("basis", part, _BASIS_FORMS)
        title = _TITLE.fullmatch(match["document"])
        document = title["title"] if title else match["document"]
        printed = match["printed"] if match["after_colon"] is None else match["after_colon"]
        if printed is None:
            yield BasisFilter(document)
        else:
            yield from (BasisFilter(document, article) for article in _articles(printed, part))


_BASIS_FORMS = "文件名称，可以加条号，如 《实施方案》、实施方案:12、实施方案第12条"


def _articles(printed: str, value: str) -> list[str]:
    """Article numbers in Arabic numerals: 12, 13 from 第十二、十三条."""
    found: list[str] = []
    for part in filter(None, re.split("[、,，;；和及]+", printed)):
        match = _ARTICLE.fullmatch(part)
        first = to_int(match[1]) if match else None
        last = to_int(match[2]) if match and match[2] else first
        if first is None or last is None or not 0 < first <= last < first + _WIDEST_RANGE:
            raise _unreadable("basis", value, _BASIS_FORMS)
        found += map(str, range(first, last + 1))
    if not found:
        raise _unreadable("basis", value, _BASIS_FORMS)
    return found


def _one_of(
    parameter: str, kind: type[_Named], shown: Mapping[str, str], more: Mapping[str, _Named]
) -> Callable[[str], Iterator[_Named]]:
    """A reader of values that have a fixed set of names, Chinese or not."""
    known = {str(value): value for value in kind} | {word: kind(value) for value, word in shown.items()} | dict(more)

    def read(value: str) -> Iterator[_Named]:
        for part in _separate(value):
            found = known.get(unicodedata.normalize("NFKC", part).lower())
            if found is None:
                raise _unreadable(parameter, part, "、".join(f"{word}（{name}）" for name, word in shown.items()))
            yield found

    return read


def _unreadable(parameter: str, value: str, allowed: str) -> QueryError:
    return QueryError(
        f"{FIELDS[parameter]}（{parameter}）的值“{value}”无法识别。可以是：{allowed}。", code="bad_filter"
    )


_READERS: Mapping[str, Callable[[str], Iterable[object]]] = {
    "year": _years,
    "role": _one_of("role", Role, ROLES, _ROLE_WORDS),
    "basis": _basis,
    "kind": _one_of("kind", ItemKind, KINDS, _KIND_WORDS),
}
