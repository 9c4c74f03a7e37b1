"""How close two provisions are by their words: whether one is a precedent of the other.

Closeness is the cosine of two texts over their bigrams of characters, each weighted (1 + ln tf) · ln((N + 1) / (n + ½)), where n of
the N items held have the bigram (Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 6.2 and 6.4, with BM25's
inverse document frequency). Scores of a search don't do: BM25 has no fixed scale, and fused scores are relative to the best hit.
Cosines of vectors, where there is a model, tell no more than bigrams whether two provisions are of one matter: docs/drafting.md.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log, sqrt

import numpy as np

from analyzers.embedding import FloatArray
from analyzers.terms import Analyzer
from indexer.index.filters import Filters
from search_api.understanding import Counts

CLOSE = 0.18
"""Least closeness of a precedent: of pairs above it eight in nine and more are of one matter (docs/drafting.md)."""

Weights = dict[str, float]
"""The weight of each bigram of a text, of length 1 together."""

_ASKED_AT_ONCE = 500
"""Bigrams whose frequencies are asked for in one go."""


class Closeness:
    """Weighs texts by what an index holds. For one thread: it remembers what it has weighed."""

    def __init__(self, holdings: Counts, analyzer: Analyzer) -> None:
        self._holdings = holdings
        self._analyzer = analyzer
        self._items = holdings.count(Filters())
        self._rarity: dict[str, float] = {}
        self._weighed: dict[str, Weights] = {}

    def between(self, left: Sequence[str], right: Sequence[str]) -> FloatArray:
        """The closeness of each of `left` to each of `right`, float32 [left, right], 0 to 1.

        Summed bigram by bigram over the texts that have it: nothing as large as texts times bigrams is made.
        """
        weighed = self._weigh([*left, *right])
        lefts, rights = self._having(weighed[: len(left)]), self._having(weighed[len(left) :])
        found = np.zeros((len(left), len(right)), np.float32)
        for gram in lefts.keys() & rights.keys():
            rows, row_weights = lefts[gram]
            columns, column_weights = rights[gram]
            found[np.ix_(rows, columns)] += np.multiply.outer(row_weights, column_weights)
        return found

    def _having(self, texts: Sequence[Weights]) -> dict[str, tuple[list[int], list[float]]]:
        """The texts that have each bigram, and with which weight."""
        found: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        for place, weights in enumerate(texts):
            for gram, weight in weights.items():
                places, values = found[gram]
                places.append(place)
                values.append(weight)
        return found

    def _weigh(self, texts: Sequence[str]) -> list[Weights]:
        unknown = [text for text in dict.fromkeys(texts) if text not in self._weighed]
        counted = [Counter(g for g in self._analyzer.analyse(text).grams if len(g) > 1) for text in unknown]
        self._look_up(list(dict.fromkeys(gram for counts in counted for gram in counts)))
        for text, counts in zip(unknown, counted, strict=True):
            weights = {gram: (1 + log(times)) * self._rarity[gram] for gram, times in counts.items()}
            length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            self._weighed[text] = {gram: weight / length for gram, weight in weights.items()}
        return [self._weighed[text] for text in texts]

    def _look_up(self, grams: Sequence[str]) -> None:
        missing = [gram for gram in grams if gram not in self._rarity]
        for low in range(0, len(missing), _ASKED_AT_ONCE):
            asked = missing[low : low + _ASKED_AT_ONCE]
            for gram, held in self._holdings.frequencies(asked).items():
                self._rarity[gram] = max(0.0, log((self._items + 1) / (held + 0.5)))


def compared_text(heading: str | None, text: str) -> str:
    """The words by which a provision is compared: its text, with its heading in front where that stands apart."""
    return text if not heading or heading in text else f"{heading}\n{text}"
