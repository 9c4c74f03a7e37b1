"""Ranking on judged queries, leg by leg: which field weights and which fusion are worth keeping.

usage: retrieval.py NOTICES_FOLDER QUERIES.jsonl MODEL_FOLDER

Builds an index of the notices in a temporary folder and prints nDCG@10 (gain 2^grade - 1) by query type for each
variant. A line of QUERIES holds qid, type, query or item, filters, and relevant: [{file, starts, grade}].
"""

import json
import math
import re
import sys
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.terms import Analyzer, Terms
from corpus.model import TaskItem
from indexer.analysis import embedded_text
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.protocol import ScoredItem
from indexer.index.weights import FIELD_WEIGHTS
from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.filter_values import read_filters
from search_api.fusion import fuse
from search_api.matching import coverage
from search_api.query import understand

WINDOW = 200

Judgement = dict[str, Any]
Ranker = Callable[["Query"], list[str]]


@dataclass
class Query:
    """A judged query with both legs' rankings by variant of the lexical fields."""

    kind: str
    terms: Terms
    filters: Filters
    lexical: dict[str, list[ScoredItem]]
    vector: list[ScoredItem]
    covered: float
    relevant: list[Judgement]


FIELDS = {
    "words": {"words": 1.0},
    "grams": {"grams": 1.0},
    "words + grams": {"words": 1.0, "grams": 1.0},
    "grams + path": {"grams": 1.0, "path_grams": 0.5},
    "all": dict(FIELD_WEIGHTS),
}


def main(notices: str, queries: str, model: str) -> None:
    """Print the table."""
    embedder = OnnxEmbedder(Path(model))
    with tempfile.TemporaryDirectory() as folder, EmbeddedIndex.open(Path(folder), Analyzer()) as index:
        for outcome in index_files(find_files([Path(notices)]), index, embedder):
            assert outcome.error is None, outcome.error
        judged = [_read(json.loads(line), index, embedder) for line in Path(queries).read_text("utf-8").splitlines()]
        files = {record.notice.id: record.notice.source.file for record in index.notices(Filters(), 0, 1000)[1]}
        rows = [(name, _scores(judged, ranker, index, files)) for name, ranker in _variants()]
    types = list(dict.fromkeys(kind for _, scores in rows for kind in scores))
    print("| variant | " + " | ".join(types) + " |\n|---" * 1 + "|---" * len(types) + "|")
    for name, scores in rows:
        print(f"| {name} | " + " | ".join(f"{scores[kind]:.3f}" for kind in types) + " |")


def _variants() -> Iterator[tuple[str, Ranker]]:
    for name in FIELDS:
        yield f"lexical: {name}", lambda query, name=name: [hit.item_id for hit in query.lexical[name]]  # type: ignore[misc]
    yield "vector", lambda query: [hit.item_id for hit in query.vector]
    for k in (10, 60):
        yield f"RRF k={k}", lambda query, k=k: _rrf(query, k)  # type: ignore[misc]
    for share in (0.15, 0.3, 0.5, 0.7):
        yield f"min-max {share}", lambda query, share=share: _fused(query, share)  # type: ignore[misc]
    yield "min-max by coverage (as shipped)", lambda query: _fused(query, _shipped(query))


def _shipped(query: Query) -> float:
    return 0.15 if query.kind == "similar" else 0.3 + 0.5 * (1 - query.covered)


def _fused(query: Query, share: float) -> list[str]:
    return [hit.item_id for hit in fuse(query.lexical["all"], query.vector, share)]


def _rrf(query: Query, k: int) -> list[str]:
    scores: dict[str, float] = defaultdict(float)
    for leg in (query.lexical["all"], query.vector):
        for rank, hit in enumerate(leg, 1):
            scores[hit.item_id] += 1 / (k + rank)
    return sorted(scores, key=lambda item_id: (-scores[item_id], item_id))


def _read(line: Judgement, index: EmbeddedIndex, embedder: OnnxEmbedder) -> Query:
    if line["type"] == "similar":
        item = next(i for i in _items(index) if _is(i, _file(index, i), line["item"]))
        words, filters = embedded_text(item), Filters(exclude_notice=(item.notice_id,))
    else:
        given = {name: [str(value)] for name, value in line["filters"].items()}
        reading = understand(line["query"], read_filters(given))
        words, filters = reading.words, reading.filters
    terms = Analyzer().analyse(words)
    lexical = {name: _lexical(index, terms, filters, weights) for name, weights in FIELDS.items()}
    best = index.items([hit.item_id for hit in lexical["all"][:5]])
    vector = index.nearest(embedder.encode_query(words), filters, WINDOW) if words else []
    return Query(line["type"], terms, filters, lexical, vector, coverage(terms, best), line["relevant"])


def _lexical(index: EmbeddedIndex, terms: Terms, filters: Filters, weights: dict[str, float]) -> list[ScoredItem]:
    kept = dict(FIELD_WEIGHTS)
    FIELD_WEIGHTS.clear()
    FIELD_WEIGHTS.update(weights)
    try:
        return index.lexical(terms if terms.grams else None, filters, WINDOW)
    finally:
        FIELD_WEIGHTS.clear()
        FIELD_WEIGHTS.update(kept)


def _scores(judged: list[Query], ranker: Ranker, index: EmbeddedIndex, files: dict[str, str]) -> dict[str, float]:
    by_type: dict[str, list[float]] = defaultdict(list)
    for query in judged:
        ranked = index.items(ranker(query)[:10])
        grades = [_grade(item, files[item.notice_id], query.relevant) for item in ranked]
        ideal = sorted((wanted["grade"] for wanted in query.relevant), reverse=True)[:10]
        score = _gain(grades) / _gain(ideal)
        by_type[query.kind].append(score)
        by_type["all similar" if query.kind == "similar" else "all queries"].append(score)
    return {
        kind: mean(scores)
        for kind, scores in sorted(by_type.items(), key=lambda pair: (pair[0][:4] == "all ", pair[0]))
    }


def _gain(grades: list[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def _grade(item: TaskItem, file: str, relevant: list[Judgement]) -> int:
    return next((wanted["grade"] for wanted in relevant if _is(item, file, wanted)), 0)


def _is(item: TaskItem, file: str, wanted: Judgement) -> bool:
    return file == wanted["file"] and any(_fold(item.text).startswith(_fold(start)) for start in wanted["starts"])


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _items(index: EmbeddedIndex) -> Iterator[TaskItem]:
    for record in index.notices(Filters(), 0, 1000)[1]:
        yield from index.notice(record.notice.id).items


def _file(index: EmbeddedIndex, item: TaskItem) -> str:
    return index.notice(item.notice_id).notice.source.file


if __name__ == "__main__":
    main(*sys.argv[1:4])
