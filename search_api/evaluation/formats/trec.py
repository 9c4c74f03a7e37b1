"""Topics and judgements in the forms of TREC.

Topics: `qid<TAB>query` a line. Judgements (qrels): `qid 0 item_id grade` a line, split at white space; the second column is not
used, and a grade below 0 counts as 0.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from search_api.evaluation.judgements import Judged, Judgement, JudgementError
from search_api.filter_values import clean
from search_api.search import LONGEST_QUERY

_KIND = "query"
_GRADE = re.compile(r"-?\d{1,3}")
_GREATEST_GRADE = 10


def topic_reader(judgements: Mapping[str, Sequence[Judgement]]) -> Callable[[str], Judged]:
    """A reader of topics, which gives each its judgements by qid."""

    def read_topic(line: str) -> Judged:
        qid, _, query = (part.strip() for part in line.partition("\t"))
        if not qid or not query:
            raise JudgementError("应是“编号、制表符、检索词”")
        if len(query) > LONGEST_QUERY:
            raise JudgementError(f"检索词有 {len(query)} 字，超过 {LONGEST_QUERY} 字的上限")
        return Judged(qid, _KIND, clean(query), judgements=tuple(judgements.get(qid, ())))

    return read_topic


def read_qrel(line: str) -> tuple[str, Judgement]:
    """The qid of a line of judgements, and the judgement."""
    parts = line.split()
    if len(parts) != 4 or not _GRADE.fullmatch(parts[3]):
        raise JudgementError("应是“查询编号 0 条款编号 等级”四列，等级是整数")
    qid, _, item_id, grade = parts
    if int(grade) > _GREATEST_GRADE:
        raise JudgementError(f"等级 {grade} 超过 {_GREATEST_GRADE}")
    return qid, Judgement(item_id, max(0, int(grade)))
