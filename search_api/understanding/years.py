"""Years in a query, as filters on the years that a notice plans for.

Real forms: `2018年`, `2018年度的`, `二〇一八年`, `2016-2020年`, `2018年以来`, `近三年`, `去年`, `十四五期间`, `2018 行政复议`.
No such years are deadlines (`2018年底前`, `到2025年`), years of a title (`纲要（2021-2025年）`, `十四五规划`), and numbers (`2018件`).
"""

import re
from collections.abc import Iterator
from datetime import date

from indexer.index.filters import Filters, YearRange
from indexer.parsing.numerals import to_int
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText

_FIRST, _LAST = 1949, 2100
_DIGITS = "〇零○一二三四五六七八九"
_YEAR = rf"(?:(?<![0-9])(?:19|20)[0-9]{{2}}|(?:二[〇零○]|一九)[{_DIGITS}]{{2}})"
_NOT_DEADLINE = r"(?!年?(?:[底末前]|[之以]前|初(?!步)|[0-9一二三四五六七八九十]{1,2}月|上半年|下半年))"
_TAIL = r"(?:度|期间|间|里|内)?"
_NUMBER = r"[0-9一二两三四五六七八九十]{1,2}"

_FORMS = (
    # 2016-2020年, 2016年至2020年
    re.compile(rf"(?P<first>{_YEAR})年?[-至到](?P<last>{_YEAR})(?![0-9]){_NOT_DEADLINE}年?{_TAIL}"),
    # 2018年以来
    re.compile(rf"(?:自|从)?(?P<since>{_YEAR})年?(?:以来|以后|之后|起|至今)"),
    # 2018年, 2018年度; not 到2018年
    re.compile(rf"(?<![到至])(?P<year>{_YEAR})(?![0-9.%-]){_NOT_DEADLINE}(?:年{_TAIL})?"),
    # 近三年
    re.compile(rf"最?近(?P<past>{_NUMBER})年(?:来|间|内|以来)?"),
    re.compile(r"(?P<relative>去年|今年|前年)(?![轻龄纪底末初])(?:以来|度)?"),
    # 十四五, “十四五”时期; not the plan of that name, nor a numeral
    re.compile(
        rf"(?<![第{_DIGITS}百])[“\"']?十(?P<plan>[一二三四五六])五[”\"']?(?:时期|期间)?(?![{_DIGITS}十百条章号]|规划|纲要|[”\"']?规划)"
    ),
)
_RELATIVE = {"今年": 0, "去年": -1, "前年": -2}
# What is counted behind a number, so that it is no year: 2018件.
_COUNTED = re.compile(r"[件个万亿千百元名号条户项家次份部起宗例米亩倍字页天人余多%案]")
_IN_TITLE = re.compile(r"[\u4e00-\u9fff]（[^（）]*$")


def read_years(text: QueryText, today: date) -> Iterator[Part]:
    """The years of a query; relative ones are counted from `today`."""
    for form in _FORMS:
        for match in list(form.finditer(text.open)):
            years = _range(match, today)
            if years is None or not _is_year(text, match):
                continue
            typed = text.printed(*match.span())
            shown = str(years.first) if years.first == years.last else f"{years.first}—{years.last}"
            yield Part(
                PartKind.YEAR, typed, text.span(*match.span()), f"年份：{shown}年", filters=Filters(year=(years,))
            )
            text.take(*match.span())


def _range(match: re.Match[str], today: date) -> YearRange | None:
    found = match.groupdict()
    if plan := found.get("plan"):  # the thirteenth began in 2016
        first = 1951 + 5 * (10 + (to_int(plan) or 0))
        return YearRange(first, first + 4)
    if relative := found.get("relative"):
        return YearRange(today.year + _RELATIVE[relative], today.year + _RELATIVE[relative])
    if past := found.get("past"):  # this year may count as one of them or not: both are meant
        return YearRange(today.year - (to_int(past) or 1), today.year)
    if since := found.get("since"):
        first, last = _value(since), max(today.year, _value(since))
    else:
        first = _value(found.get("first") or found.get("year") or "")
        last = _value(found.get("last") or found.get("year") or "")
    return YearRange(first, last) if _FIRST <= first <= last <= _LAST else None


def _value(year: str) -> int:
    return to_int(year) or 0


def _is_year(text: QueryText, match: re.Match[str]) -> bool:
    """Whether a match is a year, and not that of a title or a number of something."""
    start, end = match.span()
    if _IN_TITLE.search(text.open[:start]):
        return False
    if "年" in match[0] or match.groupdict().get("plan") or not match[0][-1].isdigit():
        return True
    before, after = text.open[start - 1 : start] or " ", text.open[end : end + 1]
    return before not in "（〔" and not (before.isascii() and before.isalnum()) and not _COUNTED.match(after)
