"""How terms count: the numbers that every backend shares, so that all of them rank alike."""

from collections import Counter
from collections.abc import Iterable, Sequence
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

MOST_REQUIRED = 32
"""Grams of a long query that are looked at for that, evenly spaced: all 300 of a pasted provision cost 0.1 s at 100,000 items."""


@dataclass(frozen=True, slots=True)
class WeightedTerm:
    """A term to be looked up in `field`; `weight` multiplies its BM25 score."""

    field: str
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Expansion:
    """Terms that are sought besides those of the query; `weight` is theirs in relation to the query's own."""

    terms: Terms
    weight: float


def weighted_terms(terms: Terms, expansions: Sequence[Expansion] = ()) -> list[WeightedTerm]:
    """The distinct terms of a query and its expansions in each field that holds their kind, with their weights added up."""
    parts = (Expansion(terms, 1.0), *expansions)
    return [
        WeightedTerm(field, term, weight * amount)
        for field, weight in FIELD_WEIGHTS.items()
        for term, amount in _amounts(parts, "words" if field.endswith("words") else "grams").items()
    ]


def _amounts(parts: Iterable[Expansion], stream: str) -> dict[str, float]:
    amounts: dict[str, float] = {}
    for part in parts:
        for term, count in Counter[str](getattr(part.terms, stream)).items():
            amounts[term] = amounts.get(term, 0.0) + part.weight * count
    return amounts


def required_grams(terms: Terms) -> tuple[tuple[str, ...], int]:
    """The query's distinct grams, and how many of them a matching item must contain, rounded up.

    Grams of two and more characters decide, because a single one is in every other item; single ones only where the
    query has no others. Of a long query at most MOST_REQUIRED are taken.
    """
    distinct = dict.fromkeys(terms.grams)
    grams = tuple(gram for gram in distinct if len(gram) > 1) or tuple(distinct)
    grams = grams[:: -(-len(grams) // MOST_REQUIRED) or 1]
    return grams, -(-len(grams) * MATCH_PERCENT // 100)
