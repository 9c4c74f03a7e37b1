"""A run of judged queries as lines: the table by type, and what differs from an earlier run."""

from collections.abc import Sequence

from rich.cells import cell_len

from corpus.citation import cite
from search_api.cli.output import Page, Part
from search_api.evaluation.comparison import Comparison, QueryChange
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.measures import CUTOFFS, NDCG
from search_api.evaluation.runs import Run, table
from search_api.evaluation.wording import change_summary, group_name, probability, run_summary, signed

_ABSENT = 5
"""Judgements without a held item that are named; the JSON document has all."""
_CHANGES = 5
"""Queries that moved most that are shown."""


def show_run(run: Run) -> None:
    """The table by type, and what stands behind it."""
    page = Page()
    page.line((run_summary(run), "dim"))
    rows = table(run)
    names = [name for name in CUTOFFS if any(name in row.values for row in rows)]
    cells = [
        [group_name(row.name), str(row.queries)]
        + [f"{row.values[name]:.3f}" if name in row.values else "–" for name in names]
        for row in rows
    ]
    _show_table(page, ["类型", "查询数", *names], cells)
    if unjudged := [query.qid for query in run.queries if not query.values]:
        page.line((f"没有判断、未计入的查询 {len(unjudged)} 个：{_listed(unjudged)}", "dim"))
    absent = [f"{query.qid} {name}" for query in run.queries for name, _ in query.absent]
    if absent:
        total = len(absent) + sum(len(query.grades) for query in run.queries)
        page.line(f"判断所指的条款有 {len(absent)} 条不在库中（共 {total} 条），按没有检出计算：{_listed(absent)}")


def show_comparison(comparison: Comparison, holdings: Holdings) -> None:
    """The differences with their significance, and the queries that moved most."""
    page = Page()
    page.line()
    page.line(("与以前的结果比较", "bold"), (f"（{run_summary(comparison.before)}）", "dim"))
    cells = [
        [
            group_name(group),
            name,
            str(one.queries),
            f"{one.before:.3f}",
            f"{one.after:.3f}",
            signed(one.growth),
            probability(one.p_randomisation),
            probability(one.p_t),
            "–" if one.detectable is None else f"{one.detectable:.3f}",
            one.verdict,
        ]
        for group, by_name in comparison.differences.items()
        for name, one in by_name.items()
    ]
    _show_table(page, ["查询", "指标", "个数", "以前", "现在", "差", "p 随机化", "p t检验", "可分辨", "结论"], cells)
    page.line(("“可分辨”：这么多查询五次里有四次能看出的最小差距（水平 0.05）。", "dim"))
    if comparison.not_compared:
        count = len(comparison.not_compared)
        page.line(
            f"没有比较的查询 {count} 个（只有一次评测里有，或查询、判断已改）：{_listed(comparison.not_compared)}"
        )
    changed = [change for change in comparison.changes if change.ranking.overlap < 1]
    page.line(f"前 10 条有变化的查询 {len(changed)} 个（比较了 {len(comparison.changes)} 个）。")
    for change in changed[:_CHANGES]:
        _show_change(page, change, holdings)


def _show_change(page: Page, change: QueryChange, holdings: Holdings) -> None:
    page.line()
    growth = f"  nDCG@10 {signed(change.growth[NDCG])}" if NDCG in change.growth else ""
    page.line((f"{change.after.qid} {change.after.query}", "bold"), growth, (f"  {change_summary(change)}", "dim"))
    for sign, ids, grades in (
        ("+", change.ranking.came, change.after.grades),
        ("−", change.ranking.went, change.before.grades),
    ):
        for item_id in ids:
            grade = f"（等级 {grades[item_id]}）" if item_id in grades else ""
            page.line(f"   {sign} ", (_citation(item_id, holdings), "cyan"), (grade, "dim"))


def _citation(item_id: str, holdings: Holdings) -> str:
    held = holdings.describe(item_id)
    return cite(*held).text if held else f"{item_id}（已不在库中）"


def _show_table(page: Page, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as what is in them, Chinese characters counting as two."""
    widths = [max(cell_len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        style = "bold" if row is head else ""
        cells: list[Part] = [
            (cell + " " * (width - cell_len(cell) + 2), style) for cell, width in zip(row, widths, strict=True)
        ]
        page.line(*cells)


def _listed(names: Sequence[str]) -> str:
    return "；".join(names[:_ABSENT]) + (" …" if len(names) > _ABSENT else "")
