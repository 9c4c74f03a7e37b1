"""How far a long job has come, for whoever waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is being done. The first three count notices, the others bytes or nothing."""

    COMPARE = "compare"
    COPY = "copy"
    VERIFY = "verify"
    READ = "read"
    PACK = "pack"
    UNPACK = "unpack"
    CHECK = "check"
    DERIVE = "derive"
    SNAPSHOT = "snapshot"
    RESTORE = "restore"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a step is done; `total` is None where nobody knows."""

    step: Step
    done: int = 0
    total: int | None = None


Report = Callable[[Progress], None]
"""Is told of progress. What it raises stops the job, which leaves behind what an interruption leaves."""


def unheard(progress: Progress) -> None:
    """Report to nobody."""
