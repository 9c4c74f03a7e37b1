"""Expansion of a query: the words that notices write for what was typed, and the names that agencies had before and after.

One table answers for all of it: the rows of `analyzers/lexicon/synonyms.tsv`, or the user's own, and the renames of agencies
that the parser knows. What it adds is searched besides the words, never instead of them, and weighs less.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from analyzers.folding import fold
from analyzers.lexicon.synonyms import Match, Synonym, SynonymKind, SynonymTable, read_synonyms, shipped_synonyms
from analyzers.terms import Analyzer
from indexer.index.filters import Filters
from indexer.index.weights import required_grams
from indexer.parsing.data import read_rows
from search_api.understanding import Counts

_USED = 0.002
"""Share of all items from which on words are language of the holdings."""
_LEAST_PART = 2
"""Characters of a word that may be part of a longer one: 信访 of 信访工作, but not 报 of 报告."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A phrase of the query, folded, and what is searched besides it, best first."""

    phrase: str
    expansions: tuple[str, ...]
    kind: SynonymKind


@cache
def agency_synonyms() -> tuple[Synonym, ...]:
    """Former and present names of agencies: who is asked for by one name is found under the other."""
    return tuple(
        Synonym(fold(former), (fold(successor),), SynonymKind.AGENCY, True, source)
        for former, successor, _, source in read_rows("renames.tsv")
    )


def synonym_table(own: Path | None = None) -> SynonymTable:
    """The shipped rows and those of agencies, corrected by a user's own file. Raises LexiconError."""
    return SynonymTable(agency_synonyms(), shipped_synonyms(), read_synonyms(own) if own else ())


def phrases(folded: str, table: SynonymTable, analyzer: Analyzer) -> list[Match]:
    """The phrases of the table in a folded query that begin and end where words do: 上访 is none in 线上访谈."""
    return table.find(folded, frozenset(_bounds(folded, analyzer)))


def expand(words: str, table: SynonymTable, analyzer: Analyzer, plain: Collection[str] = ()) -> tuple[Expanded, ...]:
    """The phrases of a query that the table explains, each once; those in `plain` are left alone, `*` means all."""
    if "*" in plain:
        return ()
    left = {fold(text) for text in plain}
    folded = fold(words)
    expanded = (
        Expanded(folded[match.start : match.end], searched_besides(folded, match), match.synonyms[0].kind)
        for match in phrases(folded, table, analyzer)
    )
    return tuple(dict.fromkeys(one for one in expanded if one.expansions and one.phrase not in left))


def useful(expanded: Sequence[Expanded], holdings: Counts, analyzer: Analyzer) -> tuple[Expanded, ...]:
    """What helps in an index: without the expansions that its items hardly use, told by the rarest gram of each.

    They find nothing by words, and lead vectors astray.
    """
    if not expanded:
        return ()
    grams = {text: required_grams(analyzer.analyse(text))[0] for one in expanded for text in one.expansions}
    counted = holdings.frequencies(sorted({gram for several in grams.values() for gram in several}))
    least = max(1.0, _USED * holdings.count(Filters()))
    used = {text for text, several in grams.items() if min(counted[gram] for gram in several) >= least}
    said = (replace(one, expansions=tuple(text for text in one.expansions if text in used)) for one in expanded)
    return tuple(one for one in said if one.expansions)


def searched_besides(folded: str, match: Match) -> tuple[str, ...]:
    """What is searched besides a phrase of a folded query: what the query says already needs no adding."""
    return tuple(expansion for expansion in match.expansions if expansion not in folded)


def _bounds(folded: str, analyzer: Analyzer) -> Iterator[int]:
    """Where words begin and end, and where a word is several words put together: 信访|工作, 不管|怎么."""
    yield 0
    start = 0
    for word in analyzer.cut(folded):
        for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
            parts = (*analyzer.cut(word[:at]), *analyzer.cut(word[at:]))
            # Latin letters and digits are never cut apart.
            if not word.isascii() and all(len(part) >= _LEAST_PART for part in parts):
                yield start + at
        start += len(word)
        yield start
