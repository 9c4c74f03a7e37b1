"""How terms count: the numbers that every backend shares, so that all of them rank alike."""

from collections import Counter
from dataclasses import dataclass

from analyzers.terms import Terms

FIELD_WEIGHTS: dict[str, float] = {
    "words": 0.5,
    "grams": 1.0,
    "path_words": 0.25,
    "path_grams": 0.5,
}
"""Weight of a term in each searched field: words and grams of the provision, and of the headings above it.

Characters carry more than words here and on statutes alike; docs/retrieval.md has the table.
"""

BM25_K1 = 1.2
BM25_B = 0.75
"""Saturation and length normalisation of BM25. tantivy has them built in; other backends are set to the same."""

MATCH_PERCENT = 60
"""Share of the query's distinct grams that an item must contain to be counted by the facets, in per cent."""


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term to be looked up in `field`; `weight` multiplies its BM25 score."""

    field: str
    term: str
    weight: float


def weighted_terms(terms: Terms) -> list[WeightedTerm]:
    """The query's distinct terms in each field that holds their kind; one that is repeated counts as often."""
    return [
        WeightedTerm(field, term, weight * count)
        for field, weight in FIELD_WEIGHTS.items()
        for term, count in Counter(terms.words if field.endswith("words") else terms.grams).items()
    ]


def required_grams(terms: Terms) -> tuple[tuple[str, ...], int]:
    """The query's distinct grams, and how many of them a matching item must contain, rounded up.

    Grams of two and more characters decide, because a single one is in every other item; single ones only where the
    query has no others.
    """
    distinct = dict.fromkeys(terms.grams)
    grams = tuple(gram for gram in distinct if len(gram) > 1) or tuple(distinct)
    return grams, -(-len(grams) * MATCH_PERCENT // 100)
