"""The real console script over an index of the sample notices."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

SCRIPT = Path(sys.executable).parent / "xianli"
SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(data: Path, model: Path | None = None) -> dict[str, str]:
    """The variables of a user whose data lie in `data`, without those of whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("XIANLI_", "LC_", "LANG"))}
    return own | {"XIANLI_DATA": str(data), "XIANLI_MODEL": str(model or data / "model"), "LC_ALL": "C.UTF-8"}


def run_script(
    data: Path, *arguments: str, model: Path | None = None, variables: Mapping[str, str] = MappingProxyType({})
) -> subprocess.CompletedProcess[str]:
    """What `xianli` with `arguments` printed and how it ended; `variables` are set besides."""
    return subprocess.run(
        [SCRIPT, *arguments],
        env=environment(data, model) | dict(variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a user who has indexed the samples, without a model. Not to be written to."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    done = run_script(folder, "index", str(SAMPLES))
    assert "新增 20" in done.stdout, done.stderr
    return folder


@pytest.fixture(scope="session")
def xianli(data: Path) -> Run:
    """Runs the console script over the indexed samples."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_script(data, *arguments)

    return run


@pytest.fixture(scope="session")
def answer(xianli: Run) -> Callable[..., Any]:
    """The document that a command prints with --json."""

    def run(*arguments: str) -> Any:
        done = xianli(*arguments, "--json")
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    return run
