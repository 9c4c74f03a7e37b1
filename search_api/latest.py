"""What the last searches found, while nothing changes: for a next page, another order, or somebody who asks the same."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")

_MOST = 300
"""Searches that are kept: some 100 KB each."""
_SECONDS = 60.0
"""What a search rests on besides the index changes slowly: the date, and names that it learnt of a while ago."""


class Latest(Generic[Found]):
    """What was found by what was asked, at a moment of the index. Threads may share one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Hashable, float, Found]] = OrderedDict()

    def get(self, asked: Hashable, moment: Hashable | None) -> Found | None:
        """What was found at the same moment; None where nothing was, or the moment isn't known."""
        if moment is None:
            return None
        with self._lock:
            then, until, found = self._kept.get(asked, (None, 0.0, None))
            if then != moment or until < time.monotonic():
                return None
            self._kept.move_to_end(asked)
            return found

    def keep(self, asked: Hashable, moment: Hashable | None, found: Found) -> None:
        """Keep what was found; what was not asked for longest goes where there is too much."""
        if moment is None:
            return
        with self._lock:
            self._kept[asked] = (moment, time.monotonic() + _SECONDS, found)
            self._kept.move_to_end(asked)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
