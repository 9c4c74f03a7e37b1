"""Copying: all notices of one index, with the vectors that it has for them, into another one of any backend.

What the target holds already is compared and passed over, so that an interrupted run is gone on with by the next, and a run
over two equal indexes writes nothing. What was written is read back and compared.
"""

from contextlib import suppress
from dataclasses import dataclass

from corpus.errors import ModelError, NotFoundError, StorageError
from corpus.model import ParsedNotice
from indexer.digests import notice_digest, stored_vectors, total_digest
from indexer.index.protocol import Index, NoticeRecord
from indexer.progress import Progress, Report, Step, unheard

_NAMED = 5
"""Notices that are named where many differ."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy has done.

    `notices` and `items` are those of the source, which the target now holds too; `digest` is the same of both. `own` are
    notices of the target that the source lacks: left there, or `removed`.
    """

    notices: int
    items: int
    written: int
    removed: int
    own: int
    digest: str


@dataclass(frozen=True, slots=True)
class _Content:
    """What an index holds of a notice: its digest, and whether the digest is also one of vectors."""

    digest: bytes
    with_vectors: bool


def copy_index(source: Index, target: Index, *, delete: bool = False, report: Report = unheard) -> Copied:
    """Bring `target` up with `source`; `delete` removes what the source lacks.

    Notices that the source loses meanwhile are left out. Raises ModelError where the target has vectors of another model,
    StorageError where it differs afterwards.
    """
    _require_same_model(source, target)
    records = list(source.scan())
    contents: dict[str, _Content] = {}
    changed = _compare(source, target, records, contents, report)
    _write(source, target, changed, contents, report)
    _verify(target, changed, contents, report)
    wanted = {record.notice.id for record in records}
    own = [record.notice.id for record in target.scan() if record.notice.id not in wanted]
    removed = sum(target.remove(notice_id) for notice_id in own) if delete else 0
    return Copied(
        notices=len(contents),
        items=sum(record.items for record in records if record.notice.id in contents),
        written=len(changed),
        removed=removed,
        own=len(own) - removed,
        digest=total_digest(contents[record.notice.id].digest for record in records if record.notice.id in contents),
    )


def _require_same_model(source: Index, target: Index) -> None:
    if source.fingerprint and target.fingerprint and source.fingerprint != target.fingerprint:
        raise ModelError(
            f"来源索引的向量是模型 {source.fingerprint} 的，目标索引里的是模型 {target.fingerprint} 的，不能放在一起。"
            "请另选一个目标，或先用 xianli reindex 换成同一个模型。"
        )


def _compare(
    source: Index, target: Index, records: list[NoticeRecord], contents: dict[str, _Content], report: Report
) -> list[NoticeRecord]:
    """The notices that the target lacks or holds differently; contents of the others are noted."""
    paths = {record.notice.id: record.path for record in target.scan()}
    changed = []
    for done, record in enumerate(records, 1):
        path = paths.get(record.notice.id)
        if path is None:
            changed.append(record)
        else:
            with suppress(NotFoundError):
                content = _content(source, source.notice(record.notice.id), record.path)
                if _holds(target, record.notice.id, path, content):
                    contents[record.notice.id] = content
                else:
                    changed.append(record)
        report(Progress(Step.COMPARE, done, len(records)))
    return changed


def _write(
    source: Index, target: Index, changed: list[NoticeRecord], contents: dict[str, _Content], report: Report
) -> None:
    with target.loading():
        for done, record in enumerate(changed, 1):
            with suppress(NotFoundError):
                parsed = source.notice(record.notice.id)
                vectors = stored_vectors(source, parsed)
                target.write(parsed, record.path, vectors, None if vectors is None else source.fingerprint)
                digest = notice_digest(parsed, record.path, vectors)
                contents[record.notice.id] = _Content(digest, vectors is not None)
            report(Progress(Step.COPY, done, len(changed)))


def _verify(target: Index, changed: list[NoticeRecord], contents: dict[str, _Content], report: Report) -> None:
    """Raise StorageError unless what was written is what the target gives back."""
    paths = {record.notice.id: record.path for record in target.scan()} if changed else {}
    differing = []
    for done, record in enumerate(changed, 1):
        content, path = contents.get(record.notice.id), paths.get(record.notice.id)
        if content is not None and (path is None or not _holds(target, record.notice.id, path, content)):
            differing.append(f"《{record.notice.title}》（{record.path}）")
        report(Progress(Step.VERIFY, done, len(changed)))
    if differing:
        named = "、".join(differing[:_NAMED]) + (" 等" if len(differing) > _NAMED else "")
        raise StorageError(
            f"复制后有 {len(differing)} 份通知与来源不一致：{named}。可能有别的进程正在写目标索引，请等它结束后再运行一次。",
            code="copy_differs",
        )


def _content(index: Index, parsed: ParsedNotice, path: str) -> _Content:
    vectors = stored_vectors(index, parsed)
    return _Content(notice_digest(parsed, path, vectors), vectors is not None)


def _holds(index: Index, notice_id: str, path: str, content: _Content) -> bool:
    """Whether an index holds this content. Vectors that the source lacks do no harm."""
    try:
        parsed = index.notice(notice_id)
    except NotFoundError:
        return False
    vectors = stored_vectors(index, parsed) if content.with_vectors else None
    return notice_digest(parsed, path, vectors) == content.digest
