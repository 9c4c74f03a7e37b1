"""Versions of an index: another one is built beside the one in use, then takes its place in one step.

Whoever reads goes on in the version that he has opened; the one that was in use before stays, to go back to.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from indexer.index.protocol import Index


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a version is built for: a model's vectors, or none where `fingerprint` is None, in so many shards."""

    fingerprint: str | None
    dimension: int | None = None
    model: ModelChoice | None = None
    """Written down with the version, where it is not the model that the settings name anyway."""
    shards: int | None = None
    """None for as many as there are now."""


class Building(Protocol):
    """A version that is being built by the caller alone."""

    @property
    def source(self) -> Index:
        """The version in use, to be read."""
        ...

    @property
    def fresh(self) -> Index:
        """The new one, with what an interrupted run has brought there."""
        ...

    def changing(self) -> AbstractContextManager[None]:
        """Within it nobody else writes to `source`; raises StorageError where that can't be had."""
        ...

    def take_place(self) -> None:
        """Put the new version in the place of the one in use, within `changing`; nothing more is written to either then."""
        ...


class Versions(Protocol):
    """The versions of one index."""

    def present(self) -> Wanted:
        """What the version in use was built for."""
        ...

    def building(self, wanted: Wanted, analyzer: Analyzer) -> AbstractContextManager[Building | None]:
        """Build a version, going on where an interrupted run has stopped; None where the one in use is as wanted.

        Raises StorageError at once where somebody else is building.
        """
        ...

    def rolling_back(self, analyzer: Analyzer) -> AbstractContextManager[tuple[Index, Index]]:
        """Use the former version again: gives that, and the one that was in use, to be read.

        Raises StorageError where there is none.
        """
        ...
