import subprocess
import sys
from pathlib import Path

import pytest

from search_api.cli import COMMANDS
from tests.search_api.cli.conftest import SCRIPT, Run, environment

ENGLISH_OF_CLICK = ("Usage", "Options:", "Commands:", "Show this message", "OPTIONS", "default:", "COMMAND", "Error")


def test_help_lists_every_command(xianli: Run) -> None:
    shown = xianli("--help")
    assert shown.returncode == 0
    for name, text in COMMANDS.items():
        assert f"  {name}" in shown.stdout
        assert text in shown.stdout


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["model", "fetch"]], ids=" ".join)
def test_help_of_every_command_is_chinese(xianli: Run, command: list[str]) -> None:
    shown = xianli(*command, "--help")
    assert shown.returncode == 0
    assert shown.stdout.startswith("用法：xianli")
    assert not [word for word in ENGLISH_OF_CLICK if word in shown.stdout]


def test_program_without_a_command_shows_the_help_and_is_misused(xianli: Run) -> None:
    shown = xianli()
    assert shown.returncode == 2
    assert "命令" in shown.stderr


def test_version_is_that_of_the_distribution(xianli: Run) -> None:
    assert xianli("--version").stdout.startswith("xianli 0.")


def imported(data: Path, *arguments: str) -> set[str]:
    """The top packages that a run of the console script imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", SCRIPT, *arguments],
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert lines
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


def test_help_imports_nothing_that_only_commands_need(data: Path) -> None:
    assert not imported(data, "--help") & {"numpy", "pydantic", "tantivy", "jieba", "fastapi", "rich", "tqdm"}


def test_search_into_a_pipe_imports_neither_server_nor_rich(data: Path) -> None:
    found = imported(data, "search", "备案审查")
    assert "tantivy" in found
    assert not found & {"fastapi", "starlette", "uvicorn", "rich"}
