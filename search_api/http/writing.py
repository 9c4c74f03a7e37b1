"""Writing to the index of a running server: what is sent is read by a process of its own and stored by one writer at a time.

The server searches through an index that is opened for reading; each change opens it for writing, as a command does, so that
commands can write as well while the server runs.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from threading import Lock

from corpus.errors import ReadError, StorageError
from corpus.model import Notice, ParsedNotice
from indexer.index.protocol import Index
from indexer.parsing.places import Place
from indexer.pipeline import Outcome, index_files
from indexer.preparation import Request as Preparation
from indexer.reading import File
from indexer.workers import Limits, prepare_ahead
from search_api.http.audit import Auditor
from search_api.http.live import LiveService
from search_api.opening import open_index
from search_api.settings import Settings

LIMITS = Limits(seconds=60, memory=3_000_000_000)
"""What reading one file may take; a PDF may take 55 s by itself."""
_WAIT_SECONDS = 10.0


class Writer:
    """Writes to the index that the settings name, and notes it. Threads may share one: they write in turn."""

    def __init__(self, settings: Settings, live: LiveService) -> None:
        self._settings = settings
        self._live = live
        self._writing = Lock()

    def add(
        self, files: Iterable[File | ReadError], place: Place | None, auditor: Auditor, wait_seconds: float
    ) -> Generator[Outcome, None, None]:
        """Bring files into the index one by one; the caller can stop between any two.

        Raises StorageError with the code `busy` when others of this server go on writing for `wait_seconds`, ModelError when the
        model is not that of the index.
        """
        with self._opened(wait_seconds) as index:
            yield from self._add(files, place, auditor, index)

    def add_one(self, file: File, place: Place | None, auditor: Auditor) -> tuple[Outcome, Notice]:
        """Bring one file into the index; gives the notice as it is held. Raises what is wrong with the file, besides the above."""
        with self._opened(_WAIT_SECONDS) as index:
            [outcome] = self._add([file], place, auditor, index)
            record = index.record(outcome.notice_id) if outcome.notice_id else None
        if outcome.error:
            raise outcome.error
        if record is None:
            raise RuntimeError("a notice that was stored is not held")
        return outcome, record.notice

    def remove(self, notice_id: str, auditor: Auditor) -> bool:
        """Delete a notice with its items; False when it is not held."""
        with self._opened(_WAIT_SECONDS) as index:
            removed = index.remove(notice_id)
        auditor.record(notice_id, "removed" if removed else "not_found")
        return removed

    def _add(
        self, files: Iterable[File | ReadError], place: Place | None, auditor: Auditor, index: Index
    ) -> Iterator[Outcome]:
        # The model of the searches, which is in memory already.
        embedder = self._live.get().embedder
        with closing(index_files(files, index, embedder, place, LIMITS)) as outcomes:
            for outcome in outcomes:
                auditor.record(outcome.path, outcome.error.code if outcome.error else str(outcome.status))
                yield outcome

    @contextmanager
    def _opened(self, wait_seconds: float) -> Iterator[Index]:
        if not self._writing.acquire(timeout=wait_seconds):
            raise StorageError("服务器正在收录另一批文件。请稍后再试；进度见 /api/v1/jobs。", code="busy")
        try:
            with closing(open_index(self._settings, read_only=False)) as index:
                yield index
        finally:
            self._writing.release()


def read_alone(file: File, place: Place | None = None, *, is_draft: bool = False) -> ParsedNotice:
    """What is in a file, read by a process of its own. Raises ReadError, and ParseError unless it may be a draft without numbers."""
    [prepared] = prepare_ahead([Preparation(file, place, is_draft=is_draft)], 1, LIMITS)
    if isinstance(prepared, Exception):
        raise prepared
    if prepared.parsed is None:
        raise RuntimeError("a file that was asked for was not read")
    return prepared.parsed
