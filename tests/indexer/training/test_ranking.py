"""nDCG@10, against values worked out by hand."""

from math import log2

import pytest

from indexer.training.examples import Example
from indexer.training.ranking import ndcg, ndcg_of_pairs
from tests.indexer.embedders import NamedEmbedder


@pytest.mark.parametrize(
    ("ranked", "judged", "expected"),
    [
        ([1], [1], 1.0),
        ([0, 1], [1], 1 / log2(3)),
        ([2, 3], [3, 2], (3 + 7 / log2(3)) / (7 + 3 / log2(3))),
        ([0] * 10 + [1], [1], 0.0),
        ([1] * 10, [1] * 30, 1.0),
        ([], [1], 0.0),
        ([0], [0], 0.0),
    ],
)
def test_ndcg_at_ten(ranked: list[int], judged: list[int], expected: float) -> None:
    assert ndcg(ranked, judged) == pytest.approx(expected)


def test_the_anchor_itself_is_no_answer() -> None:
    texts = [f"条款{number}" for number in range(5)]
    pair = Example(texts[0], texts[0] + "。", "", ("a", "b"))
    embedder = NamedEmbedder("m")
    vectors = embedder.encode_items([*texts, pair.positive])
    rank = 1 + sum(vectors[0] @ vectors[5] < vectors[0] @ vectors[place] for place in range(1, 5))
    assert ndcg_of_pairs(embedder, [pair], texts) == pytest.approx(1 / log2(rank + 1))
