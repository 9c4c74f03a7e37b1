import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.search_api.cli.conftest import Run

JUDGED = str(Path(__file__).parents[1] / "evaluation" / "samples.jsonl")

Answer = Callable[..., Any]


def item_of(answer: Answer, query: str) -> str:
    """The id of the first hit of a query."""
    found: str = answer("search", query)["hits"][0]["id"]
    return found


def test_table_shows_each_type_and_all(xianli: Run) -> None:
    shown = xianli("eval", JUDGED, "--lexical")
    assert shown.returncode == 0, shown.stderr
    head, *rows = [line.split() for line in shown.stdout.splitlines()[1:]]
    assert head == ["类型", "查询数", "nDCG@10", "R@20", "R@100", "RR@10"]
    assert [row[0] for row in rows[-3:]] == ["similar", "全部检索", "全部相近"]
    assert all(re.fullmatch(r"[01]\.\d{3}", figure) for row in rows for figure in row[2:])


def test_saved_run_is_compared_with_and_the_page_stands_alone(xianli: Run, tmp_path: Path) -> None:
    run, page = tmp_path / "run.json", tmp_path / "page.html"
    assert xianli("eval", JUDGED, "--lexical", "--save", str(run)).returncode == 0
    shown = xianli("eval", JUDGED, "--lexical", "--depth", "20", "--against", str(run), "--html", str(page))
    assert shown.returncode == 0, shown.stderr
    assert "没有差别" in shown.stdout
    assert "R@100" not in shown.stdout.split("与以前的结果比较")[0]
    html = page.read_text(encoding="utf-8")
    assert "全部检索" in html
    assert html.count("<svg") == 2
    assert not re.search(r"(?:src|href)=\"(?!#)|https?://|@import|url\((?!#)", html)


def test_document_has_the_figures_and_what_changed(answer: Answer, tmp_path: Path) -> None:
    run = tmp_path / "run.json"
    first = answer("eval", JUDGED, "--lexical", "--save", str(run))
    assert first["comparison"] is None
    assert first["searched"]["mode"] == "lexical"
    saved = json.loads(run.read_text(encoding="utf-8"))
    saved["queries"][0]["answer"]["hits"] = saved["queries"][0]["answer"]["hits"][1:]
    run.write_text(json.dumps(saved), encoding="utf-8")
    second = answer("eval", JUDGED, "--lexical", "--against", str(run))
    assert second["table"] == first["table"]
    changed = [query for query in second["comparison"]["queries"] if query["overlap"] < 1]
    assert [query["qid"] for query in changed] == [saved["queries"][0]["qid"]]


def test_trec_topics_and_judgements(answer: Answer, tmp_path: Path) -> None:
    topics, qrels = tmp_path / "topics.tsv", tmp_path / "qrels.txt"
    topics.write_text("1\t公平竞争审查\n", encoding="utf-8")
    qrels.write_text(f"1 0 {item_of(answer, '公平竞争审查')} 1\n1 0 none-001 1\n", encoding="utf-8")
    found = answer("eval", str(topics), "--qrels", str(qrels))
    assert found["table"][-1]["measures"]["RR@10"] == 1.0
    assert found["table"][-1]["measures"]["R@100"] == 0.5
    assert found["queries"][0]["absent"] == [{"item": "none-001", "grade": 1}]


def test_bad_lines_are_told_and_the_others_count(xianli: Run, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"qid": 1, "query": "备案", "relevant": ["a-1"]}\n{"qid": 2}\n', encoding="utf-8")
    shown = xianli("eval", str(queries))
    assert shown.returncode == 1
    assert f"失败：{queries} 第 2 行：" in shown.stderr
    assert "有 1 条不在库中（共 1 条）" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["none.jsonl"], 1, "无法读取"),
        ([JUDGED, "--against", "none.json"], 1, "无法读取"),
        ([JUDGED, "--save", "none/run.json"], 1, "无法写入"),
        ([JUDGED, "--depth", "5"], 2, "10 至 1000"),
        ([JUDGED, "--index", "none"], 1, "还没有索引"),
    ],
)
def test_failure_says_what_is_wrong(xianli: Run, arguments: list[str], code: int, said: str) -> None:
    shown = xianli("eval", *arguments)
    assert (shown.returncode, said in shown.stderr) == (code, True), shown.stderr
