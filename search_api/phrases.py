"""Frequent phrases: sequences of words that the titles and headings of several notices have in common.

Counting is exact while few sequences are known. From then on those of one notice alone are dropped from time to time, so that a
phrase may miss some of its notices (lossy counting: Manku and Motwani, Approximate Frequency Counts over Data Streams, VLDB 2002).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzers.folding import fold

LEAST_NOTICES = 3
"""Notices that a sequence must occur in to be a phrase."""

_MOST_WORDS = 5
_FEWEST_CHARACTERS, _MOST_CHARACTERS = 4, 20
_LONGEST_HEADING = 200
"""Characters of a heading that are read: a longer one is a provision."""
_MOST_COUNTED = 300_000
_MOST_PHRASES = 20_000
_SAME = 0.8
"""Share of a phrase's items in which it is part of one longer phrase, from which on it is left out."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, in how many notices it occurs, and for how many items it stands in a title or heading above them."""

    text: str
    notices: int
    items: int


class PhraseCounter:
    """Counts the phrases of notices, one notice at a time."""

    def __init__(self, cut: Callable[[str], list[str]], names: Collection[str] = ()) -> None:
        """`cut` gives the words of folded text. Words of `names`, such as places, are in no phrase."""
        self._cut = cut
        self._names = names
        self._items: Counter[tuple[str, ...]] = Counter()
        self._notices: Counter[tuple[str, ...]] = Counter()

    def add(self, items: Iterable[Collection[str]]) -> None:
        """Count a notice: of each item the title and headings that it stands under."""
        read: dict[str, frozenset[tuple[str, ...]]] = {}
        found: Counter[tuple[str, ...]] = Counter()
        for headings in items:
            for heading in headings:
                if heading not in read:
                    read[heading] = frozenset(self._sequences(heading))
            found.update(frozenset().union(*(read[heading] for heading in headings)))
        self._items.update(found)
        self._notices.update(found.keys())
        if len(self._notices) > _MOST_COUNTED:
            self._notices = Counter({words: count for words, count in self._notices.items() if count > 1})
            self._items = Counter({words: self._items[words] for words in self._notices})

    def phrases(self) -> list[Phrase]:
        """The phrases that are frequent, those of most items first."""
        frequent = [words for words, count in self._notices.items() if count >= LEAST_NOTICES]
        within: dict[tuple[str, ...], int] = {}
        for words in frequent:
            for part in _parts(words):
                within[part] = max(within.get(part, 0), self._items[words])
        whole = [words for words in frequent if within.get(words, 0) < _SAME * self._items[words]]
        phrases = [Phrase("".join(words), self._notices[words], self._items[words]) for words in whole]
        return sorted(phrases, key=lambda phrase: (-phrase.items, phrase.text))[:_MOST_PHRASES]

    def _sequences(self, heading: str) -> Iterator[tuple[str, ...]]:
        words = self._cut(fold(heading[:_LONGEST_HEADING]))
        for start, first in enumerate(words):
            characters = 0
            for end in range(start, min(len(words), start + _MOST_WORDS)):
                word = words[end]
                if not word.isalnum() or word in self._names or any(map(str.isdigit, word)):
                    break
                characters += len(word)
                # 的, 和 and other words of one character neither begin nor end a phrase.
                if len(first) > 1 and len(word) > 1 and _FEWEST_CHARACTERS <= characters <= _MOST_CHARACTERS:
                    yield tuple(words[start : end + 1])


def _parts(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The shorter sequences inside one."""
    for length in range(1, len(words)):
        for start in range(len(words) - length + 1):
            yield tuple(words[start : start + length])
