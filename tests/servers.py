"""The Elasticsearch that tests run against: that of XIANLI_TEST_ELASTICSEARCH, or one that is started for the run.

There is a second one with security: that in the folder of XIANLI_TEST_SECURED (scripts/elasticsearch start --secure --folder),
or one that is started. All processes of a run share them; the one that began the run stops them.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.requirements import require

PROJECT = Path(__file__).parent.parent
SCRIPT = PROJECT / "scripts" / "elasticsearch"
CACHE = PROJECT / ".cache" / "elasticsearch"
_RUN = "XIANLI_TEST_RUN"


@dataclass(frozen=True, slots=True)
class Secured:
    """A server with security, where `user` may do everything."""

    address: str
    folder: Path
    user: str = "elastic"

    @property
    def ca(self) -> Path:
        """Certificate of the authority that the server's is of."""
        return self.folder / "ca.pem"

    @property
    def password(self) -> str:
        """Of the user."""
        return (self.folder / "password").read_text()


def begin_run() -> None:
    """Name the run after the process that begins it; its workers inherit the name."""
    os.environ.setdefault(_RUN, str(os.getpid()))


def elasticsearch() -> str:
    """The address of a server; ends the test where there is none and none can be started."""
    if given := os.environ.get("XIANLI_TEST_ELASTICSEARCH"):
        return given
    return _start(_folder("test"))


def secured() -> Secured:
    """A server with security; ends the test where there is none and none can be started."""
    folder = Path(os.environ.get("XIANLI_TEST_SECURED") or _folder("secured"))
    return Secured(_start(folder, "--secure"), folder)


def _start(folder: Path, *options: str) -> str:
    for left in (*CACHE.glob("test-*"), *CACHE.glob("secured-*")):
        if not Path("/proc", left.name.partition("-")[2]).exists():  # its run was killed
            _script("stop", left)
    started = _script("start", folder, *options)
    if started.returncode:
        require("Elasticsearch", started.stderr.strip())
    return started.stdout.strip()


def end_run() -> None:
    """Stop what was started, in the process that began the run."""
    if os.environ.get(_RUN) == str(os.getpid()):
        for folder in filter(Path.exists, map(_folder, ("test", "secured"))):
            _script("stop", folder)


def _folder(name: str) -> Path:
    return CACHE / f"{name}-{os.environ[_RUN]}"


def _script(command: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([SCRIPT, command, "--folder", folder, *options], capture_output=True, text=True, check=False)
