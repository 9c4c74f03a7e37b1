import json
from pathlib import Path
from typing import Any

import pytest

from tests.search_api.cli.conftest import SAMPLES, run_script

DAMAGED = SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"
CLEAN = SAMPLES / "澜海省2018年法治政府建设工作计划.txt"
LETTER = SAMPLES / "不含任务的通知.txt"


def checked(data: Path, *arguments: str) -> Any:
    return json.loads(run_script(data, "check", *arguments, "--json").stdout)


def test_check_lists_the_worst_first(tmp_path: Path) -> None:
    answer = checked(tmp_path, str(CLEAN), str(DAMAGED), str(LETTER))
    assert (answer["checked"], answer["doubtful"], answer["errors"]) == (3, 2, [])
    assert [Path(notice["path"]).name for notice in answer["notices"]] == [LETTER.name, DAMAGED.name]
    confidences = [notice["confidence"] for notice in answer["notices"]]
    assert confidences == sorted(confidences)


def test_check_says_the_line_of_a_doubt_and_the_words_there(tmp_path: Path) -> None:
    doubts = checked(tmp_path, str(DAMAGED))["notices"][0]["doubts"]
    lines = DAMAGED.read_text(encoding="utf-8").splitlines()
    number = next(doubt for doubt in doubts if doubt["code"] == "number_damaged")
    assert number["words"] == lines[number["line"] - 1].strip()
    shown = run_script(tmp_path, "check", str(DAMAGED)).stdout
    assert f"第 {number['line']} 行　{number['message']}　“{number['words']}”" in shown
    assert str(DAMAGED) in shown


def test_check_shows_no_more_notices_than_asked_for(tmp_path: Path) -> None:
    answer = checked(tmp_path, str(SAMPLES), "--top", "1")
    assert len(answer["notices"]) == 1
    assert answer["doubtful"] > 1
    assert "列出最可疑的 1 份" in run_script(tmp_path, "check", str(SAMPLES), "--top", "1").stdout


def test_check_goes_on_after_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    done = run_script(tmp_path, "check", str(tmp_path / "空.txt"), str(CLEAN))
    assert done.returncode == 1
    assert "空.txt" in done.stderr
    assert "读了 1 份 · 有存疑 0 份 · 无存疑 1 份 · 读不出 1 份" in done.stdout


def test_check_of_notices_without_doubts_succeeds(tmp_path: Path) -> None:
    done = run_script(tmp_path, "check", str(CLEAN))
    assert (done.returncode, done.stdout) == (0, "读了 1 份 · 有存疑 0 份 · 无存疑 1 份\n")


def test_check_needs_and_makes_no_index(tmp_path: Path) -> None:
    run_script(tmp_path / "data", "check", str(CLEAN))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("top", ["0", "-1", "viel"])
def test_check_refuses_a_senseless_number(tmp_path: Path, top: str) -> None:
    assert run_script(tmp_path, "check", str(CLEAN), "--top", top).returncode == 2
