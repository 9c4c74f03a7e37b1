"""Getting the model: from the Maven artifact that holds it, or from a jar or folder that the user brings.

Maven does the download, so that the user's mirrors, proxies and local repository apply.
"""

import os
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from analyzers.durable import sync_folder
from analyzers.embedding.files import (
    ARTIFACT,
    ONNX,
    TOKENIZER,
    ModelFile,
    ModelFiles,
    model_files,
    read_model_file,
)
from corpus.errors import ModelError

_COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
_MAVEN_TIMEOUT = 600
"""Seconds that a download of 16 MB and of Maven's own plugins may take."""

_BY_HAND = f"也可以在别处下载 {ARTIFACT} 的 jar 文件，再运行 xianli model fetch --from <jar 文件>。"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_DAMAGED_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)

_Open = Callable[[ModelFile], AbstractContextManager[IO[bytes]]]


def fetch_model(folder: Path, source: Path | None = None, maven: str = "mvn") -> ModelFiles:
    """Put the verified files of the model into `folder`; does nothing when they are there.

    `source` is the artifact's jar, or a folder with the files under their names in the artifact or in a model folder;
    without it the command `maven` downloads the jar. A file comes into `folder` whole or not at all. Raises ModelError.
    """
    if _is_complete(folder):
        return model_files(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
            work = Path(temporary)
            _stage(source if source else _download(work, maven), work)
            # The model last: where it lies, the tokenizer lies too.
            for file in (TOKENIZER, ONNX):
                os.replace(work / file.name, folder / file.name)
            sync_folder(folder)
    except OSError as error:
        raise ModelError(f"模型写不进 {folder}（{error.strerror or error}）。检查权限和磁盘空间。") from error
    return model_files(folder)


def _is_complete(folder: Path) -> bool:
    try:
        for file in (TOKENIZER, ONNX):
            read_model_file(folder, file)
    except ModelError:
        return False
    return True


def _download(work: Path, maven: str) -> Path:
    """The artifact's jar, copied into `work` by Maven."""
    command = shutil.which(maven)
    if command is None:
        raise ModelError(f"下载模型要用 Maven，但没有找到命令 {maven}。请安装 Maven 再试。{_BY_HAND}")
    arguments = [command, "-q", "-B", _COPY_GOAL, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={work}"]
    try:
        # In `work`, because a pom.xml in the user's folder would be taken for the project.
        done = subprocess.run(
            arguments, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, timeout=_MAVEN_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"Maven 下载模型超过 {_MAVEN_TIMEOUT} 秒。检查网络再试。{_BY_HAND}") from error
    jars = sorted(work.glob("*.jar"))
    if done.returncode or not jars:
        raise ModelError(f"Maven 没有下载到模型：{_first_error(done.stdout + done.stderr)}。检查网络再试。{_BY_HAND}")
    return jars[0]


def _first_error(output: bytes) -> str:
    lines = [_ANSI.sub("", line).strip() for line in output.decode(errors="replace").splitlines()]
    errors = [line.removeprefix("[ERROR]").strip() for line in lines if line.startswith("[ERROR]")]
    return next(iter(errors or filter(None, lines)), "没有说明原因")


def _stage(source: Path, work: Path) -> None:
    """Copy the verified files from `source` into `work` and flush them to disk."""
    try:
        if source.is_dir():
            for file in (TOKENIZER, ONNX):
                _copy_verified(file, partial(_open_in_folder, source), source, work)
            return
        with zipfile.ZipFile(source) as jar:
            for file in (TOKENIZER, ONNX):
                _copy_verified(file, lambda wanted: jar.open(wanted.artifact_name), source, work)
    except (KeyError, FileNotFoundError) as error:
        raise ModelError(f"{source} 不存在或其中缺少模型文件（{ONNX.artifact_name}）。{_BY_HAND}") from error
    except _DAMAGED_ARCHIVE as error:
        raise ModelError(f"{source} 不是完好的 jar 文件（{error}）。{_BY_HAND}") from error


def _open_in_folder(folder: Path, file: ModelFile) -> IO[bytes]:
    path = folder / file.name
    return (path if path.exists() else folder / file.artifact_name).open("rb")


def _copy_verified(file: ModelFile, opened: _Open, source: Path, work: Path) -> None:
    # One byte more than there should be: whatever an archive claims to hold, no more than that is unpacked.
    with opened(file) as content:
        data = content.read(file.size + 1)
    if sha256(data).hexdigest() != file.digest:
        raise ModelError(f"{source} 里的 {file.artifact_name} 校验值不符，不是要用的模型或已损坏。{_BY_HAND}")
    with (work / file.name).open("wb") as copy:
        copy.write(data)
        copy.flush()
        os.fsync(copy.fileno())
