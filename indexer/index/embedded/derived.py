"""Keeps the postings and the vector file up with the catalogue: catches them up, or builds them anew.

The catalogue says which postings folder and vector file are in use. New ones get new names, and the catalogue switches
to them when they are complete, so that whoever still reads the old ones is not disturbed. One lock, that of the
postings, decides who writes; the catalogue's own transactions decide who builds anew.
"""

import logging
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from corpus.model import Notice
from indexer.analysis import ItemTerms, analyse_item
from indexer.index.embedded.catalogue import Catalogue
from indexer.index.embedded.changes import Change, Settings, StoredItem
from indexer.index.embedded.failures import storage_errors
from indexer.index.embedded.postings import LOCK_WAIT_SECONDS, POSTINGS_VERSION, Postings, Searcher
from indexer.index.embedded.vectors import Records, Vectors, append

_log = logging.getLogger(__name__)

COMMIT_EVERY = 5_000
"""Items written between two commits of the postings: a commit costs about 0.05 s, and so many items are analysed again in 3 s."""

_RETRY_SECONDS = 1.0
_REBUILD_WAIT_SECONDS = 3600.0
# Dead vectors are scanned in vain: the file is written anew when it is mostly those.
_MOST_DEAD = 0.5
_FEW_VECTORS = 1_000


