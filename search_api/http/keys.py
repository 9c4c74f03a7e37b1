"""Keys for the API: made once, kept as digests in `keys.sqlite` of the data folder.

A key is `xl_` and 256 random bits. Its SHA-256 is enough: slow hashes (bcrypt, argon2) make it costly to guess what people
choose as passwords, and nobody guesses 256 random bits, while every request would pay for the slowness.
"""

import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from hashlib import sha256
from hmac import compare_digest
from logging import getLogger
from pathlib import Path
from threading import Lock

from corpus.errors import ConflictError, NotFoundError, QueryError, StorageError

_log = getLogger(__name__)

_SECRET_BYTES = 32
_FORM = re.compile(r"xl_[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[\w.@-]{1,64}")
_BUSY_SECONDS = 2.0

# `handle` is what a row is found by; the whole digest is compared in constant time then.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    name TEXT PRIMARY KEY,
    handle BLOB NOT NULL UNIQUE,  -- the first 8 bytes of the digest
    digest BLOB NOT NULL,         -- SHA-256 of the key
    scope TEXT NOT NULL,
    created TEXT NOT NULL,        -- ISO 8601, UTC
    expires TEXT,
    last_used TEXT,               -- the day
    revoked TEXT
) STRICT
"""
_FIELDS = "name, scope, created, expires, last_used, revoked"


class Scope(IntEnum):
    """What a key may do; each includes those before it."""

    READ = 1
    WRITE = 2
    ADMIN = 3

    @property
    def label(self) -> str:
        """As it is written: read, write, admin."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key: not the key itself. Times are ISO 8601 in UTC, `last_used` is a day."""

    name: str
    scope: Scope
    created: str
    expires: str | None
    last_used: str | None
    revoked: str | None

    def usable(self, now: datetime) -> bool:
        """Whether it opens anything at a moment."""
        return self.revoked is None and (self.expires is None or now < datetime.fromisoformat(self.expires))


class KeyStore:
    """The keys of a data folder. Threads may share one; what another process changes holds at once."""

    def __init__(self, path: Path) -> None:
        """`path` is made with the first key, for its owner alone (mode 600)."""
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None

    def create(self, name: str, scope: Scope, lifetime: timedelta | None) -> tuple[Key, str]:
        """A new key: what is known of it, and the secret, which is kept nowhere.

        Raises ConflictError where the name was given before, QueryError for one that is none, StorageError.
        """
        if not _NAME.fullmatch(name):
            told = f"“{name[:64]}”不能作密钥的名称。请用 1 至 64 个汉字、字母、数字或 . _ @ -。"
            raise QueryError(told, code="bad_key_name")
        secret = f"xl_{secrets.token_urlsafe(_SECRET_BYTES)}"
        now = datetime.now(UTC)
        expires = _written(now + lifetime) if lifetime else None
        digest = _digest(secret)
        with self._open(create=True) as connection:
            try:
                connection.execute(
                    "INSERT INTO keys (name, handle, digest, scope, created, expires) VALUES (?, ?, ?, ?, ?, ?)",
                    (name, digest[:8], digest, scope.label, _written(now), expires),
                )
            except sqlite3.IntegrityError as error:
                told = f"已有名称为 {name} 的密钥（撤销了的也算，日志里要分得清）。请换一个名称。"
                raise ConflictError(told, code="key_exists") from error
        return Key(name, scope, _written(now), expires, None, None), secret

    def keys(self) -> list[Key]:
        """All keys, also those that are revoked or have expired, oldest first; raises StorageError."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute(f"SELECT {_FIELDS} FROM keys ORDER BY created, name").fetchall()
        return [_key(row) for row in rows]

    def revoke(self, name: str) -> Key:
        """Let a key open nothing from now on; again changes nothing. Raises NotFoundError, StorageError."""
        missing = NotFoundError(f"没有名称为 {name} 的密钥。用 xianli keys list 查看。", code="no_such_key")
        if not self._path.exists():
            raise missing
        with self._open() as connection:
            now = _written(datetime.now(UTC))
            connection.execute("UPDATE keys SET revoked = ? WHERE name = ? AND revoked IS NULL", (now, name))
            row = connection.execute(f"SELECT {_FIELDS} FROM keys WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise missing
        return _key(row)

    def find(self, secret: str) -> Key | None:
        """The key of a secret, or None where it is wrong, revoked or has expired; raises StorageError.

        The day of its use is noted.
        """
        if not _FORM.fullmatch(secret) or not self._path.exists():
            return None
        digest = _digest(secret)
        with self._open() as connection:
            found = connection.execute(f"SELECT digest, {_FIELDS} FROM keys WHERE handle = ?", (digest[:8],)).fetchone()
        if found is None or not compare_digest(found[0], digest):
            return None
        key, now = _key(found[1:]), datetime.now(UTC)
        if not key.usable(now):
            return None
        if key.last_used != now.date().isoformat():
            self._note_use(key, now)
        return key

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _note_use(self, key: Key, now: datetime) -> None:
        try:
            with self._open() as connection:
                connection.execute("UPDATE keys SET last_used = ? WHERE name = ?", (now.date().isoformat(), key.name))
        except StorageError as error:  # a folder that can't be written, say: the key is good all the same
            _log.warning("the use of a key can't be noted", extra={"key": key.name, "reason": error.detail})

    @contextmanager
    def _open(self, *, create: bool = False) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._connect(create=create)
                with self._connection:
                    yield self._connection
            except sqlite3.IntegrityError:
                raise
            except (sqlite3.Error, OSError) as error:
                told = f"密钥文件 {self._path} 不能使用：{error}。请检查数据文件夹（XIANLI_DATA）的权限和磁盘。"
                raise StorageError(told, code="keys") from error

    def _connect(self, *, create: bool) -> sqlite3.Connection:
        if create:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # before SQLite makes it for others to read
        connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        if create:
            connection.execute(_SCHEMA)
        return connection


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _key(row: tuple[str, str, str, str | None, str | None, str | None]) -> Key:
    name, scope, created, expires, last_used, revoked = row
    return Key(name, Scope[scope.upper()], created, expires, last_used, revoked)
