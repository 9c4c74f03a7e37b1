"""Zip archives: what is in them, and the bytes of a member, within limits that a zip bomb can't pass.

Nothing is ever unpacked to the disk. Windows writes names in GBK without saying so, and some programs with backslashes.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from corpus.errors import ReadError

STARTS = (b"PK\x03\x04", b"PK\x05\x06")
MAX_MEMBER = 20_000_000
_MAX_MEMBERS = 2_000
_MAX_UNPACKED = 1_000_000_000
# The list of members is read at once: 46 bytes and the name for each.
_MAX_DIRECTORY = 2_000_000
_END = b"PK\x05\x06"
_END_SIZE, _COMMENT_SIZE = 22, 65_535
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_DAMAGED = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, struct.error)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, and which entry of the archive it is."""

    path: PurePosixPath
    entry: int


def open_archive(file: BinaryIO, name: str) -> ZipFile:
    """An archive to read from; raises ReadError when it is damaged or lists absurdly many members."""
    try:
        if _directory_size(file) > _MAX_DIRECTORY:
            raise ReadError(f"{name}：压缩包里的文件太多。请拆成几个压缩包，或解压后收录文件夹。", code="too_large")
        return ZipFile(file)
    except _DAMAGED as error:
        raise ReadError(
            f"{name}：压缩包或 Word（.docx）文件已损坏，无法打开。请重新下载或另存后再收录。", code="damaged"
        ) from error


def members(path: Path, shown: Path) -> Iterator[Member | ReadError]:
    """The files in an archive that can be read, and an error for each that can't; hidden ones are passed over.

    `shown` is the path of the archive that errors name.
    """
    with path.open("rb") as file, open_archive(file, str(shown)) as archive:
        entries = archive.infolist()
    if len(entries) > _MAX_MEMBERS:
        yield ReadError(
            f"{shown}：压缩包里有 {len(entries)} 个文件，超过 {_MAX_MEMBERS} 个的上限。请拆成几个压缩包，或解压后收录文件夹。",
            code="too_large",
        )
        return
    unpacked, seen = 0, set()
    for position, entry in enumerate(entries):
        inner = PurePosixPath(_name(entry))
        if entry.is_dir() or _name(entry).endswith("/") or _is_hidden(inner):
            continue
        unpacked += entry.file_size
        fault = _fault(entry, inner, unpacked, inner in seen)
        seen.add(inner)
        yield ReadError(f"{shown / _inside(inner)}：{fault[1]}", code=fault[0]) if fault else Member(inner, position)


def member_bytes(archive: ZipFile, entry: ZipInfo, name: str) -> bytes:
    """The bytes of one member, never more than it says to have; raises ReadError when it is damaged or too large."""
    if entry.file_size > MAX_MEMBER:
        raise ReadError(
            f"{name}：解压后有 {entry.file_size / 1e6:.0f} MB，不会是一份通知。请检查压缩包。", code="too_large"
        )
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ReadError(f"{name}：用了少见的压缩方法，无法解压。请改用普通的 .zip 压缩。", code="damaged")
    try:
        with archive.open(entry) as file:
            return file.read(MAX_MEMBER)
    except _DAMAGED as error:
        raise ReadError(f"{name}：在压缩包里已损坏，无法解压。请重新下载或重新压缩。", code="damaged") from error


def _directory_size(file: BinaryIO) -> int:
    """The size of the list of members, from the record at the archive's end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _COMMENT_SIZE))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0:
        raise BadZipFile
    directory_size: int = struct.unpack_from("<L", tail, at + 12)[0]
    return directory_size


def _name(entry: ZipInfo) -> str:
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_hidden(inner: PurePosixPath) -> bool:
    """Whether it is a hidden file, or one of those that macOS adds."""
    return any(re.match(r"\.(?!\.?$)|__MACOSX$", part) for part in inner.parts)


def _inside(inner: PurePosixPath) -> str:
    """A path to show, without what would lead out of the archive."""
    return "/".join(part for part in inner.parts if part.strip("/"))


def _fault(entry: ZipInfo, inner: PurePosixPath, unpacked: int, repeated: bool) -> tuple[str, str] | None:
    """Why an entry is not read: code and words, or None."""
    if inner.is_absolute() or ".." in inner.parts or re.match("[A-Za-z]:", str(inner)):
        return "unsafe_path", "压缩包里的这个路径指向压缩包之外，未读取。请检查压缩包的来源，解压后再收录。"
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted", "在压缩包里有密码保护。请用密码解压后再收录。"
    if repeated:
        return "repeated", "压缩包里有同名的文件，只读取第一个。请重新压缩。"
    if entry.file_size > MAX_MEMBER:
        return "too_large", f"解压后有 {entry.file_size / 1e6:.0f} MB，不会是一份通知。请检查压缩包。"
    if unpacked > _MAX_UNPACKED:
        return "too_large", f"压缩包解压后超过 {_MAX_UNPACKED / 1e9:.0f} GB。请拆成几个压缩包。"
    return None
