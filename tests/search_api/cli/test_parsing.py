import json
import re
from pathlib import Path

import pytest

from tests.search_api.cli.conftest import SAMPLES, run_script

DAMAGED = SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"
NOTICE = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def test_parse_with_json_prints_notice_items_warnings_and_blocks(tmp_path: Path) -> None:
    parsed = json.loads(run_script(tmp_path, "parse", str(NOTICE), "--json").stdout)
    assert list(parsed) == ["notice", "items", "warnings", "blocks"]
    assert parsed["notice"]["document_number"] == "云青政办〔2018〕36号"
    assert parsed["notice"]["date_issued"] == "2018-05-09"
    item = parsed["items"][3]
    assert item["path"] == ["二、管好文件，守住制度源头", item["path"][1]]
    assert item["basis"][0]["articles"] == ["10", "11"]
    assert {"name", "canonical", "role", "is_group", "successor"} == set(item["units"][0])


def test_parse_needs_and_makes_no_index(tmp_path: Path) -> None:
    run_script(tmp_path / "data", "parse", str(NOTICE))
    assert not (tmp_path / "data" / "index").exists()


def test_parse_shows_outline_with_units_and_basis_indented(tmp_path: Path) -> None:
    lines = run_script(tmp_path, "parse", str(NOTICE)).stdout.splitlines()
    section = lines.index("一、厘清权责，转变政府职能")
    assert lines[section + 1].startswith("  （一）")
    assert lines[section + 2].startswith("    单位：")
    assert "文号：云青政办〔2018〕36号" in lines


def test_parse_shows_each_doubt_with_its_line_below_what_it_concerns(tmp_path: Path) -> None:
    lines = run_script(tmp_path, "parse", str(DAMAGED)).stdout.splitlines()
    section = next(i for i, line in enumerate(lines) if line.startswith("  （三）"))
    assert lines[section].endswith("（序号为推断）")
    assert re.fullmatch(
        r"    注意：第 \d+ 行，序号残缺（原文：）），按前后文推定为 （三）（label_inferred）", lines[section + 1]
    )


def test_parse_shows_doubts_about_the_notice_above_the_outline(tmp_path: Path) -> None:
    lines = run_script(tmp_path, "parse", str(DAMAGED)).stdout.splitlines()
    above = lines[: lines.index("")]
    assert any(line.startswith("注意：第 5 行，文号残缺") for line in above)
    assert any(re.fullmatch(r"可信度：0\.\d\d（存疑 \d+ 处）", line) for line in above)


def test_parse_with_html_writes_a_page_that_stands_alone(tmp_path: Path) -> None:
    page = tmp_path / "页.html"
    done = run_script(tmp_path, "parse", str(DAMAGED), "--html", str(page))
    assert (done.returncode, done.stdout) == (0, f"已存为 {page}，请用浏览器打开。\n")
    html = page.read_text(encoding="utf-8")
    assert html.lstrip().startswith("<!doctype html>")
    assert 'id="i40"' in html


def test_parse_with_html_and_json_does_both(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run_script(tmp_path, "parse", str(NOTICE), "--html", str(page), "--json")
    assert json.loads(done.stdout)["items"]
    assert page.exists()


def test_page_that_cannot_be_written_is_said_with_its_name(tmp_path: Path) -> None:
    page = tmp_path / "nowhere" / "page.html"
    done = run_script(tmp_path, "parse", str(NOTICE), "--html", str(page), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "unwritable"
    assert str(page) in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("空.txt", b"", "empty"),
        ("扫描.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "damaged"),
        ("转发.txt", "转发通知\n\n现转发给你们，请遵照执行。\n".encode(), "no_items"),
    ],
)
def test_file_that_is_no_notice_is_refused_with_its_name(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run_script(tmp_path, "parse", str(tmp_path / name), "--json")
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (1, code)
    assert name in error["detail"]
