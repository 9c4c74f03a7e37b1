"""Search: understanding, both legs, fusion, diversification over districts, citation and explanation."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analyzers.embedding import Embedder
from analyzers.terms import Analyzer, Terms
from corpus.citation import cite
from corpus.errors import NotFoundError, QueryError
from corpus.model import Notice, TaskItem
from indexer.analysis import embedded_text
from indexer.index.filters import Filters
from indexer.index.protocol import Facets, Index, ScoredItem
from search_api.fusion import Fused, fuse
from search_api.highlight import highlight
from search_api.matching import coverage, found, matched_words
from search_api.query import as_words, understand
from search_api.results import Explanation, Hit, LegScore, SearchResult, Understood

LONGEST_QUERY = 2_000
LONGEST_TEXT = 50_000
DEEPEST = 1_000
"""Hits that can be paged through (offset + top)."""

_WINDOW = 200
"""Items that each leg hands to fusion."""
_FACET_SIZE = 50
_BATCH = 20
"""Items read at a time while a page is filled."""
_BEST = 5
"""Best lexical items that are looked at for the query's coverage."""

# The vector leg's share of the fused score. A query whose words the best items have trusts words; a paraphrase, which they
# don't, trusts vectors; a whole provision trusts words most. Tuned on the judged queries: docs/retrieval.md.
_VECTOR_SHARE_COVERED = 0.3
_VECTOR_SHARE_UNCOVERED = 0.8
_VECTOR_SHARE_OF_TEXT = 0.15


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The items that count as found, best first, with the terms they were found by.

    `listed`: there were none, and every item that satisfies the filters is a hit.
    """

    terms: Terms
    hits: list[Fused]
    listed: bool = False


class SearchService:
    """Answers searches over one index. Threads may share one."""

    def __init__(self, index: Index, analyzer: Analyzer, embedder: Embedder | None) -> None:
        """`embedder` takes part when the index holds vectors of its model; otherwise search is lexical."""
        self.index = index
        self._analyzer = analyzer
        self._embedder = embedder

    @property
    def mode(self) -> str:
        """`hybrid`, or `lexical` where no vectors take part."""
        return "hybrid" if self._vectors() else "lexical"

    def search(
        self, query: str, filters: Filters, *, top: int = 10, offset: int = 0, per_district: int | None = None
    ) -> SearchResult:
        """Items for a query, best first. An empty query with filters lists what satisfies them.

        Raises QueryError when the query is too long, empty without filters, or paged too deep.
        """
        started = time.perf_counter()
        _check(query, LONGEST_QUERY, top, offset)
        if not query.strip() and filters == Filters():
            raise QueryError("请输入查询词，或至少选择一个筛选条件。", code="empty_query")
        reading = understand(query, filters)
        if reading.filters != filters and not self.index.facets(None, (), reading.filters, 1).total:
            reading = as_words(query, filters, f"没有已收录的条款以“{query.strip()}”为依据，改按字词检索")
        ranking = self._rank_query(reading.words, reading.filters, top + offset)
        facets = self._facets(ranking, reading.filters)
        hits = self._hits(ranking, top, offset, per_district)
        return self._result(query, reading.understood, facets, hits, started)

    def similar_to_item(
        self, item_id: str, filters: Filters, *, top: int = 10, offset: int = 0, per_district: int | None = 5
    ) -> SearchResult:
        """Items like a held one, from other notices. Raises NotFoundError."""
        item = self.index.items([item_id])[0]
        others = replace(filters, exclude_notice=(*filters.exclude_notice, item.notice_id))
        return self.similar_to_text(embedded_text(item), others, top=top, offset=offset, per_district=per_district)

    def similar_to_text(
        self, text: str, filters: Filters, *, top: int = 10, offset: int = 0, per_district: int | None = 5
    ) -> SearchResult:
        """Items like a pasted provision. Raises QueryError when the text is empty or too long."""
        started = time.perf_counter()
        _check(text, LONGEST_TEXT, top, offset)
        if not text.strip():
            raise QueryError("请粘贴要比对的条款文字。", code="empty_query")
        terms = self._analyzer.analyse(text)
        lexical, nearest = self._legs(text, terms, filters, top + offset)
        ranking = _Ranking(terms, found(_fused(lexical, nearest, _VECTOR_SHARE_OF_TEXT), 1.0))
        facets = self._facets(ranking, filters)
        hits = self._hits(ranking, top, offset, per_district)
        return self._result(text, Understood(text, Filters()), facets, hits, started)

    def facets(self, query: str, filters: Filters) -> Facets:
        """Counts over the items that match a query, or over all that satisfy the filters when it is empty."""
        _check(query, LONGEST_QUERY, 1, 0)
        reading = understand(query, filters)
        return self._facets(self._rank_query(reading.words, reading.filters, 0), reading.filters)

    def _vectors(self) -> Embedder | None:
        embedder = self._embedder
        return embedder if embedder and embedder.fingerprint == self.index.fingerprint else None

    def _rank_query(self, words: str, filters: Filters, depth: int) -> _Ranking:
        terms = self._analyzer.analyse(words)
        if not words.strip():
            return _Ranking(terms, fuse(self.index.lexical(None, filters, max(_WINDOW, depth)), (), 0.0), listed=True)
        if not terms.grams:  # nothing but punctuation and pictures, whose vectors mean nothing
            return _Ranking(terms, [])
        lexical, nearest = self._legs(words, terms, filters, depth)
        covered = coverage(terms, self.index.items([hit.item_id for hit in lexical[:_BEST]]))
        share = _VECTOR_SHARE_COVERED + (_VECTOR_SHARE_UNCOVERED - _VECTOR_SHARE_COVERED) * (1 - covered)
        return _Ranking(terms, found(_fused(lexical, nearest, share), covered))

    def _legs(
        self, text: str, terms: Terms, filters: Filters, depth: int
    ) -> tuple[list[ScoredItem], list[ScoredItem] | None]:
        """What each leg finds; None for the vector leg where no vectors take part."""
        window = max(_WINDOW, depth)
        lexical = self.index.lexical(terms, filters, window)
        embedder = self._vectors()
        return lexical, self.index.nearest(embedder.encode_query(text), filters, window) if embedder else None

    def _facets(self, ranking: _Ranking, filters: Filters) -> Facets:
        if ranking.listed:
            return self.index.facets(None, (), filters, _FACET_SIZE)
        return self.index.facets(ranking.terms, [hit.item_id for hit in ranking.hits], filters, _FACET_SIZE)

    def _result(
        self, query: str, understood: Understood, facets: Facets, hits: tuple[Hit, ...], started: float
    ) -> SearchResult:
        took = (time.perf_counter() - started) * 1000
        return SearchResult(query, understood, facets.total, hits, facets, took, self.mode)

    def _hits(self, ranking: _Ranking, top: int, offset: int, per_district: int | None) -> tuple[Hit, ...]:
        page = list(self._page(ranking.hits, top, offset, per_district))
        return tuple(_hit(fused, notice, item, ranking.terms) for fused, notice, item in page)

    def _page(
        self, ranking: Sequence[Fused], top: int, offset: int, per_district: int | None
    ) -> Iterator[tuple[Fused, Notice, TaskItem]]:
        """The hits from `offset` on, at most `per_district` of one district, read in batches as they are needed."""
        notices: dict[str, Notice] = {}
        shown: Counter[tuple[str | None, ...]] = Counter()
        position = 0
        for low in range(0, len(ranking), _BATCH):
            if per_district is None and low + _BATCH <= offset:
                position += _BATCH  # nothing to count in what lies before the page
                continue
            part = ranking[low : low + _BATCH]
            for fused, item in zip(part, self.index.items([hit.item_id for hit in part]), strict=True):
                notice = notices.get(item.notice_id) or self._notice(item.notice_id)
                notices[notice.id] = notice
                shown[_district(notice)] += 1
                if per_district and shown[_district(notice)] > per_district:
                    continue
                position += 1
                if position > offset:
                    yield fused, notice, item
                if position == offset + top:
                    return

    def _notice(self, notice_id: str) -> Notice:
        record = self.index.record(notice_id)
        if record is None:
            raise NotFoundError(f"通知 {notice_id} 已不在库中，请重新检索。")
        return record.notice


def _fused(lexical: list[ScoredItem], nearest: list[ScoredItem] | None, share: float) -> list[Fused]:
    """Both legs as one ranking; without a vector leg the lexical scores count in full."""
    return fuse(lexical, nearest or (), 0.0 if nearest is None else share)


def _hit(fused: Fused, notice: Notice, item: TaskItem, terms: Terms) -> Hit:
    return Hit(
        id=item.id,
        score=fused.score,
        notice=notice,
        item=item,
        citation=cite(notice, item),
        highlights=highlight(item.text, terms),
        explanation=Explanation(
            lexical=LegScore(*fused.lexical) if fused.lexical else None,
            vector=LegScore(*fused.vector) if fused.vector else None,
            matched=matched_words(terms, item),
        ),
    )


def _district(notice: Notice) -> tuple[str | None, ...]:
    """What counts as one district: the smallest places known, or the notice itself where none is.

    The province is left out where a city tells: some notices give it and some don't.
    """
    place = (notice.city, notice.district) if notice.city or notice.district else (notice.province,)
    return place if any(place) else (notice.id,)


def _check(query: str, longest: int, top: int, offset: int) -> None:
    if len(query) > longest:
        raise QueryError(f"查询文字有 {len(query)} 字，超过 {longest} 字的上限。请缩短后重试。", code="query_too_long")
    if top < 1 or offset < 0:
        raise QueryError("每页条数须大于 0，起始位置不能为负。", code="bad_page")
    if offset + top > DEEPEST:
        raise QueryError(f"最多可翻到第 {DEEPEST} 条。请增加筛选条件缩小范围。", code="too_deep")
