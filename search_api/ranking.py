"""Ranking: both legs, expansion by synonyms, fusion, and what raises an item or puts it first.

Weights were tuned on judged queries of five notices and on STARD together: docs/retrieval.md has the tables.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analyzers.embedding import Embedder, FloatArray
from analyzers.lexicon.synonyms import SynonymKind, SynonymTable
from analyzers.terms import Analyzer, Terms
from indexer.index.filters import BasisFilter, Filters
from indexer.index.protocol import Index, ScoredItem
from indexer.index.weights import Expansion
from search_api.expansion import Expanded, expand, useful
from search_api.fusion import Fused, fuse
from search_api.matching import Wanted, coverage, found, rarity
from search_api.understanding import LONGEST_READ, Counts, Exact, Reading

WINDOW = 200
"""Items that each leg hands to fusion."""
_BEST = 5
"""Best lexical items that are looked at for the query's coverage."""

# The vector leg's share of the fused score. A query whose words the best items have trusts both legs alike; a paraphrase,
# which they don't, trusts vectors; a whole provision trusts words most.
_VECTOR_SHARE_COVERED = 0.5
_VECTOR_SHARE_UNCOVERED = 0.65
_VECTOR_SHARE_OF_TEXT = 0.15

_EXPANSION_WEIGHTS = {
    SynonymKind.ABBREVIATION: 0.4,
    SynonymKind.COLLOQUIAL: 0.5,
    SynonymKind.TERM: 0.2,
    SynonymKind.AGENCY: 0.4,
}
"""BM25 weight of what a phrase is expanded to, in relation to the words typed; n expansions share it as 1/√n each. Official
terms are in notices themselves and need little help; everyday language is not."""
_UNIT_BOOST = 0.3
"""Added to the fused score, which is 0 to 1, for a unit that is asked for, and once more for the unit in its role."""
_ROLE_BOOST = 0.05
"""Added for any unit in a role (谁牵头…): who answers best says who leads, but many relevant items have no unit clause."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The items that count as found, best first, with what they were found by.

    `listed`: nothing was sought but filters, and every item that satisfies them is a hit. `goes_on`: there may be more
    behind the window that was looked at.
    """

    wanted: Wanted
    hits: list[Fused]
    listed: bool = False
    goes_on: bool = False

    def followed_by(self, deeper: "Ranking") -> "Ranking":
        """With what a deeper window adds behind: what was ranked stays where it is, so that pages fit together."""
        return replace(deeper, hits=_merged(self.hits, deeper.hits))


@dataclass(frozen=True, slots=True)
class Legs:
    """What each leg finds, best first, before fusion and before the list is cut; no vector leg where no vectors take part."""

    wanted: Wanted
    lexical: list[ScoredItem]
    nearest: list[ScoredItem] | None

    def fused(self, vector_share: float) -> list[Fused]:
        """Both as one ranking; without a vector leg the lexical scores count in full."""
        return fuse(self.lexical, self.nearest or (), 0.0 if self.nearest is None else vector_share)

    def go_on(self, hits: Sequence[Fused], window: int) -> bool:
        """Whether a leg filled its window, and the last of it counts as found."""
        found_ids = {hit.item_id for hit in hits}
        full = (leg for leg in (self.lexical, self.nearest or []) if len(leg) == window)
        return any(leg[-1].item_id in found_ids for leg in full)


