"""Another model or analysis, another index: every notice is written anew beside the index in use, which it then replaces.

What is read is the index itself, so no source file is needed. An interrupted run is gone on with by the next. Others may
search and write meanwhile; what they have changed is caught up with at the end, while nobody writes.
"""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import msgspec

from analyzers.embedding import Embedder
from analyzers.terms import Analyzer
from corpus.errors import NotFoundError, StorageError
from indexer.index.protocol import Index, NoticeRecord
from indexer.index.versions import Versions, Wanted
from indexer.pipeline import embed_items
from indexer.progress import Progress, Step


@dataclass(frozen=True, slots=True)
class Difference:
    """How many notices an index lacks or holds in another version than the other index, and has besides."""

    missing: int
    extra: int


def reindex(
    versions: Versions, wanted: Wanted, embedder: Embedder | None, analyzer: Analyzer
) -> Generator[Progress, None, None]:
    """Build the index anew as wanted, with vectors of `embedder`, and put it in the place of the present one.

    The caller can stop between any two steps; until the last one the present index stays in use. Nothing is done where it
    is as wanted already. Raises StorageError, ModelError.
    """
    with versions.building(wanted, analyzer) as building:
        if building is None:
            return
        source, fresh = building.source, building.fresh
        yield from copy_notices(source, fresh, embedder)
        total = source.statistics().notices
        yield Progress(Step.WAIT, total, total)
        with building.changing():
            yield from copy_notices(source, fresh, embedder)
            _check(source, fresh, embedder)
            building.take_place()


def copy_notices(source: Index, target: Index, embedder: Embedder | None) -> Iterator[Progress]:
    """Bring `target` up with `source`, with vectors of `embedder`; what it holds already is passed over."""
    wanted, held = _digests(source), _digests(target)
    fingerprint = embedder.fingerprint if embedder else None
    # Vectors of the same model need not be made again; those of another one are no use.
    embedded = source if embedder and source.fingerprint == fingerprint else target
    with target.loading():
        for notice_id in held.keys() - wanted.keys():
            target.remove(notice_id)
        for done, (notice_id, digest) in enumerate(wanted.items(), 1):
            if held.get(notice_id) != digest:
                _copy_notice(notice_id, source, target, embedder, embedded)
            yield Progress(Step.COPY, done, len(wanted))


def _copy_notice(notice_id: str, source: Index, target: Index, embedder: Embedder | None, embedded: Index) -> None:
    record = source.record(notice_id)
    try:
        parsed = source.notice(notice_id)
    except NotFoundError:
        record = None
    if record is None:  # removed meanwhile
        return
    if embedder is None:
        target.write(parsed, record.path, None, None)
    else:
        target.write(parsed, record.path, embed_items(parsed, embedded, embedder), embedder.fingerprint)


def roll_back(versions: Versions, analyzer: Analyzer) -> Difference:
    """Use the version before the last reindexing again, and say what it lacks of the one that was in use till now.

    Another call changes back. Raises StorageError where there is no version before.
    """
    with versions.rolling_back(analyzer) as (taken, left):
        now, before = _digests(taken), _digests(left)
        return Difference(missing=_lacking(now, before), extra=_lacking(before, now))


def _lacking(held: dict[str, bytes], other: dict[str, bytes]) -> int:
    return sum(held.get(notice_id) != digest for notice_id, digest in other.items())


def _digests(index: Index) -> dict[str, bytes]:
    """What tells a notice from any other state of it, by id; in the order of the ids."""
    return {record.notice.id: _digest(record) for record in index.scan()}


def _digest(record: NoticeRecord) -> bytes:
    return hashlib.blake2b(msgspec.json.encode(record), digest_size=16).digest()


def _check(source: Index, fresh: Index, embedder: Embedder | None) -> None:
    """Both hold the same notices, each with as many items, and the new one all items with their vectors."""
    old, new = source.statistics(), fresh.statistics()
    vectors = old.items if embedder else 0
    same = (new.notices, new.items, new.vectors) == (old.notices, old.items, vectors)
    if not same or _digests(source) != _digests(fresh):
        raise StorageError(
            f"新建的索引与原索引不一致（原有 {old.notices} 份通知、{old.items} 条条款，新有 {new.notices} 份、"
            f"{new.items} 条、{new.vectors} 个向量），没有更换，原索引照常使用。请再运行一次 xianli reindex。"
        )
