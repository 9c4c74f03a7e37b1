"""copy, backup and restore as a user runs them, on both backends, and killed at any moment."""

import json
import random
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzers.embedding.choice import ModelChoice, remember_model, remembered_model
from tests.search_api.cli.conftest import SAMPLES, SCRIPT, environment, run_script

NOTICE = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"
KILLS = 6


def document(data: Path, *arguments: str) -> Any:
    done = run_script(data, *arguments, "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def listed(data: Path, index: Path | str) -> Any:
    return document(data, "notices", "--index", str(index))


def found(data: Path, index: Path | str) -> list[str]:
    answer = document(data, "search", "行政执法案卷评查", "--top", "20", "--index", str(index))
    return [hit["id"] for hit in answer["hits"]]


def killed(data: Path, seconds: float, *arguments: str) -> bool:
    """Run the script and kill it after so many seconds; whether it was still running."""
    with subprocess.Popen(
        [SCRIPT, *arguments], env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    return False


def whole_run(data: Path, *arguments: str) -> float:
    """The seconds that the script takes when nothing kills it."""
    started = time.monotonic()
    document(data, *arguments)
    return time.monotonic() - started


def test_an_index_is_backed_up_and_restored(data: Path, tmp_path: Path) -> None:
    backup = tmp_path / "备份.zip"
    made = run_script(data, "backup", str(backup))
    assert (made.returncode, made.stderr) == (0, "")
    assert f"已备份到 {backup}：20 份通知" in made.stdout
    done = run_script(data, "restore", str(backup), "--index", str(tmp_path / "restored"))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"已恢复到 {tmp_path / 'restored'}：20 份通知" in done.stdout
    assert listed(data, tmp_path / "restored") == listed(data, data / "index")
    assert found(data, tmp_path / "restored") == found(data, data / "index")


def test_backup_and_restore_tell_programs_what_they_did(data: Path, tmp_path: Path) -> None:
    backup, index = str(tmp_path / "backup.zip"), str(tmp_path / "restored")
    made = document(data, "backup", backup)
    assert made["index"] == str(data / "index")
    assert made["backup"] == backup
    assert made["held"]["notices"] == 20
    assert document(data, "restore", backup, "--index", index) == {**made, "index": index}


def test_an_index_is_copied_and_copied_again(data: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "copy")
    first = document(data, "copy", str(data / "index"), target)["copied"]
    assert (first["notices"], first["written"], first["own"]) == (20, 20, 0)
    second = document(data, "copy", str(data / "index"), target)["copied"]
    assert (second["written"], second["digest"]) == (0, first["digest"])
    assert listed(data, target) == listed(data, data / "index")
    told = run_script(data, "copy", str(data / "index"), target)
    assert "没有变化" in told.stdout
    assert first["digest"] in told.stdout


def test_notices_that_only_the_target_has_are_told_and_deleted_on_request(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "2031.txt"
    own.parent.mkdir()
    own.write_text(NOTICE.read_text().replace("2018", "2031"), encoding="utf-8")
    target = str(tmp_path / "copy")
    run_script(data, "index", str(own), "--index", target)
    left = run_script(data, "copy", str(data / "index"), target)
    assert left.returncode == 0
    assert "另有 1 份来源没有的通知" in left.stderr
    assert "删除 1 份" in run_script(data, "copy", str(data / "index"), target, "--delete").stdout
    assert listed(data, target) == listed(data, data / "index")


MISTAKES = [
    (["copy", "{index}", "{index}"], 2, "同一个索引"),
    (["copy", "{index}"], 2, "缺少参数 目标"),
    (["copy", "{tmp}/absent", "{tmp}/copy"], 1, "还没有索引"),
    (["backup", "{tmp}/backup.zip", "--index", "{tmp}/absent"], 1, "还没有索引"),
    (["backup", "{tmp}/nowhere/backup.zip"], 1, "备份没有写成"),
    (["backup", "{tmp}"], 1, "已存在"),
    (["restore", "{tmp}/absent.zip", "--index", "{tmp}/new"], 1, "没有备份文件"),
    (["restore", str(NOTICE), "--index", "{tmp}/new"], 1, "已损坏或不完整，或者不是备份"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), MISTAKES, ids=lambda value: str(value)[:40])
def test_mistakes_are_told(data: Path, tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    done = run_script(data, *(one.format(index=data / "index", tmp=tmp_path) for one in arguments))
    assert done.returncode == code
    assert said in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_disk_that_is_full_leaves_the_former_backup(data: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.zip"
    document(data, "backup", str(backup))
    former = backup.read_bytes()
    limited = f"ulimit -f 200; exec {SCRIPT} backup --force {backup}"
    done = subprocess.run(
        ["bash", "-c", limited], env=environment(data), capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "错误：" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]
    assert backup.read_bytes() == former


@pytest.mark.slow
def test_what_is_killed_at_any_moment_leaves_all_as_it_was_and_can_be_run_again(data: Path, tmp_path: Path) -> None:
    chance = random.Random(8)
    index, backup, restored, copied = str(data / "index"), *(tmp_path / name for name in ("b.zip", "restored", "copy"))
    backing_up = whole_run(data, "backup", str(backup))
    restoring = whole_run(data, "restore", str(backup), "--index", str(restored))
    size, expected = len(backup.read_bytes()), listed(data, index)
    cut = 0
    for _ in range(KILLS):
        cut += killed(data, chance.uniform(0.2, 1) * backing_up, "backup", str(backup), "--force")
        assert len(backup.read_bytes()) in range(size - 200, size + 200)
        restore = ("restore", str(backup), "--index", str(restored), "--force")
        cut += killed(data, chance.uniform(0.2, 1) * restoring, *restore)
        assert listed(data, restored) == expected
        cut += killed(data, chance.uniform(0.2, 1) * restoring, "copy", index, str(copied))
    assert cut > KILLS
    document(data, "backup", str(backup), "--force")
    assert {path.name for path in tmp_path.iterdir()} == {"b.zip", "restored", "copy"}
    document(data, "restore", str(backup), "--index", str(restored), "--force")
    assert len(list((restored / "versions").iterdir())) <= 2
    document(data, "copy", index, str(copied))
    assert listed(data, copied) == listed(data, restored) == expected


def test_an_interrupted_copy_says_how_to_go_on(data: Path, tmp_path: Path) -> None:
    command: list[str | Path] = [SCRIPT, "copy", str(data / "index"), str(tmp_path / "copy")]
    with subprocess.Popen(
        command, env=environment(data), stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "copy" / "catalogue.sqlite").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.3)
        process.send_signal(2)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 130
    assert "再运行一次" in said
    assert document(data, "copy", str(data / "index"), str(tmp_path / "copy"))["copied"]["notices"] == 20


@pytest.fixture
def address(elasticsearch: str) -> Iterator[str]:
    """The address of a prefix of the test's own, with a repository of the same name; all of it is removed afterwards."""
    from elasticsearch import ApiError, Elasticsearch

    from tests.requirements import require

    name = f"test-{uuid.uuid4().hex}"
    with Elasticsearch(elasticsearch) as client:
        try:
            client.snapshot.create_repository(name=name, repository={"type": "fs", "settings": {"location": name}})
        except ApiError as failure:
            require("a folder for snapshots", str(failure))
        yield f"{elasticsearch}/{name}"
        client.snapshot.delete(repository=name, snapshot="*")
        client.snapshot.delete_repository(name=name)
        for index in client.indices.get(index=f"{name}*", expand_wildcards="all"):
            client.indices.delete(index=index)


def test_the_model_that_an_index_remembers_goes_along(data: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    run_script(data, "index", str(NOTICE), "--index", str(source))
    choice = ModelChoice(Path("/models/other"), dimension=64)
    remember_model(source, choice)
    document(data, "copy", str(source), str(target))
    assert remembered_model(target) == choice


@pytest.mark.elasticsearch
def test_the_model_that_an_index_remembers_goes_to_elasticsearch(data: Path, tmp_path: Path, address: str) -> None:
    source = tmp_path / "source"
    run_script(data, "index", str(NOTICE), "--index", str(source))
    choice = ModelChoice(Path("/models/other"), dimension=64)
    remember_model(source, choice)
    document(data, "copy", str(source), address)
    document(data, "copy", address, str(tmp_path / "back"))
    assert remembered_model(tmp_path / "back") == choice


@pytest.mark.elasticsearch
def test_an_index_goes_to_elasticsearch_into_a_snapshot_and_back(data: Path, tmp_path: Path, address: str) -> None:
    index, place = str(data / "index"), f"{address.rpartition('/')[2]}/one"
    there = document(data, "copy", index, address)["copied"]
    assert there["written"] == 20
    assert document(data, "backup", place, "--index", address)["held"]["notices"] == 20
    assert "快照不能覆盖" in run_script(data, "backup", place, "--index", address, "--force").stderr
    assert "已经存在" in run_script(data, "restore", place, "--index", address).stderr
    restored = f"{address}x"
    assert f"已恢复到 {restored}：20 份通知" in run_script(data, "restore", place, "--index", restored).stdout
    back = document(data, "copy", restored, str(tmp_path / "back"))["copied"]
    assert back["digest"] == there["digest"]
    assert listed(data, tmp_path / "back") == listed(data, index)
    assert found(data, tmp_path / "back") == found(data, index) == found(data, restored)
    assert "请写成 仓库/快照" in run_script(data, "backup", "one", "--index", address).stderr


@pytest.mark.slow
@pytest.mark.elasticsearch
def test_what_is_killed_on_elasticsearch_can_be_run_again(data: Path, address: str) -> None:
    chance = random.Random(9)
    index, repository = str(data / "index"), address.rpartition("/")[2]
    copying = whole_run(data, "copy", index, f"{address}x")
    cut = sum(killed(data, chance.uniform(0.2, 1) * copying, "copy", index, address) for _ in range(3))
    document(data, "copy", index, address)
    expected = listed(data, index)
    assert listed(data, address) == expected
    document(data, "backup", f"{repository}/one", "--index", address)
    restore = ("restore", f"{repository}/one", "--index", address, "--force")
    restoring = whole_run(data, *restore)
    for _ in range(KILLS):
        cut += killed(data, chance.uniform(0.2, 1) * restoring, *restore)
        assert listed(data, address) == expected
    assert cut > 3
    document(data, *restore)
    assert listed(data, address) == expected
