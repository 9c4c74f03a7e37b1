"""Search: understanding, ranking, diversification over districts, near-identical wording, citation and explanation."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from threading import BoundedSemaphore

from analyzers.embedding import Embedder
from analyzers.lexicon.synonyms import SynonymTable
from analyzers.terms import Analyzer
from corpus.citation import Citation, cite
from corpus.errors import NotFoundError, QueryError
from corpus.model import Notice, TaskItem
from indexer.analysis import embedded_text
from indexer.index.filters import Filters
from indexer.index.protocol import Facets, Index, Snapshot
from search_api.citation_check import CitationCheck, check_citation
from search_api.comparison import Comparison, check_number, compare_items
from search_api.coverage import LatestCoverage
from search_api.differences import compare
from search_api.districts import District, district
from search_api.expansion import synonym_table
from search_api.fusion import Fused
from search_api.highlight import highlight
from search_api.latest import Latest
from search_api.matching import Wanted, matched_expansions, matched_words, searched_text
from search_api.near_identical import NearIdentical, Usage, usages
from search_api.none_found import none_found
from search_api.ranking import WINDOW, Ranker, Ranking
from search_api.results import Explanation, Hit, LegScore, SearchResult, Understood, WordingUser, WordingUsers
from search_api.similar import group_similar
from search_api.suggestions import Suggestions
from search_api.understanding import IndexHoldings, Reading, understand

LONGEST_QUERY = 2_000
LONGEST_TEXT = 50_000
DEEPEST = 1_000
"""Hits that can be paged through (offset + top)."""

_FACET_SIZE = 50
_COUNTED_AT_ONCE = 40
"""Threads, as many as the API has for searches; each is made when it is first needed."""
_RANKINGS_KEPT, _COUNTS_KEPT, _RESULTS_KEPT = 100, 1_000, 1_000
"""Of the last searches; one takes some 150, 20 and 40 KB."""
_MOST_KEPT = 20
"""Hits of a page that is kept for whoever asks the same next: more take too much memory."""
_WIDENING, _WIDEST_WINDOW = 8, 12_800
_BATCH = 20
"""Items read at a time while a page is filled."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Which of the hits are wanted: `top` from `offset` on, at most `per_district` of one district.

    `collapse`: provisions that are near-identical to one before them are folded into it.
    """

    top: int = 10
    offset: int = 0
    per_district: int | None = None
    collapse: bool = True


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a ranking depends on."""

    query: str
    filters: Filters
    plain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A hit of a page before it is made up."""

    fused: Fused
    notice: Notice
    item: TaskItem


class SearchService:
    """Answers searches over one index. Threads may share one."""

    def __init__(
        self,
        index: Index,
        analyzer: Analyzer,
        embedder: Embedder | None,
        synonyms: SynonymTable | None = None,
        at_once: int | None = None,
    ) -> None:
        """`embedder` takes part when the index holds vectors of its model; otherwise search is lexical.

        `at_once`: searches that may run at the same time, others wait for their turn. Where they are computed in this process,
        more than there are processors only make all of them slower.
        """
        self.index = index
        self._analyzer = analyzer
        self._embedder = embedder
        self._holdings = IndexHoldings(index, analyzer)
        self._turn: AbstractContextManager[object] = nullcontext() if at_once is None else BoundedSemaphore(at_once)
        self._rankings: Latest[tuple[Reading, Ranking]] = Latest(lambda: index.moment, _RANKINGS_KEPT)
        self._counts: Latest[Facets] = Latest(lambda: index.moment, _COUNTS_KEPT)
        self._results: Latest[SearchResult] = Latest(lambda: index.moment, _RESULTS_KEPT)
        self._counting = ThreadPoolExecutor(_COUNTED_AT_ONCE, "facets")
        self.suggestions = Suggestions(index, self._holdings, analyzer)
        self.coverage = LatestCoverage(index)
        synonyms = synonym_table() if synonyms is None else synonyms
        self._ranker = Ranker(index, self._holdings, analyzer, embedder, synonyms)
        self.on_result: Callable[[SearchResult], None] | None = None
        """Is told of every result, by the thread that searched: for figures about a running server."""

    def with_synonyms(self, synonyms: SynonymTable) -> "SearchService":
        """The same search with other synonyms."""
        return SearchService(self.index, self._analyzer, self._embedder, synonyms)

    @property
    def analyzer(self) -> Analyzer:
        """How texts are cut into terms."""
        return self._analyzer

    @property
    def holdings(self) -> IndexHoldings:
        """The names and counts that the index holds."""
        return self._holdings

    @property
    def embedder(self) -> Embedder | None:
        """The model, for whoever writes to the index."""
        return self._embedder

    @property
    def mode(self) -> str:
        """`hybrid`, or `lexical` where no vectors take part."""
        return "hybrid" if self._ranker.vectors_take_part else "lexical"

    def search(
        self,
        query: str,
        filters: Filters,
        *,
        top: int = 10,
        offset: int = 0,
        per_district: int | None = None,
        collapse: bool = True,
        plain: Collection[str] = (),
    ) -> SearchResult:
        """Items for a query, best first. An empty query with filters lists what satisfies them.

        `top` from `offset` on, at most `per_district` of one district. `collapse` folds provisions that are near-identical
        to one before them into it. What is read out of the query is left as words where it stands in `plain`, `*` for all
        of it. Raises QueryError when the query is too long, empty without filters, or paged too deep.
        """
        started = time.perf_counter()
        page = _Page(top, offset, per_district, collapse)
        _check(query, LONGEST_QUERY, page)
        if not query.strip() and filters == Filters():
            raise QueryError("请输入查询词，或至少选择一个筛选条件。", code="empty_query")
        asked = _Asked(query, filters, tuple(plain))
        with self.index.snapshot() as snapshot:
            if page.top <= _MOST_KEPT:
                result = self._results.of((asked, page), lambda: self._search(asked, page))
            else:
                result = self._search(asked, page)
        return self._finished(result, started, snapshot)

    def similar_to_item(
        self,
        item_id: str,
        filters: Filters,
        *,
        top: int = 10,
        offset: int = 0,
        per_district: int | None = 5,
        collapse: bool = True,
    ) -> SearchResult:
        """Items like a held one, from other notices, with their differences from it. Raises NotFoundError."""
        with self.index.snapshot():
            item = self.index.items([item_id])[0]
            others = replace(filters, exclude_notice=(*filters.exclude_notice, item.notice_id))
            return self._similar(embedded_text(item), others, _Page(top, offset, per_district, collapse), item)

    def similar_to_text(
        self,
        text: str,
        filters: Filters,
        *,
        top: int = 10,
        offset: int = 0,
        per_district: int | None = 5,
        collapse: bool = True,
    ) -> SearchResult:
        """Items like a pasted provision. Raises QueryError when the text is empty or too long."""
        return self._similar(text, filters, _Page(top, offset, per_district, collapse), None)

    def wording_users(self, item_id: str) -> WordingUsers:
        """The items that are near-identical to a held one, each with how it differs from it. Raises NotFoundError."""
        item = self.index.items([item_id])[0]
        usage = usages([item], self.index).get(item.id)
        if usage is None or usage.items == 1:
            return WordingUsers(item, None, ())
        others, users = self.index.items(usage.members), []
        notices = self._notices({other.notice_id for other in others})
        for other in others:
            notice = notices[other.notice_id]
            differences = tuple(compare(item.text, other.text, self._analyzer.cut))
            users.append(WordingUser(notice, other, cite(notice, other), differences))
        return WordingUsers(item, usage, tuple(users))

    def citation(self, item_id: str) -> Citation:
        """The citation of a held item. Raises NotFoundError."""
        item = self.index.items([item_id])[0]
        return cite(self._notices({item.notice_id})[item.notice_id], item)

    def comparison(self, item_ids: Sequence[str]) -> Comparison:
        """Two to six held items side by side. Raises QueryError for another number, NotFoundError for one that is not held."""
        distinct = list(dict.fromkeys(item_ids))
        check_number(len(distinct))
        with self.index.snapshot():
            items = self.index.items(distinct)
            return compare_items(items, self._notices({item.notice_id for item in items}), self._analyzer.cut)

    def check_citation(self, text: str, quotation: str = "") -> CitationCheck:
        """Whether a citation leads to a held item that says what is quoted. Raises QueryError where it can't be read."""
        with self.index.snapshot():
            return check_citation(text, quotation, self.index, self._holdings.values())

    def facets(self, query: str, filters: Filters, *, plain: Collection[str] = ()) -> Facets:
        """Counts over the items that match a query, or over all that satisfy the filters when it is empty."""
        _check(query, LONGEST_QUERY, _Page())
        asked = _Asked(query, filters, tuple(plain))
        with self.index.snapshot() as snapshot, self._turn:
            facets = self._counted(asked, *self._ranked(asked))
        return replace(facets, partial=snapshot.partial)

    def _search(self, asked: _Asked, page: _Page) -> SearchResult:
        with self._turn:
            reading, ranking = self._ranked(asked)
            counting = self._meanwhile(partial(self._counted, asked, reading, ranking))
            ranking, hits = self._page(partial(self._ranker.rank, reading, plain=asked.plain), ranking, page)
            result = SearchResult(
                query=asked.query,
                understood=_understood(reading, ranking),
                facets=counting.result(),
                hits=hits,
                took_ms=0.0,
                mode=self.mode,
            )
            if not hits and not page.offset:
                why = none_found(reading, self._ranker, self.index, self._holdings)
                result = replace(result, none_found=why)
        return result

    def _similar(self, text: str, filters: Filters, page: _Page, asked: TaskItem | None) -> SearchResult:
        started = time.perf_counter()
        _check(text, LONGEST_TEXT, page)
        if not text.strip():
            raise QueryError("请粘贴要比对的条款文字。", code="empty_query")
        with self._turn, self.index.snapshot() as snapshot:
            rank = partial(self._ranker.rank_text, text, filters)
            ranking = rank(WINDOW)
            counting = self._meanwhile(partial(self._facets, ranking, filters))
            _, found = self._page(rank, ranking, page)
            facets = counting.result()
            different = [tuple(compare(text, hit.item.text, self._analyzer.cut)) for hit in found]
        hits = tuple(replace(hit, differences=segments) for hit, segments in zip(found, different, strict=True))
        result = SearchResult(
            query=text,
            understood=Understood(text, text, Filters()),
            facets=facets,
            hits=hits,
            took_ms=0.0,
            mode=self.mode,
            groups=group_similar(hits, asked),
        )
        return self._finished(result, started, snapshot)

    def _ranked(self, asked: _Asked) -> tuple[Reading, Ranking]:
        """How a query is understood, and what it finds in the first window."""

        def rank() -> tuple[Reading, Ranking]:
            reading = understand(asked.query, asked.filters, self._holdings, asked.plain)
            return reading, self._ranker.rank(reading, plain=asked.plain)

        return self._rankings.of(asked, rank)

    def _counted(self, asked: _Asked, reading: Reading, ranking: Ranking) -> Facets:
        return self._counts.of(asked, lambda: self._facets(ranking, reading.filters))

    def _meanwhile(self, count: Callable[[], Facets]) -> Future[Facets]:
        """Begin to count: that takes as long as making up the page, and neither needs the other."""
        return self._counting.submit(copy_context().run, count)

    def _facets(self, ranking: Ranking, filters: Filters) -> Facets:
        if ranking.listed:
            return self.index.facets(None, (), filters, _FACET_SIZE)
        ids = [hit.item_id for hit in ranking.hits]
        return self.index.facets(ranking.wanted.terms, ids, filters, _FACET_SIZE)

    def _page(self, rank: Callable[[int], Ranking], ranking: Ranking, page: _Page) -> tuple[Ranking, tuple[Hit, ...]]:
        """A page of a ranking, which is gone deeper into while folding and districts leave the page unfilled."""
        window = WINDOW
        shown = list(self._shown(ranking.hits, page))
        while len(shown) < page.top and ranking.goes_on and window < _WIDEST_WINDOW:
            window *= _WIDENING
            ranking = ranking.followed_by(rank(window))
            shown = list(self._shown(ranking.hits, page))
        used = usages([one.item for one in shown], self.index)
        hits = tuple(_hit(one, ranking.wanted, used.get(one.item.id)) for one in shown)
        return ranking, hits

    def _shown(self, ranking: Sequence[Fused], page: _Page) -> Iterator[_Shown]:
        """The hits of a page, read in batches as they are needed."""
        notices: dict[str, Notice] = {}
        by_district: Counter[District] = Counter()
        wordings = NearIdentical()
        position = 0
        for low in range(0, len(ranking), _BATCH):
            if page.per_district is None and not page.collapse and low + _BATCH <= page.offset:
                position += _BATCH  # nothing to count in what lies before the page
                continue
            part = ranking[low : low + _BATCH]
            items = self.index.items([hit.item_id for hit in part])
            notices |= self._notices({item.notice_id for item in items} - notices.keys())
            for fused, item in zip(part, items, strict=True):
                notice = notices[item.notice_id]
                if page.collapse and wordings.first(item) != item.id:
                    continue
                by_district[district(notice)] += 1
                if page.per_district and by_district[district(notice)] > page.per_district:
                    continue
                position += 1
                if position > page.offset:
                    yield _Shown(fused, notice, item)
                if position == page.offset + page.top:
                    return

    def _finished(self, result: SearchResult, started: float, snapshot: Snapshot) -> SearchResult:
        finished = replace(result, took_ms=(time.perf_counter() - started) * 1000, partial=snapshot.partial)
        if self.on_result is not None:
            self.on_result(finished)
        return finished

    def _notices(self, notice_ids: Set[str]) -> dict[str, Notice]:
        found = {record.notice.id: record.notice for record in self.index.records(sorted(notice_ids))}
        for missing in notice_ids - found.keys():
            raise NotFoundError(f"通知 {missing} 已不在库中，请重新检索。")
        return found


