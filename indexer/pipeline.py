"""The indexing run: files are read, parsed, embedded and stored one notice at a time.

What needs no index is done ahead: of many files by as many processes as there are processors.

Each notice is one transaction, so that a run can be interrupted anywhere and started again: what is stored already and has
not changed is passed over.
"""

import logging
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, islice, tee
from pathlib import Path

import numpy as np

from analyzers.embedding import Embedder, FloatArray
from analyzers.processors import processors
from analyzers.terms import Analyzer
from corpus.errors import ConflictError, ReadError, XianliError
from corpus.model import Notice, ParsedNotice
from indexer.analysis import embedded_text
from indexer.index.protocol import Index
from indexer.parsing import PARSER_VERSION
from indexer.parsing.places import Place
from indexer.preparation import Prepared, Request, attempt, prepare
from indexer.reading import File, is_there, was_uploaded
from indexer.workers import Limits, prepare_ahead

_log = logging.getLogger(__name__)

FEW = 64
"""Files that are prepared in this process: what they take, two others take to start."""


class Status(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: the notice's id and title where there is one, and what went wrong where it did.

    `path` is the file's, or the error's words where a folder could not be listed.
    """

    path: str
    status: Status
    notice_id: str | None = None
    title: str | None = None
    items: int = 0
    warnings: int = 0
    error: XianliError | None = None


def index_files(
    files: Iterable[File | ReadError],
    index: Index,
    embedder: Embedder | None,
    place: Place | None = None,
    limits: Limits | None = None,
) -> Generator[Outcome, None, None]:
    """Bring files, as `find_files` gives them, into the index one by one; the caller can stop between any two.

    `place` is that of all the notices, where somebody knows it. With `limits` even few files are prepared by another process,
    which can be held to them. Never raises for what is wrong with a file: its outcome says it.
    """
    held = index.statistics()
    lacks_vectors = embedder is not None and held.vectors < held.items
    files, ahead = tee(files)
    with index.loading(), closing(_prepare_all(ahead, index, place, limits)) as preparations:
        for file, prepared in zip(files, preparations, strict=True):
            try:
                if isinstance(file, ReadError):
                    raise file
                if isinstance(prepared, Exception):
                    raise prepared
                yield _index_file(Request(file.resolve(), place), prepared, index, embedder, lacks_vectors)
            except XianliError as error:
                yield Outcome(str(file), Status.FAILED, error=error)
            except (MemoryError, OSError):
                raise
            except Exception:  # a fault of ours with one file must not keep the others out
                _log.exception("file could not be indexed", extra={"file": str(file)})
                fault = XianliError(f"{file}：程序读这份文件时出错，未收录。请把文件发给维护者。", code="internal")
                yield Outcome(str(file), Status.FAILED, error=fault)


def _prepare_all(
    files: Iterable[File | ReadError], index: Index, place: Place | None, limits: Limits | None
) -> Generator[Prepared | Exception, None, None]:
    """What is in each file, in order; prepared ahead by other processes where there are many files."""
    files = iter(files)
    few = list(islice(files, FEW + 1))
    processes = processors() if len(few) > FEW else 1
    requests = (_request(file, index, place) for file in chain(few, files))
    if processes > 1 or limits:
        yield from prepare_ahead(requests, processes, limits)
    else:
        analyzer = Analyzer()
        yield from (attempt(request, analyzer) for request in requests)


def _request(file: File | ReadError, index: Index, place: Place | None) -> Request | Exception:
    try:
        if isinstance(file, ReadError):
            return file
        resolved = file.resolve()
        held = index.record_by_path(str(resolved.path))
        return Request(resolved, place, held.notice.source.sha256 if held and _is_current(held.notice, place) else None)
    except Exception as failure:  # told as the file's when its turn comes
        return failure


def embed_items(parsed: ParsedNotice, index: Index, embedder: Embedder) -> FloatArray:
    """Vectors of a notice's items, float32 [items, d]; those that the index has for the same words are used again."""
    texts = [embedded_text(item) for item in parsed.items]
    held = index.item_vectors(texts) if index.fingerprint == embedder.fingerprint else {}
    missing = list(dict.fromkeys(text for text in texts if text not in held))
    fresh = dict(zip(missing, embedder.encode_items(missing), strict=True)) if missing else {}
    return np.stack([fresh[text] if text in fresh else held[text] for text in texts])


def _index_file(
    request: Request, prepared: Prepared, index: Index, embedder: Embedder | None, lacks_vectors: bool
) -> Outcome:
    path, digest = request.file.path, prepared.digest
    held = index.record_by_path(str(path))
    if held and held.notice.source.sha256 == digest and _is_current(held.notice, request.place):
        if embedder is not None and lacks_vectors:
            _complete_vectors(held.notice.id, str(path), index, embedder)
        return Outcome(str(path), Status.UNCHANGED, held.notice.id, held.notice.title, held.items)
    if prepared.parsed is None:  # held when it was asked for, and replaced by another file since then
        prepared = prepare(request, Analyzer())
    parsed = prepared.parsed
    if parsed is None:
        raise RuntimeError("a file that is not held was not read")
    notice = parsed.notice
    same = index.record(notice.id)
    if same and same.path != str(path):
        if same.notice.source.sha256 == digest:
            return Outcome(str(path), Status.DUPLICATE, notice.id, notice.title, same.items)
        if is_there(Path(same.path)) or (was_uploaded(path) and not _is_identified(notice)):
            raise _same_notice(path, same.path, notice.id)
    _refuse_number_of_another(parsed, path, index)
    vectors = embed_items(parsed, index, embedder) if embedder else None
    index.write(parsed, str(path), vectors, embedder.fingerprint if embedder else None, prepared.terms)
    status = Status.REPLACED if held or same else Status.ADDED
    return Outcome(str(path), status, notice.id, notice.title, len(parsed.items), len(parsed.warnings))


def _is_current(held: Notice, place: Place | None) -> bool:
    """Whether the same bytes would be read as they were: same rules, and no other place given by hand."""
    as_given = place is None or Place(held.province, held.city, held.district) == place
    return held.source.parser_version == PARSER_VERSION and as_given


def _is_identified(notice: Notice) -> bool:
    """Whether another notice can hardly have the same id: two offices may both send a text that says no more than 工作要点."""
    return bool(notice.title and (notice.document_number or (notice.issuer and notice.date_issued)))


def _complete_vectors(notice_id: str, path: str, index: Index, embedder: Embedder) -> None:
    """Embed a notice that was stored while there was no model."""
    parsed = index.notice(notice_id)
    texts = {embedded_text(item) for item in parsed.items}
    if len(index.item_vectors(list(texts))) < len(texts):
        index.write(parsed, path, embed_items(parsed, index, embedder), embedder.fingerprint)


def _same_notice(path: Path, held_path: str, notice_id: str) -> ConflictError:
    return ConflictError(
        f"{path}：与已收录的文件 {held_path} 是同一份通知（文号、标题相同），但内容不同，未收录。"
        f"如以本文件为准，请先执行 xianli remove {notice_id}。"
    )


def _refuse_number_of_another(parsed: ParsedNotice, path: Path, index: Index) -> None:
    number = parsed.notice.document_number
    others = index.records_by_number(number) if number else []
    for other in others:
        stands = was_uploaded(Path(other.path)) or is_there(Path(other.path))
        if other.notice.id != parsed.notice.id and other.path != str(path) and stands:
            raise ConflictError(
                f"{path}：文号 {number} 已被《{other.notice.title}》（{other.path}）使用，未收录。请核对两份文件的文号；"
                f"如已收录的有误，请先执行 xianli remove {other.notice.id}。",
                code="number_in_use",
            )
