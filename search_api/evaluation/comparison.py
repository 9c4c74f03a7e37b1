"""Two runs side by side: which hits came and went, and whether the difference means anything.

What rankings have in common needs no judgements: `compare_rankings` works on any two answers to the same query.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.index.protocol import ScoredItem
from search_api.evaluation.measures import CUTOFFS, NDCG, Values
from search_api.evaluation.runs import QueryRun, Run, overall
from search_api.evaluation.significance import Difference, paired_difference

DEPTH = 10
"""How much of two rankings is compared: what a reader looks at."""

_PERSISTENCE = 0.9
"""Weight of each rank against the one before it in the overlap; with 0.9 the first ten ranks have 86 % of it."""


@dataclass(frozen=True, slots=True)
class Move:
    """An item in both rankings at different ranks, counted from 1."""

    item_id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RankingChange:
    """What became of the first hits: new ones, lost ones and moved ones, by their ranks; overlap 0 to 1 (the same)."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    moved: tuple[Move, ...]
    overlap: float


@dataclass(frozen=True, slots=True)
class QueryChange:
    """A query in both runs: what became of its hits, and by how much its measures grew."""

    before: QueryRun
    after: QueryRun
    ranking: RankingChange
    growth: Values


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against an earlier one.

    `changes` has the queries that both hold with the same judgements, most changed first; `differences` the measures over them by
    group; `not_compared` the ids of queries that only one run holds, or whose words, filters or judgements differ.
    """

    before: Run
    after: Run
    changes: tuple[QueryChange, ...]
    differences: dict[str, dict[str, Difference]]
    not_compared: tuple[str, ...]


def compare_runs(before: Run, after: Run) -> Comparison:
    """Compare two runs of the same queries, by query id."""
    former = {query.qid: query for query in before.queries}
    pairs = [(former[query.qid], query) for query in after.queries if query.qid in former]
    comparable = [(old, new) for old, new in pairs if old.digest == new.digest]
    compared = {new.qid for _, new in comparable}
    changes = [
        QueryChange(old, new, compare_rankings(old.answer.hits, new.answer.hits), _growth(old.values, new.values))
        for old, new in comparable
    ]
    return Comparison(
        before=before,
        after=after,
        changes=tuple(sorted(changes, key=lambda change: (-abs(change.growth.get(NDCG, 0.0)), change.ranking.overlap))),
        differences=_differences(comparable),
        not_compared=tuple(
            dict.fromkeys(query.qid for query in (*before.queries, *after.queries) if query.qid not in compared)
        ),
    )


def compare_rankings(before: Sequence[ScoredItem], after: Sequence[ScoredItem], depth: int = DEPTH) -> RankingChange:
    """What became of the first `depth` hits of a query."""
    old = {hit.item_id: rank for rank, hit in enumerate(before[:depth], 1)}
    new = {hit.item_id: rank for rank, hit in enumerate(after[:depth], 1)}
    return RankingChange(
        came=tuple(item_id for item_id in new if item_id not in old),
        went=tuple(item_id for item_id in old if item_id not in new),
        moved=tuple(
            Move(item_id, old[item_id], rank) for item_id, rank in new.items() if old.get(item_id, rank) != rank
        ),
        overlap=_overlap(list(old), list(new)),
    )


def _overlap(before: Sequence[str], after: Sequence[str]) -> float:
    """Rank-biased overlap as far as the longer ranking goes, scaled so that equal rankings have 1.

    Webber, Moffat and Zobel, "A Similarity Measure for Indefinite Rankings" (ACM TOIS 28:4, 2010), equation 7.
    """
    depth = max(len(before), len(after))
    if not depth:
        return 1.0
    weights = [_PERSISTENCE**rank for rank in range(depth)]
    shared = [len(set(before[:rank]) & set(after[:rank])) / rank for rank in range(1, depth + 1)]
    return sum(weight * share for weight, share in zip(weights, shared, strict=True)) / sum(weights)


def _growth(before: Values, after: Values) -> Values:
    return {name: after[name] - before[name] for name in CUTOFFS if name in before and name in after}


def _differences(pairs: Sequence[tuple[QueryRun, QueryRun]]) -> dict[str, dict[str, Difference]]:
    former = {old.qid: old.values for old, _ in pairs}
    found: dict[str, dict[str, Difference]] = {}
    for group, queries in overall([new for _, new in pairs]).items():
        for name in CUTOFFS:
            both = [query for query in queries if name in query.values and name in former[query.qid]]
            if both:
                before, after = ([former[q.qid][name] for q in both], [q.values[name] for q in both])
                found.setdefault(group, {})[name] = paired_difference(before, after)
    return found
