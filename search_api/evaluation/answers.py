"""An evaluation as a plain dict that can be written as JSON."""

from collections.abc import Sequence

import msgspec

from corpus.errors import XianliError
from search_api.answers import Answer
from search_api.evaluation.comparison import Comparison, QueryChange
from search_api.evaluation.runs import QueryRun, Run, table


def evaluation_answer(run: Run, comparison: Comparison | None, errors: Sequence[XianliError]) -> Answer:
    """The figures of a run by type and by query, and what differs from an earlier one. The hits are in a saved run."""
    return {
        "made": run.made,
        "depth": run.depth,
        "relevant_from": run.relevant_from,
        "searched": msgspec.to_builtins(run.searched),
        "table": [{"name": row.name, "queries": row.queries, "measures": row.values} for row in table(run)],
        "queries": [_query(query) for query in run.queries],
        "comparison": comparison and comparison_answer(comparison),
        "errors": [{"code": error.code, "detail": error.detail} for error in errors],
    }


def comparison_answer(comparison: Comparison) -> Answer:
    """The differences of two runs: by measure, and by query."""
    return {
        "before": comparison.before.made,
        "differences": [
            {"name": group, "measure": name, "growth": one.growth, "verdict": one.verdict} | msgspec.to_builtins(one)
            for group, by_name in comparison.differences.items()
            for name, one in by_name.items()
        ],
        "queries": [_change(change) for change in comparison.changes],
        "not_compared": comparison.not_compared,
    }


def _query(query: QueryRun) -> Answer:
    return {
        "qid": query.qid,
        "type": query.kind,
        "query": query.query,
        "measures": query.values,
        "hits": len(query.answer.hits),
        "judged": len(query.grades),
        "absent": [{"item": name, "grade": grade} for name, grade in query.absent],
    }


def _change(change: QueryChange) -> Answer:
    ranking: Answer = msgspec.to_builtins(change.ranking)
    return {"qid": change.after.qid, "growth": change.growth} | ranking
