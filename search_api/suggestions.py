"""Suggestions while a query is typed: units, basis documents and notices by name, and frequent phrases of the holdings.

One is found by the beginning of any of its words, as characters, in pinyin (xingzhengzhifa) or by initials (xzzf).
"""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, partial
from itertools import islice
from threading import Lock, Thread

import numpy as np
from numpy.typing import NDArray

from analyzers.folding import fold
from analyzers.terms import Analyzer
from corpus.errors import XianliError
from corpus.model import TaskItem
from indexer.index.filters import BasisFilter, Filters
from indexer.index.protocol import Index, NoticeRecord
from search_api.phrases import PhraseCounter
from search_api.understanding.holdings import HeldValues, IndexHoldings

_log = logging.getLogger(__name__)

_MOST_NOTICES = 50_000
"""Notices, newest first, whose titles are suggested."""
_MOST_ITEMS = 50_000
"""Items of the newest notices whose headings are read for phrases."""
_MOST_WORDS = 65_536
"""Words whose pinyin is remembered while a table is made."""
_BATCH = 500
"""Items read at a time."""
_KEPT = 36
"""Bytes by which beginnings are told apart: 12 Chinese characters, or 36 letters of pinyin."""
_LONGEST = 100
"""Characters typed that are looked at."""
_RESTS_BETWEEN = 3.0
"""Times as long as reading a part took."""
_REST = 20.0
"""A table is not made again for so many times as long as it took."""
_QUOTES = "《〈“‘(（[\"'"


