import json
from pathlib import Path

import pytest

from indexer.index.filters import Filters, YearRange
from search_api.evaluation.formats import read_queries
from search_api.evaluation.judgements import Judged, Judgement, JudgementError, Passage

PASSAGE = {"file": "a.txt", "starts": ["健全备案审查"]}
TARGET = Passage("a.txt", ("健全备案审查",))

LINES = [
    (
        {"qid": 7, "query": "备案", "relevant": [1616, "a-1"]},
        Judged("7", "query", "备案", judgements=(Judgement("1616", 1), Judgement("a-1", 1))),
    ),
    (
        {"qid": "q1", "type": "keyword", "query": "备案", "relevant": [PASSAGE | {"grade": 3, "label": "一、"}]},
        Judged("q1", "keyword", "备案", judgements=(Judgement(TARGET, 3),)),
    ),
    (
        {"qid": "f1", "type": "filtered", "query": "", "filters": {"year": 2018, "unit": ["司法局"]}, "relevant": []},
        Judged("f1", "filtered", "", Filters(year=(YearRange(2018, 2018),), unit=("司法局",))),
    ),
    (
        {"qid": "s1", "type": "similar", "item": PASSAGE, "relevant": [PASSAGE | {"grade": 0}]},
        Judged("s1", "similar", "", similar_to=TARGET, judgements=(Judgement(TARGET, 0),)),
    ),
    (
        {"qid": "s2", "type": "similar", "item": "a-1", "relevant": []},
        Judged("s2", "similar", "", similar_to="a-1"),
    ),
]

BAD_LINES = [
    ("{", "不是所要的 JSON"),
    ('{"qid": "q"}', "relevant"),
    ('{"qid": "q", "relevant": []}', "query（检索词）和 item"),
    ('{"qid": "q", "query": "备案", "item": "a-1", "type": "similar", "relevant": []}', "query（检索词）和 item"),
    ('{"qid": "q", "query": "备案", "type": "similar", "relevant": []}', "type"),
    ('{"qid": "q", "query": " ", "relevant": []}', "检索词是空的"),
    ('{"qid": "q", "query": "备案", "filters": {"place": "甲"}, "relevant": []}', "place"),
    ('{"qid": "q", "query": "备案", "filters": {"year": "去年"}, "relevant": []}', "去年"),
    ('{"qid": "q", "query": "备案", "relevant": [{"file": "a.txt", "starts": [], "grade": 1}]}', "starts"),
    ('{"qid": "q", "query": "备案", "relevant": [{"file": "a.txt", "starts": ["甲"], "grade": -1}]}', "grade"),
    (json.dumps({"qid": "q", "query": "备" * 2001, "relevant": []}), "2001"),
]


def written(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(("line", "expected"), LINES, ids=lambda case: str(getattr(case, "qid", "")))
def test_json_line_is_read(line: object, expected: Judged, tmp_path: Path) -> None:
    read = read_queries(written(tmp_path, "queries.jsonl", json.dumps(line, ensure_ascii=False)))
    assert read.queries == (expected,)
    assert not read.errors


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[reason for _, reason in BAD_LINES])
def test_bad_line_is_named_with_its_reason_and_costs_itself_alone(line: str, reason: str, tmp_path: Path) -> None:
    good = '{"qid": "good", "query": "备案", "relevant": ["a-1"]}'
    path = written(tmp_path, "queries.jsonl", "", line, good)
    read = read_queries(path)
    assert [judged.qid for judged in read.queries] == ["good"]
    assert len(read.errors) == 1
    assert f"{path} 第 2 行：" in read.errors[0].detail
    assert reason in read.errors[0].detail


def test_second_query_of_one_id_is_refused(tmp_path: Path) -> None:
    lines = [json.dumps({"qid": "q", "query": query, "relevant": []}) for query in ("备案", "清理")]
    read = read_queries(written(tmp_path, "queries.jsonl", *lines))
    assert [judged.query for judged in read.queries] == ["备案"]
    assert "第 2 行" in read.errors[0].detail


def test_trec_topics_get_their_judgements_by_id(tmp_path: Path) -> None:
    topics = written(tmp_path, "topics.tsv", "1\t备案审查", "2\t公平竞争 审查", "no tab")
    qrels = written(
        tmp_path, "qrels.txt", "1 0 a-1 2", "1\t0\ta-2\t0", "9 0 a-1 1", "1 0 a-3 -2", "1 0 a-4", "1 0 a-5 x"
    )
    read = read_queries(topics, qrels)
    assert read.queries == (
        Judged("1", "query", "备案审查", judgements=(Judgement("a-1", 2), Judgement("a-2", 0), Judgement("a-3", 0))),
        Judged("2", "query", "公平竞争 审查"),
    )
    assert [error.detail.split("：")[0] for error in read.errors] == [
        f"{qrels} 第 5 行",
        f"{qrels} 第 6 行",
        f"{topics} 第 3 行",
    ]


def test_file_without_queries_and_file_that_is_no_text_are_refused(tmp_path: Path) -> None:
    binary = tmp_path / "queries.bin"
    binary.write_bytes(b"\xff\xfe\x00\x01")
    for path, reason in (
        (tmp_path / "none", "无法读取"),
        (binary, "UTF-8"),
        (written(tmp_path, "empty", ""), "没有查询"),
    ):
        with pytest.raises(JudgementError, match=reason):
            read_queries(path)
