"""Automatic numbering of Word documents: the labels that Word prints and does not store (ECMA-376, part 1, 17.9).

Real forms of a level's text: `%1、` 一、 · `（%2）` （一） · `%3.` 1. · `%1.%2` 1.2 · `第%1章`. A number is stored as a list
(w:num) with levels that belong to an abstract list (w:abstractNum); a paragraph names its list itself or by its style.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from indexer.reading.docx_xml import child, value

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
          (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LEVELS = 9
_MOST = 32_767
"""The largest number that Word's own lists reach."""


def chinese(number: int, digits: str = _DIGITS, units: str = "千百十") -> str:
    """一, 十, 十一, 二十, 一百零一: a number below ten thousand in words; a larger one in Arabic numerals."""
    if not 0 < number < 10_000:
        return str(number)
    words = ""
    for digit, unit in zip(f"{number:04}", (*units, ""), strict=True):
        words += digits[0] if digit == "0" else digits[int(digit)] + unit
    while digits[0] * 2 in words:
        words = words.replace(digits[0] * 2, digits[0])
    words = words.strip(digits[0])
    ten = digits[1] + units[-1]
    return words[1:] if digits == _DIGITS and words.startswith(ten) else words


def _digitwise(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 30)


def _roman(number: int) -> str:
    words = ""
    for worth, letters in _ROMAN:
        words += letters * (number // worth)
        number %= worth
    return words


def _in_row(first: str, count: int) -> Callable[[int], str]:
    """Numbers that have a character each, such as ① to ⑳."""
    return lambda number: chr(ord(first) + number - 1) if number <= count else str(number)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)]


# By the name of the format (17.18.59); what is not here is printed in Arabic numerals.
FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand", "japaneseCounting"),
        chinese,
    ),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand", "koreanDigital2"), _digitwise),
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "仟佰拾"),
    "ideographLegalTraditional": lambda number: chinese(number, "零壹貳參肆伍陸柒捌玖", "仟佰拾"),
    "ideographTraditional": _cycle("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _cycle("子丑寅卯辰巳午未申酉戌亥"),
    "decimalEnclosedCircle": _in_row("①", 20),
    "decimalEnclosedCircleChinese": _in_row("①", 20),
    "decimalEnclosedParen": _in_row("⑴", 20),
    "decimalEnclosedFullstop": _in_row("⒈", 20),
    "ideographEnclosedCircle": _in_row("㊀", 10),
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
    "decimalFullWidth2": lambda number: "".join(chr(ord("０") + int(digit)) for digit in str(number)),
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "none": lambda number: "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number looks, where it starts, and after which level it starts again."""

    text: str = ""
    format: str = "decimal"
    start: int = 1
    restart: int | None = None
    legal: bool = False
    suffix: str = "tab"
    style: str | None = None


@dataclass(slots=True)
class List:
    """A list as paragraphs name it: lists with the same `abstract` count on together."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document, and how far each has been counted."""

    def __init__(self, lists: dict[str, List]) -> None:
        self._lists = lists
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a list ties to a paragraph style."""
        found = self._lists.get(number)
        return next((i for i, level in found.levels.items() if level.style == style), 0) if found else 0

    def label(self, number: str, at: int) -> str:
        """Count a paragraph of list `number` on level `at`, and give its label; bullets are no labels."""
        found = self._lists.get(number)
        if found is None or at not in found.levels:
            return ""
        level = found.levels[at]
        counts = self._counts.setdefault(found.abstract, [None] * _LEVELS)
        if at in found.starts and (number, at) not in self._begun:
            counts[at] = found.starts[at]
        else:
            counts[at] = level.start if counts[at] is None else min((counts[at] or 0) + 1, _MOST)
        self._begun.add((number, at))
        for deeper in range(at + 1, _LEVELS):
            restart = found.levels[deeper].restart if deeper in found.levels else None
            if restart is None or 0 < at + 1 <= restart:
                counts[deeper] = None
        return "" if level.format == "bullet" else _printed(level, found.levels, counts)


def _printed(level: Level, levels: dict[int, Level], counts: list[int | None]) -> str:
    text = level.text
    for i in range(_LEVELS):
        if f"%{i + 1}" in text:
            of = levels.get(i, Level())
            count = counts[i] if counts[i] is not None else of.start
            style = FORMATS.get("decimal" if level.legal else of.format, str)
            text = text.replace(f"%{i + 1}", style(count) if count else str(count))
    # Behind a Chinese mark the tab is only a distance; behind 1 it keeps the number from running into the text.
    return f"{text} " if text and level.suffix != "nothing" and text[-1].isascii() else text


def read_numbering(part: Any, list_of_style: dict[str, str]) -> Numbering:
    """The lists that numbering.xml defines; `list_of_style` says which list a numbering style names."""
    if part is None:
        return Numbering({})
    abstracts = {value(a, "abstractNumId"): a for a in part.iterchildren("{*}abstractNum")}
    lists = {}
    for num in part.iterchildren("{*}num"):
        abstract = value(num.find("{*}abstractNumId"), "val")
        lists[value(num, "numId")] = List(abstract, _levels(abstracts.get(abstract)))
    for num in part.iterchildren("{*}num"):
        made = lists[value(num, "numId")]
        linked = value(child(abstracts.get(made.abstract), "numStyleLink"), "val")
        if other := lists.get(list_of_style.get(linked, "")):
            made.abstract, made.levels = other.abstract, dict(other.levels)
        for override in num.iterchildren("{*}lvlOverride"):
            at = _number(value(override, "ilvl"), 0)
            if (level := override.find("{*}lvl")) is not None:
                made.levels = made.levels | {at: _level(level)}
            if (start := override.find("{*}startOverride")) is not None:
                made.starts[at] = _number(value(start, "val"), 1)
    return Numbering(lists)


def _levels(abstract: Any) -> dict[int, Level]:
    found = abstract.iterchildren("{*}lvl") if abstract is not None else ()
    return {_number(value(level, "ilvl"), 0): _level(level) for level in found}


def _level(level: Any) -> Level:
    legal = level.find("{*}isLgl")
    restart = level.find("{*}lvlRestart")
    return Level(
        text=value(level.find("{*}lvlText"), "val")[:100],
        format=value(_format(level), "val") or "decimal",
        start=_number(value(level.find("{*}start"), "val"), 1),
        restart=None if restart is None else _number(value(restart, "val"), 0),
        legal=legal is not None and value(legal, "val") not in ("0", "false", "off"),
        suffix=value(level.find("{*}suff"), "val") or "tab",
        style=value(level.find("{*}pStyle"), "val") or None,
    )


def _format(level: Any) -> Any:
    """The level's format; newer ones are wrapped in a choice (mc:AlternateContent)."""
    found = level.find("{*}numFmt")
    return found if found is not None else level.find(".//{*}numFmt")


def _number(digits: str, otherwise: int) -> int:
    return min(int(digits), _MOST) if digits.isascii() and digits.isdigit() and len(digits) < 10 else otherwise
