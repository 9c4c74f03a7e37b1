"""The two legs of a search on their own: what each would find, before fusion and before the list is cut."""

from collections.abc import Sequence
from dataclasses import replace

from analyzers.embedding import Embedder
from analyzers.terms import Analyzer, Terms
from indexer.analysis import embedded_text
from indexer.index.protocol import Index, ScoredItem
from search_api import ranking
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.judgements import Judged
from search_api.evaluation.runs import Answer
from search_api.expansion import synonym_table
from search_api.matching import Wanted
from search_api.understanding import IndexHoldings, understand


class Legs:
    """Both legs over one index, each asked with what search makes of a query. `depth` items a ranking."""

    def __init__(self, index: Index, analyzer: Analyzer, embedder: Embedder, holdings: Holdings, depth: int) -> None:
        self._index = index
        self._held = IndexHoldings(index, analyzer)
        self._ranker = ranking.Ranker(index, self._held, analyzer, embedder, synonym_table())
        self._holdings = holdings
        self._depth = depth

    def lexical(self, judged: Judged) -> Answer:
        """By BM25; a query without words lists what satisfies its filters."""
        legs = self._legs(judged)
        return _answer(legs.lexical) if legs else Answer(())

    def vector(self, judged: Judged) -> Answer:
        """By cosine similarity; nothing for a query without words."""
        legs = self._legs(judged)
        return _answer(legs.nearest or ()) if legs else Answer(())

    def _legs(self, judged: Judged) -> ranking.Legs | None:
        if judged.similar_to is None:
            reading = understand(judged.query, judged.filters, self._held)
            if reading.words.strip():
                return self._ranker.legs(reading, self._depth)
            listed = self._index.lexical(None, reading.filters, self._depth)
            return ranking.Legs(Wanted(Terms((), ())), listed, None)
        item_id = self._holdings.find(judged.similar_to)
        if item_id is None:
            return None
        item = self._index.items([item_id])[0]
        others = replace(judged.filters, exclude_notice=(item.notice_id,))
        return self._ranker.legs_of_text(embedded_text(item), others, self._depth)


def _answer(ranked: Sequence[ScoredItem]) -> Answer:
    return Answer(tuple(ranked))
