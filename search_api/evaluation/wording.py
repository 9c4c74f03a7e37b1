"""The Chinese words for figures of runs: the same on the command line and on the page."""

from search_api.evaluation.comparison import QueryChange
from search_api.evaluation.runs import ALL_QUERIES, ALL_SIMILAR, Run

_GROUPS = {ALL_QUERIES: "全部检索", ALL_SIMILAR: "全部相近"}


def group_name(name: str) -> str:
    """A type of queries, which the judges have named, or one of the two groups of all."""
    return _GROUPS.get(name, name)


def run_summary(run: Run) -> str:
    """What was run on what, and when."""
    searched = run.searched
    return (
        f"{len(run.queries)} 个查询，各取前 {run.depth} 条 · {searched.notices} 份通知、{searched.items} 条条款 · "
        f"{searched.mode} · {run.made}"
    )


def change_summary(change: QueryChange) -> str:
    """What became of the first hits of a query, in numbers."""
    ranking = change.ranking
    return f"进 {len(ranking.came)}、出 {len(ranking.went)}、换位 {len(ranking.moved)}，重合度 {ranking.overlap:.2f}"


def signed(difference: float) -> str:
    """A difference with its sign."""
    shown = round(difference, 3) or 0.0  # no negative zero
    return f"{shown:+.3f}".replace("-", "−")


def probability(p: float | None) -> str:
    """A probability as it is usually printed."""
    if p is None:
        return "–"
    return "<0.001" if p < 0.001 else f"{p:.3f}"
