"""What a results page shows, as its address: every state of the page can be shared as a link."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Address:
    """Query, filters as strings by parameter name, and place in the list."""

    q: str
    filters: Mapping[str, list[str]] = field(default_factory=dict)
    per_district: int = 0
    offset: int = 0

    def __str__(self) -> str:
        pairs = [("q", self.q), *self.filter_pairs]
        if self.per_district:
            pairs.append(("per_district", str(self.per_district)))
        if self.offset:
            pairs.append(("offset", str(self.offset)))
        return f"/?{urlencode(pairs)}"

    @property
    def filter_pairs(self) -> list[tuple[str, str]]:
        """Each value of each filter with the name of its parameter."""
        return [(name, value) for name, values in self.filters.items() for value in values]

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

    def at(self, offset: int) -> "Address":
        """Another page of the same list."""
        return replace(self, offset=offset)

    def spread(self, per_district: int) -> "Address":
        """The first page with at most `per_district` hits of one district; 0 for any number."""
        return replace(self, per_district=per_district, offset=0)
