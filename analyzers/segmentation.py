"""Cutting Chinese text into words: the most probable path over jieba's dictionary and the words of the field.

The words are those of `jieba.cut_for_search(…, HMM=False)`. They are computed here because a search must start fast:
jieba imports and loads its 349,046 words in 0.6 s, of which a query needs some hundred. Here the rows of its dictionary
are grouped by first character, and a group is read when a text contains the character. Nothing is cached on disk.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.util import find_spec
from math import exp, inf, log
from pathlib import Path

from analyzers.folding import fold

_TOTAL = 60_101_967
"""Sum of the frequencies in the dictionary of jieba 0.42.1, which has not changed since 2020."""

_UNKNOWN = -log(_TOTAL)
_COMMON_WORDS = 16_384
"""Words of which it is remembered what stands inside them."""
_GROUP = re.compile(r"^(.).*(?:\n\1.*)*", re.MULTILINE)
# Latin letters and digits are never cut apart: 2018, app.
_UNIT = re.compile(r"[a-z0-9]+|.", re.DOTALL)
_LATIN = re.compile("[a-z0-9]")

Scores = Mapping[str, float]
"""Log probability of each word that begins with a certain character; -inf for what only begins a word."""


class Segmenter:
    """Cuts folded text into words. Threads may share one: what they add to its tables is always the same."""

    def __init__(self, groups: Mapping[str, str], words: Iterable[str] = ()) -> None:
        """`groups` holds the rows `word frequency tag` of a dictionary by first character; `words` join them."""
        self._groups = groups
        self._words = defaultdict[str, list[str]](list)
        for word in words:
            self._words[word[0]].append(word)
        self._general: dict[str, Scores] = {}
        self._scores: dict[str, Scores] = {}
        self._words_inside = lru_cache(maxsize=_COMMON_WORDS)(self._inside)

    def cut(self, text: str) -> list[str]:
        """The words of `text` in order; put together they are `text`."""
        return _best_path(text, self._scores_of)[0]

    def cut_for_search(self, text: str) -> list[str]:
        """The words of `text`, each after the dictionary words of two and three characters inside it."""
        words: list[str] = []
        for word in self.cut(text):
            if len(word) > 2:
                words += self._words_inside(word)
            words.append(word)
        return words

    def _inside(self, word: str) -> tuple[str, ...]:
        parts = [
            word[at : at + length] for length in range(2, min(len(word), 4)) for at in range(len(word) - length + 1)
        ]
        return tuple(part for part in parts if self._scores_of(part[0]).get(part, -inf) > -inf)

    def _scores_of(self, first: str) -> Scores:
        scores = self._scores.get(first)
        if scores is None:
            scores = self._scores[first] = self._with_words(first)
        return scores

    def _with_words(self, first: str) -> Scores:
        """The general scores with the added words, each just probable enough to win over its own pieces.

        This is jieba's `suggest_freq`. A fixed high probability would tear neighbours apart: 统一公开 → 统, 一公开.
        """
        general = self._general_scores_of(first)
        scores = dict(general)
        for word in self._words.get(first, ()):
            pieces = exp(_best_path(word, self._general_scores_of)[1])
            _enter(scores, word, max(log(int(pieces * _TOTAL) + 1) + _UNKNOWN, general.get(word, -inf)))
        return scores

    def _general_scores_of(self, first: str) -> Scores:
        scores = self._general.get(first)
        if scores is None:
            scores = {}
            for row in self._groups.get(first, "").splitlines():
                word, frequency, _ = row.split(" ")
                _enter(scores, word.lower(), log(int(frequency)) + _UNKNOWN)
            self._general[first] = scores
        return scores


def load_segmenter(words: Iterable[str]) -> Segmenter:
    """A segmenter over jieba's dictionary and `words`, folded. Takes 0.07 s."""
    package = find_spec("jieba")  # found and not imported: the import alone takes 0.1 s
    if package is None or package.origin is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    rows = Path(package.origin).with_name("dict.txt").read_text(encoding="utf-8")
    groups = defaultdict[str, str](str)
    for group in _GROUP.finditer(rows):
        groups[group[1].lower()] += group[0] + "\n"
    return Segmenter(dict(groups), (fold(word) for word in words))


def _enter(scores: dict[str, float], word: str, score: float) -> None:
    scores[word] = max(score, scores.get(word, -inf))
    for end in range(1, len(word)):
        scores.setdefault(word[:end], -inf)


def _best_path(text: str, scores_of: Callable[[str], Scores]) -> tuple[list[str], float]:
    """The most probable words that make up `text`, and their log probability. Linear in the length of `text`."""
    if _LATIN.search(text):
        cuts = [unit.start() for unit in _UNIT.finditer(text)]
        cuts.append(len(text))
    else:
        cuts = list(range(len(text) + 1))
    units = len(cuts) - 1
    best = [0.0] * (units + 1)
    ends = [0] * units
    for unit in range(units - 1, -1, -1):
        start = cuts[unit]
        scores = scores_of(text[start])
        top, end = _UNKNOWN + best[unit + 1], unit + 1
        for stop in range(unit + 1, units + 1):
            score = scores.get(text[start : cuts[stop]])
            if score is None:
                break
            if score + best[stop] >= top:
                top, end = score + best[stop], stop
        best[unit], ends[unit] = top, end
    words = []
    unit = 0
    while unit < units:
        words.append(text[cuts[unit] : cuts[ends[unit]]])
        unit = ends[unit]
    return words, best[0]
