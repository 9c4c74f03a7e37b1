"""Understanding of a query: references to a basis document and its articles become an exact filter.

实施方案第12条, 《实施方案》第34条 ask for the items that rest on that article, and not for the words. Where no held item does, the
words are searched after all, so that a wrong reading costs nothing.
"""

import re
from dataclasses import dataclass, replace

from indexer.index.filters import BasisFilter, Filters
from indexer.parsing.numerals import CHINESE, to_int
from search_api.results import Understood

_N = rf"[0-9０-９{CHINESE}]{{1,5}}"
_ARTICLE = re.compile(
    rf"(?:《(?P<quoted>[^《》]{{2,60}})》|(?P<plain>[\u4e00-\u9fff]{{2,30}}))\s*第\s*(?P<articles>{_N}(?:\s*[、,，]\s*第?{_N})*)\s*条"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as understood: the words to search, all filters (asked for and read), and what to show of it."""

    words: str
    filters: Filters
    understood: Understood


def understand(query: str, filters: Filters) -> Reading:
    """Read references out of a query; `filters` are those that the user set."""
    read: list[BasisFilter] = []
    notes: list[str] = []
    for match in _ARTICLE.finditer(query):
        document = match["quoted"] or match["plain"]
        articles = [to_int(number) for number in re.findall(_N, match["articles"])]
        found = [BasisFilter(document, str(article)) for article in articles if article]
        read += found
        if found:
            notes.append(f"依据条款：《{document}》第{'、'.join(str(f.article) for f in found)}条")
    words = _ARTICLE.sub(" ", query).strip() if read else query
    own = Filters(basis=tuple(read))
    combined = replace(filters, basis=(*filters.basis, *read))
    return Reading(words, combined, Understood(words, own, tuple(notes)))


def as_words(query: str, filters: Filters, note: str) -> Reading:
    """The query as nothing but words, with a note why."""
    return Reading(query, filters, Understood(query, Filters(), (note,)))
