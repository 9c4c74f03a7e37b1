"""The documents of the API as pydantic models: they describe the answers in OpenAPI and read request bodies.

Answers are not built from them, for the sake of speed; a test holds real answers against them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from corpus.citation import Citation, Citations
from corpus.model import (
    BasisReference,
    ItemKind,
    Label,
    Notice,
    ParseWarning,
    Provenance,
    ResponsibleUnit,
    Span,
)
from indexer.index.protocol import FacetCount
from search_api.comparison import Aspect
from search_api.differences import Phrase, Segment
from search_api.expansion import Expanded
from search_api.http import cursors
from search_api.results import Explanation, Highlight, Searched, SimilarGroups
from search_api.suggestions import SuggestionKind
from search_api.understanding import PartKind

Mode = Literal["hybrid", "lexical"]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Item(_Document):
    """A provision; see corpus.model.TaskItem."""

    id: str = Field(examples=["a9f09fca2f54-005"])
    notice_id: str = Field(examples=["a9f09fca2f54"])
    order: int = Field(examples=[5])
    kind: ItemKind
    label: str = Field(examples=["（五）"])
    path: list[str] = Field(examples=[["二、管好文件，守住制度源头", "（五）"]])
    labels: list[Label]
    heading: str | None
    text: str = Field(examples=["文件印发之日起十五日内报送备案。"])
    units: list[ResponsibleUnit]
    units_raw: str | None
    schedule: str | None
    deadlines: list[str]
    targets: list[str]
    basis: list[BasisReference]
    mentions: list[BasisReference]
    span: Span
    provenance: Provenance


class CitedItem(Item):
    """A provision with its citation."""

    citation: str = Field(examples=["《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）二、（五）"])
    citation_parts: Citation


class FirstUse(_Document):
    """The provision that used a wording first."""

    item_id: str
    notice_id: str
    title: str = Field(examples=["青溪区2018年法治政府建设工作安排"])


class Usage(_Document):
    """Who uses a wording, over all that is held: near-identical provisions, this one included.

    `members` are ids of the others, oldest first, 20 at most; `at_least`: there may be more.
    """

    districts: int
    notices: int
    items: int
    at_least: bool
    first: FirstUse
    members: list[str]


class Differences(_Document):
    """How a text differs from the one it is compared with (left): spans in both, phrases, and likeness from 0 to 1."""

    likeness: float
    segments: list[Segment]
    phrases: list[Phrase]


class Hit(_Document):
    """A found provision. `score` is 0 to 1 and comparable within one answer only.

    `usage` where others use nearly the same words; `differences` where a text was compared.
    """

    id: str
    score: float
    notice: Notice
    item: Item
    citation: str
    citation_parts: Citation
    highlights: list[Highlight]
    explanation: Explanation
    usage: Usage | None
    differences: Differences | None


class Part(_Document):
    """A stretch of the query that was read as more than words; giving its `text` as `plain` takes it back."""

    kind: PartKind
    text: str
    span: Span
    note: str = Field(examples=["区县：青溪区"])


class Understood(_Document):
    """What was read out of the query: `filters` have the form of the query parameters.

    `query` is the query with its spelling corrected, `words` what was searched for besides filters. Giving the phrase of
    a synonym as `plain` leaves it as it is.
    """

    query: str
    words: str
    filters: dict[str, list[str]] = Field(examples=[{"basis": ["实施方案:12"]}])
    notes: list[str]
    parts: list[Part]
    synonyms: list[Expanded]


class Broader(_Document):
    """A search that finds something; `filters` have the form of the query parameters."""

    words: str
    filters: dict[str, list[str]]
    leaves_out: str = Field(examples=["不限年份"])


class NoneFound(_Document):
    """What was searched in vain, what is not held at all, and the nearest broader searches that find something."""

    searched: Searched
    missing: list[str]
    broader: list[Broader]


class SearchAnswer(_Document):
    """A page of hits, best first. `total` and `facets` count all matches.

    `groups` where a text was compared, `none_found` where there are no hits.
    """

    query: str = Field(examples=["规范性文件备案审查"])
    understood: Understood
    total: int
    hits: list[Hit]
    facets: dict[str, list[FacetCount]]
    took_ms: float
    mode: Mode
    partial: bool
    """A part of the index did not answer: hits may be missing, and counts be too low."""
    groups: SimilarGroups | None
    none_found: NoneFound | None


class SearchPage(SearchAnswer):
    """A page of a search that can be read on."""

    next: str | None
    """The `cursor` of the next page; null after the last one. Near-identical provisions that are folded can leave that empty."""
    moved: bool
    """The index has changed since the page that the cursor is from: hits may be missing, or come twice."""


class Suggestion(_Document):
    """A unit, basis document, phrase or title that is held. `filters` have the form of the query parameters.

    `count`: provisions that the unit is charged with, that rest on the document, that the notice of the title has, or over
    which the phrase stands in a heading.
    """

    text: str = Field(examples=["规范性文件备案审查"])
    kind: SuggestionKind
    count: int
    filters: dict[str, list[str]] = Field(examples=[{"unit": ["区司法局"]}])


class SuggestionsAnswer(RootModel[list[Suggestion]]):
    """Suggestions, most used first."""


class WordingUser(_Document):
    """A near-identical provision, and how it differs."""

    notice: Notice
    item: Item
    citation: str
    citation_parts: Citation
    differences: Differences


class WordingAnswer(_Document):
    """Who uses the wording of a provision, oldest first; `usage` is null where nobody else does."""

    usage: Usage | None
    users: list[WordingUser]


class FacetsAnswer(_Document):
    """Counts over all matches."""

    total: int
    facets: dict[str, list[FacetCount]] = Field(examples=[{"district": [{"value": "青溪区", "count": 12}]}])
    partial: bool
    """A part of the index did not answer: counts may be too low."""


class ItemAnswer(_Document):
    """A provision with its notice, its citation and the stretch of the source that it was read from."""

    item: Item
    notice: Notice
    citation: str
    citation_parts: Citation
    citations: Citations
    source_text: str


class ComparedItem(_Document):
    """A provision of a comparison; `differences` from the first one, null for the first itself."""

    notice: Notice
    item: Item
    citation: str
    citation_parts: Citation
    differences: Differences | None


class Feature(_Document):
    """A unit, deadline, target or basis article, as the first provision that has it prints it, and all that have it."""

    aspect: Aspect
    value: str = Field(examples=["区司法局（牵头）"])
    item_ids: list[str]


class ComparisonAnswer(_Document):
    """Provisions side by side, in the order that was asked for."""

    items: list[ComparedItem]
    features: list[Feature]


class OutlineEntry(_Document):
    """A section or, where `item_id` is given, a provision. `level` counts from 1."""

    level: int
    label: str
    heading: str
    provenance: Provenance
    item_id: str | None


class NoticeAnswer(_Document):
    """A notice with all its provisions, its outline and the doubts that parsing had."""

    notice: Notice
    items: list[CitedItem]
    outline: list[OutlineEntry]
    warnings: list[ParseWarning]


class NoticesAnswer(_Document):
    """A page of notices, newest first; each has the fields of a notice and its number of `items`."""

    total: int
    notices: list[dict[str, Any]] = Field(
        examples=[[{"id": "a9f09fca2f54", "title": "青溪区2018年法治政府建设工作安排", "items": 22}]]
    )
    next: str | None
    """The `cursor` of the next page; null after the last one."""
    moved: bool
    """The index has changed since the page that the cursor is from: notices may be missing, or come twice."""


class Health(_Document):
    """The process lives."""

    status: Literal["ok"]


class Readiness(_Document):
    """The index can be searched; `partial` where a part of it does not answer."""

    status: Literal["ready", "partial"]
    mode: Mode
    notices: int
    items: int
    vectors: int
    fingerprint: str | None
    backend: str


class Problem(BaseModel):
    """A problem document (RFC 9457). `code` is stable, `detail` is for the reader."""

    type: str = Field(examples=["urn:xianli:problem:empty_query"])
    title: str = Field(examples=["参数有误"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["请输入查询词，或至少选择一个筛选条件。"])
    code: str = Field(examples=["empty_query"])
    request_id: str | None = Field(None, examples=["9f2c1e5ab0d34c77"])
    """By which the log knows the request; also in the header X-Request-Id."""
    errors: list[dict[str, str]] | None = None


def _as_strings(value: object) -> object:
    """One value for a list of one; a year may be a number."""
    values = value if isinstance(value, list) else [value]
    return [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in values]


Values = Annotated[
    list[str],
    BeforeValidator(_as_strings, json_schema_input_type=str | int | list[str | int]),
    Field(default_factory=list),
]


class _Request(_Document):
    """Which of the hits are wanted, and the filters, each a value or a list of them."""

    top: int = Field(10, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)
    collapse: bool = True
    district: Values
    city: Values
    province: Values
    year: Values
    unit: Values
    role: Values
    basis: Values
    type: Values
    kind: Values


class SearchRequest(_Request):
    """A query and the filters, as the parameters of GET /search."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"q": "规范性文件备案审查", "district": ["青溪区", "松岭县"], "year": 2018}]}
    )

    q: str = ""
    cursor: str = Field("", max_length=cursors.LONGEST)
    per_district: int = Field(0, ge=0, le=100)
    plain: list[Annotated[str, Field(max_length=300)]] = Field(default_factory=list, max_length=100)


class SimilarRequest(_Request):
    """A provision to compare with, and the filters."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "文件印发之日起十五日内报送备案。", "year": "2016-2020", "top": 5}]}
    )

    text: str
    per_district: int = Field(5, ge=0, le=100)
