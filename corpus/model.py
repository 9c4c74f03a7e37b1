"""All domain types: frozen, typed, without I/O.

Offsets are character indices into the text of the `Document` that a notice was read from, end exclusive.
"""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the source text: characters `start` (inclusive) to `end` (exclusive)."""

    start: int
    end: int


class Provenance(StrEnum):
    """Whether a label stands in the source or was concluded from its neighbours."""

    PRINTED = "printed"
    INFERRED = "inferred"


class ItemKind(StrEnum):
    """What a provision does.

    A task tells someone to do something; a goal says what will be reached and asks nobody for an action; a requirement
    is a principle or working rule that no unit is charged with; a result is what a report says was done.
    """

    TASK = "task"
    REQUIREMENT = "requirement"
    GOAL = "goal"
    RESULT = "result"


class Role(StrEnum):
    """What a unit has to do with an item: 牵头 lead; 配合, 参加, 参与, 协办 participate; 负责 responsible."""

    LEAD = "lead"
    PARTICIPATE = "participate"
    RESPONSIBLE = "responsible"


class Level(StrEnum):
    """Whose notice it is: a government's or party committee's by its level, or a body's below it."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    ZONE = "zone"
    DEPARTMENT = "department"


class BlockKind(StrEnum):
    """What a stretch of the source was taken for. Every non-white character lies in exactly one block."""

    WEB_FRAME = "web_frame"
    MASTHEAD = "masthead"
    TITLE = "title"
    ADDRESSEES = "addressees"
    TRANSMITTAL = "transmittal"
    SIGNATURE = "signature"
    DISCLOSURE = "disclosure"
    PREAMBLE = "preamble"
    HEADING = "heading"
    INTRODUCTION = "introduction"
    LABEL = "label"
    TEXT = "text"
    UNITS = "units"
    SCHEDULE = "schedule"
    BASIS = "basis"
    CLOSING = "closing"
    COPY_LIST = "copy_list"
    IMPRINT = "imprint"
    TABLE = "table"
    """Strokes and cells of a task table that are no part of an item."""
    MARKUP = "markup"


@dataclass(frozen=True, slots=True)
class Source:
    """The file that a notice came from: its name without folders, and the SHA-256 of its bytes in hexadecimal.

    `parser_version` is that of the rules that read it: a file is read again when they have changed.
    """

    file: str
    sha256: str
    encoding: str = "utf-8"
    parser_version: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the text: the span of each cell by row; a cell without text has an empty span where it would stand."""

    rows: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text. Plain text is decoded and otherwise unchanged; other formats are extracted.

    `frame` are stretches that the file's format tells to be no part of the notice (navigation, page numbers), `tables`
    those that it tells to be tables, `pages` the stretch of each page, where there are pages.
    """

    text: str
    source: Source
    frame: tuple[Span, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Alias:
    """A short name (以下简称《实施方案》) with the full title and number that it stands for."""

    short: str
    title: str
    document_number: str | None = None


@dataclass(frozen=True, slots=True)
class ResponsibleUnit:
    """A unit charged with an item.

    `canonical` restores what the print elided (教育局 → 区教育局); `successor` is the body that has taken over since
    (区法制办 → 区司法局).
    """

    name: str
    canonical: str
    role: Role
    is_group: bool = False
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class BasisReference:
    """A document, and the articles of it, that an item rests on or mentions.

    `document` is the full title with short names resolved, without 《》; `articles` are Arabic numerals as strings
    ("12", "13" for 第12、13条); `as_printed` keeps the wording of the source.
    """

    document: str
    document_number: str | None
    articles: tuple[str, ...]
    as_printed: str


@dataclass(frozen=True, slots=True)
class Label:
    """The numeral of one level of an outline, brackets in full width: 三、 （四） 1."""

    text: str
    provenance: Provenance = Provenance.PRINTED


@dataclass(frozen=True, slots=True)
class Notice:
    """What is known of a notice as a whole. Place and dates are None where the source does not give them."""

    id: str
    title: str
    notice_title: str | None
    document_number: str | None
    issuer: str | None
    date_issued: str | None
    """Date of signature, YYYY-MM-DD."""
    province: str | None
    city: str | None
    district: str | None
    plan_year_start: int | None
    plan_year_end: int | None
    doc_type: str | None
    aliases: tuple[Alias, ...]
    source: Source
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class TaskItem:
    """The smallest numbered provision that a drafter would cite on its own: a leaf of the outline.

    `path` runs from the top section to the item's own label and heading; `labels` holds the numeral of each level of
    it. `text` leaves out the label, the unit clause, the schedule line and the basis bracket.
    """

    id: str
    notice_id: str
    order: int
    kind: ItemKind
    label: str
    path: tuple[str, ...]
    labels: tuple[Label, ...]
    heading: str | None
    text: str
    units: tuple[ResponsibleUnit, ...]
    units_raw: str | None
    schedule: str | None
    deadlines: tuple[str, ...]
    targets: tuple[str, ...]
    basis: tuple[BasisReference, ...]
    mentions: tuple[BasisReference, ...]
    span: Span

    @property
    def provenance(self) -> Provenance:
        """Whether the item's own label is printed or inferred."""
        return self.labels[-1].provenance


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the source with what it was taken for, and the item that it belongs to, if any."""

    kind: BlockKind
    span: Span
    item_order: int | None = None


@dataclass(frozen=True, slots=True)
class ParseWarning:
    """A doubt or a repair, with its place. `code` is stable, `message` is Chinese for the reader."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ParsedNotice:
    """All that parsing found in one document. `blocks` are in source order and do not overlap."""

    notice: Notice
    items: tuple[TaskItem, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[ParseWarning, ...]
    document: Document = field(repr=False)
