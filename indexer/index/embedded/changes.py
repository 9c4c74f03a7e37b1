"""Changes of the catalogue, made inside one of its transactions."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import msgspec
import numpy as np

from analyzers.embedding import FloatArray
from corpus.model import ParsedNotice, TaskItem
from indexer.index.embedded.vectors import Records, quantise, record_type
from indexer.index.keys import notice_keys, plan_years

# A thousand vectors are half a megabyte.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """The one row of `settings`."""

    schema: int
    analysis: str
    fingerprint: str | None
    dimension: int | None
    generation: int
    floor: int
    postings: str | None
    vector_file: str | None
    vector_rows: int
    vector_last: int


READ_SETTINGS = f"SELECT {', '.join(field.name for field in fields(Settings))} FROM settings"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with its numbers, neither of which is ever used again; `slot` is that of its vector."""

    row: int
    slot: int | None
    item: TaskItem


class Change:
    """A transaction that is under way."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Execute one statement."""
        return self._connection.execute(statement, values)

    def settings(self) -> Settings:
        """The settings within this transaction."""
        return Settings(*self.run(READ_SETTINGS).fetchone())

    def set(self, **values: object) -> None:
        """Change settings."""
        self.run(f"UPDATE settings SET {', '.join(f'{name} = ?' for name in values)}", *values.values())

    def new_generation(self, notice_id: str) -> int:
        """Count a change, and note that the postings owe it."""
        ((generation,),) = self.run("UPDATE settings SET generation = generation + 1 RETURNING generation").fetchall()
        self.run("INSERT INTO outbox VALUES (?, ?)", generation, notice_id)
        return int(generation)

    def settle(self, postings: str, generation: int) -> None:
        """Note that the postings in the folder of this name are complete up to `generation`, if they are still used."""
        if self.run("UPDATE settings SET floor = ? WHERE postings = ?", generation, postings).rowcount:
            self.run("DELETE FROM outbox WHERE generation <= ?", generation)

    def notices_from(self, path: str) -> list[str]:
        """Ids of the notices that were read from a path."""
        return [notice_id for (notice_id,) in self.run("SELECT id FROM notices WHERE path = ?", path)]

    def slots_of(self, notice_id: str) -> list[int]:
        """Slots of the vectors that a notice's items have."""
        found = self.run(
            "SELECT DISTINCT slot FROM items JOIN notices ON notices.row = items.notice "
            "WHERE notices.id = ? AND slot IS NOT NULL",
            notice_id,
        )
        return [slot for (slot,) in found]

    def delete_notice(self, notice_id: str) -> bool:
        """Delete a notice with its items, but not their vectors; False when it is not held."""
        return self.run("DELETE FROM notices WHERE id = ?", notice_id).rowcount > 0

    def insert_notice(self, parsed: ParsedNotice, path: str, slots: Sequence[int | None]) -> list[StoredItem]:
        """Insert a notice and its items, whose vectors have `slots`."""
        notice, years = parsed.notice, plan_years(parsed.notice)
        row = self.run(
            "INSERT INTO notices VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            notice.id,
            path,
            notice.document_number,
            notice.date_issued,
            years[0] if years else None,
            years[-1] if years else None,
            len(parsed.items),
            msgspec.json.encode(notice),
            msgspec.json.encode(replace(parsed, items=())),
        ).lastrowid
        keys = [(field, key, row) for field, keys in notice_keys(notice).items() for key in keys]
        self._connection.executemany("INSERT INTO notice_keys VALUES (?, ?, ?)", keys)
        stored = []
        for item, slot in zip(parsed.items, slots, strict=True):
            body = msgspec.json.encode(item)
            inserted = self.run("INSERT INTO items VALUES (NULL, ?, ?, ?, ?)", item.id, row, slot, body)
            stored.append(StoredItem(int(inserted.lastrowid or 0), slot, item))
        return stored

    def put_vectors(self, keys: Sequence[str], vectors: FloatArray) -> tuple[list[int], Records]:
        """Slots of `vectors` under `keys`, and the records of those that were not held yet."""
        slots, records, new = list[int](), quantise(vectors), list[int]()
        for place, key in enumerate(keys):
            held = self.run("SELECT slot FROM vectors WHERE key = ?", key).fetchone()
            if held:
                slots.append(held[0])
                continue
            record = records[place]
            scale, components = float(record["scale"]), record["components"].tobytes()
            inserted = self.run("INSERT INTO vectors VALUES (NULL, ?, ?, ?)", key, scale, components)
            record["slot"] = inserted.lastrowid
            slots.append(int(record["slot"]))
            new.append(place)
        return slots, records[new]

    def drop_unused(self, slots: Sequence[int]) -> None:
        """Delete those of the vectors that no item has any more; without any vector the index has no model either."""
        self._connection.executemany(
            "DELETE FROM vectors WHERE slot = ?1 AND NOT EXISTS (SELECT 1 FROM items WHERE items.slot = ?1)",
            [(slot,) for slot in slots],
        )
        if slots and not self.run("SELECT 1 FROM vectors LIMIT 1").fetchone():
            self.set(fingerprint=None, dimension=None, vector_file=None, vector_rows=0, vector_last=0)

    def all_vectors(self, dimension: int) -> Iterator[Records]:
        """Records of all vectors by slot, in batches."""
        found = self.run("SELECT slot, scale, components FROM vectors ORDER BY slot")
        while rows := found.fetchmany(_BATCH):
            records = np.empty(len(rows), record_type(dimension))
            records["slot"] = [slot for slot, _, _ in rows]
            records["scale"] = [scale for _, scale, _ in rows]
            records["components"] = np.frombuffer(b"".join(body for _, _, body in rows), np.int8).reshape(-1, dimension)
            yield records
