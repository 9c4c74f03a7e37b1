"""Which of the ranked items count as found: shown, counted and faceted.

BM25 over single characters and nearest neighbours rank almost everything that is held. What is shown must stop somewhere,
so that a query about something else finds nothing. Limits were set on judged queries of five notices and of the samples,
and on 48 queries from other fields (recipes, football): docs/retrieval.md has the figures. Cosines are those of bge-small-zh-v1.5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import log

from analyzers.folding import fold
from analyzers.terms import Terms
from corpus.model import TaskItem
from indexer.index.filters import Filters
from search_api.expansion import Expanded
from search_api.fusion import Fused
from search_api.understanding import Counts

_LEAST_SHARE_OF_BEST = 0.25
"""Least BM25 score, as a share of the best one."""
_LEAST_SHARE_IN_OTHER_WORDS = 0.18
"""The same where other words will do: what says them alone is far behind what repeats the query."""
_LEAST_COVERAGE = 0.4
"""Least share of the query's words that the best items must have, for the lexical leg to count where vectors judge too."""
_LEAST_COVERAGE_ALONE = 0.22
"""The same where there are no vectors."""
_LEAST_BEST_COSINE = 0.53
"""Least cosine similarity of the best item, where the lexical leg does not count: from 0.57 in this field, to 0.49 in others."""
_LEAST_COSINE = 0.40
"""Least cosine similarity of the others."""
_COSINE_MARGIN = 0.15
"""Greatest distance from the best cosine similarity."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is sought: the query's terms, and the phrases of it that are expanded, each with the words that make it up."""

    terms: Terms
    expanded: tuple[Expanded, ...] = ()
    phrases: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of two or more characters, each once; single characters where there are no others."""
        distinct = tuple(dict.fromkeys(self.terms.words))
        return tuple(word for word in distinct if len(word) > 1) or distinct


def matched_words(wanted: Wanted, text: str) -> tuple[str, ...]:
    """The query's words that stand in a folded text."""
    return tuple(word for word in wanted.words if word in text)


def matched_expansions(wanted: Wanted, text: str) -> tuple[Expanded, ...]:
    """The phrases that a folded text says in other words, with these."""
    found = (replace(one, expansions=tuple(each for each in one.expansions if each in text)) for one in wanted.expanded)
    return tuple(one for one in found if one.expansions)


def searched_text(item: TaskItem) -> str:
    """The text of an item and the headings above it, folded."""
    return fold("\n".join((*item.path, item.text)))


def rarity(wanted: Wanted, holdings: Counts) -> dict[str, float]:
    """How much each word of the query tells: ln((N + 1) / (n + ½)), the inverse document frequency of BM25.

    n of the N items held have the word, as far as its rarest bigram tells; of one that is not held it is 0.
    """
    held = holdings.count(Filters())
    having = holdings.frequencies(tuple(dict.fromkeys(wanted.terms.grams)))
    frequencies = {
        word: min((having[gram] for gram in _grams(word) if gram in having), default=0) for word in wanted.words
    }
    return {word: log((held + 1) / (min(frequency, held) + 0.5)) for word, frequency in frequencies.items()}


def coverage(wanted: Wanted, items: Sequence[TaskItem], rarities: Mapping[str, float]) -> float:
    """The greatest share of the query's words that one of `items` has, itself or by an expansion, 0 to 1.

    Each word counts as much as it is rare: an item with 做法 has little of 红烧肉的做法.
    """
    whole = sum(rarities.values())
    shares = (sum(rarities.get(word, 0.0) for word in _covered(wanted, searched_text(item))) / whole for item in items)
    return max(shares, default=0.0) if whole else 0.0


def _covered(wanted: Wanted, text: str) -> frozenset[str]:
    said = (wanted.phrases[one.phrase] for one in matched_expansions(wanted, text))
    return frozenset(matched_words(wanted, text)).union(*said)


def _grams(word: str) -> tuple[str, ...]:
    """What index terms tell how frequent a word is: its bigrams, or itself where it is a character or in Latin letters."""
    return (word, *map("".join, pairwise(word)))


def found(ranking: Sequence[Fused], covered: float, *, in_other_words: bool) -> list[Fused]:
    """The hits of a fused ranking that count as found; `covered` is the coverage of the best lexical ones.

    `in_other_words`: what is sought may be said so, as a query that is expanded, or a whole provision.
    """
    least_share = _LEAST_SHARE_IN_OTHER_WORDS if in_other_words else _LEAST_SHARE_OF_BEST
    best_lexical = max((hit.lexical[1] for hit in ranking if hit.lexical), default=0.0)
    best_cosine = max((hit.vector[1] for hit in ranking if hit.vector), default=None)
    lexical_counts = covered >= (_LEAST_COVERAGE_ALONE if best_cosine is None else _LEAST_COVERAGE)
    if best_cosine is not None and best_cosine < _LEAST_BEST_COSINE and not lexical_counts:
        return []
    least_cosine = max(_LEAST_COSINE, (best_cosine or 0.0) - _COSINE_MARGIN)
    return [
        hit
        for hit in ranking
        if (hit.vector and hit.vector[1] >= least_cosine)
        or (lexical_counts and hit.lexical and hit.lexical[1] >= least_share * best_lexical)
    ]
