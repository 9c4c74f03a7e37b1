"""The counts of a search as lists of links that set a filter, or drop it where it is set."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from indexer.index.filters import Filters
from indexer.index.protocol import FacetCount, Facets
from search_api.filter_values import attribute, write_filters
from search_api.search import SearchService
from search_api.web.address import Address
from search_api.wording import shown

_FIELDS = ("province", "city", "district", "year", "unit", "role", "basis", "type", "kind")
_WIDE = frozenset({"province", "city"})
"""Places that are lists only where the matches are of several: a district says which they are in."""
_AT_FIRST = {"year": 12}
_USUALLY_AT_FIRST = 8
"""Values that are shown before the others are asked for; years are short and stand side by side."""
_LONG = 15
"""Values from which on a list can be looked through by typing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that sets or drops a value of a filter."""

    text: str
    count: int
    chosen: bool
    address: Address


@dataclass(frozen=True, slots=True)
class FacetList:
    """The values of a field, those that are set before the others: `first` are shown at once, `rest` when asked for."""

    name: str
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]

    @property
    def is_long(self) -> bool:
        """Whether it is worth being looked through by typing."""
        return len(self.first) + len(self.rest) >= _LONG


def counted(
    service: SearchService, facets: Facets, query: str, filters: Filters, plain: Collection[str]
) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by parameter name.

    Those of a field that is filtered are over what the other filters leave, which shows the values that can be added. Each
    such field costs a search.
    """
    counts = {name: facets.fields.get(attribute(name), ()) for name in _FIELDS}
    for name in write_filters(filters):
        others = replace(filters, **{attribute(name): ()})
        counts[name] = service.facets(query, others, plain=plain).fields.get(attribute(name), ())
    return counts


def facet_lists(counts: dict[str, tuple[FacetCount, ...]], total: int, here: Address) -> Iterator[FacetList]:
    """The fields of `counts` that can narrow the `total` matches, or do so already and offer other values instead."""
    for name, found in counts.items():
        # Years are looked for by number, all else by how much there is of it.
        ordered = sorted(found, key=lambda one: one.value, reverse=True) if name == "year" else found
        choices = [_choice(name, one, here) for one in ordered]
        choices.sort(key=lambda choice: not choice.chosen)
        if choices and (name in here.filters or _narrows(name, found, total)):
            at_first = _AT_FIRST.get(name, _USUALLY_AT_FIRST)
            yield FacetList(name, tuple(choices[:at_first]), tuple(choices[at_first:]))


def _narrows(name: str, found: Collection[FacetCount], total: int) -> bool:
    if name in _WIDE and len(found) < 2:
        return False
    return any(one.count < total for one in found)


def _choice(name: str, one: FacetCount, here: Address) -> Choice:
    chosen = here.has(name, one.value)
    address = here.dropping(name, one.value) if chosen else here.adding(name, one.value)
    return Choice(shown(name, one.value), one.count, chosen, address)
