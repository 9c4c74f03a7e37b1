"""Queries as JSON lines, each with its judgements.

An item is named by its id, or by its words (`file` and `starts`), so that a judgement outlives a change of ids:

    {"qid": "q1", "query": "经营者的个人财产…", "relevant": [1616]}
    {"qid": "q1", "type": "keyword", "query": "备案审查", "filters": {"year": 2018},
     "relevant": [{"file": "a.txt", "starts": ["健全备案审查制度"], "grade": 3}]}
    {"qid": "s1", "type": "similar", "item": {"file": "a.txt", "starts": ["健全备案审查制度"]}, "relevant": […]}

A bare id has grade 1. Other fields are left aside.
"""

from typing import Annotated

import msgspec

from indexer.index.filters import Filters
from search_api.evaluation.judgements import SIMILAR, Judged, Judgement, JudgementError, Passage, Target
from search_api.filter_values import PARAMETERS, clean, read_filters
from search_api.search import LONGEST_QUERY

_Text = Annotated[str, msgspec.Meta(pattern=r"\S")]
_Value = str | int
_UNTYPED = "query"
"""The type of queries that tell none."""


class _Item(msgspec.Struct, frozen=True):
    file: _Text
    starts: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1)]


class _GradedItem(_Item, frozen=True):
    grade: Annotated[int, msgspec.Meta(ge=0, le=10)]


class _Line(msgspec.Struct, frozen=True):
    qid: str | int
    relevant: tuple[str | int | _GradedItem, ...]
    query: str | None = None
    item: _Item | _Text | None = None
    type: _Text | None = None
    filters: dict[str, _Value | tuple[_Value, ...]] = {}


_decoder = msgspec.json.Decoder(_Line)


def read_query(line: str) -> Judged:
    """The query in a line; raises JudgementError or QueryError."""
    try:
        read = _decoder.decode(line)
    except msgspec.MsgspecError as error:
        raise JudgementError(f"不是所要的 JSON（{error}）") from error
    if (read.query is None) == (read.item is None):
        raise JudgementError("query（检索词）和 item（相近检索的条款）应有一个，且只有一个")
    if (read.type == SIMILAR) != (read.item is not None):
        raise JudgementError(f"有 item 的查询，type 应是 {SIMILAR}；其他查询不能是")
    query, filters = clean(read.query or ""), _filters(read)
    if read.item is None and not query.strip() and filters == Filters():
        raise JudgementError("检索词是空的，也没有筛选条件")
    if len(query) > LONGEST_QUERY:
        raise JudgementError(f"检索词有 {len(query)} 字，超过 {LONGEST_QUERY} 字的上限")
    return Judged(
        qid=str(read.qid),
        kind=read.type or _UNTYPED,
        query=query,
        filters=filters,
        similar_to=None if read.item is None else _target(read.item),
        judgements=tuple(_judgement(relevant) for relevant in read.relevant),
    )


def _filters(line: _Line) -> Filters:
    if unknown := [name for name in line.filters if name not in PARAMETERS]:
        raise JudgementError(f"没有筛选条件 {unknown[0]}，只有 {'、'.join(PARAMETERS)}")
    given = {name: value if isinstance(value, tuple) else (value,) for name, value in line.filters.items()}
    return read_filters({name: [str(value) for value in values] for name, values in given.items()})


def _judgement(relevant: str | int | _GradedItem) -> Judgement:
    if isinstance(relevant, _GradedItem):
        return Judgement(_target(relevant), relevant.grade)
    return Judgement(str(relevant), 1)


def _target(item: _Item | str) -> Target:
    return item if isinstance(item, str) else Passage(item.file, item.starts)
