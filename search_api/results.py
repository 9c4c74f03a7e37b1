"""What a search answers with."""

from dataclasses import dataclass

from corpus.citation import Citation
from corpus.model import Notice, TaskItem
from indexer.index.filters import Filters
from indexer.index.protocol import Facets
from search_api.differences import Segment
from search_api.expansion import Expanded
from search_api.near_identical import Usage
from search_api.understanding import Part


@dataclass(frozen=True, slots=True)
class Understood:
    """What was recognised in the query besides words: shown to the user, each part removable.

    `query` is the query with its spelling corrected, `filters` are those read from it, `words` is what was left to search
    for; `notes` say in Chinese what was done, one a line. `parts` and `synonyms` are taken back by giving the text or the
    phrase as `plain`.
    """

    query: str
    words: str
    filters: Filters
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    synonyms: tuple[Expanded, ...] = ()


@dataclass(frozen=True, slots=True)
class LegScore:
    """Where one leg ranked a hit (1 is first) and with which score (BM25, or cosine similarity)."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a hit was found: each leg's place, None where the leg did not find it, and the query's words in its text.

    `synonyms`: the phrases that it says in other words, with these.
    """

    lexical: LegScore | None
    vector: LegScore | None
    matched: tuple[str, ...]
    synonyms: tuple[Expanded, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A fragment of the item's raw text, and the character ranges in it that the query matched."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item. `score` is the fused score, 0 to 1.

    `usage`: who else uses its wording, None where nobody does. `differences`: from the text that was compared, if any.
    """

    id: str
    score: float
    notice: Notice
    item: TaskItem
    citation: Citation
    highlights: tuple[Highlight, ...]
    explanation: Explanation
    usage: Usage | None = None
    differences: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class WordingUser:
    """An item that is near-identical to another one, and how it differs from that."""

    notice: Notice
    item: TaskItem
    citation: Citation
    differences: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class WordingUsers:
    """Who uses the wording of `item`, oldest first; `usage` is None where nobody else does."""

    item: TaskItem
    usage: Usage | None
    users: tuple[WordingUser, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What several hits have in common, as one of them prints it, and their ids in the order of rank."""

    value: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimilarGroups:
    """Hits by district, and by what they share: a unit in the same role, an article, a target; most hits first.

    `districts`: ids of the best hit of each district, in the order of rank.
    """

    districts: tuple[str, ...]
    units: tuple[Shared, ...]
    basis: tuple[Shared, ...]
    targets: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search went through: numbers of notices and items, and the districts and plan years that they are of."""

    notices: int
    items: int
    districts: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Broader:
    """A search that finds something: its words and filters, and in Chinese what it leaves out."""

    words: str
    filters: Filters
    leaves_out: str


@dataclass(frozen=True, slots=True)
class NoneFound:
    """Why nothing was found, as far as the holdings tell. `missing` says in Chinese what is not held, one a line."""

    searched: Searched
    missing: tuple[str, ...]
    broader: tuple[Broader, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits. `mode` is hybrid, or lexical where no vectors took part; `took_ms` in milliseconds.

    `groups` where a text was compared; `none_found` where there are no hits. `partial`: a part of the index did not answer,
    so that hits may be missing and counts be too low.
    """

    query: str
    understood: Understood
    facets: Facets
    hits: tuple[Hit, ...]
    took_ms: float
    mode: str
    groups: SimilarGroups | None = None
    none_found: NoneFound | None = None
    partial: bool = False

    @property
    def total(self) -> int:
        """Number of all matches."""
        return self.facets.total
