"""One page that shows a run: tables, plots, what differs from an earlier run, and the queries that were answered badly.

The page stands alone: style and plots are inside it, and it needs neither a server nor a script.
"""

from dataclasses import dataclass

from corpus.citation import cite
from search_api.evaluation import plots
from search_api.evaluation.comparison import Comparison, QueryChange
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.measures import CUTOFFS, NDCG
from search_api.evaluation.runs import QueryRun, Run, table
from search_api.evaluation.wording import change_summary, group_name, probability, run_summary, signed
from search_api.web.rendering import render
from search_api.web.static_files import STATIC_FOLDER

_STYLES = ("page.css", "evaluation.css")
_BAD = 0.8
"""nDCG@10 below which a query is looked at."""
_MOST_BAD = 30
_MOST_CHANGES = 20
_TOP = 10
_BEGINNING = 80
"""Characters of an item's text that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the page shows it; `grade` is None where nobody judged it, `rank` where it is not among the hits."""

    citation: str
    text: str
    grade: int | None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class BadQuery:
    """A query that was answered badly: its first hits, and the judged items that are not among them, best first."""

    query: QueryRun
    top: tuple[Line, ...]
    missed: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ChangedQuery:
    """A query whose first hits changed: those that came and went."""

    change: QueryChange
    came: tuple[Line, ...]
    went: tuple[Line, ...]


def report_page(run: Run, comparison: Comparison | None, holdings: Holdings) -> str:
    """The page as HTML. Texts of items are those that are held now."""
    rows = table(run)
    judged = [query for query in run.queries if NDCG in query.values]
    before = {change.before.qid: change.before.values for change in comparison.changes} if comparison else {}
    bad = sorted((query for query in judged if query.values[NDCG] < _BAD), key=lambda query: query.values[NDCG])
    return render(
        "evaluation.html",
        style="\n".join((STATIC_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES),
        run=run,
        measures=[name for name in CUTOFFS if any(name in row.values for row in rows)],
        rows=rows,
        unjudged=len(run.queries) - len(judged),
        absent=[(query, name, grade) for query in run.queries for name, grade in query.absent],
        distribution=plots.distribution(judged) if judged else None,
        by_query=plots.by_query(judged, {qid: values[NDCG] for qid, values in before.items() if NDCG in values})
        if judged
        else None,
        comparison=comparison,
        changes_plot=plots.changes(comparison) if comparison else None,
        changed=_changed(comparison, holdings) if comparison else [],
        bad=[_bad_query(query, holdings) for query in bad[:_MOST_BAD]],
        bad_below=_BAD,
        bad_total=len(bad),
        ndcg=NDCG,
        change_summary=change_summary,
        group_name=group_name,
        probability=probability,
        run_summary=run_summary,
        signed=signed,
    )


def _changed(comparison: Comparison, holdings: Holdings) -> list[ChangedQuery]:
    changed = [change for change in comparison.changes if change.ranking.overlap < 1]
    return [
        ChangedQuery(
            change,
            tuple(_line(item_id, change.after.grades, holdings) for item_id in change.ranking.came),
            tuple(_line(item_id, change.after.grades, holdings) for item_id in change.ranking.went),
        )
        for change in changed[:_MOST_CHANGES]
    ]


def _bad_query(query: QueryRun, holdings: Holdings) -> BadQuery:
    ranks = {hit.item_id: rank for rank, hit in enumerate(query.answer.hits, 1)}
    wanted = sorted(query.grades.items(), key=lambda judged: (-judged[1], ranks.get(judged[0], len(ranks) + 1)))
    return BadQuery(
        query,
        tuple(_line(hit.item_id, query.grades, holdings) for hit in query.answer.hits[:_TOP]),
        tuple(
            _line(item_id, query.grades, holdings, ranks.get(item_id))
            for item_id, grade in wanted
            if grade and ranks.get(item_id, _TOP + 1) > _TOP
        ),
    )


def _line(item_id: str, grades: dict[str, int], holdings: Holdings, rank: int | None = None) -> Line:
    held = holdings.describe(item_id)
    if held is None:
        return Line(item_id, "已不在库中", grades.get(item_id), rank)
    text = held[1].text
    shown = text if len(text) <= _BEGINNING else f"{text[:_BEGINNING]}…"
    return Line(cite(*held).text, shown, grades.get(item_id), rank)
