"""Measures of a ranking against its judgements, computed by ir-measures.

nDCG@10 with the gain 2^grade - 1 (Burges et al., "Learning to Rank using Gradient Descent", ICML 2005), recall at 20 and 100,
and the reciprocal rank of the first relevant item among ten. Where grades differ, an item counts as relevant to the last three
from grade 2 on; a query without such a judgement has no value for them and takes no part in their means.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.index.protocol import ScoredItem
from search_api.evaluation.judgements import Qrel

if TYPE_CHECKING:
    from ir_measures.measures import Measure as LibraryMeasure

Values = dict[str, float]
"""Values by name of the measure; those that are not defined for a query are left out."""

NDCG, RECALL_20, RECALL_100, RECIPROCAL_RANK = "nDCG@10", "R@20", "R@100", "RR@10"
CUTOFFS = {NDCG: 10, RECALL_20: 20, RECALL_100: 100, RECIPROCAL_RANK: 10}
"""The measures by name, with how deep each looks."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures that can be computed on rankings of `depth`; `relevant_from` is the least grade that is relevant."""

    depth: int
    relevant_from: int

    @property
    def names(self) -> tuple[str, ...]:
        """Those that do not look deeper than the rankings go."""
        return tuple(name for name, cutoff in CUTOFFS.items() if cutoff <= self.depth)

    def of(self, qrels: Sequence[Qrel], rankings: Mapping[str, Sequence[ScoredItem]]) -> dict[str, Values]:
        """The values of each query that has a judgement above grade 0, by qid; a ranking that is missing is empty."""
        judged = {qid: by_item for qid, by_item in _by_query(qrels).items() if any(by_item.values())}
        if not judged:
            return {}
        from ir_measures import iter_calc

        # Ranks in place of scores: the library would break ties in its own order, not in that of the ranking.
        ranked = {
            qid: {hit.item_id: float(-rank) for rank, hit in enumerate(hits)} for qid, hits in rankings.items() if hits
        }
        measures = self._library_measures(judged)
        found: dict[str, Values] = {qid: {} for qid in judged}
        for metric in iter_calc(list(measures), judged, ranked):
            name = measures[metric.measure]
            if name == NDCG or self._has_relevant(judged[metric.query_id]):
                found[metric.query_id][name] = metric.value
        return {qid: {name: values[name] for name in self.names if name in values} for qid, values in found.items()}

    def _has_relevant(self, grades: Mapping[str, int]) -> bool:
        return any(grade >= self.relevant_from for grade in grades.values())

    def _library_measures(self, judged: Mapping[str, Mapping[str, int]]) -> "dict[LibraryMeasure, str]":
        from ir_measures import RR, R, nDCG

        # The library spells these gains dcg='exp-log2' too, but computes that by a Perl script or by numba only.
        gains = {grade: 2**grade - 1 for by_item in judged.values() for grade in by_item.values()}
        measures = {
            NDCG: nDCG(gains=gains) @ 10,
            RECALL_20: R(rel=self.relevant_from) @ 20,
            RECALL_100: R(rel=self.relevant_from) @ 100,
            RECIPROCAL_RANK: RR(rel=self.relevant_from) @ 10,
        }
        return {measures[name]: name for name in self.names}


def relevance_limit(grades: Iterable[int]) -> int:
    """The least relevant grade of a set of judgements: 2 where grades are told apart, else 1."""
    return 2 if any(grade > 1 for grade in grades) else 1


def means(values: Iterable[Values]) -> Values:
    """The mean of each measure over the queries that have it."""
    collected: defaultdict[str, list[float]] = defaultdict(list)
    for one in values:
        for name, value in one.items():
            collected[name].append(value)
    return {name: sum(collected[name]) / len(collected[name]) for name in CUTOFFS if name in collected}


def _by_query(qrels: Iterable[Qrel]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for qrel in qrels:
        found.setdefault(qrel.qid, {})[qrel.item_id] = qrel.grade
    return found
