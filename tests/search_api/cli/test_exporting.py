from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.search_api.cli.conftest import Run
from tests.search_api.exports.reading import csv_rows, sheet_rows, word_rows

HELD = "a9f09fca2f54-005"


def citations(rows: list[list[Any]]) -> list[Any]:
    return [row[rows[0].index("引文")] for row in rows[1:]]


@pytest.mark.parametrize(("ending", "read"), [("csv", csv_rows), ("xlsx", sheet_rows), ("DOCX", word_rows)])
def test_search_is_saved_as_a_file_with_all_hits(
    xianli: Run, answer: Callable[..., Any], tmp_path: Path, ending: str, read: Callable[[bytes], list[list[Any]]]
) -> None:
    target = tmp_path / f"对照表.{ending}"
    done = xianli("search", "备案审查", "--year", "2016-2022", "--export", str(target))
    assert done.returncode == 0, done.stderr
    hits = answer("search", "备案审查", "--year", "2016-2022", "--top", "100")["hits"]
    assert f"已存为 {target}：{len(hits)} 条" in done.stdout
    assert citations(read(target.read_bytes())) == [hit["citation"] for hit in hits]


def test_top_says_how_many_hits_are_saved_and_json_is_printed_all_the_same(
    answer: Callable[..., Any], tmp_path: Path
) -> None:
    target = tmp_path / "a.csv"
    found = answer("search", "备案审查", "--top", "3", "--offset", "1", "--export", str(target))
    rows = csv_rows(target.read_bytes())
    assert [row[0] for row in rows[1:]] == ["2", "3", "4"]
    assert citations(rows) == [hit["citation"] for hit in found["hits"]]


def test_similar_provisions_are_saved_with_the_one_that_was_asked_about(xianli: Run, tmp_path: Path) -> None:
    for given in ([HELD], ["--text", "文件印发之日起十五日内报送备案。"]):
        target = tmp_path / "a.csv"
        done = xianli("similar", *given, "--export", str(target))
        assert done.returncode == 0, done.stderr
        head, first = csv_rows(target.read_bytes())[:2]
        asked = dict(zip(head, first, strict=True))
        assert asked.get("比对的条款", asked.get("比对的文字")) in (
            "《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）二、（五）",
            "文件印发之日起十五日内报送备案。",
        )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["search", "备案", "--export", "a.pdf"], 2, "可以是：csv、xlsx、docx"),
        (["search", "备案", "--export", "无扩展名"], 2, "可以是：csv、xlsx、docx"),
        (["search", "备案", "--export", "没有/这个/文件夹/a.csv"], 1, "无法写入"),
    ],
)
def test_file_that_cannot_be_made_is_refused(xianli: Run, arguments: list[str], code: int, told: str) -> None:
    done = xianli(*arguments)
    assert done.returncode == code
    assert told in done.stderr


def test_a_file_of_several_provisions_is_for_the_draft_desk(xianli: Run, tmp_path: Path) -> None:
    draft = tmp_path / "稿.txt"
    draft.write_text("某区工作要点\n一、任务\n（一）开展案卷评查工作。\n（二）公示行政执法结果。\n", encoding="utf-8")
    done = xianli("similar", "--file", str(draft), "--export", str(tmp_path / "a.csv"))
    assert done.returncode == 2
    assert "xianli draft" in done.stderr
    assert not (tmp_path / "a.csv").exists()


def test_show_prints_the_citation_for_a_sentence_and_for_a_list_of_references(xianli: Run) -> None:
    shown = xianli("show", HELD).stdout
    assert "文内引用：《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）第二部分第（五）项" in shown
    assert "云青政办〔2018〕36号[A]. 2018: 二、（五）." in shown
