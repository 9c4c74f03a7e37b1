"""Wrong characters in a query: homophones, as typed by sound (行政复义), and look-alikes, as recognised from scans.

A character is doubted where the bigrams around it are rare in what is held. It is replaced only by one of the same sound or look
that makes a longer word (行政复议 of 行政 and 复义) whose bigrams are far more frequent, so that real words which the index does not
know stay as they are: 工伤 is not 工商. A few confusions of two words (纪录 for 记录) are a table; they are corrected where the other
one is far more frequent in what is held.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from search_api.understanding.data import read_words
from search_api.understanding.holdings import Holdings, bigrams
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText

_ATTESTED = 3
"""Items in which each bigram of the word that is put in place must occur."""
_FAR_MORE = 10
"""How many times as frequent as what was typed a correction must be; for a word of three characters _THRICE that."""
_THRICE = 3
_TELLING = 4
"""Characters of a word that hardly any other reading makes. With three, statutes turned 附带 into 部带 (of 行政部)."""
_RARE = 0.02
"""Share of all items in which a bigram may occur by chance: 复义 in 恢复义务."""
_CLEARLY = 3
"""How many times as frequent the best replacement must be as the second."""
_TONELESS = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ", "aaaaeeeeiiiioooouuuuüüüünnnm")
_MOST_DOUBTS = 4
_MOST_WORDS = 4
_LONGEST_WORD = 8


def read_spelling(text: QueryText, held: Holdings) -> Iterator[Part]:
    """Corrections of a query's words, each of the stretch around the wrong character."""
    for start, end in list(text.stretches()):
        typed = text.open[start:end]
        meant = _unconfused(typed, held)
        meant = _corrected(meant, held)
        if meant != typed:
            printed = text.printed(start, end)
            note = f"已按“{meant}”检索（原输入“{printed}”）"
            yield Part(PartKind.SPELLING, printed, text.span(start, end), note, correction=meant, stays=True)
            text.take(start, end)


def _unconfused(typed: str, held: Holdings) -> str:
    for wrong, right in read_words("confusions.tsv"):
        if wrong in typed and right not in typed:
            frequencies = held.frequencies([*bigrams(wrong), *bigrams(right)])
            meant = min(frequencies[bigram] for bigram in bigrams(right))
            if meant >= max(_ATTESTED, _FAR_MORE * min(frequencies[bigram] for bigram in bigrams(wrong))):
                typed = typed.replace(wrong, right)
    return typed


def _corrected(typed: str, held: Holdings) -> str:
    """The text with the most telling correction, and what is still wrong then."""
    pairs = bigrams(typed)
    frequencies = held.frequencies(pairs)
    around = [
        max((frequencies[pair] for pair in pairs[max(0, at - 1) : at + 1]), default=0) for at in range(len(typed))
    ]
    rare = held.values().total * _RARE
    doubted = [at for at, seen in enumerate(around) if pairs and seen <= rare and "\u4e00" <= typed[at] <= "\u9fff"]
    changes = [
        change
        for at in doubted[:_MOST_DOUBTS]
        for change in _changes(typed, at, held)
        if _tells(change, around[at], len(typed))
    ]
    best = max(changes, key=lambda change: (change.length, change.items), default=None)
    if best is None or any(_rivals(change, best) for change in changes):
        return typed
    return _corrected(typed[: best.at] + best.character + typed[best.at + 1 :], held)


@dataclass(frozen=True, slots=True)
class _Change:
    """A character put in place of the one at `at`: characters of a word that it makes, and items that have the word at most.

    `joins`: the bigrams that it makes with both its neighbours are attested.
    """

    at: int
    character: str
    length: int
    items: int
    joins: bool


def _tells(change: _Change, seen: int, typed: int) -> bool:
    """Whether a change is more likely than what was typed, whose bigrams were `seen` in so many items.

    A word of two characters must be all that was `typed`, or fit on both sides where what was typed fits on none: 质权 is not 职权.
    """
    if change.length < 3 and change.length < typed and (seen or not change.joins):
        return False
    times = _FAR_MORE if change.length >= _TELLING else _FAR_MORE * _THRICE
    return change.items >= max(_ATTESTED, times * seen)


def _rivals(other: _Change, best: _Change) -> bool:
    """Whether another character in the same place makes as long a word nearly as often."""
    same = other.at == best.at and other.length == best.length and other.character != best.character
    return same and other.items * _CLEARLY > best.items


def _changes(typed: str, at: int, held: Holdings) -> Iterator[_Change]:
    """The characters in place of the one at `at` that make a longer word than it is in."""
    before, after = typed[at - 1 : at] if at else "", typed[at + 1 : at + 2]
    pairs = {
        c: [pair for pair in (before + c, c + after) if len(pair) == 2] for c in _alike(typed[at]) if c != typed[at]
    }
    frequencies = held.frequencies([pair for several in pairs.values() for pair in several])
    likely = sorted(
        (c for c in pairs if any(frequencies[pair] >= _ATTESTED for pair in pairs[c])),
        key=lambda c: -max(frequencies[pair] for pair in pairs[c]),
    )
    length = max(map(len, _words_over(typed, at, held)), default=1) if likely else 0
    for character in likely[:_MOST_WORDS]:
        for word in _words_over(typed[:at] + character + typed[at + 1 :], at, held):
            # A rare reading makes too many pairs of characters sound alike: 承 can be read as 政 is.
            if len(word) > max(length, 2) or (len(word) > length and character in _alike(typed[at], readings=1)):
                joins = all(frequencies[pair] >= _ATTESTED for pair in pairs[character])
                yield _Change(at, character, len(word), min(held.frequencies(bigrams(word)).values()), joins)


def _words_over(text: str, at: int, held: Holdings) -> set[str]:
    """The words of two and more characters of a text that the character at `at` may be in."""
    around = text[max(0, at - _LONGEST_WORD) : at + _LONGEST_WORD + 1]
    words = {word for word in held.words(around) if 1 < len(word) <= _LONGEST_WORD}
    return {word for word in words if word in text[max(0, at - len(word) + 1) : at + len(word)]}


@lru_cache(maxsize=1024)
def _alike(character: str, readings: int = 3) -> tuple[str, ...]:
    """The common characters that sound or look like one, without regard to tone, by the first `readings` of each."""
    characters = _characters(readings)
    sounding = (other for reading in _readings(character)[:readings] for other in characters.get(reading, ()))
    return tuple(dict.fromkeys((*sounding, *_look_alikes().get(character, ""))))


@cache
def _look_alikes() -> Mapping[str, str]:
    found: dict[str, str] = defaultdict(str)
    for (group,) in read_words("look_alikes.tsv"):
        for character in group:
            found[character] += group
    return dict(found)


@cache
def _characters(readings: int) -> Mapping[str, list[str]]:
    """Common characters by their first `readings`: those of GB/T 2312, level 1, which is rows 16 to 55 of its table."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            for character in bytes((row, cell)).decode("gb2312", "ignore"):
                for reading in _readings(character)[:readings]:
                    found[reading].append(character)
    return dict(found)


def _readings(character: str) -> list[str]:
    """The readings of a character without tone."""
    return _sounds().get(str(ord(character)), "").translate(_TONELESS).split(",")


@cache
def _sounds() -> Mapping[str, str]:
    """Readings by code point, from the table of pypinyin. Only its file is read: the import takes 0.7 s, most of it for phrases."""
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'pypinyin'", name="pypinyin")
    found: dict[str, str] = json.loads(Path(package.origin).with_name("pinyin_dict.json").read_text(encoding="utf-8"))
    return found
