from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document

from tests.search_api.cli.conftest import SAMPLES, Run

DRAFT = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def test_draft_is_answered_provision_by_provision(answer: Callable[..., Any]) -> None:
    found = answer("draft", str(DRAFT))
    assert len(found["items"]) == 22
    assert all(len(one["hits"]) <= 3 for one in found["items"])
    first = found["items"][0]["hits"][0]
    assert first["differences"]["phrases"]
    assert first["notice"]["title"] != found["title"]


def test_number_of_precedents_and_their_places_can_be_chosen(answer: Callable[..., Any]) -> None:
    found = answer("draft", str(DRAFT), "--top", "1", "--city", "云汀市")
    assert {len(one["hits"]) for one in found["items"]} <= {0, 1}
    assert {hit["notice"]["city"] for one in found["items"] for hit in one["hits"]} == {"云汀市"}


def test_what_is_usual_is_shown_with_shares_and_citations(xianli: Run) -> None:
    shown = xianli("draft", str(DRAFT), "--top", "1")
    assert shown.returncode == 0, shown.stderr
    assert "牵头或负责：司法局 " in shown.stdout
    assert "《澜海省2018年法治政府建设工作计划》（澜政办〔2018〕15号）" in shown.stdout
    assert "22 条条款" in shown.stdout


def test_draft_can_be_saved_for_word(xianli: Run, tmp_path: Path) -> None:
    out = tmp_path / "对照.docx"
    shown = xianli("draft", str(DRAFT), "--out", str(out))
    assert (shown.returncode, shown.stdout) == (0, "")
    assert "已存为" in shown.stderr
    assert Document(str(out)).paragraphs[0].text == "写稿对照：青溪区2018年法治政府建设工作安排"


def test_only_word_files_are_written(xianli: Run, tmp_path: Path) -> None:
    done = xianli("draft", str(DRAFT), "--out", str(tmp_path / "对照.pdf"))
    assert done.returncode == 2
    assert ".docx" in done.stderr


def test_file_without_provisions_is_refused(xianli: Run, tmp_path: Path) -> None:
    file = tmp_path / "空.txt"
    file.write_text("关于公开\n", encoding="utf-8")
    done = xianli("draft", str(file))
    assert done.returncode == 2
    assert "没有条款" in done.stderr


def test_similar_sends_whole_drafts_to_the_desk(xianli: Run) -> None:
    done = xianli("similar", "--file", str(DRAFT))
    assert done.returncode == 2
    assert "xianli draft" in done.stderr
