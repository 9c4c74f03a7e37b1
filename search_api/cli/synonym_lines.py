"""Synonyms as lines: rows, what a query is expanded to, and what a change of the rows does to rankings."""

from collections.abc import Mapping, Sequence

from analyzers.lexicon.synonyms import Match, RowChanges, Synonym
from search_api.cli.output import Page, Part
from search_api.evaluation.comparison import Comparison, QueryChange
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.measures import NDCG
from search_api.evaluation.wording import change_summary, group_name, signed
from search_api.wording import SYNONYM_KINDS, place

_MOST_ROWS = 20
"""Rows of each sort that are shown; the JSON document has all."""
_BEGINNING = 32
"""Characters of an item's text that are shown."""


def show_rows(rows: Sequence[Synonym], replaced: Mapping[str, Synonym]) -> None:
    """The rows of a file, and what the ones that take the place of another replace."""
    page = Page()
    for row in rows:
        page.line(*_row(row))
        if row.phrase in replaced:
            page.line((f"   代替自带的：{_expansions(replaced[row.phrase])}", "dim"))
    off = sum(not row.expansions for row in rows)
    parts = [f"共 {len(rows)} 行", f"代替自带的 {len(replaced)} 行", f"停用 {off} 行"]
    page.line((" · ".join(parts), "dim"))


def show_expansion(found: Sequence[tuple[str, Match, tuple[str, ...]]]) -> None:
    """Each phrase that is expanded, with the rows that say so."""
    page = Page()
    for phrase, match, searched in found:
        page.line((phrase, "bold"), " → ", "、".join(searched) or "（查询里都已经有了）")
        for row in match.synonyms:
            page.line("   ", *_row(row))
    if not found:
        page.line("查询里没有同义词表所列的词语。")


def show_changes(rows: RowChanges, comparison: Comparison, holdings: Holdings) -> None:
    """What became of the rows; then each query that moved with its hits; then the summary."""
    page = Page()
    page.line(
        ("词表", "bold"), f"：新增 {len(rows.added)} 行，删去 {len(rows.removed)} 行，改动 {len(rows.changed)} 行"
    )
    _show_some(page, [["+ ", *_row(row)] for row in rows.added])
    _show_some(page, [["− ", *_row(row)] for row in rows.removed])
    _show_some(
        page, [["~ ", *_row(after), (f"  原为：{_expansions(before)}", "dim")] for before, after in rows.changed]
    )
    moved = [change for change in comparison.changes if change.ranking.overlap < 1]
    for change in moved:
        page.line()
        _show_change(page, change, holdings)
    page.line()
    _show_summary(page, comparison, len(moved))


def _show_some(page: Page, lines: Sequence[Sequence[Part]]) -> None:
    for line in lines[:_MOST_ROWS]:
        page.line("   ", *line)
    if len(lines) > _MOST_ROWS:
        page.line((f"   … 还有 {len(lines) - _MOST_ROWS} 行，全部见 --json", "dim"))


def _show_change(page: Page, change: QueryChange, holdings: Holdings) -> None:
    before, after = change.before, change.after
    ranking = change.ranking
    old = {hit.item_id: rank for rank, hit in enumerate(before.answer.hits, 1)}
    new = {hit.item_id: rank for rank, hit in enumerate(after.answer.hits, 1)}
    figures = (
        f"  nDCG@10 {before.values[NDCG]:.3f} → {after.values[NDCG]:.3f}（{signed(change.growth[NDCG])}）"
        if NDCG in change.growth
        else ""
    )
    page.line((after.query, "bold"), figures, (f"  {change_summary(change)}", "dim"))
    for item_id in ranking.came:
        page.line(f"   + 第 {new[item_id]} 条  ", *_hit(item_id, after.grades, holdings))
    for item_id in ranking.went:
        page.line(f"   − 原第 {old[item_id]} 条  ", *_hit(item_id, before.grades, holdings))
    for move in ranking.moved:
        page.line(f"   第 {move.before} → {move.after} 条  ", *_hit(move.item_id, after.grades, holdings))


def _show_summary(page: Page, comparison: Comparison, moved: int) -> None:
    total = len(comparison.changes)
    overlap = sum(change.ranking.overlap for change in comparison.changes) / total if total else 1.0
    page.line(
        f"查询 {total} 个：前 10 条有变化的 {moved} 个，没有变化的 {total - moved} 个；平均重合度 {overlap:.2f}",
        (f" · {comparison.after.searched.mode}", "dim"),
    )
    for group, by_name in comparison.differences.items():
        if NDCG in by_name:
            one = by_name[NDCG]
            page.line(
                f"{group_name(group)}（有判断的 {one.queries} 个）nDCG@10 {one.before:.3f} → {one.after:.3f}"
                f"（{signed(one.growth)}，{one.verdict}）"
            )


def _hit(item_id: str, grades: Mapping[str, int], holdings: Holdings) -> list[Part]:
    held = holdings.describe(item_id)
    if held is None:
        return [f"{item_id}（已不在库中）"]
    notice, item = held
    beginning = item.text[:_BEGINNING].replace("\n", "") + ("…" if len(item.text) > _BEGINNING else "")
    grade = f"（等级 {grades[item_id]}）" if item_id in grades else ""
    return [(place(notice), "cyan"), f"  {beginning}", (grade, "dim")]


def _row(row: Synonym) -> list[Part]:
    arrow = "↔" if row.both else "→"
    about = f"  {SYNONYM_KINDS[row.kind]} · {row.source}"
    return [f"{row.phrase} {arrow} {_expansions(row)}", (about, "dim")]


def _expansions(row: Synonym) -> str:
    return "、".join(row.expansions) or "（不扩展）"
