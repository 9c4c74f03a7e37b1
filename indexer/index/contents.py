"""How much an index holds, as its backup remembers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contents:
    """`vectors`: how many items have one; `fingerprint`: of their model."""

    notices: int
    items: int
    vectors: int
    fingerprint: str | None