def _hit(shown: _Shown, wanted: Wanted, usage: Usage | None) -> Hit:
    fused, notice, item = shown.fused, shown.notice, shown.item
    text = searched_text(item)
    return Hit(
        id=item.id,
        score=fused.score,
        notice=notice,
        item=item,
        citation=cite(notice, item),
        highlights=highlight(item.text, wanted),
        explanation=Explanation(
            lexical=LegScore(*fused.lexical) if fused.lexical else None,
            vector=LegScore(*fused.vector) if fused.vector else None,
            matched=matched_words(wanted, text),
            synonyms=matched_expansions(wanted, text),
        ),
        usage=usage if usage and usage.items > 1 else None,
    )


def _understood(reading: Reading, ranking: Ranking) -> Understood:
    return Understood(
        query=reading.query,
        words=reading.words,
        filters=reading.read,
        notes=reading.notes,
        parts=reading.parts,
        synonyms=ranking.wanted.expanded,
    )


def _check(query: str, longest: int, page: _Page) -> None:
    if len(query) > longest:
        raise QueryError(f"查询文字有 {len(query)} 字，超过 {longest} 字的上限。请缩短后重试。", code="query_too_long")
    if page.top < 1 or page.offset < 0:
        raise QueryError("每页条数须大于 0，起始位置不能为负。", code="bad_page")
    if page.offset + page.top > DEEPEST:
        raise QueryError(f"最多可翻到第 {DEEPEST} 条。请增加筛选条件缩小范围。", code="too_deep")
