"""What a results page shows, as its address: every state of the page can be shared as a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from search_api.web.grouping import Grouping


@dataclass(frozen=True, slots=True)
class Address:
    """Query, filters as strings by parameter name, how the hits are listed, and place in the list.

    `plain`: texts of the query that are left as words; `collapse`: near-identical provisions are folded into one.
    """

    q: str
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    plain: tuple[str, ...] = ()
    per_district: int = 0
    collapse: bool = True
    offset: int = 0
    grouping: Grouping = Grouping.NONE

    def __str__(self) -> str:
        pairs = [("q", self.q), *self.kept_pairs]
        if self.offset:
            pairs.append(("offset", str(self.offset)))
        return f"/?{urlencode(pairs)}"

    @property
    def filter_pairs(self) -> list[tuple[str, str]]:
        """Each value of each filter with the name of its parameter."""
        return [(name, value) for name, values in self.filters.items() for value in values]

    @property
    def kept_pairs(self) -> list[tuple[str, str]]:
        """The parameters that stay when another query is typed: all but the query and the place in the list."""
        return self._list_pairs + ([("group", str(self.grouping))] if self.grouping else [])

    def export(self, file_format: str) -> str:
        """Where the whole list is to be had as a file."""
        return f"/api/v1/search/export?{urlencode([('q', self.q), *self._list_pairs, ('format', file_format)])}"

    def has(self, name: str, value: str) -> bool:
        """Whether a filter is set to `value`, perhaps among others."""
        return value in self.filters.get(name, [])

    def adding(self, name: str, value: str) -> "Address":
        """The first page with one more value of a filter."""
        return replace(self, filters={**self.filters, name: [*self.filters.get(name, []), value]}, offset=0)

    def dropping(self, name: str, value: str) -> "Address":
        """The first page without a value of a filter."""
        kept = {key: [one for one in values if (key, one) != (name, value)] for key, values in self.filters.items()}
        return replace(self, filters={key: values for key, values in kept.items() if values}, offset=0)

    def leaving(self, text: str) -> "Address":
        """The first page with one more text of the query left as words."""
        return replace(self, plain=(*self.plain, text), offset=0)

    def reading(self, text: str) -> "Address":
        """The first page with a text of the query no longer left as words."""
        return replace(self, plain=tuple(one for one in self.plain if one != text), offset=0)

    def at(self, offset: int) -> "Address":
        """Another page of the same list."""
        return replace(self, offset=offset)

    def spread(self, per_district: int) -> "Address":
        """The first page with at most `per_district` hits of one district; 0 for any number."""
        return replace(self, per_district=per_district, offset=0)

    def folding(self, collapse: bool) -> "Address":
        """The first page with near-identical provisions folded into one, or listed one by one."""
        return replace(self, collapse=collapse, offset=0)

    def grouped(self, grouping: Grouping) -> "Address":
        """The same hits under other headings."""
        return replace(self, grouping=grouping)

    @property
    def _list_pairs(self) -> list[tuple[str, str]]:
        """What says which hits are listed, besides the query."""
        pairs = [*self.filter_pairs, *(("plain", text) for text in self.plain)]
        if self.per_district:
            pairs.append(("per_district", str(self.per_district)))
        if not self.collapse:
            pairs.append(("collapse", "false"))
        return pairs
