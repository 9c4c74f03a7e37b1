import json
import os
import pty
import re
import signal
import subprocess
import termios
import time
from pathlib import Path
from typing import Any

from tests.search_api.cli.conftest import SAMPLES, SCRIPT, environment, run_script

NOTICE = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def index(data: Path, *paths: Path) -> Any:
    return json.loads(run_script(data, "index", *map(str, paths), "--json").stdout)


def test_indexing_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    first = run_script(tmp_path, "index", str(NOTICE))
    again = run_script(tmp_path, "index", str(NOTICE))
    assert (first.returncode, again.returncode) == (0, 0)
    assert "新增 1 · 更新 0 · 未变 0 · 重复 0 · 失败 0 · 写入条款 22 条" in first.stdout
    assert "没有变化：1 份通知都已收录。" in again.stdout
    assert "索引现有 1 份通知、22 条条款。" in again.stdout


def test_changed_file_is_replaced_and_copy_is_a_duplicate(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "通知.txt"
    text = NOTICE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert index(data, file)["counts"]["added"] == 1
    file.write_text(text.replace("半年校核一次", "季度校核一次"), encoding="utf-8")
    assert index(data, file)["counts"]["replaced"] == 1
    copy = tmp_path / "副本.txt"
    copy.write_bytes(file.read_bytes())
    shown = run_script(data, "index", str(copy))
    assert shown.returncode == 0
    assert "重复 1" in shown.stdout
    assert "内容相同" in shown.stdout


def test_each_failure_is_told_and_the_rest_is_indexed(tmp_path: Path) -> None:
    (tmp_path / "扫描.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")
    done = run_script(tmp_path / "data", "index", str(tmp_path / "扫描.pdf"), str(NOTICE), str(tmp_path / "没有"))
    assert done.returncode == 1
    assert "新增 1" in done.stdout
    assert "失败 2" in done.stdout
    failures = [line for line in done.stderr.splitlines() if line.startswith("失败：")]
    assert len(failures) == 2
    assert "扫描.pdf：PDF 已损坏" in failures[0]
    assert "找不到文件或文件夹" in failures[1]


def test_failure_with_json_has_its_code(tmp_path: Path) -> None:
    (tmp_path / "空.txt").touch()
    answer = index(tmp_path / "data", tmp_path / "空.txt", NOTICE)
    assert [(Path(file["path"]).name, file["status"]) for file in answer["files"]] == [
        ("空.txt", "failed"),
        (NOTICE.name, "added"),
    ]
    assert answer["files"][0]["error"]["code"] == "empty"
    assert answer["held"] == {"notices": 1, "items": 22}


def test_index_option_names_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "别处"
    assert run_script(tmp_path / "data", "index", str(NOTICE), "--index", str(elsewhere)).returncode == 0
    assert "《青溪区2018年" in run_script(tmp_path / "data", "search", "备案", "--index", str(elsewhere)).stdout
    assert not (tmp_path / "data" / "index").exists()


def test_removed_notice_is_gone(tmp_path: Path) -> None:
    [file] = index(tmp_path, NOTICE)["files"]
    done = run_script(tmp_path, "remove", file["notice_id"])
    assert (done.returncode, done.stdout) == (0, "已删除《青溪区2018年法治政府建设工作安排》（22 条）。\n")
    assert json.loads(run_script(tmp_path, "notices", "--json").stdout)["total"] == 0


MANY = 400
"""Files whose indexing takes so long that it can be interrupted."""


def test_progress_is_shown_in_a_terminal_and_interruption_keeps_what_was_done(tmp_path: Path) -> None:
    notices = tmp_path / "通知"
    notices.mkdir()
    text = NOTICE.read_text(encoding="utf-8")
    for number in range(MANY):
        (notices / f"{number:03}.txt").write_text(text.replace("36号", f"{number + 100}号", 1), encoding="utf-8")
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    process = subprocess.Popen(
        [SCRIPT, "index", str(notices)],
        env=environment(tmp_path / "data"),
        stdout=subprocess.PIPE,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=_heed_interrupts,
    )
    os.close(terminal)
    shown = _read_until(controller, "新增 ")
    process.send_signal(signal.SIGINT)
    shown += _read_until(controller, None)
    assert process.wait(60) == 130
    assert re.search(rf"收录.*/{MANY}", shown)
    assert "已中断" in shown
    assert "再运行一次" in shown
    again = index(tmp_path / "data", notices)
    assert again["counts"]["unchanged"] >= 1
    assert again["counts"]["unchanged"] + again["counts"]["added"] == MANY
    assert again["held"]["notices"] == MANY


def _heed_interrupts() -> None:
    """A suite that runs in the background is started with interrupts ignored, and hands that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read_until(controller: int, awaited: str | None) -> str:
    """What a terminal shows until `awaited` appears, or until the program has ended."""
    shown, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline and (awaited is None or awaited.encode() not in shown):
        try:
            part = os.read(controller, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        shown += part
    return shown.decode("utf-8", "replace")


def test_place_given_by_hand_settles_what_the_notice_leaves_open(tmp_path: Path) -> None:
    text = "鼓楼区人民政府关于印发2018年工作要点的通知\n各单位：\n一、清理文件，公布结果。（区司法局负责）\n二、公开文件。\n"
    (tmp_path / "要点.txt").write_text(text, encoding="utf-8")
    data = tmp_path / "data"
    assert index(data, tmp_path / "要点.txt")["counts"]["added"] == 1
    placed = run_script(data, "index", str(tmp_path / "要点.txt"), "--place", "福州市鼓楼区", "--json")
    assert json.loads(placed.stdout)["counts"]["replaced"] == 1
    found = json.loads(run_script(data, "search", "清理文件", "--city", "福州市", "--json").stdout)
    assert [hit["notice"]["province"] for hit in found["hits"]][:1] == ["福建省"]
    wrong = run_script(data, "index", str(tmp_path / "要点.txt"), "--place", "不是地方")
    assert (wrong.returncode, "不是地名" in wrong.stderr) == (2, True)
