"""Whether the mean difference of two runs over the same queries could be chance.

The paired randomisation test asks how often flipping the signs of the differences at random gives a mean at least as far from
zero; it assumes nothing about their distribution and is the one to go by. Student's paired t-test stands beside it, as both are
usual (Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval Evaluation",
CIKM 2007).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

LEVEL = 0.05
"""Probability of chance below which a difference counts as significant."""
FEWEST_QUERIES = 25
"""Below this nothing is concluded: Buckley and Voorhees, "Evaluating Evaluation Measure Stability" (SIGIR 2000), find that an
experiment needs at least 25 queries, and that 50 are better."""

_RESAMPLES = 9_999
"""Sign patterns that are tried; with 13 queries and fewer all of them are, and the value is exact."""
_SEED = 1
# Sum of the normal quantiles for a two-sided level of 0.05 and a power of 0.8.
_DETECTABLE = 1.960 + 0.842


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two runs over the same `queries`: means, probabilities of such a difference by chance.

    `detectable` is the least true difference that so many queries show four times in five; it and `p_t` are None for one
    query alone.
    """

    queries: int
    before: float
    after: float
    p_randomisation: float
    p_t: float | None
    detectable: float | None

    @property
    def growth(self) -> float:
        """The mean difference."""
        return self.after - self.before

    @property
    def verdict(self) -> str:
        """What may be concluded, in Chinese."""
        if self.p_randomisation == 1.0 and self.growth == 0.0:
            return "没有差别"
        if self.queries < FEWEST_QUERIES:
            return f"只有 {self.queries} 个查询，太少，不能下结论"
        if self.p_randomisation >= LEVEL:
            return "不显著，可能只是偶然"
        return "显著提高" if self.growth > 0 else "显著下降"


def paired_difference(before: Sequence[float], after: Sequence[float]) -> Difference:
    """The difference of two equally long rows of values, a pair a query; at least one."""
    growth = [new - old for old, new in zip(before, after, strict=True)]
    spread = stdev(growth) if len(growth) > 1 else None
    return Difference(
        queries=len(growth),
        before=fmean(before),
        after=fmean(after),
        p_randomisation=_randomisation(growth),
        p_t=None if spread is None else _t_test(growth, spread),
        detectable=None if spread is None else _DETECTABLE * spread / math.sqrt(len(growth)),
    )


def _randomisation(growth: Sequence[float]) -> float:
    if len(growth) < 2 or not any(growth):
        return 1.0  # flipping the one sign there is leaves the mean as far from zero
    import numpy as np
    from scipy.stats import permutation_test  # type: ignore[import-untyped]

    tried = permutation_test(
        (np.array(growth),), np.mean, permutation_type="samples", n_resamples=_RESAMPLES, rng=_SEED, vectorized=True
    )
    return float(tried.pvalue)


def _t_test(growth: Sequence[float], spread: float) -> float:
    if not spread:
        return 0.0 if any(growth) else 1.0
    from scipy.stats import ttest_1samp

    return float(ttest_1samp(growth, 0.0).pvalue)
