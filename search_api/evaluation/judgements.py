"""Judged queries: what is asked, and which items answer it how well."""

from dataclasses import dataclass, field

from corpus.errors import XianliError
from indexer.index.filters import Filters

SIMILAR = "similar"
"""The type of queries that ask for items like a held one."""


class JudgementError(XianliError):
    """A file of queries or judgements, or a line of one, that can't be read."""

    code = "bad_judgements"


@dataclass(frozen=True, slots=True)
class Passage:
    """An item named by its words: the name of its notice's file, and how its text may begin.

    Such a name holds on any index, whatever ids the items have there.
    """

    file: str
    starts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.starts[0]}…（{self.file}）"


Target = str | Passage
"""An item, named by its id or by its words."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well an item answers a query: 0 not at all, greater is better."""

    target: Target
    grade: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with its judgements. `kind` is its type, by which figures are averaged.

    `query` are its words; with `similar_to` the query is that item instead. Without judgements it is only run.
    """

    qid: str
    kind: str
    query: str
    filters: Filters = field(default_factory=Filters)
    similar_to: Target | None = None
    judgements: tuple[Judgement, ...] = ()

    @property
    def shown(self) -> str:
        """The query as a reader sees it."""
        return self.query if self.similar_to is None else str(self.similar_to)


@dataclass(frozen=True, slots=True)
class Qrel:
    """A judgement on a held item, as measures take it; an item without one counts as grade 0."""

    qid: str
    item_id: str
    grade: int
