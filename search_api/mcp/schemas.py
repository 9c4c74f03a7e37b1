"""What the tools answer with: documents of the API (see `search_api.answers`) with fewer fields, so that they stay short.

A model takes its fields out of the longer document and leaves the others behind; it also is the schema that clients are told.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpus.model import BasisReference, ItemKind, ResponsibleUnit
from indexer.index.protocol import FacetCount
from search_api.citation_check import CitationState, QuotationState
from search_api.differences import Phrase
from search_api.results import Searched

LONGEST_IN_LIST = 1_500
"""Characters of a provision's text in a list."""
LONGEST = 20_000
"""Characters of a provision's text where it is shown alone."""

_MOST_VALUES = 8
_FACETS = ("province", "city", "district", "year", "unit", "basis", "doc_type")


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)


class Notice(_Document):
    """A notice; place and dates are null where it does not give them."""

    id: str
    title: str
    document_number: str | None
    issuer: str | None
    date_issued: str | None
    province: str | None
    city: str | None
    district: str | None
    plan_year_start: int | None
    plan_year_end: int | None
    doc_type: str | None


class Item(_Document):
    """A provision. Units, schedule and basis are no part of `text`."""

    id: str
    notice_id: str
    kind: ItemKind
    path: list[str]
    text: str
    truncated: bool = False
    """`text` is only the beginning; `show` has more."""
    units: list[ResponsibleUnit]
    schedule: str | None
    deadlines: list[str]
    targets: list[str]
    basis: list[BasisReference]

    @model_validator(mode="before")
    @classmethod
    def _shorten(cls, item: dict[str, Any]) -> dict[str, Any]:
        return _shortened(item, LONGEST_IN_LIST)


class WholeItem(Item):
    """A provision with its whole text, or as much of it as an answer takes."""

    @model_validator(mode="before")
    @classmethod
    def _shorten(cls, item: dict[str, Any]) -> dict[str, Any]:
        return _shortened(item, LONGEST)


class Usage(_Document):
    """How many use the same words, this provision included; `at_least`: there may be more."""

    districts: int
    notices: int
    items: int
    at_least: bool


class Differences(_Document):
    """How a provision differs from the text that was compared (left); likeness is 0 to 1."""

    likeness: float
    phrases: list[Phrase]


class Hit(_Document):
    """A found provision. `citation` is to be used as it is; `id` leads to the whole of it."""

    id: str
    citation: str
    notice: Notice
    item: Item
    usage: Usage | None
    differences: Differences | None


class Understood(_Document):
    """What was read out of the query besides words; `notes` say it in Chinese."""

    query: str
    words: str
    filters: dict[str, list[str]]
    notes: list[str]


class Broader(_Document):
    """A search that finds something."""

    words: str
    filters: dict[str, list[str]]
    leaves_out: str


class NoneFound(_Document):
    """What was searched in vain, what is not held at all, and broader searches that find something."""

    searched: Searched
    missing: list[str]
    broader: list[Broader]


class SearchAnswer(_Document):
    """A page of provisions, best first. `total` and `facets` count all matches, the values of most provisions only."""

    query: str
    understood: Understood
    total: int
    hits: list[Hit]
    facets: dict[str, list[FacetCount]]
    mode: Literal["hybrid", "lexical"]
    partial: bool
    none_found: NoneFound | None

    @model_validator(mode="before")
    @classmethod
    def _shorten(cls, answer: dict[str, Any]) -> dict[str, Any]:
        facets = {name: answer["facets"].get(name, [])[:_MOST_VALUES] for name in _FACETS}
        return answer | {"facets": facets, "query": answer["query"][:LONGEST_IN_LIST]}


class ShownItem(_Document):
    """A provision with its citation; `citation_sha256` is that of its text in UTF-8."""

    item: WholeItem
    notice: Notice
    citation: str
    citation_sha256: str


class OutlineItem(_Document):
    """A provision of a notice: its citation and beginning."""

    id: str
    citation: str
    kind: ItemKind
    path: list[str]
    beginning: str


class ShownNotice(_Document):
    """A notice with some of its provisions; `next_offset` is where they go on, null after the last."""

    notice: Notice
    total: int
    items: list[OutlineItem]
    next_offset: int | None


class ShowAnswer(_Document):
    """A provision or a notice, whichever was asked for."""

    item: ShownItem | None = None
    notice: ShownNotice | None = None


class HeldNotice(Notice):
    """A notice with its number of provisions."""

    items: int


class NoticesAnswer(_Document):
    """A page of notices, newest first."""

    total: int
    notices: list[HeldNotice]
    next_offset: int | None


class CheckedItem(_Document):
    """A provision that is cited, and whether it has the quoted words; null where nothing was quoted."""

    id: str
    citation: str
    text: str
    truncated: bool = False
    quotation: QuotationState | None

    @model_validator(mode="before")
    @classmethod
    def _shorten(cls, item: dict[str, Any]) -> dict[str, Any]:
        return _shortened(item, LONGEST_IN_LIST)


class CitationAnswer(_Document):
    """Where a citation leads.

    `exact`: to a provision, word for word. `differs`: to a provision that is to be cited otherwise, see `items`. `notice`: to a
    notice that has no such provision. `not_held`: nowhere in what is held, which does not say that it is wrong.
    """

    given: str
    state: CitationState
    holds: bool = Field(description="Whether the citation, and what is quoted if anything, can be used as given.")
    notes: list[str]
    items: list[CheckedItem]


def _shortened(item: dict[str, Any], longest: int) -> dict[str, Any]:
    cut = len(item["text"]) > longest
    return item | {"text": item["text"][:longest], "truncated": cut or item.get("truncated", False)}
