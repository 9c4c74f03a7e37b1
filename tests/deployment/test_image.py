"""The image without a container engine: its own build steps into a folder, and the API from nothing but that folder."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.compose import PROJECT
from tests.requirements import require

pytestmark = pytest.mark.slow

NOBODY = 65534
STOP_SECONDS = 10


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """The root folder of an image, with a data folder of its user's and notices to index."""
    for command in ("mvn", "setpriv"):
        if shutil.which(command) is None:
            require(command, f"no {command} on PATH")
    with tempfile.TemporaryDirectory(prefix="xianli-image-") as folder:
        made = Path(folder)
        made.chmod(0o755)
        for step in ("environment", "model"):
            done = subprocess.run(
                [PROJECT / "scripts" / "image", step, folder],
                env=os.environ | {"PYTHON": _python()},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
        shutil.copytree(PROJECT / "corpus" / "samples", made / "notices")
        (made / "data").mkdir()
        if os.geteuid() == 0:
            os.chown(made / "data", NOBODY, NOBODY)
        yield made


def _python() -> str:
    """A Python that other users can run; the project's own may lie in a folder that only its owner can enter."""
    candidates = filter(None, (shutil.which("python3", path="/usr/local/bin:/usr/bin"), sys.executable))
    wanted = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    for python in candidates:
        if subprocess.run([*_user(), python, "-c", wanted], capture_output=True, check=False).returncode == 0:
            return python
    require("a Python of the system", "no python3 of 3.11 or newer with venv that every user can run")


def _user() -> list[str]:
    """What a command begins with, so that it does not run as root."""
    user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return user if os.geteuid() == 0 else []


def in_image(root: Path, *command: str, **more: Any) -> "subprocess.Popen[str]":
    """A command with the image's variables and nothing else of this process's."""
    variables = {
        "PATH": f"{root}/opt/xianli/bin:/usr/bin:/bin",
        "PYTHONUNBUFFERED": "1",
        "XIANLI_DATA": f"{root}/data",
        "XIANLI_MODEL": f"{root}/opt/model",
        "LC_ALL": "C.UTF-8",
    }
    return subprocess.Popen([*_user(), *command], env=variables, cwd="/", text=True, encoding="utf-8", **more)


def answer(address: str) -> Any:
    with urllib.request.urlopen(address, timeout=30) as response:
        return json.load(response)


def test_the_api_runs_from_the_image_alone_and_stops_when_told(root: Path) -> None:
    with in_image(root, "xianli", "index", f"{root}/notices", stdout=subprocess.PIPE) as indexing:
        assert "新增 20" in indexing.communicate(timeout=120)[0]
    with in_image(root, "xianli", "serve", "--port", "0", stderr=subprocess.PIPE) as serving:
        try:
            assert serving.stderr is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/", serving.stderr.readline())
            assert found
            assert answer(f"{found[0]}healthz") == {"status": "ok"}
            ready = answer(f"{found[0]}readyz")
            assert (ready["mode"], ready["notices"], ready["items"]) == ("hybrid", 20, 387)
            query = urllib.parse.urlencode({"q": "行政执法案卷评查", "top": 3})
            assert len(answer(f"{found[0]}api/v1/search?{query}")["hits"]) == 3
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(STOP_SECONDS) == 0
        finally:
            serving.kill()


def test_the_image_has_no_installer_no_tests_and_no_tools(root: Path) -> None:
    (packages,) = root.glob("opt/xianli/lib/python3*/site-packages")
    held = {path.name.partition("-")[0] for path in packages.iterdir()}
    assert {"corpus", "analyzers", "indexer", "search_api", "onnxruntime"} <= held
    assert not held & {"tests", "benchmarks", "pip", "setuptools", "pytest", "torch", "matplotlib"}
    assert {path.name for path in (root / "opt").iterdir()} == {"xianli", "model"}
    assert {path.name for path in (root / "opt" / "model").iterdir()} == {"model.onnx", "tokenizer.json"}


def test_the_user_of_the_image_cannot_change_it(root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can install for another user")
    for path in ("opt", "opt/model/model.onnx", "opt/xianli/bin/xianli"):
        with in_image(root, "test", "-w", f"{root}/{path}") as asked:
            assert asked.wait() == 1
