"""What a notice holds does not steer the terminal that shows it."""

from pathlib import Path
from unicodedata import category

import pytest

from tests.search_api.cli.conftest import run_script

STEERING = "\x1b[2J\x1b]0;title\x07\u202e"
NOTICE = f"""青溪区2030年法治政府建设工作要点{STEERING}

一、总体要求
（一）加强{STEERING}行政执法案卷评查。每年组织不少于两次案卷评查，评查结果纳入考核。（责任单位：区司法局{STEERING}）
（二）完善行政复议。{"健全行政复议案件审理机制，提高办案质量，畅通申请渠道，方便群众。" * 600}（责任单位：区司法局）
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("steering")
    (folder / f"通知{STEERING.replace('/', '')}.txt").write_text(NOTICE, encoding="utf-8")
    done = run_script(folder / "data", "index", str(folder))
    assert "新增 1" in done.stdout, done.stderr
    return folder / "data"


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "案卷评查"),
        ("search", f"案卷{STEERING}没有的词句"),
        ("similar", "--text", "组织行政执法案卷评查"),
        ("notices",),
        ("show", "{notice}", "--source"),
        ("show", "{notice}-001", "--source"),
        ("show", f"没有{STEERING}"),
        ("parse", "{file}"),
        ("check", "{folder}"),
        ("index", "{folder}", f"不存在{STEERING}"),
        ("remove", "{notice}"),
    ],
    ids=lambda arguments: ascii(arguments)[:40],
)
def test_no_control_character_reaches_the_terminal(data: Path, arguments: tuple[str, ...]) -> None:
    notice = run_script(data, "notices").stdout.split()[0]
    [file] = data.parent.glob("*.txt")
    done = run_script(data, *(one.format(notice=notice, file=file, folder=data.parent) for one in arguments))
    shown = done.stdout + done.stderr
    assert shown
    assert [ascii(one) for one in shown if category(one)[0] == "C" and one not in "\n\t"] == []
