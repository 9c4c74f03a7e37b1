"""Labels at the start of a line: 一、 （一） 1. （1） ① 第一， 第一章, intact or damaged.

Real forms: `二、主要任务`, `(二)大力发展…`, `1. 切实履行…`, `1.12月底前出台…` (item 1 and a date), `11完善…` (no stop), and from
copies that lost characters `)推进…`, `(十深化…`, `二十)加强…`, `二十发挥…`. `3.1万条` and `2021年…` are no labels.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from indexer.parsing.numerals import to_chinese, to_int


class Style(IntEnum):
    """Label styles, outermost first (GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）)."""

    CHAPTER = 0
    UNNUMBERED = 1
    """A heading of a notice that numbers its provisions only."""
    CHINESE = 2
    CHINESE_BRACKET = 3
    ORDINAL = 4
    ARABIC = 5
    ARABIC_BRACKET = 6
    CIRCLED = 7
    ROW = 8
    """A row of a table, numbered by a cell of its own or not at all."""


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A label found at the start of a line: its numeral as printed and its length in characters."""

    style: Style
    numeral: str
    length: int
    intact: bool = True

    @property
    def number(self) -> int | None:
        """The value of the numeral as printed."""
        return ord(self.numeral) - 0x245F if self.style is Style.CIRCLED else to_int(self.numeral)


_CN = "[一二三四五六七八九十百]"
_INTACT = (
    (Style.CHAPTER, re.compile(rf"第({_CN}{{1,4}})[章编部](?:分)?")),
    (Style.CHINESE, re.compile(rf"({_CN}{{1,3}})[、.](?![一二三四五六七八九十]+[、是要])")),
    (Style.CHINESE_BRACKET, re.compile(rf"（({_CN}{{1,4}})）[、.]?")),
    (Style.ORDINAL, re.compile(rf"第({_CN}{{1,3}})[，、：]")),
    (Style.ARABIC, re.compile(r"([0-9]{1,3})[.、](?![0-9])")),
    # A date right behind the stop: 1.12月底前…, 2.2025年…
    (Style.ARABIC, re.compile(r"([0-9]{1,2})\.(?=[0-9]{1,2}月|20[0-9]{2}年)")),
    (Style.ARABIC_BRACKET, re.compile(r"（?([0-9]{1,3})）[、.]?")),
    (Style.CIRCLED, re.compile("([①-⑳])")),
)
# Numbers that count something and number nothing: 11月, 2个, 3万.
_COUNTED = "年月日个项名次期条户家件份人万亿千百余多大届世周天时分元米级类种批套所座岁%℃+-"
_DAMAGED = (
    # （十深化, （三 : the closing bracket is lost
    (Style.CHINESE_BRACKET, re.compile(rf"（({_CN}{{1,4}})(?![一二三四五六七八九十）、年月日])")),
    # 二十）加强, ）推进 : the opening bracket, and perhaps digits, are lost
    (Style.CHINESE_BRACKET, re.compile(rf"({_CN}{{0,4}})）[、.]?")),
    # 11完善 : the stop is lost
    (Style.ARABIC, re.compile(rf"([0-9]{{1,3}})(?=[\u4e00-\u9fff《“])(?![{_COUNTED}])")),
)
# A numeral without any mark, 二十发挥…, is only told from a word (二十大, 三十条) by what the outline expects.
_BARE_NUMERAL = re.compile(rf"({_CN}?十{_CN}?)(?![大届条项个年余多届{_COUNTED}])")


def match_label(text: str) -> LabelMatch | None:
    """The intact label that a line of folded text starts with, or None."""
    for style, pattern in _INTACT:
        if match := pattern.match(text):
            return LabelMatch(style, match[1], match.end())
    return None


def match_damaged(text: str) -> LabelMatch | None:
    """The damaged label that a line seems to start with, or None; only the outline can tell whether it is one."""
    for style, pattern in _DAMAGED:
        if match := pattern.match(text):
            return LabelMatch(style, match[1], match.end(), intact=False)
    return None


def bare_numeral(text: str) -> str:
    """The Chinese numeral that a heading without any label mark starts with, or the empty string."""
    match = _BARE_NUMERAL.match(text)
    return match[1] if match else ""


def numeral(style: Style, number: int) -> str:
    """A number as a style prints it."""
    if style <= Style.ORDINAL:
        return to_chinese(number)
    return chr(0x245F + number) if style is Style.CIRCLED and number <= 20 else str(number)


def label_text(style: Style, numeral: str) -> str:
    """A label in its standard form, brackets in full width: 三、 （四） 1. （1） ①."""
    forms = {
        Style.CHAPTER: f"第{numeral}章",
        Style.CHINESE: f"{numeral}、",
        Style.CHINESE_BRACKET: f"（{numeral}）",
        Style.ORDINAL: f"第{numeral}，",
        Style.ARABIC: f"{numeral}.",
        Style.ARABIC_BRACKET: f"（{numeral}）",
    }
    return forms.get(style, numeral)
