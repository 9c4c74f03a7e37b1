"""From paths to documents: which files are read, and how much of them."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import ReadError
from corpus.model import Document, Source
from indexer.reading.archive import MAX_MEMBER, STARTS, Member, member_bytes, members, open_archive
from indexer.reading.formats import is_plain_archive, read

# The longest notices have about 200,000 characters; 20 MB is no notice but noise or a whole archive.
MAX_BYTES = MAX_MEMBER
_UPLOADS = "upload"
_DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: one on the disk, or a member of a zip archive there, whose path is 通知.zip/2018年/要点.docx.

    `known_as` is the path that stands for the one on the disk, where the file lies there for a moment only.
    """

    on_disk: Path
    member: Member | None = None
    known_as: Path | None = None

    @property
    def path(self) -> Path:
        """The path that is shown and stored."""
        shown = self.known_as or self.on_disk
        return shown / self.member.path if self.member else shown

    def __str__(self) -> str:
        return str(self.path)

    def resolve(self) -> "File":
        """The same file by its absolute path."""
        return replace(self, on_disk=self.on_disk.resolve())

    def read_bytes(self) -> bytes:
        """The file's bytes; raises ReadError when it is too large, no file, or can't be read."""
        try:
            return self._member_bytes(self.member) if self.member else _read_bytes(self.on_disk, str(self))
        except OSError as error:
            raise ReadError(
                f"{self}：无法读取（{error.strerror or error}）。请检查权限后重试。", code="unreadable"
            ) from error

    def _member_bytes(self, member: Member) -> bytes:
        with self.on_disk.open("rb") as file, open_archive(file, str(self.known_as or self.on_disk)) as archive:
            return member_bytes(archive, archive.infolist()[member.entry], str(self))


def find_files(paths: list[Path]) -> Iterator[File | ReadError]:
    """Files to read, those of a folder or zip archive in a stable order; an error in place of what can't be listed.

    Hidden files and folders are passed over.
    """
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        elif path.exists():
            yield from _files_at(path)
        else:
            yield _file_in_archive(path) or ReadError(f"{path}：找不到文件或文件夹。请检查路径。", code="not_found")


def find_uploaded(on_disk: Path, name: str, digest: str) -> Iterator[File | ReadError]:
    """The file that somebody has sent under a name, or those in it when it is a zip archive.

    They are known as upload/<start of the SHA-256>/<name>: who sends another file of the same name replaces nothing, and the
    same file sent again is found to be held.
    """
    yield from _files_at(on_disk, Path(_UPLOADS, digest[:_DIGEST_SHOWN], name))


def was_uploaded(path: Path) -> bool:
    """Whether a path is that of a file which was sent, and lies nowhere."""
    return path.parts[:1] == (_UPLOADS,)


def is_there(path: Path) -> bool:
    """Whether there is a file at a path, which may lead into an archive."""
    return path.exists() or _file_in_archive(path) is not None


def read_document(path: Path) -> Document:
    """The document in a file, or in a member of an archive; raises ReadError, with the file and the way out in Chinese."""
    file = _file_in_archive(path) or File(path)
    data = file.read_bytes()
    content = read(data, str(path))
    return content.document(Source(path.name, sha256(data), content.encoding))


def sha256(data: bytes) -> str:
    """The SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _read_bytes(path: Path, name: str) -> bytes:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReadError(
            f"{name}：文件有 {size / 1e6:.0f} MB，超过 {MAX_BYTES / 1e6:.0f} MB 的上限，不会是一份通知。请拆分后再收录。",
            code="too_large",
        )
    if not path.is_file():
        raise ReadError(f"{name}：不是普通文件。请只收录通知的文件。", code="not_text")
    return path.read_bytes()


def _walk(folder: Path) -> Iterator[File | ReadError]:
    errors: list[ReadError] = []

    def failed(error: OSError) -> None:
        errors.append(
            ReadError(f"{error.filename}：无法打开文件夹（{error.strerror}）。请检查权限后重试。", code="unreadable")
        )

    for root, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield from _files_at(Path(root, name))
    yield from errors


def _files_at(path: Path, known_as: Path | None = None) -> Iterator[File | ReadError]:
    """The file at a path, or those in it when it is an archive."""
    try:
        if _is_archive(path):
            for member in members(path, known_as or path):
                yield member if isinstance(member, ReadError) else File(path, member, known_as)
            return
    except (OSError, ReadError):
        pass  # reading it says the reason
    yield File(path, known_as=known_as)


def _file_in_archive(path: Path) -> File | None:
    """The file that a path like 通知.zip/要点.docx names, or None where it names no member of an archive."""
    for above in path.parents:
        if above.is_file():
            found = (file for file in _files_at(above) if isinstance(file, File) and file.member)
            return next((file for file in found if file.path == path), None)
    return None


def _is_archive(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if file.read(4) not in STARTS:
            return False
        with open_archive(file, str(path)) as archive:
            return is_plain_archive(archive)
