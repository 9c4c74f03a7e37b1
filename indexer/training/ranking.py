"""How well vectors rank: normalised discounted cumulative gain.

DCG = Σ (2^grade − 1) / log2(rank + 1) over the first ten, divided by that of the best possible ranking (Burges et al.,
"Learning to Rank using Gradient Descent", ICML 2005).
"""

import math
from collections.abc import Sequence
from statistics import mean

import numpy as np

from analyzers.embedding import Embedder
from indexer.training.examples import Example

_DEPTH = 10


def ndcg(ranked: Sequence[int], judged: Sequence[int]) -> float:
    """nDCG@10 of a ranking with these grades, best first, where `judged` are the grades of all that was judged."""
    best = _gain(sorted(judged, reverse=True))
    return _gain(ranked) / best if best else 0.0


def ndcg_of_pairs(embedder: Embedder, pairs: Sequence[Example], texts: Sequence[str]) -> float:
    """Mean nDCG@10 of finding, for each anchor, its positives among `texts` and all positives."""
    positives: dict[str, set[str]] = {}
    for pair in pairs:
        positives.setdefault(pair.anchor, set()).add(pair.positive)
    held = list(dict.fromkeys([*texts, *(pair.positive for pair in pairs)]))
    vectors = embedder.encode_items(held)
    return mean(_ndcg_of(embedder, anchor, wanted, held, vectors) for anchor, wanted in positives.items())


def _ndcg_of(embedder: Embedder, anchor: str, wanted: set[str], held: Sequence[str], vectors: np.ndarray) -> float:
    scores = vectors @ embedder.encode_query(anchor)
    order = [held[place] for place in np.argsort(-scores, kind="stable")[: _DEPTH + 1]]
    # The anchor itself is the nearest of all and was not asked for.
    return ndcg([int(text in wanted) for text in order if text != anchor], [1] * len(wanted))


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades[:_DEPTH], 1))
