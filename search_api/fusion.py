"""Fusion of the two legs into one ranking.

Scores of each leg are scaled to 0..1 over its window (min-max) and added by weight: convex combination as in Bruch, Gai and
Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (ACM TOIS 42:1, 2023), which keeps how far apart two hits
are, unlike ranks alone. Weights were tuned on the judged queries; docs/retrieval.md has the table.
"""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.index.protocol import ScoredItem


class Fused(NamedTuple):
    """An item's fused score, 0 to 1, and its place (1 is first) and score in each leg that found it.

    A tuple and not a dataclass, because every search makes some 400.
    """

    item_id: str
    score: float
    lexical: tuple[int, float] | None
    vector: tuple[int, float] | None


def fuse(lexical: Sequence[ScoredItem], vector: Sequence[ScoredItem], vector_weight: float) -> list[Fused]:
    """Both rankings as one, best first, ties by id. An item that a leg did not find gets 0 from it."""
    scaled_lexical, scaled_vector = _scaled(lexical), _scaled(vector)
    places_lexical, places_vector = _places(lexical), _places(vector)
    fused = [
        Fused(
            item_id,
            (1 - vector_weight) * scaled_lexical.get(item_id, 0.0) + vector_weight * scaled_vector.get(item_id, 0.0),
            places_lexical.get(item_id),
            places_vector.get(item_id),
        )
        for item_id in dict.fromkeys((*scaled_lexical, *scaled_vector))
    ]
    return sorted(fused, key=lambda hit: (-hit.score, hit.item_id))


def _scaled(ranking: Sequence[ScoredItem]) -> dict[str, float]:
    if not ranking:
        return {}
    low = min(hit.score for hit in ranking)
    reach = max(hit.score for hit in ranking) - low
    return {hit.item_id: (hit.score - low) / reach if reach else 1.0 for hit in ranking}


def _places(ranking: Sequence[ScoredItem]) -> dict[str, tuple[int, float]]:
    return {hit.item_id: (place, hit.score) for place, hit in enumerate(ranking, 1)}
