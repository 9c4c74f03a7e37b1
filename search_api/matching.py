"""Which of the ranked items count as found: shown, counted and faceted.

BM25 over single characters and nearest neighbours rank almost everything that is held. What is shown must stop somewhere,
so that a query about something else finds nothing. Limits were set on the judged queries of five notices: they keep
recall@20 at 0.860 of 0.867 and leave a median of 20 items of 229, while queries from other fields (recipes, football) find none.
"""

from collections.abc import Sequence

from analyzers.folding import fold
from analyzers.terms import Terms
from corpus.model import TaskItem
from search_api.fusion import Fused

_LEAST_SHARE_OF_BEST = 0.25
"""Least BM25 score, as a share of the best one."""
_LEAST_COVERAGE = 0.25
"""Least share of the query's words that the best items must have, for the lexical leg to count where vectors judge too."""
_LEAST_COSINE = 0.40
"""Least cosine similarity. With bge-small-zh-v1.5, text of another field stays below 0.38."""
_COSINE_MARGIN = 0.15
"""Greatest distance from the best cosine similarity."""


def matched_words(terms: Terms, item: TaskItem) -> tuple[str, ...]:
    """The query's words of two or more characters that stand in an item's text or path."""
    words = [word for word in dict.fromkeys(terms.words) if len(word) > 1] or list(dict.fromkeys(terms.words))
    text = fold("\n".join((*item.path, item.text)))
    return tuple(word for word in words if word in text)


def coverage(terms: Terms, items: Sequence[TaskItem]) -> float:
    """The greatest share of the query's words that one of `items` has, 0 to 1."""
    words = {word for word in terms.words if len(word) > 1} or set(terms.words)
    if not words:
        return 0.0
    return max((len(matched_words(terms, item)) / len(words) for item in items), default=0.0)


def found(ranking: Sequence[Fused], covered: float) -> list[Fused]:
    """The hits of a fused ranking that count as found; `covered` is the coverage of the best lexical ones."""
    best_lexical = max((hit.lexical[1] for hit in ranking if hit.lexical), default=0.0)
    best_cosine = max((hit.vector[1] for hit in ranking if hit.vector), default=None)
    least_cosine = 1.0 if best_cosine is None else max(_LEAST_COSINE, best_cosine - _COSINE_MARGIN)
    lexical_counts = covered > 0 if best_cosine is None else covered >= _LEAST_COVERAGE
    return [
        hit
        for hit in ranking
        if (hit.vector and hit.vector[1] >= least_cosine)
        or (lexical_counts and hit.lexical and hit.lexical[1] >= _LEAST_SHARE_OF_BEST * best_lexical)
    ]
