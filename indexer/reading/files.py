"""From paths to documents: which files are read, and how much of them."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import ReadError
from corpus.model import Document, Source
from indexer.reading.text import decode

# The longest notices have about 200,000 characters; 20 MB is no notice but noise or a whole archive.
MAX_BYTES = 20_000_000


def find_files(paths: list[Path]) -> Iterator[Path | ReadError]:
    """Files to read, those of a folder in a stable order; an error in place of what can't be listed.

    Hidden files and folders are passed over.
    """
    for path in paths:
        if not path.exists():
            yield ReadError(f"{path}：找不到文件或文件夹。请检查路径。", code="not_found")
        elif path.is_dir():
            yield from _walk(path)
        else:
            yield path


def read_document(path: Path) -> Document:
    """The document in a file; raises ReadError, with the file and the way out in Chinese."""
    data = read_bytes(path)
    text, encoding = decode(data, str(path))
    return Document(text, Source(path.name, sha256(data), encoding))


def read_bytes(path: Path) -> bytes:
    """A file's bytes; raises ReadError when it is too large, no text format, or can't be read."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(
                f"{path}：文件有 {size / 1e6:.0f} MB，超过 {MAX_BYTES / 1e6:.0f} MB 的上限，不会是一份通知。请拆分后再收录。",
                code="too_large",
            )
        if not path.is_file():
            raise ReadError(f"{path}：不是普通文件。请只收录文本文件（.txt、.md）。", code="not_text")
        return path.read_bytes()
    except OSError as error:
        raise ReadError(
            f"{path}：无法读取（{error.strerror or error}）。请检查权限后重试。", code="unreadable"
        ) from error


def sha256(data: bytes) -> str:
    """The SHA-256 of a file's bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _walk(folder: Path) -> Iterator[Path | ReadError]:
    errors: list[ReadError] = []

    def failed(error: OSError) -> None:
        errors.append(
            ReadError(f"{error.filename}：无法打开文件夹（{error.strerror}）。请检查权限后重试。", code="unreadable")
        )

    for root, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(names) if not name.startswith("."))
    yield from errors
