"""Notices that are written but not published: nobody sees them yet, except for the one who writes them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from analyzers.embedding import FloatArray
from indexer.index.elasticsearch.bulk import Bulk, Operation
from indexer.index.elasticsearch.state import LEASE_SECONDS, Versions
from indexer.index.protocol import NoticeRecord

MOST_ITEMS = 10_000
"""Items of a batch: publishing costs a refresh, and so many are written again in seconds."""
MOST_NOTICES = 512


@dataclass(slots=True)
class Batch:
    """Notices on their way into one index, under `versions`; the last one with an id, or from a path, counts."""

    bulk: Bulk
    versions: Versions
    fingerprint: str | None = None
    dimension: int | None = None
    records: dict[int, NoticeRecord] = field(default_factory=dict)
    """By version."""
    vectors: dict[str, FloatArray] = field(default_factory=dict)
    """By `vector_key`."""
    replaced: set[int] = field(default_factory=set)
    """Versions that others of the batch have replaced, or that the server did not take whole."""
    items: int = 0
    _next: int = 0

    def is_full(self, now: float) -> bool:
        """Whether it is time to publish."""
        taken = self._next == self.versions.end - self.versions.first
        return taken or self.items >= MOST_ITEMS or now > self.versions.until - LEASE_SECONDS / 2

    def next_version(self) -> int:
        """The version of the notice that is written next."""
        self._next += 1
        return self.versions.first + self._next - 1

    def add(self, version: int, record: NoticeRecord, operations: Iterable[Operation]) -> None:
        """Write a notice."""
        former = [number for number, held in self.records.items() if _gives_way(held, record)]
        self.replaced.update(former)
        for number in former:
            del self.records[number]
        self.records[version] = record
        self.items += record.items
        self.bulk.add(operations)

    def finish(self) -> list[tuple[NoticeRecord, str]]:
        """Send what waits; the notices that the server did not take whole, and why. They are no part of the batch any more."""
        self.bulk.finish()
        refused = {int(document_id.partition(".")[0]): why for document_id, why in self.bulk.refused.items()}
        self.replaced.update(refused)
        return [(self.records.pop(version), why) for version, why in refused.items() if version in self.records]

    def supersedes(self, record: NoticeRecord) -> bool:
        """Whether a held notice gives way to one of these."""
        return any(_gives_way(record, written) for written in self)

    def __iter__(self) -> Iterator[NoticeRecord]:
        """Records of the notices; others may be written meanwhile."""
        return iter(list(self.records.values()))


def _gives_way(held: NoticeRecord, written: NoticeRecord) -> bool:
    return held.notice.id == written.notice.id or held.path == written.path