class SuggestionKind(StrEnum):
    """What a suggestion is."""

    UNIT = "unit"
    DOCUMENT = "document"
    PHRASE = "phrase"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something held that can be searched for.

    `count`: items that the unit is charged with, that rest on the document, that the notice of the title has, or over which
    the phrase stands. `filters` ask for exactly these, where there is a filter for it.
    """

    text: str
    kind: SuggestionKind
    count: int
    filters: Filters = field(default_factory=Filters)


class Suggestions:
    """Suggestions out of an index. Made in the background, and anew after a change; asking never waits for it."""

    def __init__(self, index: Index, holdings: IndexHoldings, analyzer: Analyzer) -> None:
        self._index = index
        self._holdings = holdings
        self._analyzer = analyzer
        self._making = Lock()
        self._table: SuggestionTable | None = None
        self._generation: int | None = None
        self._rests_until = 0.0

    @property
    def making(self) -> bool:
        """Whether they are being made now."""
        return self._making.locked()

    def suggest(self, typed: str, top: int = 8) -> tuple[Suggestion, ...]:
        """At most `top` suggestions for what was typed, most used first; none while nothing is made yet."""
        self.prepare()
        return () if self._table is None else self._table.matching(typed, top)

    def prepare(self) -> None:
        """Begin to make them where there are none of the index as it is now."""
        if self._generation == self._index.generation or time.monotonic() < self._rests_until:
            return
        if self._making.acquire(blocking=False):
            Thread(target=self._make, name="suggestions", daemon=True).start()

    def _make(self) -> None:
        started = time.monotonic()
        try:
            generation = self._index.generation
            values = self._holdings.values()
            records = self._index.notices(Filters(), 0, _MOST_NOTICES)[1]
            names = list(_names(values, records))
            if self._table is None:  # names can be suggested before phrases are known
                self._table = SuggestionTable(names, self._analyzer)
            phrases = _phrases(self._index, records, PhraseCounter(self._analyzer.cut, values.places.keys()))
            self._table = SuggestionTable([*names, *phrases], self._analyzer)
            self._generation = generation
        except XianliError as error:
            _log.warning("suggestions could not be made: %s", error.detail)
        finally:
            self._rests_until = time.monotonic() + _REST * (time.monotonic() - started)
            self._making.release()


class SuggestionTable:
    """Suggestions by the beginnings of their words. Threads may share one."""

    def __init__(self, suggestions: Iterable[Suggestion], analyzer: Analyzer) -> None:
        """Of suggestions with the same text the first stays."""
        distinct = {one.text: one for one in reversed(list(suggestions))}.values()
        self._ranked = sorted(distinct, key=lambda one: (-one.count, one.kind, one.text))
        texts, pinyin, initials = _Beginnings(), _Beginnings(), _Beginnings()
        spelt = lru_cache(maxsize=_MOST_WORDS)(partial(_spelt, analyzer))
        for place, one in enumerate(self._ranked):
            characters = [character for word in analyzer.cut(fold(one.text)) for character in spelt(word)]
            for start, character in enumerate(characters):
                if character.begins:
                    follow = characters[start : start + _KEPT]
                    texts.add("".join(other.text for other in follow), place)
                    pinyin.add("".join(other.sound for other in follow), place)
                    initials.add("".join(other.sound[0] for other in follow), place)
        self._texts, self._pinyin, self._initials = texts.sorted(), pinyin.sorted(), initials.sorted()

    def matching(self, typed: str, top: int) -> tuple[Suggestion, ...]:
        """At most `top` of those of which a word begins as typed, those of the highest count first."""
        folded = fold(typed[:_LONGEST]).strip().lstrip(_QUOTES)
        if not folded:
            return ()
        found = [self._texts.places(folded)]
        letters = "".join(folded.replace("'", " ").split())
        if letters.isascii() and letters.isalpha():
            found += [self._pinyin.places(letters), self._initials.places(letters)]
        whole = folded if len(folded.encode()) >= _KEPT else ""  # what beginnings are too short to tell
        ranked = (self._ranked[place] for place in np.unique(np.concatenate(found)))
        return tuple(islice((one for one in ranked if whole in fold(one.text)), top))


class _Beginnings:
    """Collects strings with the places that they lead to."""

    def __init__(self) -> None:
        self._keys: list[bytes] = []
        self._places: list[int] = []

    def add(self, text: str, place: int) -> None:
        self._keys.append(text[:_KEPT].encode()[:_KEPT])
        self._places.append(place)

    def sorted(self) -> "_SortedBeginnings":
        keys = np.array(self._keys, dtype=f"S{_KEPT}")
        order = np.argsort(keys, kind="stable")  # without the interpreter's lock, unlike sorting a list
        return _SortedBeginnings(keys[order], np.array(self._places, dtype=np.int32)[order])


@dataclass(frozen=True, slots=True)
class _SortedBeginnings:
    """Strings in UTF-8, whose order is that of the characters, so that those with one prefix lie side by side."""

    keys: NDArray[np.bytes_]
    """Ascending, S36 [n]."""
    leads_to: NDArray[np.int32]
    """int32 [n]."""

    def places(self, prefix: str) -> NDArray[np.int32]:
        """Where the strings lead that begin with a prefix; some places several times."""
        begins = prefix.encode()[: _KEPT - 1]
        low, high = np.searchsorted(self.keys, np.array([begins, begins + b"\xff"], dtype=f"S{_KEPT}"))
        return self.leads_to[low:high]


@dataclass(frozen=True, slots=True)
class _Character:
    """A Chinese character, or a run of others, with its pinyin without tone (ü is v); `begins` a word."""

    text: str
    sound: str
    begins: bool


def _spelt(analyzer: Analyzer, word: str) -> tuple[_Character, ...]:
    """The characters of a word. Words inside it begin too: 人民调解 is one, and 调解 another."""
    from pypinyin import lazy_pinyin  # 0.4 s, in the background

    sounds = lazy_pinyin(word)
    if len(sounds) != len(word):
        return (_Character(word, "".join(sounds) or word, word[0].isalnum()),)
    inner = {word.find(part) for part in analyzer.analyse(word).words}
    return tuple(_Character(one, sound, at in inner) for at, (one, sound) in enumerate(zip(word, sounds, strict=True)))


def _names(values: HeldValues, records: Iterable[NoticeRecord]) -> Iterator[Suggestion]:
    for unit in values.counted("unit"):
        yield Suggestion(unit.value, SuggestionKind.UNIT, unit.count, Filters(unit=(unit.value,)))
    for document in values.counted("basis"):
        filters = Filters(basis=(BasisFilter(document.value),))
        yield Suggestion(document.value, SuggestionKind.DOCUMENT, document.count, filters)
    titles: dict[str, Suggestion] = {}
    for record in records:
        title = record.notice.title
        known = titles.get(title, Suggestion(title, SuggestionKind.TITLE, 0))
        titles[title] = replace(known, count=known.count + record.items)
    yield from titles.values()


def _phrases(index: Index, records: Sequence[NoticeRecord], counter: PhraseCounter) -> Iterator[Suggestion]:
    """The frequent phrases of the newest notices. Rests most of the time: requests come first."""
    for batch in _batches(records):
        started = time.monotonic()
        for record, items in zip(batch, _items(index, batch), strict=True):
            counter.add({record.notice.title, *_headings(item)} for item in items)
        time.sleep(_RESTS_BETWEEN * (time.monotonic() - started))
    for phrase in counter.phrases():
        yield Suggestion(phrase.text, SuggestionKind.PHRASE, phrase.items)


def _batches(records: Iterable[NoticeRecord]) -> Iterator[list[NoticeRecord]]:
    batch: list[NoticeRecord] = []
    read = items = 0
    for record in records:
        batch.append(record)
        items += record.items
        if items >= _BATCH:
            yield batch
            batch, read, items = [], read + items, 0
        if read >= _MOST_ITEMS:
            return
    if batch:
        yield batch


def _items(index: Index, records: Sequence[NoticeRecord]) -> list[list[TaskItem]]:
    """The items of each of the notices."""
    held: dict[str, list[TaskItem]] = {record.notice.id: [] for record in records}
    with index.snapshot():
        found = index.lexical(None, Filters(notice=tuple(held)), sum(record.items for record in records))
        for item in index.items([one.item_id for one in found]):
            held[item.notice_id].append(item)
    return list(held.values())


def _headings(item: TaskItem) -> Iterator[str]:
    return (step.removeprefix(label.text) for step, label in zip(item.path, item.labels, strict=True))
