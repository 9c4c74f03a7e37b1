"""Running judged queries, by the search that users get or by a leg alone, and measuring what they find."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime

from indexer.index.protocol import ScoredItem
from search_api.evaluation.holdings import Holdings, Resolved
from search_api.evaluation.judgements import Judged, Qrel
from search_api.evaluation.measures import Measures, relevance_limit
from search_api.evaluation.runs import Answer, QueryRun, Reading, Run, Searched, digest
from search_api.filter_values import write_filters
from search_api.results import SearchResult
from search_api.search import SearchService

Ranker = Callable[[Judged], Answer]
"""Answers a query with a ranking."""


def service_ranker(service: SearchService, holdings: Holdings, depth: int, plain: Collection[str] = ()) -> Ranker:
    """What users get: `similar_to_item` for queries that are items, `search` for all others, `depth` hits each.

    Near-identical items are listed one by one, since each is judged. `plain` is that of `search`. A query that is an item
    which is not held finds nothing.
    """

    def rank(judged: Judged) -> Answer:
        if judged.similar_to is None:
            return _answer(service.search(judged.query, judged.filters, top=depth, collapse=False, plain=plain))
        item_id = holdings.find(judged.similar_to)
        if item_id is None:
            return Answer(())
        return _answer(service.similar_to_item(item_id, judged.filters, top=depth, collapse=False))

    return rank


def evaluate(queries: Iterable[Judged], rank: Ranker, holdings: Holdings, searched: Searched, depth: int) -> Run:
    """Run all queries and measure the answers; `queries` may show its progress as it is taken."""
    answered = [(judged, holdings.resolve(judged), rank(judged)) for judged in queries]
    limit = relevance_limit(judgement.grade for judged, _, _ in answered for judgement in judged.judgements)
    values = Measures(depth, limit).of(
        [qrel for judged, resolved, _ in answered for qrel in _qrels(judged.qid, resolved)],
        {judged.qid: answer.hits for judged, _, answer in answered},
    )
    return Run(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        depth=depth,
        relevant_from=limit,
        searched=searched,
        queries=tuple(
            QueryRun(
                qid=judged.qid,
                kind=judged.kind,
                query=judged.shown,
                digest=digest(judged),
                answer=answer,
                grades={qrel.item_id: qrel.grade for qrel in resolved.held},
                absent=resolved.absent,
                values=values.get(judged.qid, {}),
            )
            for judged, resolved, answer in answered
        ),
    )


def searched_by(service: SearchService, analyzer_version: str) -> Searched:
    """What a service searches."""
    held = service.index.statistics()
    return Searched(service.mode, held.fingerprint, analyzer_version, held.notices, held.items)


def _qrels(qid: str, resolved: Resolved) -> Sequence[Qrel]:
    """The judgements of a query, with a name of its own for each item that is not held, so that it counts as not found."""
    absent = [Qrel(qid, f"absent {number}", grade) for number, (_, grade) in enumerate(resolved.absent)]
    return (*resolved.held, *absent)


def _answer(result: SearchResult) -> Answer:
    understood = result.understood
    reading = Reading(understood.words, write_filters(understood.filters), understood.notes)
    return Answer(tuple(ScoredItem(hit.id, round(hit.score, 6)) for hit in result.hits), reading)
