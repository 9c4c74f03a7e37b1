"""What a search answers with."""

from dataclasses import dataclass

from corpus.citation import Citation
from corpus.model import Notice, TaskItem
from indexer.index.filters import Filters
from indexer.index.protocol import Facets


@dataclass(frozen=True, slots=True)
class Understood:
    """What was recognised in the query besides words: shown to the user, each part removable.

    `filters` are those read from the query's words; `words` is what was left to search for; `notes` say in Chinese
    what was done, one a line.
    """

    words: str
    filters: Filters
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LegScore:
    """Where one leg ranked a hit (1 is first) and with which score (BM25, or cosine similarity)."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit was found: each leg's place, None where the leg did not find it, and the query's words in its text."""

    lexical: LegScore | None
    vector: LegScore | None
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A fragment of the item's raw text, and the character ranges in it that the query matched."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item. `score` is the fused score, 0 to 1."""

    id: str
    score: float
    notice: Notice
    item: TaskItem
    citation: Citation
    highlights: tuple[Highlight, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits. `mode` is hybrid, or lexical where no vectors took part; `took_ms` in milliseconds."""

    query: str
    understood: Understood
    total: int
    hits: tuple[Hit, ...]
    facets: Facets
    took_ms: float
    mode: str
