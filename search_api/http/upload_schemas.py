"""The documents of what clients send to be read, of jobs and of drafts, as pydantic models; see schemas."""

from pydantic import BaseModel, ConfigDict, Field

from corpus.model import Block, Notice, ParseWarning, Span
from indexer.doubts import Doubt
from indexer.pipeline import Status
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


class DraftItemAnswer(_Document):
    """A provision of a draft and its precedents, best first, each with its differences from it; or why there are none."""

    order: int = Field(examples=[1])
    path: list[str] = Field(examples=[["一、"]])
    text: str = Field(examples=["按季度评查行政执法案卷。"])
    span: Span
    total: int = Field(examples=[8])
    hits: list[Hit]
    error: FileError | None


class DraftAnswer(_Document):
    """A draft, provision by provision. `left_out` counts the provisions at its end that there was no time for, or that are too many."""

    title: str = Field(examples=["青溪区2026年法治政府建设工作要点"])
    items: list[DraftItemAnswer]
    left_out: int = Field(examples=[0])
    mode: Mode
    partial: bool
