"""Versions of an embedded index (see `indexer.index.versions`).

    index/                    the first version lies here, as xianli index makes it
    index/versions/3f9c…/     a version that was built for another model
    index/version.json        which version is in use, and which one was before
    index/writers.lock        held in common by whoever writes, alone by whoever changes versions
    index/builders.lock       held by whoever builds a version

Changing versions replaces `version.json`, which every file system does in one step: whoever opens the index finds the one or
the other, and whoever has it open reads on in the former, which stays. Its files are deleted when the next one has taken
the place of this one. A crash anywhere leaves the version in use; what was built so far is gone on with.
"""

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

import msgspec

from analyzers.durable import sync_folder
from analyzers.embedding.choice import remember_model, remembered_model
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.embedded.catalogue import Catalogue
from indexer.index.embedded.failures import storage_errors
from indexer.index.embedded.index import EmbeddedIndex
from indexer.index.protocol import Index
from indexer.index.versions import Building, Wanted

_FIRST = "."
_FILES = ("catalogue.sqlite*", "postings-*", "vectors-*", "model.json")
"""What a version consists of; the first one shares its folder with those that were built later."""
_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _InUse:
    """What `version.json` says: folders, relative to that of the index."""

    current: str = _FIRST
    former: str | None = None


class EmbeddedVersions:
    """The versions of the index in `folder`, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> Path:
        """Folder of the version in use. Raises StorageError when the note of it is damaged."""
        return self.folder / self._in_use().current

    @property
    def former(self) -> Path | None:
        """Folder of the version before; None where there is none."""
        former = self._in_use().former
        return None if former is None else self.folder / former

    def place(self, fingerprint: str) -> Path:
        """Folder for the version of a model: always the same, so that an interrupted building goes on there."""
        return self.folder / "versions" / hashlib.sha256(fingerprint.encode()).hexdigest()[:12]

    def present(self) -> Wanted:
        """See Versions."""
        catalogue = Catalogue(self.current, create=False)
        try:
            held = catalogue.settings()
        finally:
            catalogue.close()
        return Wanted(held.fingerprint, held.dimension, remembered_model(self.current))

    @contextmanager
    def building(self, wanted: Wanted, analyzer: Analyzer) -> Iterator[Building | None]:
        """See Versions. Shards are nothing that an embedded index has."""
        with self.alone(), EmbeddedIndex.open(self.current, analyzer, read_only=True) as source:
            target = self.place(wanted.fingerprint or "")
            if target == self.current or source.fingerprint == wanted.fingerprint:
                yield None
                return
            self.sweep(keeping=target)
            with EmbeddedIndex.open(target, analyzer) as fresh:
                yield EmbeddedBuilding(self, source, fresh, target, wanted)

    @contextmanager
    def rolling_back(self, analyzer: Analyzer) -> Iterator[tuple[Index, Index]]:
        """See Versions."""
        with self.alone(), self.changing():
            left = self.current
            taken = self._roll_back()
            with (
                EmbeddedIndex.open(taken, analyzer, read_only=True) as now,
                EmbeddedIndex.open(left, analyzer, read_only=True) as before,
            ):
                yield now, before

    def change_to(self, version: Path) -> None:
        """Use a complete version from now on, within `changing`; the one in use is the former then."""
        with storage_errors(self.folder):
            former = self._in_use().current
            self._note(_InUse(version.relative_to(self.folder).as_posix(), former))
            self.sweep()

    def _roll_back(self) -> Path:
        """Use the former version again, within `changing`; raises StorageError where there is none."""
        held = self._in_use()
        if held.former is None or not (self.folder / held.former / "catalogue.sqlite").is_file():
            raise StorageError(f"索引 {self.folder} 没有更换前的版本，不能退回。", code="no_former")
        with storage_errors(self.folder):
            self._note(_InUse(held.former, held.current))
        return self.folder / held.former

    def sweep(self, *, keeping: Path | None = None) -> None:
        """Delete versions that are neither in use, nor the former one, nor `keeping`."""
        held = self._in_use()
        kept = {self.folder / name for name in (held.current, held.former) if name} | {keeping}
        for version in (self.folder / "versions").glob("*/"):
            if version not in kept:
                shutil.rmtree(version, ignore_errors=True)
        if self.folder not in kept:
            for file in (path for pattern in _FILES for path in self.folder.glob(pattern)):
                shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps everybody else from building a version; raises StorageError at once where somebody does."""
        with storage_errors(self.folder), (self.folder / "builders.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise StorageError(
                    f"另一个进程正在为索引 {self.folder} 更换模型。请等它结束后再试。", code="busy"
                ) from busy
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Keeps everybody from writing, once those who are have ended."""
        with storage_errors(self.folder), (self.folder / "writers.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def writing(self) -> IO[bytes]:
        """Keeps the version in use from being changed until the file that is returned is closed."""
        with storage_errors(self.folder):
            lock = (self.folder / "writers.lock").open("ab")
            end = time.monotonic() + _WAIT_SECONDS
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return lock
                except BlockingIOError as busy:
                    if time.monotonic() > end:
                        lock.close()
                        raise StorageError(f"索引 {self.folder} 正在更换模型。请稍后再试。", code="busy") from busy
                time.sleep(_POLL_SECONDS)

    def _in_use(self) -> _InUse:
        path = self.folder / "version.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=_InUse)
        except (FileNotFoundError, NotADirectoryError):
            return _InUse()
        except (OSError, msgspec.MsgspecError) as damage:
            raise StorageError(
                f"读不出 {path}（{damage}），不知道该用哪个版本的索引。请用备份恢复这个文件。"
            ) from damage

    def _note(self, held: _InUse) -> None:
        """Replace `version.json`, on the disk before anything else happens."""
        path, fresh = self.folder / "version.json", self.folder / "version.json.new"
        with fresh.open("wb") as file:
            file.write(msgspec.json.encode(held))
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
        sync_folder(self.folder)


@dataclass(frozen=True, slots=True)
class EmbeddedBuilding:
    """See Building."""

    versions: EmbeddedVersions
    source: EmbeddedIndex
    fresh: EmbeddedIndex
    folder: Path
    wanted: Wanted

    def changing(self) -> AbstractContextManager[None]:
        """See Building. Waits for whoever has the index open for writing."""
        return self.versions.changing()

    def take_place(self) -> None:
        """See Building."""
        if self.wanted.model is not None:
            remember_model(self.folder, self.wanted.model)
        self.fresh.close()
        self.versions.change_to(self.folder)


class VersionedIndex(EmbeddedIndex):
    """The version in use of the index in a folder. While it is open for writing, no other version takes its place."""

    _versions: EmbeddedVersions | None = None
    _lock: IO[bytes] | None = None

    @property
    def superseded(self) -> bool:
        """See Index."""
        return self._versions is not None and self._versions.current != self._folder

    @classmethod
    def open(cls, folder: Path, analyzer: Analyzer, *, read_only: bool = False) -> Self:
        """See EmbeddedIndex. The first version is created unless `read_only`."""
        versions = EmbeddedVersions(folder)
        if read_only or folder.is_file():
            index = super().open(versions.current, analyzer, read_only=read_only)
            index._versions = versions
            return index
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        lock = versions.writing()
        try:
            index = super().open(versions.current, analyzer)
        except BaseException:
            lock.close()
            raise
        index._versions, index._lock = versions, lock
        return index

    def close(self) -> None:
        """See Index."""
        try:
            super().close()
        finally:
            if self._lock is not None:
                self._lock.close()
