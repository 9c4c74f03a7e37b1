"""When nothing is found: what was searched, what is not held at all, and which broader search would find something."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from indexer.index.filters import Filters
from indexer.index.protocol import Index
from search_api.filter_values import PARAMETERS, only, write_filters
from search_api.ranking import Ranker
from search_api.results import Broader, NoneFound, Searched
from search_api.understanding import Holdings, Reading, understand
from search_api.wording import FIELDS, shown

_MOST_NAMES = 1_000
_MOST_BROADER = 3


def none_found(reading: Reading, ranker: Ranker, index: Index, held: Holdings) -> NoneFound:
    """What to tell about a search that found nothing."""

    def finds(broader: Broader) -> bool:
        if not broader.words.strip() and broader.filters == Filters():
            return False  # asks for nothing
        # As a new search would be read: a year that was left as a word may become a filter without the others.
        return bool(ranker.rank(understand(broader.words, broader.filters, held)).hits)

    missing = tuple(_missing(reading.filters, index))
    within = _held(index, reading.filters)
    searched = within if within.notices else _held(index, Filters())
    several = (_fewer_filters(reading), _single_words(reading, ranker))
    broader = next(filter(None, (tuple(islice(filter(finds, some), _MOST_BROADER)) for some in several)), ())
    return NoneFound(searched, missing, broader)


def _held(index: Index, filters: Filters) -> Searched:
    facets = index.facets(None, (), filters, _MOST_NAMES)
    notices, _ = index.notices(filters, 0, 1)
    places = facets.fields["district"] or facets.fields["city"]
    years = sorted(int(facet.value) for facet in facets.fields["year"])
    return Searched(notices, facets.total, tuple(facet.value for facet in places), tuple(years))


def _missing(filters: Filters, index: Index) -> Iterator[str]:
    """The values of filters that nothing held satisfies; where each is held, that they don't meet."""
    absent = False
    for name, values in write_filters(filters).items():
        for value in values:
            if not index.count(only(filters, name, value)):
                absent = True
                yield f"已收录的条款里没有{FIELDS[name]}为“{shown(name, value)}”的"
    if not absent and filters != Filters() and not index.count(filters):
        yield "所选条件各有条款，但没有同时符合的"


def _fewer_filters(reading: Reading) -> Iterator[Broader]:
    """The same words without one of the filters, those that were read out of the query first; then without any."""
    set_ = [name for name in PARAMETERS if name in write_filters(reading.filters)]
    read = write_filters(reading.read)
    for name in sorted(set_, key=lambda name: name not in read):
        yield Broader(reading.words, _without(reading.filters, name), f"不限{FIELDS[name]}")
    if len(set_) > 1:
        yield Broader(reading.words, Filters(exclude_notice=reading.filters.exclude_notice), "不限任何条件")


def _single_words(reading: Reading, ranker: Ranker) -> Iterator[Broader]:
    """The words one by one, but for those that lie in a longer one."""
    known = ranker.words(reading.words)
    words = [word for word in known if not any(word != other and word in other for other in known)]
    for word in words if len(words) > 1 else ():
        others = "、".join(f"“{other}”" for other in words if other != word)
        yield Broader(word, reading.filters, f"不含{others}")


def _without(filters: Filters, name: str) -> Filters:
    return replace(filters, **{"doc_type" if name == "type" else name: ()})
