"""What an index holds, as far as it helps to understand a query: names to recognise, and counts to check a reading by."""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from threading import Lock
from typing import Protocol

from analyzers.terms import Analyzer
from corpus.model import Notice
from indexer.index.filters import Filters
from indexer.index.keys import document_key, place_keys
from indexer.index.protocol import FacetCount, Facets, Index
from indexer.parsing.lines import FoldedText

PLACE_FIELDS = ("district", "city", "province")
_MOST_VALUES = 10_000
_MOST_NOTICES = 200_000
_MOST_FREQUENCIES = 100_000
_MOST_COUNTS = 10_000
_QUICK_SECONDS, _REST = 0.1, 20.0
"""Names that take longer to read are not read again for so many times as long."""
_RAREST = 6
"""Bigrams of a typed title by which held titles are looked up: those of place and year are rare."""
_STATE = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A place that notices are from: the filter that asks for it, its name, and how many items are from there."""

    field: str
    name: str
    items: int


class HeldNotices:
    """The titles, numbers and short names of the notices held."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        self.notices = notices
        self.by_number: dict[str, list[str]] = defaultdict(list)
        for notice in notices:
            if notice.document_number:
                self.by_number[document_key(notice.document_number)].append(notice.id)
        aliases = [alias for notice in notices for alias in notice.aliases]
        self.short_names = {document_key(alias.short): alias.short for alias in aliases}
        self.numbers = {
            document_key(alias.document_number): alias.document_number for alias in aliases if alias.document_number
        }
        self.numbers |= {
            document_key(notice.document_number): notice.document_number for notice in notices if notice.document_number
        }

    @cached_property
    def titles(self) -> list[tuple[str, Notice]]:
        """Each notice's title, and that of its transmittal, in folded form."""
        return [(FoldedText(t).text, n) for n in self.notices for t in (n.title, n.notice_title) if t]

    @cached_property
    def _by_bigram(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for place, (title, _) in enumerate(self.titles):
            for bigram in set(bigrams(title)):
                found[bigram].append(place)
        return found

    def like(self, title: str) -> list[tuple[str, Notice]]:
        """The titles that share a rare bigram with a folded one, those that share most of them first."""
        known = [self._by_bigram[bigram] for bigram in set(bigrams(title)) if bigram in self._by_bigram]
        shared = Counter(place for places in sorted(known, key=len)[:_RAREST] for place in places)
        return [self.titles[place] for place, _ in shared.most_common()]


class HeldValues:
    """The names that an index holds, as of one moment. Threads may share one."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._facets: Facets = index.facets(None, (), Filters(), _MOST_VALUES)
        self.total = self._facets.total
        self.frequencies: dict[str, int] = {}
        self.counts: dict[Filters, int] = {}

    def counted(self, field: str) -> tuple[FacetCount, ...]:
        """The values of a field of facets, each with its number of items, most first."""
        return self._facets.fields[field]

    @cached_property
    def places(self) -> Mapping[str, HeldPlace]:
        """Places by each of their keys (鲤城区, 鲤城); of several places with one key that of most items."""
        found: dict[str, HeldPlace] = {}
        for name in PLACE_FIELDS:
            for facet in self._facets.fields[name]:
                for key in place_keys(facet.value):
                    if key not in found or found[key].items < facet.count:
                        found[key] = HeldPlace(name, facet.value, facet.count)
        return found

    @cached_property
    def doc_types(self) -> frozenset[str]:
        """Document types of notices."""
        return frozenset(facet.value for facet in self._facets.fields["doc_type"])

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """Basis documents by key: titles, short names and numbers that notices define."""
        return self.notices.numbers | self.notices.short_names | self.titles

    @cached_property
    def titles(self) -> dict[str, str]:
        """Full titles of basis documents by key, a law's also without the name of the state."""
        titles = {document_key(facet.value): facet.value for facet in self._facets.fields["basis"]}
        return {key.removeprefix(_STATE): title for key, title in titles.items()} | titles

    @cached_property
    def notices(self) -> HeldNotices:
        """The notices, read when a query first needs them."""
        return HeldNotices([record.notice for record in self._index.notices(Filters(), 0, _MOST_NOTICES)[1]])


class Counts(Protocol):
    """How much is held of something."""

    def count(self, filters: Filters) -> int:
        """How many items satisfy filters."""
        ...

    def frequencies(self, grams: Sequence[str]) -> dict[str, int]:
        """In how many items each gram occurs."""
        ...


class Holdings(Counts, Protocol):
    """What understanding asks of an index."""

    def values(self) -> HeldValues:
        """The names held."""
        ...

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text as the index analyses it."""
        ...


@dataclass(frozen=True, slots=True)
class _Read:
    generation: int
    values: HeldValues
    rests_until: float


class IndexHoldings:
    """The holdings of an index, read anew when it has changed. Threads may share one."""

    def __init__(self, index: Index, analyzer: Analyzer) -> None:
        self._index = index
        self._analyzer = analyzer
        self._reading = Lock()
        self._held: _Read | None = None

    def values(self) -> HeldValues:
        """See Holdings. While one thread reads the names anew, others go on with the former ones.

        Where reading takes long, and somebody writes all the time, they may be somewhat behind.
        """
        generation = self._index.generation
        held = self._held
        if held is not None and (held.generation == generation or time.monotonic() < held.rests_until):
            return held.values
        if not self._reading.acquire(blocking=held is None) and held is not None:
            return held.values
        try:
            if self._held is None or self._held.generation != generation:
                started = time.monotonic()
                values = HeldValues(self._index)
                took = time.monotonic() - started
                self._held = _Read(
                    generation, values, time.monotonic() + (_REST * took if took > _QUICK_SECONDS else 0)
                )
            return self._held.values
        finally:
            self._reading.release()

    def count(self, filters: Filters) -> int:
        """See Holdings. What was counted once is remembered until the index changes."""
        counted = self.values().counts
        if filters not in counted:
            if len(counted) > _MOST_COUNTS:
                counted.clear()
            counted[filters] = self._index.count(filters)
        return counted[filters]

    def frequencies(self, grams: Sequence[str]) -> dict[str, int]:
        """See Holdings. As with `count`, each is asked for once."""
        counted = self.values().frequencies
        missing = [gram for gram in dict.fromkeys(grams) if gram not in counted]
        if missing:
            if len(counted) > _MOST_FREQUENCIES:
                counted.clear()
            counted |= self._index.frequencies(missing)
        return {gram: counted.get(gram, 0) for gram in grams}

    def words(self, text: str) -> tuple[str, ...]:
        """See Holdings."""
        return self._analyzer.analyse(text).words


def bigrams(text: str) -> list[str]:
    """The bigrams of a text, in order."""
    return [first + second for first, second in pairwise(text)]
