"""What a query is read as."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum

from corpus.model import Span
from indexer.index.filters import Filters


class PartKind(StrEnum):
    """What a part of a query was recognised as."""

    NUMBER = "number"
    DOCUMENT = "document"
    TITLE = "title"
    PLACE = "place"
    YEAR = "year"
    TYPE = "type"
    UNIT = "unit"
    QUESTION = "question"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the query that means more than its words; `text` as typed, `span` in the query as typed.

    What it became: `filters` that items must satisfy; `boosts`, each of which makes the items that satisfy it rank higher
    and leaves out none; `notices` (ids) whose items come first, then items that rest on `documents` (titles or numbers);
    `correction`, other words in its place. `note` says so in Chinese. `stays`: its words are searched nevertheless.
    A part that became nothing has only its note.
    """

    kind: PartKind
    text: str
    span: Span
    note: str
    filters: Filters = field(default_factory=Filters)
    boosts: tuple[Filters, ...] = ()
    notices: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    correction: str | None = None
    stays: bool = False

    @property
    def restricts(self) -> bool:
        """Whether it leaves items out."""
        return self.filters != Filters()

    @property
    def applies(self) -> bool:
        """Whether it became anything."""
        named = self.boosts or self.notices or self.documents or self.correction is not None
        return self.restricts or bool(named) or self.kind is PartKind.QUESTION


@dataclass(frozen=True, slots=True)
class Exact:
    """What comes first: items of `notices` (ids), then items that rest on one of `documents` (titles or numbers)."""

    notices: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as understood.

    `words` are what remains to be searched, empty only where `filters` or `exact` say it all; `sentence` is the same with
    its question words, which mean something to vectors though no provision has them. `filters` are those asked
    for and those read, `read` the latter alone. Each of `boosts` raises the items that satisfy it. `query` is the query
    with its spelling corrected, `notes` say in Chinese what was done, one a line.
    """

    query: str
    words: str
    filters: Filters
    sentence: str = ""
    read: Filters = field(default_factory=Filters)
    boosts: tuple[Filters, ...] = ()
    exact: Exact = Exact()
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()


def joined(several: Iterable[Filters]) -> Filters:
    """All values of several filters, each once."""
    listed = list(several)
    return Filters(
        **{
            each.name: tuple(dict.fromkeys(value for one in listed for value in getattr(one, each.name)))
            for each in fields(Filters)
        }
    )
