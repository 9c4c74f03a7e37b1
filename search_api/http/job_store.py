"""What is remembered of jobs: a small database in the data folder, so that clients get an answer after a restart too."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from corpus.errors import StorageError
from indexer.pipeline import Status

MOST_KEPT = 500
"""Jobs that can be asked for; older ones are forgotten."""
_WAIT_SECONDS = 5.0


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (JobState.WAITING, JobState.RUNNING, JobState.CANCELLING)


@dataclass(frozen=True, slots=True)
class FileError:
    """Why a file or a provision was not dealt with; see Problem."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file; see indexer.pipeline.Outcome."""

    path: str
    status: Status
    notice_id: str | None
    title: str | None
    items: int
    warnings: int
    error: FileError | None


@dataclass(frozen=True, slots=True)
class Job:
    """A batch of `total` files, and what became of those that are done. Times are UTC, YYYY-MM-DDThh:mm:ssZ."""

    id: str
    state: JobState
    total: int
    submitted: str
    started: str | None = None
    finished: str | None = None
    outcomes: tuple[FileOutcome, ...] = ()
    error: FileError | None = None


class JobStore:
    """The jobs in `jobs.sqlite` of a folder, which is made with the first one. Threads and processes may share it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "jobs.sqlite"

    def save(self, job: Job) -> None:
        """Write a job down, in the place of its former state. Raises StorageError."""
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO jobs (id, job) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET job = excluded.job",
                (job.id, msgspec.json.encode(job)),
            )
            connection.execute("DELETE FROM jobs WHERE number <= (SELECT max(number) FROM jobs) - ?", (MOST_KEPT,))

    def load(self, job_id: str) -> Job | None:
        """A job by id."""
        return next(iter(self._select("WHERE id = ?", job_id)), None)

    def last(self, number: int) -> list[Job]:
        """The last jobs, the newest first."""
        return self._select("ORDER BY number DESC LIMIT ?", number)

    def _select(self, which: str, value: str | int) -> list[Job]:
        if not self._path.exists():
            return []
        with self._connection() as connection:
            rows = connection.execute(f"SELECT job FROM jobs {which}", (value,)).fetchall()
        return [msgspec.json.decode(job, type=Job) for (job,) in rows]

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A transaction. Jobs are few, so nothing is kept open."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=_WAIT_SECONDS)) as connection, connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS jobs"
                    " (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, job BLOB NOT NULL)"
                )
                yield connection
        except (sqlite3.Error, OSError, msgspec.MsgspecError) as failure:
            raise StorageError(
                f"读写不了任务记录 {self._path}（{failure}）。请检查磁盘和文件夹权限；文件已损坏时可以删除它。"
            ) from failure
