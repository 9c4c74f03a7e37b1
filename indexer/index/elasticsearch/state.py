"""What is in force: the one document that makes many documents change at once.

Elasticsearch changes one document at a time, and a notice is many. So each notice that is written gets a version, a number
that is never used again, and all its documents carry it. The state says which versions are hidden: those of batches that
are still being written, and those that were replaced or removed. A reader fetches the state and leaves out what it hides;
a writer brings all documents of a batch in, makes them searchable, and then replaces the state, on condition that nobody
else has replaced it meanwhile. That one step publishes the batch and hides what it replaces.

So a search sees each notice in exactly one version, the one in force when it fetched the state: documents that become
searchable later have versions that this state hides or does not know, and those that are hidden later are deleted only
after GRACE_SECONDS, when the search is over. What a crash leaves behind stays hidden, and is deleted after its time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

GRACE_SECONDS = 120.0
"""How long replaced documents stay, for searches that began before. Longer than a search may take and clocks differ."""
LEASE_SECONDS = 900.0
"""How long a batch may be under way; after that its writer is taken to be dead, and can no longer publish it."""
ABANDONED_SECONDS = 3600.0
"""How long what a dead writer left stays hidden: longer than a request of it may still be on its way."""


@dataclass(frozen=True, slots=True, order=True)
class Versions:
    """Versions `first` to `end`, exclusive. `until`: seconds since 1970 after which the next thing is done with them."""

    first: int
    end: int
    until: float

    def are(self, other: "Versions") -> bool:
        """Whether these are the same versions, whatever their time."""
        return (self.first, self.end) == (other.first, other.end)


@dataclass(frozen=True, slots=True)
class State:
    """What is hidden, and what holds for the index as a whole. `pending` may be published before `until`."""

    next: int = 1
    generation: int = 0
    fingerprint: str | None = None
    dimension: int | None = None
    pending: tuple[Versions, ...] = ()
    hidden: tuple[Versions, ...] = ()
    """Replaced, removed or abandoned; the documents are to be deleted after `until`."""
    suspended: dict[str, str] | None = None
    """Settings of the index as they were before loading began, to be put back."""

    def shows(self, version: int) -> bool:
        """Whether documents of this version are seen."""
        out = (*self.pending, *self.hidden)
        return version < self.next and not any(one.first <= version < one.end for one in out)

    def allocate(self, count: int, now: float) -> "State":
        """Take `count` versions for a batch, which is the last of those pending then."""
        batch = Versions(self.next, self.next + count, now + LEASE_SECONDS)
        return replace(self, next=batch.end, pending=(*self.pending, batch))

    def is_pending(self, batch: Versions) -> bool:
        """Whether a batch can still be published."""
        return any(one.are(batch) for one in self.pending)

    def is_abandoned(self, batch: Versions) -> bool:
        """Whether a batch was taken to be dead."""
        return any(one.are(batch) for one in self.hidden)

    def publish(self, batch: Versions, replaced: Iterable[int], now: float) -> "State":
        """Show a pending batch, and hide the versions that it replaces."""
        shown = replace(self, pending=tuple(one for one in self.pending if not one.are(batch)))
        return shown.hide(replaced, now)

    def hide(self, versions: Iterable[int], now: float) -> "State":
        """Hide versions, and count a change."""
        hidden = (*self.hidden, *_runs(versions, now + GRACE_SECONDS))
        return replace(self, hidden=hidden, generation=self.generation + 1)

    def give_up_dead(self, now: float) -> "State":
        """Hide for good the pending batches whose time is over."""
        dead = [one for one in self.pending if one.until < now]
        hidden = tuple(replace(one, until=now + ABANDONED_SECONDS) for one in dead)
        return replace(
            self, pending=tuple(one for one in self.pending if one not in dead), hidden=(*self.hidden, *hidden)
        )

    def due(self, now: float) -> tuple[Versions, ...]:
        """Hidden versions whose documents nobody needs any more."""
        return tuple(one for one in self.hidden if one.until < now)

    def forget(self, deleted: Iterable[Versions]) -> "State":
        """Drop hidden versions whose documents are deleted."""
        gone = set(deleted)
        return replace(self, hidden=tuple(one for one in self.hidden if one not in gone))


def _runs(versions: Iterable[int], until: float) -> list[Versions]:
    """Versions that follow each other as one range each: what was written together is mostly replaced together."""
    ordered = sorted(set(versions))
    groups = groupby(enumerate(ordered), key=lambda placed: placed[1] - placed[0])
    runs = [[version for _, version in group] for _, group in groups]
    return [Versions(run[0], run[-1] + 1, until) for run in runs]
