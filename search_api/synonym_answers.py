"""Synonyms as plain dicts that can be written as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from analyzers.lexicon.synonyms import Match, RowChanges, Synonym
from corpus.errors import XianliError
from search_api.answers import Answer
from search_api.evaluation.comparison import Comparison, QueryChange
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.measures import NDCG
from search_api.wording import place


def rows_answer(file: Path, rows: Sequence[Synonym], replaced: Mapping[str, Synonym]) -> Answer:
    """The rows of a file, each with the row that it takes the place of; `replaced` has those by phrase."""
    return {
        "file": str(file),
        "rows": [_row(row) | {"replaces": replaced.get(row.phrase) and _row(replaced[row.phrase])} for row in rows],
    }


def expansion_answer(query: str, found: Sequence[tuple[str, Match, tuple[str, ...]]]) -> Answer:
    """What a query is expanded to: each phrase with its rows and what of them is searched."""
    return {
        "query": query,
        "phrases": [
            {"phrase": phrase, "searched": searched, "rows": [_row(row) for row in match.synonyms]}
            for phrase, match, searched in found
        ],
    }


def changes_answer(
    rows: RowChanges, comparison: Comparison, holdings: Holdings, errors: Sequence[XianliError]
) -> Answer:
    """What became of the rows, of the queries that moved, and of the measures."""
    moved = [change for change in comparison.changes if change.ranking.overlap < 1]
    return {
        "rows": {
            "added": [_row(row) for row in rows.added],
            "removed": [_row(row) for row in rows.removed],
            "changed": [{"before": _row(before), "after": _row(after)} for before, after in rows.changed],
        },
        "queries": len(comparison.changes),
        "moved": [_change(change, holdings) for change in moved],
        "unmoved": len(comparison.changes) - len(moved),
        "mode": comparison.after.searched.mode,
        "differences": {
            group: {"measure": NDCG, "verdict": by_name[NDCG].verdict} | msgspec.to_builtins(by_name[NDCG])
            for group, by_name in comparison.differences.items()
            if NDCG in by_name
        },
        "errors": [{"code": error.code, "detail": error.detail} for error in errors],
    }


def _change(change: QueryChange, holdings: Holdings) -> Answer:
    before, after = change.before, change.after
    ranking = change.ranking
    old = {hit.item_id: rank for rank, hit in enumerate(before.answer.hits, 1)}
    new = {hit.item_id: rank for rank, hit in enumerate(after.answer.hits, 1)}
    return {
        "qid": after.qid,
        "query": after.query,
        "overlap": ranking.overlap,
        NDCG: {"before": before.values[NDCG], "after": after.values[NDCG]} if NDCG in after.values else None,
        "came": [_hit(item_id, holdings) | {"after": new[item_id]} for item_id in ranking.came],
        "went": [_hit(item_id, holdings) | {"before": old[item_id]} for item_id in ranking.went],
        "moved": [
            _hit(move.item_id, holdings) | {"before": move.before, "after": move.after} for move in ranking.moved
        ],
    }


def _hit(item_id: str, holdings: Holdings) -> Answer:
    held = holdings.describe(item_id)
    return {"id": item_id, "place": place(held[0]) if held else None, "text": held[1].text if held else None}


def _row(row: Synonym) -> Answer:
    built: Answer = msgspec.to_builtins(row)
    return built
