"""What the last searches found, while nothing changes: for a next page, another order, or somebody who asks the same."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")

_SECONDS = 60.0
"""What a search rests on besides the index changes slowly: the date, and names that it learnt of a while ago."""


class Latest(Generic[Found]):
    """What was found by what was asked, as long as `moment` stays what it was then. Threads may share one."""

    def __init__(self, moment: Callable[[], Hashable | None], most: int) -> None:
        """`moment` tells what is searched now; None where that isn't known, and nothing is kept. `most` are kept at a time."""
        self._moment = moment
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Hashable, float, Found]] = OrderedDict()

    def of(self, asked: Hashable, find: Callable[[], Found]) -> Found:
        """What was found before, or else what `find` finds now. What fails is not kept, nor what the index changed under."""
        moment = self._moment()
        if moment is None:
            return find()
        with self._lock:
            held = self._kept.get(asked)
            if held is not None and held[0] == moment and time.monotonic() < held[1]:
                self._kept.move_to_end(asked)
                return held[2]
        found = find()
        if self._moment() == moment:
            with self._lock:
                self._kept[asked] = (moment, time.monotonic() + _SECONDS, found)
                self._kept.move_to_end(asked)
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return found
