"""The forms in which judged queries are written: one file a form, each a function from lines to queries."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.errors import QueryError
from search_api.evaluation.formats import json_lines, plain, trec
from search_api.evaluation.formats.lines import read_lines
from search_api.evaluation.judgements import Judged, Judgement, JudgementError


class QueryFormat(Protocol):
    """Reads one line of a file of queries."""

    def __call__(self, line: str, /) -> Judged:
        """The query in a line; raises JudgementError or QueryError with the reason, to which file and line are added."""
        ...


@dataclass(frozen=True, slots=True)
class JudgedQueries:
    """The queries of a file in its order, and an error for each line that could not be read."""

    queries: tuple[Judged, ...]
    errors: tuple[JudgementError, ...]


def read_queries(path: Path, qrels: Path | None = None) -> JudgedQueries:
    """Queries from JSON lines (which hold their judgements), or from TREC topics with judgements in `qrels`.

    A bad line costs itself alone. Raises JudgementError when a file can't be read or holds no query.
    """
    errors: list[JudgementError] = []
    judgements: dict[str, list[Judgement]] = {}
    for number, line in read_lines(qrels) if qrels else ():
        try:
            qid, judgement = trec.read_qrel(line)
            judgements.setdefault(qid, []).append(judgement)
        except JudgementError as error:
            errors.append(_located(error, qrels or path, number))
    queries: dict[str, Judged] = {}
    read_query: QueryFormat = trec.topic_reader(judgements) if qrels else json_lines.read_query
    for judged in _each(path, read_query, errors):
        queries[judged.qid] = judged
    if not queries and not errors:
        raise JudgementError(f"{path}：没有查询。每行应是一个查询，格式见 docs/evaluation.md。")
    return JudgedQueries(tuple(queries.values()), tuple(errors))


def read_saved_queries(path: Path, qrels: Path | None = None) -> JudgedQueries:
    """Queries as `read_queries` has them, or plain text with one query a line, of which a repeated one counts once.

    Raises JudgementError as that does.
    """
    lines = list(read_lines(path))
    if qrels or not lines or lines[0][1].lstrip().startswith("{"):
        return read_queries(path, qrels)
    queries: dict[str, Judged] = {}
    errors: list[JudgementError] = []
    for number, line in lines:
        try:
            judged = plain.read_query(line)
            queries[judged.qid] = judged
        except JudgementError as error:
            errors.append(_located(error, path, number))
    return JudgedQueries(tuple(queries.values()), tuple(errors))


def _each(path: Path, read_query: QueryFormat, errors: list[JudgementError]) -> Iterator[Judged]:
    seen: dict[str, int] = {}
    for number, line in read_lines(path):
        try:
            judged = read_query(line)
            if judged.qid in seen:
                raise JudgementError(f"编号 {judged.qid} 与第 {seen[judged.qid]} 行重复，请改用另一个编号")
        except (JudgementError, QueryError) as error:
            errors.append(_located(error, path, number))
        else:
            seen[judged.qid] = number
            yield judged


def _located(error: JudgementError | QueryError, path: Path, number: int) -> JudgementError:
    return JudgementError(f"{path} 第 {number} 行：{error.detail.rstrip('。')}。这一行没有计入。")
