import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.search_api.cli.conftest import Run, run_script

HEAD = "phrase\texpansions\tkind\tboth\tsource"
JUDGED = Path(__file__).parents[1] / "evaluation" / "samples.jsonl"

Answer = Callable[..., Any]


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A file with a new row, one in place of a shipped one, and one that switches a shipped one off."""
    file = tmp_path / "词表.tsv"
    rows = (
        "晒指标\t政务公开\tcolloquial\tno\t通用",
        "放管服\t优化营商环境\tterm\tno\t自定",
        "踢皮球\t\tcolloquial\tno\t通用",
    )
    file.write_text("\n".join((HEAD, *rows)), encoding="utf-8")
    return str(file)


# check


def test_check_lists_the_rows_and_what_they_replace(xianli: Run, answer: Answer, own: str) -> None:
    shown = xianli("synonyms", "check", own).stdout
    assert "晒指标 → 政务公开  口语 · 通用" in shown
    assert "踢皮球 → （不扩展）" in shown
    assert "共 3 行 · 代替自带的 2 行 · 停用 1 行" in shown
    rows = answer("synonyms", "check", own)["rows"]
    assert [(row["phrase"], row["replaces"] is not None) for row in rows] == [
        ("晒指标", False),
        ("放管服", True),
        ("踢皮球", True),
    ]


@pytest.mark.parametrize("command", ["check", "diff"])
def test_faulty_file_is_refused_with_line_and_reason(xianli: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "词表.tsv"
    file.write_text(f"{HEAD}\n踢\t推诿\tcolloquial\tno\t通用\n", encoding="utf-8")
    done = xianli("synonyms", command, str(file))
    assert done.returncode == 1
    assert f"错误：{file} 第 2 行：“踢”有 1 字" in done.stderr
    assert json.loads(xianli("synonyms", command, str(file), "--json").stdout)["error"]["code"] == "lexicon"


# find


def test_find_says_what_a_query_is_expanded_to_and_why(xianli: Run, answer: Answer) -> None:
    shown = xianli("synonyms", "find", "老百姓告官")
    assert shown.returncode == 0
    assert "告官 → 行政诉讼、" in shown.stdout
    assert "口语 · 通用：口语" in shown.stdout
    (found,) = answer("synonyms", "find", "清理红头文件")["phrases"]
    assert found["phrase"] == "红头文件"
    assert "规范性文件" in found["searched"]
    assert found["rows"][0]["source"]


def test_find_says_so_where_nothing_is_expanded(xianli: Run) -> None:
    assert xianli("synonyms", "find", "报告状况").stdout == "查询里没有同义词表所列的词语。\n"


def test_own_file_is_in_force_for_every_command(data: Path, own: str) -> None:
    variables = {"XIANLI_SYNONYMS": own}
    assert "晒指标 → 政务公开" in run_script(data, "synonyms", "find", "晒指标", variables=variables).stdout
    assert "没有同义词表所列" in run_script(data, "synonyms", "find", "踢皮球", variables=variables).stdout
    assert "晒指标 → 政务公开" in run_script(data, "search", "晒指标", variables=variables).stdout
    missing = run_script(data, "search", "备案", variables={"XIANLI_SYNONYMS": "没有.tsv"})
    assert missing.returncode == 1
    assert "没有.tsv：无法读取" in missing.stderr


# diff


def test_diff_shows_the_rows_and_the_queries_that_move(xianli: Run, answer: Answer, own: str) -> None:
    found = answer("synonyms", "diff", own)
    assert [row["phrase"] for row in found["rows"]["added"]] == ["晒指标"]
    assert found["rows"]["removed"] == []
    assert {row["after"]["phrase"] for row in found["rows"]["changed"]} == {"放管服", "踢皮球"}
    assert found["queries"] == len(found["moved"]) + found["unmoved"] == 3
    moved = {one["query"]: one for one in found["moved"]}
    assert moved["晒指标"]["came"]
    assert all(hit["place"] and hit["text"] for hit in moved["晒指标"]["came"])
    assert moved["晒指标"]["nDCG@10"] is None
    shown = xianli("synonyms", "diff", own)
    assert shown.returncode == 0
    assert "词表：新增 1 行，删去 0 行，改动 2 行" in shown.stdout
    assert f"+ 第 {moved['晒指标']['came'][0]['after']} 条  " in shown.stdout
    assert f"前 10 条有变化的 {len(moved)} 个" in shown.stdout


def test_diff_against_the_table_in_force_is_empty(data: Path, own: str) -> None:
    done = run_script(data, "synonyms", "diff", own, "--json", variables={"XIANLI_SYNONYMS": own})
    found = json.loads(done.stdout)
    assert found["rows"] == {"added": [], "removed": [], "changed": []}
    assert (found["queries"], found["moved"]) == (0, [])


def test_diff_runs_plain_queries_once_each(answer: Answer, tmp_path: Path, own: str) -> None:
    queries = tmp_path / "查询.txt"
    queries.write_text("晒指标\n\n备案审查\n晒指标\n", encoding="utf-8")
    found = answer("synonyms", "diff", own, "--queries", str(queries))
    assert found["queries"] == 2
    assert [one["query"] for one in found["moved"]] == ["晒指标"]
    assert found["unmoved"] == 1


def test_diff_measures_judged_queries(xianli: Run, answer: Answer, own: str) -> None:
    found = answer("synonyms", "diff", own, "--queries", str(JUDGED))
    figures = found["differences"]["all queries"]
    assert 0 < figures["before"] <= 1
    (moved,) = (one for one in found["moved"] if one["query"] == "放管服")
    assert 0 <= moved["nDCG@10"]["after"] < moved["nDCG@10"]["before"] <= 1
    shown = xianli("synonyms", "diff", own, "--queries", str(JUDGED)).stdout
    assert "全部检索（有判断的" in shown
    assert "放管服  nDCG@10 " in shown


def test_diff_of_a_table_alone_leaves_the_shipped_rows_out(answer: Answer, tmp_path: Path, own: str) -> None:
    queries = tmp_path / "查询.txt"
    queries.write_text("清理红头文件\n", encoding="utf-8")
    assert answer("synonyms", "diff", own, "--queries", str(queries))["moved"] == []
    found = answer("synonyms", "diff", own, "--instead", "--queries", str(queries))
    assert len(found["rows"]["removed"]) > 1_000
    assert [one["query"] for one in found["moved"]] == ["清理红头文件"]


def test_unreadable_queries_are_told_and_the_others_count(xianli: Run, tmp_path: Path, own: str) -> None:
    queries = tmp_path / "查询.txt"
    queries.write_text(f"备案审查\n{'长' * 2001}\n", encoding="utf-8")
    done = xianli("synonyms", "diff", own, "--queries", str(queries))
    assert done.returncode == 1
    assert f"失败：{queries} 第 2 行：检索词有 2001 字" in done.stderr
    assert "查询 1 个" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff"], "缺少参数"),
        (["diff", "词表.tsv", "--qrels", "判断.txt"], "--qrels 要和 --queries 一起给"),
        (["find"], "缺少参数"),
        ([], "命令"),
    ],
    ids=["no file", "judgements without queries", "no query", "no command"],
)
def test_misuse_is_explained(xianli: Run, arguments: list[str], said: str) -> None:
    done = xianli("synonyms", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
