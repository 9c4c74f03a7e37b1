import json
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

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


def test_port_in_use_is_said_with_the_way_out(xianli: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = xianli("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "端口已被占用" in done.stderr
    assert "--port" in done.stderr
