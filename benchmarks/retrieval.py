"""Ranking on judged queries, leg by leg and layer by layer: which field weights, which fusion, what is worth keeping.

usage: retrieval.py NOTICES_FOLDER QUERIES.jsonl MODEL_FOLDER

Builds an index of the notices in a temporary folder and prints nDCG@10 by query type for each variant, and last for search as
users get it. docs/evaluation.md has the form of QUERIES.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.lexicon.synonyms import SynonymTable
from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.index.protocol import ScoredItem
from indexer.index.weights import FIELD_WEIGHTS
from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.evaluation.evaluate import Ranker, evaluate, searched_by, service_ranker
from search_api.evaluation.formats import read_queries
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.judgements import Judged
from search_api.evaluation.legs import Legs
from search_api.evaluation.measures import NDCG
from search_api.evaluation.runs import Answer, Row, table
from search_api.fusion import fuse
from search_api.search import SearchService

WINDOW = 200

FIELDS = {
    "words": {"words": 1.0},
    "grams": {"grams": 1.0},
    "words + grams": {"words": 1.0, "grams": 1.0},
    "grams + path": {"grams": 1.0, "path_grams": 0.5},
    "all": dict(FIELD_WEIGHTS),
}


def main(notices: str, queries: str, model: str) -> None:
    """Print the table."""
    embedder, analyzer = OnnxEmbedder(Path(model)), Analyzer()
    with tempfile.TemporaryDirectory() as folder, EmbeddedIndex.open(Path(folder), analyzer) as index:
        for outcome in index_files(find_files([Path(notices)]), index, embedder):
            assert outcome.error is None, outcome.error
        judged, holdings = read_queries(Path(queries)), Holdings(index)
        assert not judged.errors, judged.errors
        service = SearchService(index, analyzer, embedder)
        searched = searched_by(service, analyzer.version)
        variants = {
            **_variants(Legs(index, analyzer, embedder, holdings, WINDOW)),
            "search, nothing read or expanded": service_ranker(service, holdings, WINDOW, plain=("*",)),
            "search, no synonyms": service_ranker(
                SearchService(index, analyzer, embedder, SynonymTable()), holdings, WINDOW
            ),
            "search, no vectors": service_ranker(SearchService(index, analyzer, None), holdings, WINDOW),
            "search, as shipped": service_ranker(service, holdings, WINDOW),
        }
        rows = {
            name: table(evaluate(judged.queries, rank, holdings, searched, WINDOW)) for name, rank in variants.items()
        }
    _print(rows)


def _print(rows: dict[str, list[Row]]) -> None:
    types = [row.name for row in next(iter(rows.values()))]
    print("| variant | " + " | ".join(types) + " |\n" + "|---" * (len(types) + 1) + "|")
    for name, row in rows.items():
        print(f"| {name} | " + " | ".join(f"{one.values[NDCG]:.3f}" for one in row) + " |")


def _variants(legs: Legs) -> dict[str, Ranker]:
    return {
        **{f"lexical: {name}": _weighted(legs, weights) for name, weights in FIELDS.items()},
        "vector": legs.vector,
        **{f"RRF k={k}": _reciprocal(legs, k) for k in (10, 60)},
        **{f"min-max {share}": _min_max(legs, share) for share in (0.15, 0.3, 0.5, 0.7)},
    }


def _weighted(legs: Legs, weights: dict[str, float]) -> Ranker:
    def rank(judged: Judged) -> Answer:
        with _field_weights(weights):
            return legs.lexical(judged)

    return rank


def _min_max(legs: Legs, share: float) -> Ranker:
    def rank(judged: Judged) -> Answer:
        fused = fuse(legs.lexical(judged).hits, legs.vector(judged).hits, share)
        return Answer(tuple(ScoredItem(hit.item_id, hit.score) for hit in fused))

    return rank


def _reciprocal(legs: Legs, k: int) -> Ranker:
    """Reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009."""

    def rank(judged: Judged) -> Answer:
        scores: defaultdict[str, float] = defaultdict(float)
        for leg in (legs.lexical(judged), legs.vector(judged)):
            for place, hit in enumerate(leg.hits, 1):
                scores[hit.item_id] += 1 / (k + place)
        best = sorted(scores, key=lambda item_id: (-scores[item_id], item_id))
        return Answer(tuple(ScoredItem(item_id, scores[item_id]) for item_id in best))

    return rank


@contextmanager
def _field_weights(weights: dict[str, float]) -> Iterator[None]:
    kept = dict(FIELD_WEIGHTS)
    FIELD_WEIGHTS.clear()
    FIELD_WEIGHTS.update(weights)
    try:
        yield
    finally:
        FIELD_WEIGHTS.clear()
        FIELD_WEIGHTS.update(kept)


if __name__ == "__main__":
    main(*sys.argv[1:4])
