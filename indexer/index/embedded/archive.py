"""A backup of an embedded index: one zip file with the catalogue, and a manifest that says what must be in it.

    catalogue.sqlite    the truth: notices, items, vectors, settings
    manifest.json       `Manifest`: format, counts, length and SHA-256 of the catalogue
    model.json          which model the vectors are of, where the index remembers one

Postings and vector file are derived from the catalogue, and are built anew when it is restored.
"""

import errno
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import msgspec

from analyzers.durable import sync_folder
from corpus.errors import StorageError
from indexer.index.contents import Contents
from indexer.index.embedded.catalogue import READABLE_VERSIONS, SCHEMA_VERSION
from indexer.index.embedded.failures import storage_errors
from indexer.progress import Progress, Report, Step

FORMAT = 1
"""Of the backup file; that of the catalogue is the `schema`."""

_CATALOGUE, _MANIFEST, _MODEL = "catalogue.sqlite", "manifest.json", "model.json"
_MOST_MANIFEST_BYTES = 1_000_000
_CHUNK_BYTES = 4_000_000
_PAGES = 4_000
"""Of 4 kB, copied between two reports."""
# A catalogue is text to four fifths: level 1 makes it as small as 6 to within a tenth, in a third of the time.
_COMPRESSION_LEVEL = 1
_WITHOUT_DERIVED = "UPDATE settings SET postings = NULL, vector_file = NULL, vector_rows = 0, vector_last = 0"
_CONTENTS = """
SELECT (SELECT count(*) FROM notices), (SELECT count(*) FROM items), (SELECT count(slot) FROM items), fingerprint FROM settings
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself. `made`: when, in UTC."""

    format: int
    schema: int
    made: str
    contents: Contents
    catalogue_bytes: int
    catalogue_sha256: str


def write_archive(version: Path, target: Path, report: Report) -> Contents:
    """Back up the index whose files lie in `version`, as it is at one moment, while others may write to it.

    `target` is replaced in one step when all is on the disk. One call at a time for a target. Raises StorageError.
    """
    part, copy = (target.with_name(f"{target.name}{suffix}") for suffix in (".part", ".part.sqlite"))
    try:
        with _writing(target):
            copy.write_bytes(b"")
            with storage_errors(version):
                _copy_catalogue(version / _CATALOGUE, copy, report)
            report(Progress(Step.CHECK))
            _check_intact(copy, version)
            with part.open("wb") as file:
                manifest = _pack(copy, version / _MODEL, file, report)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, target)
            sync_folder(target.parent)
    finally:
        for left in (part, copy):
            left.unlink(missing_ok=True)
    return manifest.contents


def _copy_catalogue(catalogue: Path, copy: Path, report: Report) -> None:
    """Copy what is committed now. The transaction keeps the pages as they are while the copy goes on in parts."""

    def copied(status: int, remaining: int, total: int) -> None:
        report(Progress(Step.READ, total - remaining, total))

    with closing(sqlite3.connect(catalogue, isolation_level=None)) as held, closing(sqlite3.connect(copy)) as fresh:
        held.execute("BEGIN")
        held.execute("SELECT generation FROM settings").fetchone()
        held.backup(fresh, pages=_PAGES, progress=copied)
        # One file, without a log beside it, and without what is derived from it.
        fresh.execute("PRAGMA journal_mode = DELETE")
        fresh.execute(_WITHOUT_DERIVED)
        fresh.commit()


def _check_intact(catalogue: Path, shown: Path) -> None:
    with storage_errors(shown), closing(sqlite3.connect(catalogue)) as held:
        ((found, *_), *_) = held.execute("PRAGMA quick_check(1)").fetchall()
    if found != "ok":
        raise StorageError(
            f"{shown} 里的索引文件已损坏（{found}）。请改用以前的备份，或换一个新文件夹重新建立索引（xianli index）",
            code="damaged",
        )


def _pack(copy: Path, model: Path, file: IO[bytes], report: Report) -> Manifest:
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL) as archive:
        with copy.open("rb") as read, archive.open(_CATALOGUE, "w", force_zip64=True) as packed:
            size, digest = _pump(read, packed, copy.stat().st_size, Step.PACK, report)
        with closing(sqlite3.connect(copy)) as held:
            ((schema,),) = held.execute("SELECT schema FROM settings").fetchall()
            contents = Contents(*held.execute(_CONTENTS).fetchone())
        manifest = Manifest(
            format=FORMAT,
            schema=schema,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            contents=contents,
            catalogue_bytes=size,
            catalogue_sha256=digest,
        )
        archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        if model.exists():
            archive.writestr(_MODEL, model.read_bytes())
    return manifest


