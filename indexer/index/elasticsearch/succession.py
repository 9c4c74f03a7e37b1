"""Which version of the index is in use. The states say it; the aliases follow.

Versions are indexes `<prefix>-1`, `<prefix>-2` … Another one is built while its builder holds it; then it takes the place of
the one in use in five steps, each a single request that succeeds only on the state that it was made for:

1. *Hold* the one in use. From now on nobody takes versions for a batch or removes a notice, so nothing new begins; a batch that
   is under way may still be published.
2. When none is left, or after a minute, *give up* what is pending. Its writer can't publish it any more: from now on this index
   shows the same for ever, unless somebody else takes it after the hold has run out.
3. Catch up, and compare all notices.
4. Write down its *successor*, on condition that the builder holds it still. This is the change.
5. Note in the new one that it is in use, and point both aliases at it. Nothing is written to it before that: whoever wants
   to write follows the successors, and does this step first where it was not done.

Hence, whatever happens:

- A writer that had read the state before (1) or (2) can't replace it, reads it again, and waits or says that its batch is lost.
- A builder that dies before (4) leaves the index in use; others write to it when the hold has run out, and the next builder
  goes on. One that dies after (4) has changed versions; whoever writes next completes that.
- A hold that ran out before (4) does no harm while nobody else has taken the index: it still shows the same. Somebody who
  has taken it has replaced the hold, and (4) fails. So clocks decide how long others wait, never what is right.
- Of two builders one holds the new index; the other is refused. One that was taken to be dead and wakes up can't write to it:
  its batch was given up when the other took the index, and it can begin none. Two that build different ones: the first to
  reach (1) changes versions, and the other finds that the index it has read is no longer in use.
- A reader stays with the version that it has opened, which is kept as the former one. The aliases may lag behind (4) for as
  long as nobody writes: who opens the former one then sees the same as in the new one.
- Changes are numbered, so that going back and forth between two versions is no circle: a successor counts only where its
  number is greater than that with which the version came into use, and (5) is done once.
"""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.errors import StorageError
from indexer.index.elasticsearch.state import State
from indexer.index.elasticsearch.store import Store, View, now

if TYPE_CHECKING:
    from indexer.index.elasticsearch.address import Address

WAIT_SECONDS = 180.0
"""How long a writer waits while versions change; longer than a hold lasts."""

_POLL_SECONDS = 0.2


def number_of(index: str) -> int:
    """The number of a version."""
    return int(index.rpartition("-")[2])


def in_use(store: Store) -> View:
    """The version in use with its state. A change that was not completed is completed."""
    pointed = view = store.view(for_writing=True)
    while (successor := view.state.successor) is not None:
        former, change = number_of(view.index), successor.change

        def come(state: State, change: int = change, former: int = former) -> State:
            return state.come_into_use(change, former)

        view = store.change(come, store.address.version(successor.number))
    if view.index != pointed.index:
        _point(store, pointed.index, view.index)
    return view


def _point(store: Store, former: str, current: str) -> None:
    """Both aliases in one step; nothing where somebody else has done it."""
    actions = []
    for alias in (store.address.reading, store.address.writing):
        actions.append({"remove": {"index": former, "alias": alias, "must_exist": True}})
        actions.append({"add": {"index": current, "alias": alias}})
    with store.errors():
        store.client.options(ignore_status=404).indices.update_aliases(actions=actions)


def to_write(store: Store, owner: str | None) -> View:
    """The version that may be changed: by `owner` the one that it holds, by others (None) the one in use that nobody holds.

    Raises StorageError where a holder has lost it, or others have waited for too long.
    """
    end = time.monotonic() + WAIT_SECONDS
    while True:
        view = in_use(store)
        hold = view.state.hold
        if owner is not None:
            if not view.state.held_by(owner):
                raise lost(store.address)
            return view
        if hold is None:
            return view
        if not view.state.is_held(now()):
            store.replace(view, replace(view.state, hold=None))
            continue
        if time.monotonic() > end:
            raise StorageError(f"索引 {store.address} 正在更换版本。请稍后再试。", code="busy")
        time.sleep(_POLL_SECONDS)


def lost(address: "Address") -> StorageError:
    """The error for a builder that was silent for too long."""
    return StorageError(
        f"索引 {address} 更换版本中断过久，已由别的进程接手，没有更换。请再运行一次 xianli reindex，会接着做。",
        code="busy",
    )
