"""Failures of SQLite, tantivy and the file system, told in Chinese: what went wrong, where, and what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StorageError

_BUSY = "另一个进程正在写入这个索引，请等它结束后再试"
_REBUILD = "请用备份恢复该文件夹，或换一个新文件夹重新建立索引（xianli index）"
_DELETE_POSTINGS = "全文索引可能已损坏，请删除该文件夹里名为 postings-… 的子文件夹后再试，程序会自动重建它"

# What an error's text contains, and the advice for it. The first row that fits is taken.
_ADVICE = (
    ("lockbusy", _BUSY),
    ("locked", _BUSY),
    ("disk is full", "磁盘空间已满，请腾出空间后再试；已写入的通知不受影响"),
    ("no space left", "磁盘空间已满，请腾出空间后再试；已写入的通知不受影响"),
    ("readonly", "没有写入权限，请检查文件夹的所有者和权限"),
    ("permission denied", "没有访问权限，请检查文件夹的所有者和权限"),
    ("read-only file system", "文件系统只读，请把索引放到可以写入的位置"),
    ("unable to open", "无法打开索引文件，请检查文件夹是否存在以及是否有权限"),
    ("not a database", f"索引文件已损坏或不是索引，{_REBUILD}"),
    ("malformed", f"索引文件已损坏，{_REBUILD}"),
    ("unique constraint", "其中的条目编号已属于另一份通知，请先删除那一份（xianli remove）"),
)


def storage_error(folder: Path, failure: BaseException, otherwise: str) -> StorageError:
    """The failure of a call on the index in `folder`, with what to do about it; `otherwise` is the last resort."""
    text = str(failure).lower()
    if isinstance(failure, OSError) and failure.errno == errno.ENOSPC:
        text = "no space left"
    advice = next((advice for part, advice in _ADVICE if part in text), otherwise)
    told = f"索引 {folder} 出错：{advice}（{type(failure).__name__}: {failure}）"
    return StorageError(told, code="busy" if advice is _BUSY else None)


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turns what SQLite and the file system raise inside into StorageError."""
    try:
        yield
    except (sqlite3.Error, OSError) as failure:
        raise storage_error(folder, failure, f"请检查磁盘和文件夹权限；若仍出错，{_REBUILD}") from failure


@contextmanager
def engine_errors(folder: Path) -> Iterator[None]:
    """The same for tantivy, which raises ValueError and RuntimeError for whatever goes wrong, and panics on damage."""
    try:
        yield
    except BaseException as failure:
        # A panic is no Exception, and its class cannot be imported.
        if isinstance(failure, (ValueError, RuntimeError, OSError)) or type(failure).__name__ == "PanicException":
            raise storage_error(folder, failure, _DELETE_POSTINGS) from failure
        raise
