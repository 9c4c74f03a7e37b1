"""Runs: what a search answered to each of a set of queries, with the measures of it, and runs as files."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from corpus.errors import XianliError
from indexer.index.protocol import ScoredItem
from search_api.evaluation.files import write_whole
from search_api.evaluation.judgements import SIMILAR, Judged
from search_api.evaluation.measures import Values, means

FORMAT = 1
"""Version of the form of saved runs."""

ALL_QUERIES, ALL_SIMILAR = "all queries", "all similar"


class RunError(XianliError):
    """A file holds no run that can be compared with."""

    code = "bad_run"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a query besides its words: filters in the form of the query's parameters, and notes."""

    words: str
    filters: dict[str, list[str]]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search answered to a query, best first. `reading` is None where the query's words were not read at all."""

    hits: tuple[ScoredItem, ...]
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class QueryRun:
    """A query with its answer. `grades` are those of the held items that were judged, `absent` those of the others.

    `digest` identifies the query with its judgements: values of two runs can be compared where it is the same.
    """

    qid: str
    kind: str
    query: str
    digest: str
    answer: Answer
    grades: dict[str, int]
    absent: tuple[tuple[str, int], ...]
    values: Values


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched: how (`hybrid`, `lexical` …), with which model and analysis, over how much."""

    mode: str
    fingerprint: str | None
    analyzer: str
    notices: int
    items: int


@dataclass(frozen=True, slots=True)
class Run:
    """The answers to a set of queries. `made` is a date and time in ISO 8601, `relevant_from` the least relevant grade."""

    made: str
    depth: int
    relevant_from: int
    searched: Searched
    queries: tuple[QueryRun, ...]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of a run: a type, or all queries, with the number of queries and the means over them."""

    name: str
    queries: int
    values: Values


def table(run: Run) -> list[Row]:
    """The means by type in alphabetical order, then over all that are not `similar`, and over all that are."""
    judged = [query for query in run.queries if query.values]
    kinds = sorted({query.kind for query in judged})
    groups = [(kind, [query for query in judged if query.kind == kind]) for kind in kinds]
    groups += [(name, members) for name, members in overall(judged).items() if members]
    return [Row(name, len(members), means(query.values for query in members)) for name, members in groups]


def overall(queries: Sequence[QueryRun]) -> dict[str, list[QueryRun]]:
    """The queries in the two groups over which everything is averaged."""
    return {
        ALL_QUERIES: [query for query in queries if query.kind != SIMILAR],
        ALL_SIMILAR: [query for query in queries if query.kind == SIMILAR],
    }


def digest(judged: Judged) -> str:
    """Identifies a query with its judgements, in 16 hexadecimal digits."""
    return hashlib.sha256(msgspec.json.encode(judged)).hexdigest()[:16]


def save_run(run: Run, path: Path) -> None:
    """Write a run as JSON, whole or not at all; raises XianliError when that can't be done."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n")


def load_run(path: Path) -> Run:
    """A saved run; raises RunError."""
    try:
        run = msgspec.json.decode(path.read_bytes(), type=Run)
    except OSError as error:
        raise RunError(f"{path}：无法读取（{error.strerror or error}）。请检查路径。") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RunError(f"{path}：不是 xianli eval --save 存下的评测结果（{error}）。请重新评测并保存。") from error
    if run.format != FORMAT:
        raise RunError(f"{path}：格式是第 {run.format} 版，本程序使用第 {FORMAT} 版。请重新评测并保存。")
    return run