def read_manifest(source: Path) -> Manifest:
    """What a backup says of itself. Raises StorageError where it is none, damaged, or not of this program's formats."""
    with _reading(source), ZipFile(source) as archive:
        if archive.getinfo(_MANIFEST).file_size > _MOST_MANIFEST_BYTES:
            raise KeyError(_MANIFEST)
        # The format is looked at before the rest, which another one may have differently.
        told = json.loads(archive.read(_MANIFEST))
        if told["format"] != FORMAT:
            raise StorageError(
                f"备份 {source} 的格式是第 {told['format']} 版，本程序使用第 {FORMAT} 版。请使用做这份备份的程序版本"
            )
        manifest = msgspec.convert(told, Manifest)
    if manifest.schema not in READABLE_VERSIONS:
        raise StorageError(
            f"备份 {source} 里的索引格式是第 {manifest.schema} 版，本程序使用第 {SCHEMA_VERSION} 版。"
            "请使用做这份备份的程序版本"
        )
    return manifest


def unpack_archive(source: Path, folder: Path, report: Report) -> None:
    """Put catalogue and remembered model of a backup into an empty folder, checked against its manifest.

    Raises StorageError.
    """
    manifest = read_manifest(source)
    catalogue = folder / _CATALOGUE
    with _reading(source), ZipFile(source) as archive:
        with archive.open(_CATALOGUE) as packed, catalogue.open("wb") as written:
            size, digest = _pump(packed, written, manifest.catalogue_bytes, Step.UNPACK, report)
            written.flush()
            os.fsync(written.fileno())
        if _MODEL in archive.namelist():
            (folder / _MODEL).write_bytes(archive.read(_MODEL))
    if (size, digest) != (manifest.catalogue_bytes, manifest.catalogue_sha256):
        raise _damaged(source, "内容与校验值不符")
    report(Progress(Step.CHECK))
    _check_intact(catalogue, folder)
    with closing(sqlite3.connect(catalogue)) as held:
        contents = Contents(*held.execute(_CONTENTS).fetchone())
    if contents != manifest.contents:
        raise _damaged(source, "通知、条款的数目与备份时不符")


def _pump(read: IO[bytes], written: IO[bytes], total: int, step: Step, report: Report) -> tuple[int, str]:
    """Number of bytes that went through, and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    while chunk := read.read(_CHUNK_BYTES):
        written.write(chunk)
        digest.update(chunk)
        size += len(chunk)
        report(Progress(step, size, total))
    return size, digest.hexdigest()


@contextmanager
def _writing(target: Path) -> Iterator[None]:
    """Turns what goes wrong with the file to be written into StorageError."""
    try:
        yield
    except OSError as failure:
        raise StorageError(
            f"备份没有写成：{target}（{failure.strerror or failure}）。请检查文件夹是否存在、权限和磁盘空间；"
            "索引和原有的备份没有改动",
            code="backup",
        ) from failure


@contextmanager
def _reading(source: Path) -> Iterator[None]:
    """Turns what a backup that is damaged, or none, makes fail into StorageError."""
    try:
        yield
    except FileNotFoundError as failure:
        raise StorageError(f"没有备份文件 {source}。请检查文件名", code="no_backup") from failure
    except IsADirectoryError as failure:
        raise StorageError(f"{source} 是文件夹，不是备份文件。请检查文件名", code="no_backup") from failure
    except (BadZipFile, EOFError, zlib.error) as failure:
        raise _damaged(source, str(failure)) from failure
    except (KeyError, TypeError, ValueError, msgspec.ValidationError, NotImplementedError, RuntimeError) as failure:
        raise StorageError(f"{source} 不是 xianli backup 做的备份。请检查文件名", code="no_backup") from failure
    except OSError as failure:
        if failure.errno == errno.EINVAL:  # a place before the beginning of the file
            raise _damaged(source, str(failure)) from failure
        raise StorageError(
            f"备份 {source} 没有恢复（{failure.strerror or failure}）。请检查权限和磁盘空间；现有的索引没有改动",
            code="backup",
        ) from failure


def _damaged(source: Path, why: str) -> StorageError:
    return StorageError(
        f"备份 {source} 已损坏或不完整，或者不是备份（{why}）。请改用另一份备份；现有的索引没有改动",
        code="damaged_backup",
    )
