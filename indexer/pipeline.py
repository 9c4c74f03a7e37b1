"""The indexing run: files are read, parsed, embedded and stored one notice at a time.

Each notice is one transaction, so that a run can be interrupted anywhere and started again: what is stored already and has
not changed is passed over.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from analyzers.embedding import Embedder, FloatArray
from corpus.errors import ConflictError, ParseError, ReadError, XianliError
from corpus.model import Document, Notice, ParsedNotice, Source
from indexer.analysis import embedded_text
from indexer.index.protocol import Index
from indexer.parsing import PARSER_VERSION, parse
from indexer.parsing.places import Place
from indexer.reading import File, is_there, read, sha256

_log = logging.getLogger(__name__)


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
    files: Iterable[File | ReadError], index: Index, embedder: Embedder | None, place: Place | None = None
) -> Iterator[Outcome]:
    """Bring files, as `find_files` gives them, into the index one by one; the caller can stop between any two.

    `place` is that of all the notices, where somebody knows it. Never raises for what is wrong with a file: its outcome
    says it.
    """
    held = index.statistics()
    lacks_vectors = embedder is not None and held.vectors < held.items
    for file in files:
        try:
            if isinstance(file, ReadError):
                raise file
            yield _index_file(file.resolve(), index, embedder, lacks_vectors, place)
        except XianliError as error:
            yield Outcome(str(file), Status.FAILED, error=error)
        except (MemoryError, OSError):
            raise
        except Exception:  # a fault of ours with one file must not keep the others out
            _log.exception("file could not be indexed", extra={"file": str(file)})
            fault = XianliError(f"{file}：程序读这份文件时出错，未收录。请把文件发给维护者。", code="internal")
            yield Outcome(str(file), Status.FAILED, error=fault)


def parse_document(document: Document, name: str, place: Place | None = None) -> ParsedNotice:
    """The notice in a document; raises ParseError when it has no items."""
    parsed = parse(document, place)
    if not parsed.items:
        raise ParseError(
            f"{name}：没有找到带序号的条款，未收录。转发通知、批复没有条款；如果正文有条款，请检查序号（一、（一）1.）是否丢失。"
        )
    return parsed


def embed_items(parsed: ParsedNotice, index: Index, embedder: Embedder) -> FloatArray:
    """Vectors of a notice's items, float32 [items, d]; those that the index has for the same words are used again."""
    texts = [embedded_text(item) for item in parsed.items]
    held = index.item_vectors(texts) if index.fingerprint == embedder.fingerprint else {}
    missing = list(dict.fromkeys(text for text in texts if text not in held))
    fresh = dict(zip(missing, embedder.encode_items(missing), strict=True)) if missing else {}
    return np.stack([fresh[text] if text in fresh else held[text] for text in texts])


def _index_file(
    file: File, index: Index, embedder: Embedder | None, lacks_vectors: bool, place: Place | None
) -> Outcome:
    path, data = file.path, file.read_bytes()
    digest = sha256(data)
    held = index.record_by_path(str(path))
    if held and _is_current(held.notice, digest, place):
        if embedder is not None and lacks_vectors:
            _complete_vectors(held.notice.id, str(path), index, embedder)
        return Outcome(str(path), Status.UNCHANGED, held.notice.id, held.notice.title, held.items)
    content = read(data, str(path))
    document = content.document(Source(path.name, digest, content.encoding, PARSER_VERSION))
    parsed = parse_document(document, str(path), place)
    notice = parsed.notice
    same = index.record(notice.id)
    if same and same.path != str(path):
        if same.notice.source.sha256 == digest:
            return Outcome(str(path), Status.DUPLICATE, notice.id, notice.title, same.items)
        if is_there(Path(same.path)):
            raise _same_notice(path, same.path, notice.id)
    _refuse_number_of_another(parsed, path, index)
    vectors = embed_items(parsed, index, embedder) if embedder else None
    index.write(parsed, str(path), vectors, embedder.fingerprint if embedder else None)
    status = Status.REPLACED if held or same else Status.ADDED
    return Outcome(str(path), status, notice.id, notice.title, len(parsed.items), len(parsed.warnings))


def _is_current(held: Notice, digest: str, place: Place | None) -> bool:
    """Whether a file would be read as it was: same bytes, same rules, and no other place given by hand."""
    as_given = place is None or Place(held.province, held.city, held.district) == place
    return held.source.sha256 == digest and held.source.parser_version == PARSER_VERSION and as_given


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
        if other.notice.id != parsed.notice.id and other.path != str(path) and is_there(Path(other.path)):
            raise ConflictError(
                f"{path}：文号 {number} 已被《{other.notice.title}》（{other.path}）使用，未收录。请核对两份文件的文号；"
                f"如已收录的有误，请先执行 xianli remove {other.notice.id}。",
                code="number_in_use",
            )