class DerivedFiles:
    """The postings and vectors of the index in `folder`. Threads may share one."""

    def __init__(self, folder: Path, catalogue: Catalogue, analyzer: Analyzer) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._analyzer = analyzer
        self._lock = RLock()
        self._applied = 0
        self._uncommitted = 0
        self._seen: Settings | None = None
        self._retry_at = 0.0
        self._mapped: tuple[Settings, Vectors | None] | None = None
        self._check_vectors()
        self._postings = self._intact() or self._rebuilt()
        self._catch_up()

    @property
    def analysis(self) -> str:
        """What decides on the content of the postings."""
        return f"{POSTINGS_VERSION}/{self._analyzer.version}"

    # Writing

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other writers out, in this process and others, while the catalogue and then the postings change."""
        with self._lock:
            if not self._postings.writing:
                self._follow(self._catalogue.settings())
                self._lock_postings(LOCK_WAIT_SECONDS)
            self._apply_owed()
            yield

    def put(self, notice: Notice, items: Sequence[StoredItem], terms: Sequence[ItemTerms], generation: int) -> None:
        """Put a notice that the catalogue has stored as `generation`, within `locked`."""
        with self._dropped_on_failure():
            self._postings.put(notice, items, terms)
            self._count(len(items), generation)

    def delete(self, notice_id: str, generation: int) -> None:
        """Delete a notice that the catalogue has deleted as `generation`, within `locked`."""
        with self._dropped_on_failure():
            self._postings.delete(notice_id)
            self._count(1, generation)

    @contextmanager
    def _dropped_on_failure(self) -> Iterator[None]:
        """A writer that failed once is not to be trusted: the outbox knows what it had not committed."""
        try:
            yield
        except StorageError:
            self._postings.unlock()
            raise

    def _lock_postings(self, wait_seconds: float) -> None:
        self._postings.lock(wait_seconds)
        self._applied = self._catalogue.settings().floor
        self._uncommitted = 0

    def _count(self, items: int, generation: int) -> None:
        self._applied = generation
        self._uncommitted += items
        if self._uncommitted >= COMMIT_EVERY:
            self._commit()

    def _apply_owed(self) -> None:
        generation = self._catalogue.settings().generation
        for notice_id in self._catalogue.owed(self._applied):
            self._put_stored(self._postings, notice_id)
        self._applied = generation

    def _put_stored(self, postings: Postings, notice_id: str) -> int:
        held = self._catalogue.stored(notice_id)
        if held is None:
            postings.delete(notice_id)
            return 0
        notice, items = held
        postings.put(notice, items, [analyse_item(stored.item, self._analyzer) for stored in items])
        return len(items)

    def _commit(self) -> None:
        self._postings.commit(self._applied)
        self._uncommitted = 0
        with self._catalogue.changing() as change:
            change.settle(self._postings.name, self._applied)

    def flush(self) -> None:
        """Commit what was put, and give the lock back."""
        with self._lock:
            if not self._postings.writing:
                return
            try:
                if self._catalogue.settings().floor < self._applied:
                    self._commit()
                    self._tidy_vectors()
            finally:
                self._postings.unlock()

    # Reading

    def searcher(self) -> Searcher:
        """The postings, brought up with the catalogue unless another process is writing."""
        with self._lock:
            if self._postings.writing:
                self._apply_owed()
                self.flush()
            self._catch_up()
            return self._postings.searcher()

    def _catch_up(self) -> None:
        settings = self._catalogue.settings()
        if settings != self._seen:
            self._follow(settings)
            self._postings.reload()
            self._seen = settings
        if settings.generation > settings.floor and time.monotonic() >= self._retry_at:
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            try:
                self._lock_postings(wait_seconds=0)
                self._apply_owed()
                self.flush()
            except StorageError as failure:
                self._postings.unlock()
                _log.info("postings not caught up, serving what is there", extra={"reason": failure.detail})

    def _follow(self, settings: Settings) -> None:
        """Change over to the postings that another process has built anew."""
        if settings.postings is None or settings.postings == self._postings.name:
            return
        if settings.analysis != self.analysis:
            raise StorageError(f"索引 {self._folder} 已由另一版本的程序重建，请重新启动本程序，并统一使用同一版本")
        self._postings = Postings.open(self._folder / settings.postings)

    def vectors(self) -> Vectors | None:
        """The published vectors; None where the index has none."""
        with self._lock:
            settings = self._catalogue.settings()
            if self._mapped is None or self._mapped[0] != settings:
                with storage_errors(self._folder):
                    self._mapped = (settings, self._map(settings))
            return self._mapped[1]

    def _map(self, settings: Settings) -> Vectors | None:
        if settings.vector_file is None or settings.dimension is None:
            return None
        path = self._folder / settings.vector_file
        try:
            return Vectors.map(path, settings.vector_rows, settings.dimension, settings.vector_last)
        except FileNotFoundError:
            now = self._catalogue.settings()
            if now.vector_file == settings.vector_file:
                raise
            return self._map(now)

    # Vector file

    def publish(self, change: Change, records: Records) -> None:
        """Append records of new vectors; they count as soon as the change is committed."""
        settings = change.settings()
        if not len(records):
            return
        name = settings.vector_file or _new_name("vectors")
        with storage_errors(self._folder):
            append(self._folder / name, settings.vector_rows, records)
        change.set(
            vector_file=name, vector_rows=settings.vector_rows + len(records), vector_last=int(records["slot"][-1])
        )

    def _tidy_vectors(self) -> None:
        """Write the vector file anew when most of it is dead."""
        rows = self._catalogue.settings().vector_rows
        if rows > _FEW_VECTORS and self._catalogue.count("vectors") < rows * (1 - _MOST_DEAD):
            self._rebuild_vectors()

    def _check_vectors(self) -> None:
        settings = self._catalogue.settings()
        if settings.vector_file is None and settings.dimension is not None:
            self._rebuild_vectors()  # a catalogue out of a backup, which has vectors but no file of them
            return
        try:
            self._map(settings)
        except OSError as damage:
            _log.warning("vector file is rebuilt", extra={"reason": str(damage)})
            self._rebuild_vectors()

    def _rebuild_vectors(self) -> None:
        with self._catalogue.changing(_REBUILD_WAIT_SECONDS) as change:
            settings, name, rows = change.settings(), _new_name("vectors"), 0
            change.set(vector_file=name, vector_rows=0, vector_last=0)
            for records in change.all_vectors(settings.dimension or 0):
                append(self._folder / name, rows, records)
                rows += len(records)
                change.set(vector_rows=rows, vector_last=int(records["slot"][-1]))
        self._sweep()

    # Postings built anew

    def _intact(self) -> Postings | None:
        """The postings in use, unless they are missing, damaged, of another analysis, or of another time."""
        name = self._catalogue.settings().postings
        if name is None:
            return None
        try:
            postings = Postings.open(self._folder / name)
        except StorageError as damage:
            _log.warning("postings can't be opened", extra={"reason": damage.detail})
            return None
        generation, settings = postings.generation, self._catalogue.settings()
        same = settings.analysis == self.analysis and settings.floor <= generation <= settings.generation
        settled = settings.floor == settings.generation
        if not same or (settled and postings.searcher().count != self._catalogue.count("items")):
            return None
        return postings

    def _rebuilt(self) -> Postings:
        """New postings of all that the catalogue holds, unless another process has just built them."""
        with self._catalogue.changing(_REBUILD_WAIT_SECONDS) as change:
            postings = self._intact()
            if postings is None:
                _log.info("postings are rebuilt", extra={"folder": str(self._folder)})
                postings = Postings.create(self._folder / _new_name("postings"))
                generation = change.settings().generation
                self._fill(postings, generation)
                change.set(postings=postings.name, analysis=self.analysis)
                change.settle(postings.name, generation)
        self._sweep()
        return postings

    def _fill(self, postings: Postings, generation: int) -> None:
        postings.lock()
        try:
            for notice_id in self._catalogue.notice_ids():
                self._put_stored(postings, notice_id)
            postings.commit(generation)
        finally:
            postings.unlock()

    def _sweep(self) -> None:
        """Delete what is no longer in use. Files and folders are created in transactions only, so none is under way."""
        with self._catalogue.changing() as change:
            used = change.settings()
            for left in self._folder.glob("vectors-*"):
                if left.name != used.vector_file:
                    left.unlink(missing_ok=True)
            for left in self._folder.glob("postings-*"):
                if left.name != used.postings:
                    shutil.rmtree(left, ignore_errors=True)

    def close(self) -> None:
        """Commit what was put and let go of the files."""
        with self._lock:
            self.flush()
            self._mapped = None


def _new_name(kind: str) -> str:
    return f"{kind}-{uuid.uuid4().hex}"
