"""Filters on items: several values of one filter widen it, different filters narrow each other."""

from dataclasses import dataclass

from corpus.model import ItemKind, Role


@dataclass(frozen=True, slots=True)
class YearRange:
    """Plan years `first` to `last`, both included. A notice matches when its plan years overlap the range."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class BasisFilter:
    """Items that rest on `document` (any of its keys, see `keys.basis_keys`), and on `article` of it if given."""

    document: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """What an item and its notice must satisfy. An empty tuple does not restrict.

    `unit` and `role` together ask for one unit that has both.
    """

    district: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    year: tuple[YearRange, ...] = ()
    unit: tuple[str, ...] = ()
    role: tuple[Role, ...] = ()
    basis: tuple[BasisFilter, ...] = ()
    doc_type: tuple[str, ...] = ()
    kind: tuple[ItemKind, ...] = ()
    notice: tuple[str, ...] = ()
    exclude_notice: tuple[str, ...] = ()
