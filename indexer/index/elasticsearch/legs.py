"""The two legs of a search: the best items by BM25 and by cosine similarity, both in one request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analyzers.embedding import FloatArray
from corpus.errors import ModelError
from indexer.index.elasticsearch.documents import MOST_RESULTS, vector_field
from indexer.index.elasticsearch.queries import any_of, ranked, satisfying
from indexer.index.elasticsearch.store import Json, Store, View, listing, scored
from indexer.index.filters import Filters
from indexer.index.protocol import ScoredItem
from indexer.index.weights import FIELD_WEIGHTS, WeightedTerm

_MOST_TERMS = 4_096
"""Clauses of a query, half of what a node of 512 MB takes; of a longer query the most telling terms are kept."""
_LONG = 256
"""Clauses from which a query is long: its time grows with their number times that of the items that have any of them."""
_RANKED_AGAIN, _MOST_RANKED_AGAIN = 400, 10_000
"""Items of a long query that are found by their bigrams alone, and then ranked by all its terms."""
_SPARE = 32
"""Hits asked for beyond those that are wanted: where scores tie at the cut, ids decide among all that tie."""
_MOST_NEAREST = 10_000
"""Of what Elasticsearch gives; and the fewest vectors that it looks at, beside what is asked for."""
_FEWEST_CANDIDATES = 200
_OVERSAMPLE = 2.0
"""Candidates for each vector wanted, whose similarity is computed again without rounding."""
_SCORE_DIGITS = 4
"""BM25 is summed in float32 in an order that differs between segments: equal scores agree to about this many digits."""
_COSINE_DIGITS = 6
_COLUMNS = ("item_id", "version")


@dataclass(frozen=True, slots=True)
class Leg:
    """One ranking: the search for so many of its hits, what their scores mean, and how many it can give at most."""

    body: Callable[[int], Json]
    score: Callable[[float], float]
    most: int


def lexical_leg(store: Store, view: View, terms: list[WeightedTerm], filters: Filters) -> Leg:
    """Items by BM25, rounded to four digits.

    For a long query, a provision pasted whole, those are ranked that share most bigrams with it.
    """
    if len(terms) > _MOST_TERMS:
        terms = _telling(store, view, terms)
    is_long = len(terms) > _LONG
    found_by = [term for term in terms if term.field == "grams" and len(term.term) > 1] if is_long else terms
    query = ranked(found_by, filters, view.state) if filters != Filters() else any_of(found_by)

    def body(limit: int) -> Json:
        asked: Json = {"query": query, "size": limit}
        if is_long:
            scores = {"rescore_query": any_of(terms), "query_weight": 0.0, "rescore_query_weight": 1.0}
            asked["rescore"] = {"window_size": max(limit, _RANKED_AGAIN), "query": scores}
        return asked

    return Leg(body, lambda score: round(score, _SCORE_DIGITS), _MOST_RANKED_AGAIN if is_long else MOST_RESULTS)


def vector_leg(store: Store, view: View, vector: FloatArray, filters: Filters) -> Leg:
    """Items by cosine similarity. Raises ModelError where the vector is of another length than those that are held."""
    dimension = view.state.dimension
    if dimension != len(vector):
        raise ModelError(
            f"索引 {store.address} 的向量是 {dimension} 维，查询向量是 {len(vector)} 维。"
            f"请改用建立索引时的模型 {view.state.fingerprint}"
        )
    asked = vector.astype(np.float64).tolist()

    def body(limit: int) -> Json:
        knn = {
            "field": vector_field(dimension),
            "query_vector": asked,
            "k": limit,
            "num_candidates": min(max(2 * limit, _FEWEST_CANDIDATES), _MOST_NEAREST),
            "rescore_vector": {"oversample": _OVERSAMPLE},
        }
        if filters != Filters():
            knn["filter"] = satisfying(filters, view.state)
        return {"knn": knn, "size": limit}

    return Leg(body, lambda score: round(2 * score - 1, _COSINE_DIGITS), _MOST_NEAREST)


def best(store: Store, view: View, legs: Sequence[Leg], k: int) -> list[list[ScoredItem]]:
    """The first `k` items of each leg by score, then id: asked for more as long as others may belong there.

    Filters cost more than they leave out where only what is not in force is to be left out: so that is done here.
    """
    limits = [min(k + _SPARE, leg.most) for leg in legs]
    bodies = [_listed(leg, limit) for leg, limit in zip(legs, limits, strict=True)]
    rankings = []
    for leg, limit, found in zip(legs, limits, store.searches(view.index, bodies), strict=True):
        listed, items = _read(leg, view, found)
        while listed >= limit and limit < leg.most and (len(items) <= k or items[-1].score == items[k - 1].score):
            limit = min(2 * limit, leg.most)
            listed, items = _read(leg, view, store.search(view.index, _listed(leg, limit)))
        rankings.append(sorted(items, key=lambda item: (-item.score, item.item_id))[:k])
    return rankings


def _listed(leg: Leg, limit: int) -> Json:
    return listing(_COLUMNS, **leg.body(limit))


def _read(leg: Leg, view: View, found: Json) -> tuple[int, list[ScoredItem]]:
    """How many hits there are, and those of them that are in force."""
    hits = scored(found, _COLUMNS)
    shown = [(score, item_id) for score, (item_id, version) in hits if view.state.shows(version)]
    return len(hits), [ScoredItem(item_id, leg.score(score)) for score, item_id in shown]


def _telling(store: Store, view: View, terms: list[WeightedTerm]) -> list[WeightedTerm]:
    """The terms that tell most, by frequency in the query and rarity in the index."""
    texts = {field: " ".join(term.term for term in terms if term.field == field) for field in FIELD_WEIGHTS}
    with store.errors():
        found = store.client.termvectors(
            index=view.index,
            doc=texts,
            routing="terms",  # of several shards always the same one tells how rare a term is
            fields=list(FIELD_WEIGHTS),
            filter={"max_num_terms": _MOST_TERMS // len(FIELD_WEIGHTS)},
            field_statistics=False,
            offsets=False,
            positions=False,
        )
    held: Json = found["term_vectors"]
    return [term for term in terms if term.term in held.get(term.field, {}).get("terms", {})]
