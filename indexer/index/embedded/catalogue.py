"""The catalogue: one SQLite file that holds all that was written, and is the truth.

Postings and vector file are derived from it. `settings` says how far each of them is; the outbox names the notices that
the postings still owe. Reads go through connections of their own, one for each that is going on, and see committed changes only.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import Any

import msgspec

from analyzers.embedding import FloatArray
from corpus.errors import StorageError
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.index.embedded.changes import READ_SETTINGS, Change, Settings, StoredItem
from indexer.index.embedded.failures import storage_errors
from indexer.index.embedded.vectors import restore
from indexer.index.filters import Filters
from indexer.index.item_vectors import vector_key
from indexer.index.keys import NOTICE_FIELDS, wanted_keys
from indexer.index.protocol import NoticeRecord

SCHEMA_VERSION = 2

_SCHEMA = """
CREATE TABLE settings (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    schema INTEGER NOT NULL,
    analysis TEXT NOT NULL,          -- of the postings: other terms need other postings
    fingerprint TEXT,                -- of the model, while there are vectors
    dimension INTEGER,
    generation INTEGER NOT NULL,     -- counts the changes
    floor INTEGER NOT NULL,          -- the generation up to which the postings are complete
    postings TEXT,                   -- name of their folder
    vector_file TEXT,
    vector_rows INTEGER NOT NULL,    -- published records of the vector file
    vector_last INTEGER NOT NULL     -- slot of the last of them
);
CREATE TABLE notices (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    document_number TEXT,
    date_issued TEXT,
    first_year INTEGER,
    last_year INTEGER,
    items INTEGER NOT NULL,
    notice BLOB NOT NULL,            -- JSON of Notice, for lists
    parsed BLOB NOT NULL             -- JSON of ParsedNotice, its items left out
);
CREATE INDEX notices_by_path ON notices (path);
CREATE INDEX notices_by_number ON notices (document_number);
CREATE TABLE notice_keys (
    field TEXT NOT NULL,
    key TEXT NOT NULL,
    notice INTEGER NOT NULL REFERENCES notices ON DELETE CASCADE,
    PRIMARY KEY (field, key, notice)
) WITHOUT ROWID;
CREATE INDEX notice_keys_by_notice ON notice_keys (notice);
CREATE TABLE vectors (
    slot INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,         -- see vector_key
    scale REAL NOT NULL,
    components BLOB NOT NULL
);
CREATE TABLE items (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    notice INTEGER NOT NULL REFERENCES notices ON DELETE CASCADE,
    slot INTEGER REFERENCES vectors,
    item BLOB NOT NULL               -- JSON of TaskItem
);
CREATE INDEX items_by_notice ON items (notice);
-- A search asks for the ids of hundreds of rows and slots: with the ids in the indexes their bodies are not read.
CREATE INDEX items_by_slot ON items (slot, id);
CREATE INDEX items_by_row ON items (row, id);
CREATE TABLE outbox (generation INTEGER PRIMARY KEY, notice_id TEXT NOT NULL);
"""

_UPGRADES: Mapping[int | None, tuple[str, ...]] = {
    1: (
        "DROP INDEX items_by_slot",
        "CREATE INDEX items_by_slot ON items (slot, id)",
        "CREATE INDEX items_by_row ON items (row, id)",
    )
}
"""What makes a schema into the next one; nothing that is stored is touched."""
READABLE_VERSIONS = (*_UPGRADES, SCHEMA_VERSION)
_CACHE_KILOBYTES = 16_384
"""Pages that a connection keeps: the indexes of some 300,000 items."""
_IS_INDEX = "SELECT 1 FROM sqlite_master WHERE name = 'settings'"
_EMPTY = f"INSERT INTO settings VALUES (1, {SCHEMA_VERSION}, '', NULL, NULL, 0, 0, NULL, NULL, 0, 0)"
_AMONG = "IN (SELECT value FROM json_each(?))"
_ITEMS = "SELECT row, slot, item FROM items WHERE notice = ? ORDER BY row"
_WAIT_SECONDS = 10.0

_Row = tuple[Any, ...]
_Seen = dict["Catalogue", Settings]
_seen: ContextVar[_Seen | None] = ContextVar("settings seen", default=None)


class Catalogue:
    """The SQLite file in `folder`. Threads may share one."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        self._folder = folder
        self._path = folder / "catalogue.sqlite"
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._changing = RLock()
        self._changes: sqlite3.Connection | None = None
        if not create and not self._path.is_file():
            raise StorageError(f"{folder} 里没有索引。请先建立索引（xianli index），或检查 --index 给出的文件夹")
        with storage_errors(folder):
            if create and not self._all(_IS_INDEX):
                self._create()
            self._upgrade()
            self._check_version()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")
        return connection

    def _create(self) -> None:
        with self.changing() as change:
            if not change.run(_IS_INDEX).fetchone():
                for statement in (*_SCHEMA.split(";\n"), _EMPTY):
                    change.run(statement)

    def _upgrade(self) -> None:
        while (held := self._version()) in _UPGRADES:
            with self.changing() as change:
                if change.run("UPDATE settings SET schema = schema + 1 WHERE schema = ?", held).rowcount:
                    for statement in _UPGRADES[held]:
                        change.run(statement)

    def _version(self) -> int | None:
        return self._all("SELECT schema FROM settings")[0][0] if self._all(_IS_INDEX) else None

    def _check_version(self) -> None:
        held = self._version()
        if held is None:
            raise StorageError(f"{self._folder} 里的索引没有建成。请重新建立索引（xianli index）")
        if held != SCHEMA_VERSION:
            raise StorageError(
                f"索引 {self._folder} 的格式是第 {held} 版，本程序使用第 {SCHEMA_VERSION} 版。"
                "请换一个新文件夹重新建立索引，或使用建立它的程序版本"
            )

    @contextmanager
    def changing(self, wait_seconds: float = _WAIT_SECONDS) -> Iterator[Change]:
        """One transaction: all that is done inside is kept, or nothing when anything fails."""
        (_seen.get() or {}).pop(self, None)
        with self._changing, storage_errors(self._folder):
            if self._changes is None:
                self._changes = self._connect()
            connection = self._changes
            connection.execute(f"PRAGMA busy_timeout = {int(wait_seconds * 1000)}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Change(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that nobody else uses meanwhile. Taking one from a list and putting it back are each one step."""
        with storage_errors(self._folder):
            if self._closed:
                raise sqlite3.ProgrammingError("the catalogue is closed")
            try:
                reads = self._idle.pop()
            except IndexError:
                reads = self._connect()
            try:
                yield reads
            finally:
                self._idle.append(reads)
                if self._closed:
                    self._close_idle()

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """Several reads of one state."""
        with self._reading() as reads:
            reads.execute("BEGIN")
            try:
                yield reads
            finally:
                reads.execute("ROLLBACK")

    def _all(self, statement: str, *values: object) -> list[_Row]:
        with self._reading() as reads:
            return reads.execute(statement, values).fetchall()

    def _columns(self, names: str, source: str, *values: object) -> list[list[Any]]:
        """Columns of many rows, each as one list.

        As one row of JSON, because Python's sqlite3 gives its lock back for each row: under load a thread waits to get it again.
        """
        selected = ", ".join(f"json_group_array({name})" for name in names.split(", "))
        ((*columns,),) = self._all(f"SELECT {selected} FROM {source}", *values)
        return [msgspec.json.decode(column) for column in columns]

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Within it settings are read once, in all threads that work on the same: a search would ask for them twenty times."""
        token = _seen.set({})
        try:
            yield
        finally:
            _seen.reset(token)

    def settings(self) -> Settings:
        """The settings now, or as they were seen in this moment when the postings were complete for them."""
        seen = _seen.get()
        if seen is not None and self in seen:
            return seen[self]
        settings = Settings(*self._all(READ_SETTINGS)[0])
        if seen is not None and settings.floor == settings.generation:
            seen[self] = settings
        return settings

    def count(self, table: str, condition: str = "TRUE") -> int:
        """Number of rows of a table for which an SQL condition holds."""
        return int(self._all(f"SELECT count(*) FROM {table} WHERE {condition}")[0][0])

    def owed(self, after: int) -> list[str]:
        """Ids of the notices that were changed after a generation and not yet dropped from the outbox."""
        found = self._all("SELECT notice_id FROM outbox WHERE generation > ? ORDER BY generation", after)
        return list(dict.fromkeys(notice_id for (notice_id,) in found))

    def notice_ids(self) -> list[str]:
        """Ids of all notices, in the order in which they were written."""
        return [notice_id for (notice_id,) in self._all("SELECT id FROM notices ORDER BY row")]

    def parsed(self, notice_id: str) -> ParsedNotice | None:
        """A notice as it was written; None where it is not held."""
        with self._snapshot() as reads:
            found = reads.execute("SELECT row, parsed FROM notices WHERE id = ?", (notice_id,)).fetchone()
            bodies = reads.execute(_ITEMS, found[:1]).fetchall() if found else []
        if not found:
            return None
        items = tuple(msgspec.json.decode(body, type=TaskItem) for _, _, body in bodies)
        return replace(msgspec.json.decode(found[1], type=ParsedNotice), items=items)

    def stored(self, notice_id: str) -> tuple[Notice, list[StoredItem]] | None:
        """What the postings need of a notice; None where it is not held."""
        with self._snapshot() as reads:
            found = reads.execute("SELECT row, notice FROM notices WHERE id = ?", (notice_id,)).fetchone()
            rows = reads.execute(_ITEMS, found[:1]).fetchall() if found else []
        if not found:
            return None
        items = [StoredItem(row, slot, msgspec.json.decode(body, type=TaskItem)) for row, slot, body in rows]
        return msgspec.json.decode(found[1], type=Notice), items

    def items(self, item_ids: Sequence[str]) -> dict[str, TaskItem]:
        """Those of the items that are held."""
        found = self._all(f"SELECT id, item FROM items WHERE id {_AMONG}", _json(item_ids))
        return {item_id: msgspec.json.decode(body, type=TaskItem) for item_id, body in found}

    def ids(self, rows: Sequence[int]) -> dict[int, str]:
        """Ids of those items that are still held, by row."""
        # SQLite would take the table, where the ids lie far apart.
        columns = self._columns("row, id", f"items INDEXED BY items_by_row WHERE row {_AMONG}", _json(rows))
        return dict(zip(*columns, strict=True))

    def owners(self, rows: Sequence[int]) -> list[tuple[str, str, int]]:
        """Id of each of those items that are still held, id of its notice, and row, in no order."""
        joined = f"items JOIN notices ON notices.row = items.notice WHERE items.row {_AMONG}"
        return list(zip(*self._columns("items.id, notices.id, items.row", joined, _json(rows)), strict=True))

    def items_of_slots(self, slots: Sequence[int]) -> list[tuple[str, int, int]]:
        """Id, row and slot of all items that have one of these vectors."""
        return list(zip(*self._columns("id, row, slot", f"items WHERE slot {_AMONG}", _json(slots)), strict=True))

    def vectors(self, texts: Sequence[str], fingerprint: str) -> dict[str, FloatArray]:
        """Stored vectors of those of the embedded texts that have one."""
        keys = {vector_key(text, fingerprint): text for text in texts}
        found = self._all(f"SELECT key, components, scale FROM vectors WHERE key {_AMONG}", _json(keys))
        return {keys[key]: restore(components, scale) for key, components, scale in found}

    def records(self, condition: str, *values: object) -> list[NoticeRecord]:
        """Records of the notices for which an SQL condition, with what follows it, holds."""
        found = self._all(f"SELECT notice, items, path FROM notices WHERE {condition}", *values)
        return [NoticeRecord(msgspec.json.decode(body, type=Notice), items, path) for body, items, path in found]

    def records_of(self, notice_ids: Sequence[str]) -> list[NoticeRecord]:
        """Records of those of the notices that are held."""
        return self.records(f"id {_AMONG}", _json(notice_ids))

    def scan(self) -> Iterator[NoticeRecord]:
        """All records by id, as of the moment of the first; over a connection of its own, which sees no later change."""
        with storage_errors(self._folder), closing(self._connect()) as reads:
            reads.execute("BEGIN")
            for body, items, path in reads.execute("SELECT notice, items, path FROM notices ORDER BY id"):
                yield NoticeRecord(msgspec.json.decode(body, type=Notice), items, path)

    def page(self, filters: Filters, offset: int, limit: int) -> tuple[int, list[NoticeRecord]]:
        """How many notices satisfy the filters on notices, and a page of them, newest first, then by id."""
        condition, values = _notice_condition(filters)
        ((total,),) = self._all(f"SELECT count(*) FROM notices WHERE {condition}", *values)
        order = "ORDER BY date_issued DESC NULLS LAST, id LIMIT ? OFFSET ?"
        return total, self.records(f"{condition} {order}", *values, max(limit, 0), max(offset, 0))

    def close(self) -> None:
        """Close all connections; one that another thread is using is closed when that has done with it."""
        self._closed = True
        self._close_idle()
        with self._changing:
            if self._changes is not None:
                self._changes.close()

    def _close_idle(self) -> None:
        while self._idle:
            with suppress(IndexError):  # another thread may have taken the last
                self._idle.pop().close()


def _notice_condition(filters: Filters) -> tuple[str, list[object]]:
    """What `filters` ask of a notice, as an SQL condition with its values; those on items are left aside."""
    conditions, values = ["TRUE"], list[object]()
    for field, keys in wanted_keys(filters).items():
        if field in NOTICE_FIELDS:
            conditions.append(f"row IN (SELECT notice FROM notice_keys WHERE field = ? AND key {_AMONG})")
            values += [field, _json(keys)]
    if filters.year:
        conditions.append("(" + " OR ".join(["first_year <= ? AND last_year >= ?"] * len(filters.year)) + ")")
        values += [bound for years in filters.year for bound in (years.last, years.first)]
    if filters.exclude_notice:
        conditions.append(f"id NOT {_AMONG}")
        values.append(_json(filters.exclude_notice))
    return " AND ".join(conditions), values


def _json(values: Iterable[object]) -> str:
    return msgspec.json.encode(list(values)).decode()
