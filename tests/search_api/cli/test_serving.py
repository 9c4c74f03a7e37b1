import json
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.search_api.cli.conftest import SCRIPT, Run, environment


def test_server_says_where_it_is_and_answers_until_interrupted(data: Path) -> None:
    process = subprocess.Popen(
        [SCRIPT, "serve", "--port", "0"], env=environment(data), stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert found
        with urllib.request.urlopen(f"{found[0]}readyz", timeout=30) as response:
            assert json.load(response)["items"] == 387
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, 130)
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--host", "0.0.0.0", "--allow-write"], "xianli keys create"),
        (["--trusted-proxy", "127.0.0.1", "--allow-write"], "xianli keys create"),
        (["--trusted-proxy", "proxy.example"], "XIANLI_TRUSTED_PROXIES"),
        (["--log-format", "xml"], "XIANLI_LOG_FORMAT"),
    ],
)
def test_what_would_not_be_safe_or_is_not_known_is_refused(xianli: Run, arguments: list[str], expected: str) -> None:
    done = xianli("serve", *arguments)
    assert (done.returncode, expected in done.stderr) == (2, True), done.stderr


def test_a_server_that_nobody_may_read_says_so(data: Path) -> None:
    process = subprocess.Popen(
        [SCRIPT, "serve", "--port", "0", "--host", "0.0.0.0"],
        env=environment(data),
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stderr is not None
        assert "http://0.0.0.0:" in process.stderr.readline()
        assert "xianli keys create" in process.stderr.readline()
    finally:
        process.kill()
        process.wait()


def test_port_in_use_is_said_with_the_way_out(xianli: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = xianli("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "端口已被占用" in done.stderr
    assert "--port" in done.stderr
