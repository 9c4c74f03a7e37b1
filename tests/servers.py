"""The Elasticsearch that tests run against: that of XIANLI_TEST_ELASTICSEARCH, or one that is started for the run.

All processes of a run share it; the one that began the run stops it.
"""

import os
import subprocess
from pathlib import Path

from tests.requirements import require

PROJECT = Path(__file__).parent.parent
SCRIPT = PROJECT / "scripts" / "elasticsearch"
CACHE = PROJECT / ".cache" / "elasticsearch"
_RUN = "XIANLI_TEST_RUN"


def begin_run() -> None:
    """Name the run after the process that begins it; its workers inherit the name."""
    os.environ.setdefault(_RUN, str(os.getpid()))


def elasticsearch() -> str:
    """The address of a server; ends the test where there is none and none can be started."""
    if given := os.environ.get("XIANLI_TEST_ELASTICSEARCH"):
        return given
    for left in CACHE.glob("test-*"):
        if not Path("/proc", left.name.removeprefix("test-")).exists():  # its run was killed
            _script("stop", left)
    started = _script("start", _folder())
    if started.returncode:
        require("Elasticsearch", started.stderr.strip())
    return started.stdout.strip()


def end_run() -> None:
    """Stop what was started, in the process that began the run."""
    if os.environ.get(_RUN) == str(os.getpid()) and _folder().exists():
        _script("stop", _folder())


def _folder() -> Path:
    return CACHE / f"test-{os.environ[_RUN]}"


def _script(command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([SCRIPT, command, "--folder", folder], capture_output=True, text=True, check=False)
