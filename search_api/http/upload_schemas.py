"""The documents of what clients send to be read, of jobs and of drafts, as pydantic models; see schemas."""

from pydantic import BaseModel, ConfigDict, Field

from corpus.model import Block, Notice, ParseWarning, Span
from indexer.doubts import Doubt
from indexer.pipeline import Status
from search_api.drafting.references import ReferenceState
from search_api.http.job_store import FileError, FileOutcome, JobState
from search_api.http.schemas import Hit, Item, Mode


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class TextUpload(_Document):
    """A text that was pasted, and the name of the file that it stands for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": "一、按季度评查行政执法案卷。（区司法局负责）", "name": "工作要点.txt"}]
        }
    )

    text: str
    name: str = "未命名.txt"


class UploadAnswer(_Document):
    """What became of a file. `items` and `warnings` are numbers; `warnings` those of the parser where it has read the file now."""

    status: Status = Field(examples=[Status.ADDED])
    notice: Notice
    items: int = Field(examples=[22])
    warnings: int = Field(examples=[0])


class ParseAnswer(_Document):
    """All that was found in a file, of which nothing was stored.

    `blocks` are the stretches of the source, and what each was taken for; `confidence`, from 0 to 1, says how far the reading can
    be trusted, `doubts` what speaks against it.
    """

    notice: Notice
    items: list[Item]
    warnings: list[ParseWarning]
    blocks: list[Block]
    confidence: float = Field(examples=[0.93])
    doubts: list[Doubt]


class JobSummary(_Document):
    """Long work, and how far it has come.

    `failed`: it could not go on, `error` says why; `interrupted`: the server stopped meanwhile. What was stored until then
    stays, and the same files sent again are gone on with.
    """

    id: str = Field(examples=["5f0c2b7d9a31"])
    state: JobState = Field(examples=[JobState.RUNNING])
    done: int = Field(examples=[3])
    total: int = Field(examples=[12])
    submitted: str = Field(examples=["2026-03-02T08:15:00Z"])
    started: str | None = Field(examples=["2026-03-02T08:15:01Z"])
    finished: str | None = Field(examples=[None])
    error: FileError | None


class JobAnswer(JobSummary):
    """The same with what became of each file that is done."""

    outcomes: list[FileOutcome]


class JobsAnswer(_Document):
    """Jobs, the last one first."""

    jobs: list[JobSummary]


class Precedent(Hit):
    """A hit for a provision of a draft. `closeness` is 0 to 1 and comparable everywhere: those from 0.2 on were counted."""

    closeness: float = Field(examples=[0.41])


class Evidence(_Document):
    """A held provision that something is told from."""

    id: str
    citation: str = Field(examples=["《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）二、（五）"])


class CountedPrecedent(Evidence):
    """One that was counted for what is usual."""

    closeness: float = Field(examples=[0.41])


class UsualValue(_Document):
    """What several of the counted precedents have, their ids, and whether the provision of the draft has it too."""

    value: str = Field(examples=["司法局"])
    item_ids: list[str]
    in_draft: bool


class Usuals(_Document):
    """What is usual: units that lead or are responsible (`charged`) or take part (`supporting`), deadlines, targets.

    `basis`: the documents and articles that precedents rest on or name, and the draft does not.
    """

    charged: list[UsualValue]
    supporting: list[UsualValue]
    deadlines: list[UsualValue]
    targets: list[UsualValue]
    basis: list[UsualValue]


class DraftItemAnswer(_Document):
    """A provision of a draft with its precedents, best first, each with its differences from it; or why there are none.

    `counted`: the precedents, one of each district, from which `usual` was told; `can_tell`: whether they are enough.
    """

    order: int = Field(examples=[1])
    path: list[str] = Field(examples=[["一、"]])
    text: str = Field(examples=["按季度评查行政执法案卷。"])
    span: Span
    hits: list[Precedent]
    counted: list[CountedPrecedent]
    can_tell: bool
    usual: Usuals
    error: FileError | None


class NamedNotice(_Document):
    """A held notice."""

    id: str
    title: str = Field(examples=["青溪区2018年法治政府建设工作安排"])


class HeldText(Evidence):
    """A held provision with its text."""

    text: str


class MissingProvision(_Document):
    """A provision that comparable notices have and the draft lacks: one of each notice, the most typical first."""

    provisions: list[HeldText]


class ReferenceAnswer(_Document):
    """A document that the draft names, with what does not agree with the holdings (`notes`, Chinese).

    `orders` are the provisions that name it. `state`: it is held itself; held notices name it too (`cited` provisions, some of them
    in `citing`); or neither, and it can't be checked.
    """

    document: str = Field(examples=["法治政府建设实施方案"])
    document_number: str | None
    articles: list[str] = Field(examples=[["12"]])
    as_printed: str
    orders: list[int]
    state: ReferenceState
    notes: list[str]
    notices: list[NamedNotice]
    cited: int
    citing: list[Evidence]


class DraftAnswer(_Document):
    """A draft, provision by provision, and as a whole.

    `missing`: what at least half of the `comparable` notices have and the draft lacks, told where these are four or more.
    `left_out` counts the provisions at its end that there was no time for, or that are too many; with any, nothing is missing.
    """

    title: str = Field(examples=["青溪区2026年法治政府建设工作要点"])
    items: list[DraftItemAnswer]
    comparable: list[NamedNotice]
    missing: list[MissingProvision]
    references: list[ReferenceAnswer]
    left_out: int = Field(examples=[0])
    mode: Mode
    partial: bool
