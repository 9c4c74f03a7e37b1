"""What is stored: the mapping of the index, and the documents of a notice.

Documents are of three kinds in one index: `item` and `notice`, both with a version, and the one with the state. Terms come
analysed from `analyzers` and are only split at white space. `_source` keeps what is read back; terms, keys and vectors stand
in their own structures alone. A vector is kept once more in half precision, as `components`, to be used again for the same text.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from analyzers.embedding import FloatArray
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.analysis import ItemTerms, embedded_text
from indexer.index.item_vectors import vector_key
from indexer.index.keys import facet_values, item_keys, notice_keys, plan_years
from indexer.index.protocol import FACET_FIELDS, NoticeRecord
from indexer.index.weights import BM25_B, BM25_K1, FIELD_WEIGHTS
from indexer.shingles import SKETCH_WORDS, Sketches

MAPPING_VERSION = 2
"""Bump it whenever the same items give other documents: an index of another version is refused."""

STATE_ID = "state"
MOST_RESULTS = 100_000
"""How many hits one search may ask for."""

Document = dict[str, Any]

# What is only asked for needs no column, and what is only counted no inverted list: half of the work of storing an item.
_ASKED_FOR = (
    "document",
    "path",
    "document_number",
    "province",
    "city",
    "district",
    "doc_type",
    "unit",
    "role",
    "basis",
    "kind",
    "band",
)
_COUNTED = tuple(f"facet_{name}" for name in FACET_FIELDS)
_BOTH = ("item_id", "notice_id", "date_issued", "vector_key")
_READ_BACK = ("state", "item", "parsed", "components")
_UNINDEXED = {"type": "object", "enabled": False}
_TERMS = {"type": "text", "analyzer": "whitespace", "index_options": "freqs", "similarity": "terms"}


def settings(shards: int = 1) -> Document:
    """Settings of a new index. What is not published is not seen, so only publishing refreshes."""
    return {
        "index": {
            "number_of_shards": shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": "-1",
            "max_result_window": MOST_RESULTS,
            # Each search goes through every segment, and each of them has a graph of vectors of its own: fewer are worth
            # more merging.
            "merge.policy": {"segments_per_tier": 4, "floor_segment": "32mb"},
            "similarity": {"terms": {"type": "BM25", "k1": BM25_K1, "b": BM25_B}},
        }
    }


def mapping(meta: dict[str, str]) -> Document:
    """The mapping of a new index; fields for vectors are added when their dimension is known."""
    properties: Document = dict.fromkeys(FIELD_WEIGHTS, _TERMS)
    properties |= {name: {"type": "keyword", "doc_values": False} for name in _ASKED_FOR}
    properties |= {name: {"type": "keyword", "index": False} for name in _COUNTED}
    properties |= {name: {"type": "keyword"} for name in _BOTH}
    properties |= {name: {"type": "integer"} for name in ("first_year", "last_year")}
    properties |= dict.fromkeys(("state", "item", "parsed"), _UNINDEXED)
    properties |= {
        "version": {"type": "long"},
        "record": {"type": "binary", "doc_values": True},
        "sketch": {"type": "binary", "doc_values": True},
        "components": {"type": "binary"},
    }
    return {"dynamic": "strict", "_meta": meta, "_source": {"includes": _READ_BACK}, "properties": properties}


def meta(analysis: str) -> dict[str, str]:
    """What an index must have been built with to be used."""
    return {"xianli": f"{MAPPING_VERSION}", "analysis": analysis}


def vector_field(dimension: int) -> str:
    """The field of vectors of this length; an index that was emptied may take another model."""
    return f"vector_{dimension}"


def vector_mapping(dimension: int) -> Document:
    """The mapping of that field."""
    kind = {"type": "dense_vector", "dims": dimension, "similarity": "cosine", "index_options": {"type": "int8_hnsw"}}
    return {vector_field(dimension): kind}


def notice_documents(
    parsed: ParsedNotice,
    path: str,
    version: int,
    terms: Sequence[ItemTerms],
    vectors: FloatArray | None,
    fingerprint: str | None,
) -> Iterator[tuple[str, Document]]:
    """Ids and documents of a notice: its items, then itself."""
    for place, (item, found) in enumerate(zip(parsed.items, terms, strict=True)):
        document = _item_document(parsed.notice, item, found, version)
        if vectors is not None and fingerprint is not None:
            document |= _vector(embedded_text(item), vectors[place], fingerprint)
        yield f"{version}.{place}", document
    yield str(version), _notice_document(parsed, path, version)


def _item_document(notice: Notice, item: TaskItem, terms: ItemTerms, version: int) -> Document:
    document: Document = {
        "document": "item",
        "version": version,
        "item_id": item.id,
        "notice_id": notice.id,
        "band": terms.wording.bands,
        "sketch": base64.b64encode(terms.wording.sketch).decode(),
        "item": item,
    }
    document |= {name: getattr(terms, name) for name in FIELD_WEIGHTS}
    document |= {name: sorted(keys) for name, keys in (notice_keys(notice) | item_keys(item)).items()}
    document |= {f"facet_{name}": found for name, found in facet_values(notice, item).items()}
    return document | _years(notice)


def _vector(text: str, vector: FloatArray, fingerprint: str) -> Document:
    return {
        "vector_key": vector_key(text, fingerprint),
        "components": base64.b64encode(vector.astype("<f2").tobytes()).decode(),
        # Five digits are finer than a component of an int8 vector, and half as long to send.
        vector_field(len(vector)): np.round(vector.astype(np.float64), 5).tolist(),
    }


def _notice_document(parsed: ParsedNotice, path: str, version: int) -> Document:
    notice = parsed.notice
    document: Document = {
        "document": "notice",
        "version": version,
        "notice_id": notice.id,
        "path": path,
        "document_number": notice.document_number,
        "date_issued": notice.date_issued,
        "record": base64.b64encode(msgspec.json.encode(NoticeRecord(notice, len(parsed.items), path))).decode(),
        "parsed": replace(parsed, items=()),
    }
    return document | {name: sorted(keys) for name, keys in notice_keys(notice).items()} | _years(notice)


def _years(notice: Notice) -> Document:
    years = plan_years(notice)
    return {"first_year": years[0], "last_year": years[-1]} if years else {}


def read_vector(components: str) -> FloatArray:
    """The vector float32 [d] that was kept as `components`."""
    return np.frombuffer(base64.b64decode(components), "<f2").astype(np.float32)


def read_item(source: Document) -> TaskItem:
    """The item of a document."""
    return msgspec.convert(source["item"], TaskItem)


def read_record(record: str) -> NoticeRecord:
    """The record of a notice, from the column of that name: what lists need, without the text of the notice."""
    return msgspec.json.decode(base64.b64decode(record), type=NoticeRecord)


def read_parsed(source: Document, items: Sequence[TaskItem]) -> ParsedNotice:
    """A notice as it was written, from what is read back of its document and its items."""
    return replace(msgspec.convert(source["parsed"], ParsedNotice), items=tuple(items))


def read_sketches(sketches: Sequence[str]) -> Sketches:
    """Sketches of items as uint64 [n, 8]."""
    return np.frombuffer(b"".join(map(base64.b64decode, sketches)), np.uint64).reshape(-1, SKETCH_WORDS)
