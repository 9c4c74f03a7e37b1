"""Backup and restoring of an embedded index: the version in use into one file (see `archive`), and a file into a new version.

A backup is restored beside what is there and takes its place in one step, as a reindexed version does: until then the index
stays in use, and what was in use is kept for `xianli reindex --rollback`.
"""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.contents import Contents
from indexer.index.embedded.archive import read_manifest, unpack_archive, write_archive
from indexer.index.embedded.failures import storage_errors
from indexer.index.embedded.index import EmbeddedIndex
from indexer.index.embedded.versions import EmbeddedVersions
from indexer.index.filters import Filters
from indexer.progress import Progress, Report, Step, unheard


def back_up(folder: Path, target: Path, *, overwrite: bool = False, report: Report = unheard) -> Contents:
    """Back up the index in `folder` into the file `target`, while others may search and write.

    Raises StorageError, also where `target` exists and may not be overwritten.
    """
    versions = EmbeddedVersions(folder)
    if not _is_index(versions):
        raise StorageError(f"还没有索引（{folder}）。请检查 --index 给出的文件夹。", code="no_index")
    if target.exists() and not overwrite:
        raise StorageError(f"文件 {target} 已存在。请换一个文件名，或加 --force 覆盖它。", code="backup_exists")
    with _alone(folder):
        return write_archive(versions.current, target, report)


def restore(
    source: Path, folder: Path, analyzer: Analyzer, *, replace: bool = False, report: Report = unheard
) -> Contents:
    """Put the index in the file `source` into `folder`; `replace` allows it to take the place of one that is there.

    Raises StorageError, and leaves what is there as it is then.
    """
    versions, manifest = EmbeddedVersions(folder), read_manifest(source)
    if _is_index(versions) and not replace:
        raise StorageError(
            f"{folder} 里已有索引。请用 --index 另指定一个文件夹，或加 --force 用备份替换它（原索引保留，可以退回）。",
            code="index_exists",
        )
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with versions.alone():
        versions.sweep()  # what an interrupted run has left
        place = versions.place(uuid.uuid4().hex)
        try:
            with storage_errors(folder):
                place.mkdir(parents=True)
            unpack_archive(source, place, report)
            report(Progress(Step.DERIVE))
            _build_derived(place, analyzer, manifest.contents.items)
            report(Progress(Step.WAIT))
            with versions.changing():
                versions.change_to(place)
        except BaseException:
            if versions.current != place:
                shutil.rmtree(place, ignore_errors=True)
            raise
    return manifest.contents


def _is_index(versions: EmbeddedVersions) -> bool:
    """Whether there is an index, whole or not."""
    return (versions.current / "catalogue.sqlite").is_file()


def _build_derived(place: Path, analyzer: Analyzer, items: int) -> None:
    """Open the catalogue as an index, which builds what is derived from it."""
    with EmbeddedIndex.open(place, analyzer) as index:
        found = index.count(Filters())
        if found != items:
            raise StorageError(f"恢复的索引检索得到 {found} 条条款，备份里有 {items} 条，没有换上。请再试一次")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keeps everybody else from backing up this index; raises StorageError at once where somebody does."""
    with storage_errors(folder), (folder / "backup.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise StorageError(f"另一个进程正在备份索引 {folder}。请等它结束后再试。", code="busy") from busy
        yield
