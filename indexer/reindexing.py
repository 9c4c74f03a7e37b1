"""Another model, another index: every notice is embedded anew beside the index in use, which it then replaces.

What is read is the index itself, so no source file is needed. Notices are copied one by one, each in a transaction of its own:
an interrupted run is gone on with by the next. Others may search and write meanwhile; what they have changed is caught up
with at the end, while nobody writes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzers.embedding import Embedder
from analyzers.embedding.choice import ModelChoice, remember_model
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.protocol import Index, NoticeRecord
from indexer.index.versions import Versions
from indexer.pipeline import embed_items

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the notices are in the new index; `waiting` while others have to end writing first."""

    done: int
    total: int
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """How many notices an index lacks or holds in another version than the other index, and has besides."""

    missing: int
    extra: int


def reindex(
    folder: Path, embedder: Embedder, analyzer: Analyzer, remembered: ModelChoice | None = None
) -> Iterator[Progress]:
    """Build the index in `folder` anew for another model and put it in the place of the present one.

    `remembered` is written down with the new index. The caller can stop between any two steps; until the last one the
    present index stays in use. Nothing is done where it is of that model already. Raises StorageError, ModelError.
    """
    versions = Versions(folder)
    target = versions.place(embedder.fingerprint)
    with versions.building():
        versions.sweep(keeping=target)
        with EmbeddedIndex.open(versions.current, analyzer, read_only=True) as source:
            if target == versions.current or source.fingerprint == embedder.fingerprint:
                return
            with EmbeddedIndex.open(target, analyzer) as fresh:
                yield from copy_notices(source, fresh, embedder)
                total = source.statistics().notices
                yield Progress(total, total, waiting=True)
                with versions.changing():
                    yield from copy_notices(source, fresh, embedder)
                    _check(source, fresh, target)
                    if remembered is not None:
                        remember_model(target, remembered)
                    fresh.close()
                    versions.change_to(target)


def copy_notices(source: Index, target: Index, embedder: Embedder) -> Iterator[Progress]:
    """Bring `target` up with `source`, with vectors of `embedder`; what it holds already is passed over."""
    total = source.statistics().notices
    for done, record in enumerate(_records(source), 1):
        if target.record(record.notice.id) != record:
            parsed = source.notice(record.notice.id)
            target.write(parsed, record.path, embed_items(parsed, target, embedder), embedder.fingerprint)
        yield Progress(done, total)
    for record in _records(target):
        if source.record(record.notice.id) is None:
            target.remove(record.notice.id)


def roll_back(folder: Path, analyzer: Analyzer) -> Difference:
    """Use the version before the last reindexing again, and say what it lacks of the one that was in use till now.

    Another call changes back. Raises StorageError where there is no version before.
    """
    versions = Versions(folder)
    with versions.building(), versions.changing():
        left = versions.current
        taken = versions.roll_back()
        with (
            EmbeddedIndex.open(taken, analyzer, read_only=True) as now,
            EmbeddedIndex.open(left, analyzer, read_only=True) as before,
        ):
            return Difference(missing=_lacking(now, before), extra=_lacking(before, now))


def _lacking(index: Index, other: Index) -> int:
    return sum(index.record(record.notice.id) != record for record in _records(other))


def _records(index: Index) -> Iterator[NoticeRecord]:
    """All records, read before the first is given, since what the caller writes would move the pages."""
    total, records = index.notices(Filters(), 0, _PAGE)
    for offset in range(_PAGE, total, _PAGE):
        records += index.notices(Filters(), offset, _PAGE)[1]
    return iter(records)


def _check(source: Index, fresh: Index, target: Path) -> None:
    old, new = source.statistics(), fresh.statistics()
    if (new.notices, new.items, new.vectors) != (old.notices, old.items, old.items):
        raise StorageError(
            f"新建的索引 {target} 与原索引不一致（原有 {old.notices} 份通知、{old.items} 条条款，新有 {new.notices} 份、"
            f"{new.items} 条、{new.vectors} 个向量），没有更换，原索引照常使用。请删除该文件夹后重新运行 xianli reindex。"
        )
