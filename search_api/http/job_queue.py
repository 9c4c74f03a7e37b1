"""Long work: batches of files that are brought into the index one after the other, while clients ask how far it is.

A thread does them in turn. After a restart what was under way is `interrupted`, and its files are gone.
"""

import logging
import secrets
import time
from collections import deque
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition, Thread

from corpus.errors import NotFoundError, ReadError, StorageError, XianliError
from indexer.parsing.places import Place
from indexer.pipeline import Outcome
from indexer.reading import File
from search_api.http.audit import Auditor
from search_api.http.job_store import FileError, FileOutcome, Job, JobState, JobStore
from search_api.http.uploads import Received
from search_api.http.writing import Writer

_MOST_WAITING = 20
_PATIENT_SECONDS = 600.0
"""How long a job waits for whoever else writes."""
_SAVE_SECONDS = 1.0
_STOP_SECONDS = 20.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Work:
    job_id: str
    received: Received
    files: tuple[File | ReadError, ...]
    place: Place | None
    auditor: Auditor


class JobQueue:
    """Jobs of this server, and those of earlier runs that are remembered in `folder`. Threads may share one."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self._store = JobStore(folder)
        self._writer = writer
        self._changed = Condition()
        self._waiting: deque[_Work] = deque()
        self._own: dict[str, Job] = {}
        """Jobs of this run that have not ended."""
        self._thread: Thread | None = None
        self._closed = False

    def submit(
        self, received: Received, files: tuple[File | ReadError, ...], place: Place | None, auditor: Auditor
    ) -> Job:
        """A new job, which deletes what was received when it ends. Raises StorageError when too many wait."""
        job = Job(secrets.token_hex(6), JobState.WAITING, len(files), _now())
        with self._changed:
            if self._closed or len(self._waiting) >= _MOST_WAITING:
                raise StorageError("等待收录的批次太多。请等前面的完成后再试；进度见 /api/v1/jobs。", code="busy")
            self._store.save(job)
            self._own[job.id] = job
            self._waiting.append(_Work(job.id, received, files, place, auditor))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="jobs", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def get(self, job_id: str) -> Job:
        """A job as it is now. Raises NotFoundError."""
        with self._changed:
            job = self._own.get(job_id) or self._store.load(job_id)
            if job is None:
                raise NotFoundError(f"没有编号为 {job_id} 的任务。请核对编号；很久以前的任务不再保留。")
            return self._as_it_is(job)

    def last(self, number: int) -> list[Job]:
        """The last jobs, the newest first."""
        with self._changed:
            return [self._as_it_is(self._own.get(job.id, job)) for job in self._store.last(number)]

    @property
    def unfinished(self) -> int:
        """Number of jobs that wait or run."""
        return len(self._own)

    def cancel(self, job_id: str) -> Job:
        """Stop a job after the file that is being stored; one that has ended stays as it is. Raises NotFoundError."""
        with self._changed:
            held = next((work for work in self._waiting if work.job_id == job_id), None)
            if held is not None:
                self._waiting.remove(held)
                held.received.discard()
                self._end(job_id, JobState.CANCELLED)
            elif job_id in self._own:
                self._own[job_id] = replace(self._own[job_id], state=JobState.CANCELLING)
        return self.get(job_id)

    def close(self) -> None:
        """Stop after the file that is being stored; jobs that have not ended are interrupted."""
        with self._changed:
            self._closed = True
            for work in self._waiting:
                work.received.discard()
                self._end(work.job_id, JobState.INTERRUPTED)
            self._waiting.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def _as_it_is(self, job: Job) -> Job:
        """What an earlier run, or another server, has left undone is interrupted."""
        return job if job.state.is_final or job.id in self._own else replace(job, state=JobState.INTERRUPTED)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                work = self._waiting.popleft()
                self._own[work.job_id] = replace(self._own[work.job_id], state=JobState.RUNNING, started=_now())
            try:
                self._do(work)
            except XianliError as error:
                self._ended(work, JobState.FAILED, FileError(error.code, error.detail))
            except Exception:
                _log.exception("job failed", extra={"job": work.job_id})
                told = "服务器遇到意外错误，已记入日志。已收录的不受影响，其余的请重新上传。"
                self._ended(work, JobState.FAILED, FileError("internal", told))
            finally:
                work.received.discard()

    def _do(self, work: _Work) -> None:
        save_at = 0.0
        with closing(self._writer.add(work.files, work.place, work.auditor, _PATIENT_SECONDS)) as outcomes:
            for outcome in outcomes:
                if outcome.error and outcome.error.code == "busy":
                    raise outcome.error  # it would be the same with all the others
                with self._changed:
                    job = self._own[work.job_id]
                    job = replace(job, outcomes=(*job.outcomes, _file_outcome(outcome)))
                    self._own[job.id] = job
                    if time.monotonic() >= save_at:
                        self._store.save(job)
                        save_at = time.monotonic() + _SAVE_SECONDS
                    stopped = self._closed or job.state is JobState.CANCELLING
                if stopped and len(job.outcomes) < job.total:
                    break
            else:
                stopped = False
        # Only now the index is closed, and all that was stored is found.
        state = JobState.DONE if not stopped else JobState.INTERRUPTED if self._closed else JobState.CANCELLED
        self._ended(work, state)

    def _ended(self, work: _Work, state: JobState, error: FileError | None = None) -> None:
        with self._changed:
            self._end(work.job_id, state, error)

    def _end(self, job_id: str, state: JobState, error: FileError | None = None) -> None:
        """Note the end of a job, within the lock. It stays in memory where it can't be written down."""
        job = replace(self._own[job_id], state=state, finished=_now(), error=error)
        self._own[job_id] = job
        try:
            self._store.save(job)
        except StorageError as failure:
            _log.error("end of a job can't be written down", extra={"job": job_id, "reason": failure.detail})
        else:
            del self._own[job_id]


def _file_outcome(outcome: Outcome) -> FileOutcome:
    error = FileError(outcome.error.code, outcome.error.detail) if outcome.error else None
    return FileOutcome(
        outcome.path, outcome.status, outcome.notice_id, outcome.title, outcome.items, outcome.warnings, error
    )


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
