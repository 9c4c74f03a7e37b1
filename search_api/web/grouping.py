"""The hits of a page under headings: by district, or by notice."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Notice
from search_api.districts import district
from search_api.results import Hit


class Grouping(StrEnum):
    """What the hits of a page are put under."""

    NONE = ""
    DISTRICT = "district"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class HitGroup:
    """Hits of one district or notice, best first; `notice` is that of the best."""

    notice: Notice
    hits: tuple[Hit, ...]


_KEYS: dict[Grouping, Callable[[Notice], Hashable]] = {
    Grouping.DISTRICT: district,
    Grouping.NOTICE: lambda notice: notice.id,
}


def grouped(hits: Iterable[Hit], grouping: Grouping) -> list[HitGroup]:
    """The hits of a page in groups, in the order of the best of each; none where they are not grouped."""
    if grouping is Grouping.NONE:
        return []
    together: dict[Hashable, list[Hit]] = {}
    for hit in hits:
        together.setdefault(_KEYS[grouping](hit.notice), []).append(hit)
    return [HitGroup(several[0].notice, tuple(several)) for several in together.values()]