class Ranker:
    """Ranks the items of one index. Threads may share one."""

    def __init__(
        self, index: Index, holdings: Counts, analyzer: Analyzer, embedder: Embedder | None, synonyms: SynonymTable
    ) -> None:
        """`embedder` takes part when the index holds vectors of its model; `holdings` are those of the index."""
        self._index = index
        self._holdings = holdings
        self._analyzer = analyzer
        self._embedder = embedder
        self._synonyms = synonyms

    @property
    def vectors_take_part(self) -> bool:
        """Whether there is a vector leg."""
        return self._embedder is not None and self._embedder.fingerprint == self._index.fingerprint

    def words(self, text: str) -> tuple[str, ...]:
        """The words of a text that are worth searching alone."""
        return Wanted(self._analyzer.analyse(text)).words

    def rank(self, reading: Reading, window: int = WINDOW, plain: Collection[str] = ()) -> Ranking:
        """The items for a query as understood, among the best `window` of each leg."""
        filters = reading.filters
        if not reading.words.strip():
            return self._listed(reading.exact, filters, window)
        if len(reading.words) > LONGEST_READ:
            return self.rank_text(reading.words, filters, window)
        legs = self.legs(reading, window, plain)
        if not legs.wanted.terms.grams:  # nothing but punctuation and pictures, whose vectors mean nothing
            return Ranking(legs.wanted, [])
        best = self._index.items([hit.item_id for hit in legs.lexical[:_BEST]])
        covered = coverage(legs.wanted, best, rarity(legs.wanted, self._holdings))
        share = _VECTOR_SHARE_COVERED + (_VECTOR_SHARE_UNCOVERED - _VECTOR_SHARE_COVERED) * (1 - covered)
        hits = found(legs.fused(share), covered, in_other_words=bool(legs.wanted.expanded))
        goes_on = legs.go_on(hits, window)
        hits = self._boosted(hits, reading.boosts)
        first = self._first(reading.exact, legs.wanted.terms, filters, window)
        return Ranking(legs.wanted, _merged(first, hits), goes_on=goes_on)

    def rank_text(self, text: str, filters: Filters, window: int = WINDOW) -> Ranking:
        """The items like a whole provision."""
        legs = self.legs_of_text(text, filters, window)
        hits = found(legs.fused(_VECTOR_SHARE_OF_TEXT), 1.0, in_other_words=True)
        return Ranking(legs.wanted, hits, goes_on=legs.go_on(hits, window))

    def legs(self, reading: Reading, k: int, plain: Collection[str] = ()) -> Legs:
        """The best `k` items of each leg for a query as understood and what its words are expanded to."""
        words, filters = reading.words, reading.filters
        expanded = useful(expand(words, self._synonyms, self._analyzer, plain), self._holdings, self._analyzer)
        phrases = {one.phrase: frozenset(self._analyzer.analyse(one.phrase).words) for one in expanded}
        wanted = Wanted(self._analyzer.analyse(words), expanded, phrases)
        if not wanted.terms.grams:
            return Legs(wanted, [], [])
        return self._both(wanted, self._vector(reading.sentence, expanded), filters, k, self._expansions(expanded))

    def legs_of_text(self, text: str, filters: Filters, k: int) -> Legs:
        """The same for a whole provision, whose words say what they mean: nothing is added to them."""
        return self._both(Wanted(self._analyzer.analyse(text)), self._vector(text, ()), filters, k)

    def _both(
        self, wanted: Wanted, vector: FloatArray | None, filters: Filters, k: int, expansions: Sequence[Expansion] = ()
    ) -> Legs:
        if vector is None:
            return Legs(wanted, self._index.lexical(wanted.terms, filters, k, expansions), None)
        return Legs(wanted, *self._index.legs(wanted.terms, vector, filters, k, expansions))

    def _listed(self, exact: Exact, filters: Filters, window: int) -> Ranking:
        """What is named by number or title, otherwise everything that satisfies the filters."""
        nothing = Terms((), ())
        first = self._first(exact, nothing, filters, window)
        if first:
            return Ranking(Wanted(nothing), first)
        listed = fuse(self._index.lexical(None, filters, window), (), 0.0)
        return Ranking(Wanted(nothing), listed, listed=True, goes_on=len(listed) == window)

    def _expansions(self, expanded: Sequence[Expanded]) -> list[Expansion]:
        return [
            Expansion(self._analyzer.analyse(expansion), _EXPANSION_WEIGHTS[one.kind] / len(one.expansions) ** 0.5)
            for one in expanded
            for expansion in one.expansions
        ]

    def _vector(self, text: str, expanded: Sequence[Expanded]) -> FloatArray | None:
        """The vector of a text; where its words are expanded, halfway to that of the text with their expansions."""
        if self._embedder is None or not self.vectors_take_part:
            return None
        vector = self._embedder.encode_query(text)
        if expanded:
            added = (expansion for one in expanded for expansion in one.expansions)
            between = vector + self._embedder.encode_query(" ".join((text, *added)))
            vector = between / np.linalg.norm(between)
        return vector

    def _boosted(self, hits: list[Fused], boosts: Sequence[Filters]) -> list[Fused]:
        """The hits with those that satisfy boosts raised; scores stay between 0 and 1."""
        if not boosts or not hits:
            return hits
        ids = [hit.item_id for hit in hits]
        weights = [_UNIT_BOOST if boost.unit else _ROLE_BOOST for boost in boosts]
        satisfied = [self._index.among(ids, boost) for boost in boosts]
        raised = [
            hit._replace(score=(hit.score + _sum_where(weights, hit.item_id, satisfied)) / (1 + sum(weights)))
            for hit in hits
        ]
        return sorted(raised, key=lambda hit: (-hit.score, hit.item_id))

    def _first(self, exact: Exact, terms: Terms, filters: Filters, window: int) -> list[Fused]:
        """The items that a query names by number or title: those of notices, then those that rest on documents.

        Each group by BM25 where there are words besides, otherwise in the order of the notices.
        """
        groups = []
        if exact.notices:
            groups.append(replace(filters, notice=exact.notices))
        if exact.documents:
            groups.append(replace(filters, basis=tuple(map(BasisFilter, exact.documents))))
        listed = [hit for group in groups for hit in self._index.lexical(terms if terms.grams else None, group, window)]
        return [Fused(item_id, 1.0, None, None) for item_id in dict.fromkeys(hit.item_id for hit in listed)]


def _merged(first: Sequence[Fused], then: Sequence[Fused]) -> list[Fused]:
    """`first`, then the others; a hit that is in both keeps what the legs said of it."""
    by_id = {hit.item_id: hit for hit in then}
    ahead = [by_id.get(hit.item_id, hit)._replace(score=hit.score) for hit in first]
    named = {hit.item_id for hit in ahead}
    return [*ahead, *(hit for hit in then if hit.item_id not in named)]


def _sum_where(weights: Sequence[float], item_id: str, among: Sequence[frozenset[str]]) -> float:
    return sum(weight for weight, ids in zip(weights, among, strict=True) if item_id in ids)
