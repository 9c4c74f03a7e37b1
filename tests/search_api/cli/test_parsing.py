import json
from pathlib import Path

import pytest

from tests.search_api.cli.conftest import SAMPLES, run_script

NOTICE = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def test_parse_with_json_prints_notice_items_warnings_and_blocks(tmp_path: Path) -> None:
    parsed = json.loads(run_script(tmp_path, "parse", str(NOTICE), "--json").stdout)
    assert list(parsed) == ["notice", "items", "warnings", "blocks"]
    assert parsed["notice"]["document_number"] == "云青政办〔2018〕36号"
    assert parsed["notice"]["date_issued"] == "2018-05-09"
    item = parsed["items"][3]
    assert item["path"] == ["二、管好文件，守住制度源头", item["path"][1]]
    assert item["basis"][0]["articles"] == ["10", "11"]
    assert {"name", "canonical", "role", "is_group"} == set(item["units"][0])


def test_parse_needs_and_makes_no_index(tmp_path: Path) -> None:
    run_script(tmp_path / "data", "parse", str(NOTICE))
    assert not (tmp_path / "data" / "index").exists()


def test_parse_shows_outline_with_units_and_basis_indented(tmp_path: Path) -> None:
    lines = run_script(tmp_path, "parse", str(NOTICE)).stdout.splitlines()
    section = lines.index("一、厘清权责，转变政府职能")
    assert lines[section + 1].startswith("  （一）")
    assert lines[section + 2].startswith("    单位：")
    assert "文号：云青政办〔2018〕36号" in lines


def test_parse_shows_doubts_with_their_line(tmp_path: Path) -> None:
    shown = run_script(tmp_path, "parse", str(SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt")).stdout
    doubts = [line for line in shown.splitlines() if line.startswith("注意：")]
    assert any(line.startswith("注意：第 ") for line in doubts)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.txt", b"", "empty"),
        ("扫描.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "not_text"),
        ("转发.txt", "转发通知\n\n现转发给你们，请遵照执行。\n".encode(), "no_items"),
    ],
)
def test_file_that_is_no_notice_is_refused_with_its_name(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run_script(tmp_path, "parse", str(tmp_path / name), "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (1, code)
    assert name in error["detail"]
