"""What is in force: the one document that makes many documents change at once.

Elasticsearch changes one document at a time, and a notice is many. So each notice that is written gets a version, a number
that is never used again, and all its documents carry it. The state says which versions are hidden: those of batches that
are still being written, and those that were replaced or removed. A reader fetches the state and leaves out what it hides;
a writer brings all documents of a batch in, makes them searchable, and then replaces the state, on condition that nobody
else has replaced it meanwhile. That one step publishes the batch and hides what it replaces.

So a search sees each notice in exactly one version, the one in force when it fetched the state: documents that become
searchable later have versions that this state hides or does not know, and those that are hidden later are deleted only
after GRACE_SECONDS, when the search is over. What a crash leaves behind stays hidden, and is deleted after its time.

Each version of the index (see `succession`) has a state of its own, which also says who alone may change it, and which other
one has taken its place. "Versions" here are those of notices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

GRACE_SECONDS = 120.0
"""How long replaced documents stay, for searches that began before. Longer than a search may take and clocks differ."""
LEASE_SECONDS = 900.0
"""How long a batch may be under way; after that its writer is taken to be dead, and can no longer publish it."""
ABANDONED_SECONDS = 3600.0
"""How long what a dead writer left stays hidden: longer than a request of it may still be on its way."""
HOLD_SECONDS = 120.0
"""How long an index stays with who holds it alone and is silent: longer than clocks differ."""


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
class Hold:
    """Who alone may write to the index, until when unless it is renewed. `owner` is a name that nobody else has."""

    owner: str
    until: float


@dataclass(frozen=True, slots=True)
class Successor:
    """The index that is in use instead: its number, and the number of the change that brought it there."""

    number: int
    change: int


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
    model: dict[str, Any] | None = None
    """The choice of the model as an index remembers it (`choice.to_remember`)."""
    hold: Hold | None = None
    change: int = 0
    """With which change of indexes this one came into use; 0 for the first one, and for one that never was."""
    former: int | None = None
    """The number of the index that was in use before."""
    successor: Successor | None = None
    """None while this one is in use, or was not yet."""

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

    # Versions of the index

    def is_held(self, now: float) -> bool:
        """Whether somebody has the index for himself."""
        return self.hold is not None and self.hold.until > now

    def held_by(self, owner: str) -> bool:
        """Whether `owner` has it; that the time is over does no harm as long as nobody else has taken it."""
        return self.hold is not None and self.hold.owner == owner

    def take(self, owner: str, now: float) -> "State":
        """Hold the index, or go on holding it."""
        return replace(self, hold=Hold(owner, now + HOLD_SECONDS))

    def let_go(self) -> "State":
        """Let others take it."""
        return replace(self, hold=self.hold and replace(self.hold, until=0.0))

    def give_up_pending(self, now: float) -> "State":
        """Hide for good what is under way, whoever writes it."""
        given_up = tuple(replace(one, until=now + ABANDONED_SECONDS) for one in self.pending)
        return replace(self, pending=(), hidden=(*self.hidden, *given_up))

    def succeeded_by(self, number: int) -> "State":
        """Another index is in use from now on."""
        return replace(self, hold=None, successor=Successor(number, self.change + 1))

    def come_into_use(self, change: int, former: int) -> "State":
        """Be in use from now on; unchanged where that is so already, or was so once."""
        if self.change >= change:
            return self
        return replace(self, hold=None, change=change, former=former, successor=None)


def _runs(versions: Iterable[int], until: float) -> list[Versions]:
    """Versions that follow each other as one range each: what was written together is mostly replaced together."""
    ordered = sorted(set(versions))
    groups = groupby(enumerate(ordered), key=lambda placed: placed[1] - placed[0])
    runs = [[version for _, version in group] for _, group in groups]
    return [Versions(run[0], run[-1] + 1, until) for run in runs]
