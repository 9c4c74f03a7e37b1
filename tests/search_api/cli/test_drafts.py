import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.search_api.cli.conftest import SAMPLES, Run

DRAFT = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def test_draft_is_answered_provision_by_provision(answer: Callable[..., Any]) -> None:
    found = answer("similar", "--file", str(DRAFT))
    assert len(found["items"]) == 22
    assert all(len(one["hits"]) <= 3 for one in found["items"])
    first = found["items"][0]["hits"][0]
    assert first["differences"]["phrases"]
    assert first["notice"]["title"] != found["title"]


def test_number_of_precedents_can_be_chosen(answer: Callable[..., Any]) -> None:
    found = answer("similar", "--file", str(DRAFT), "--top", "5", "--per-district", "0")
    assert max(len(one["hits"]) for one in found["items"]) == 5


def test_differences_are_shown_in_chinese(xianli: Run, tmp_path: Path) -> None:
    file = tmp_path / "征求意见稿.txt"
    held = json.loads(xianli("search", "从严备案审查", "--top", "1", "--json").stdout)["hits"][0]
    text = "".join(held["item"]["text"].split())
    assert "三十日" not in text
    file.write_text(f"一、{text}在三十日内办结。\n二、每年组织一次执法人员培训，不少于40学时。\n", encoding="utf-8")
    shown = xianli("similar", "--file", str(file))
    assert shown.returncode == 0
    assert held["citation"] in shown.stdout
    assert "在三十日内办结" in shown.stdout
    assert "不同：少“" in shown.stdout
    assert "共 2 条" in shown.stdout


def test_offset_makes_no_sense_for_a_draft(xianli: Run) -> None:
    done = xianli("similar", "--file", str(DRAFT), "--offset", "3")
    assert done.returncode == 2
    assert "--offset" in done.stderr
