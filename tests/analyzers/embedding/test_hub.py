"""Fetching a model by name, from a hub on this computer that speaks the little of the protocol that is needed."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.analyzers.embedding.tiny import need_transformers, tiny_model

COMMIT = "c" * 40
PROGRAM = """
import sys
from pathlib import Path
from analyzers.embedding.hub import fetch_from_hub
from corpus.errors import ModelError
try: print(len(fetch_from_hub(sys.argv[1], Path(sys.argv[2]))))
except ModelError as error: print(error.detail)
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a hub that has one model, by whatever name it is asked for but a/missing; and the model's folder."""
    need_transformers()
    model = tiny_model(tmp_path_factory.mktemp("hub") / "model")
    (model / "pytorch_model.bin").write_bytes(b"would run code")

    class Hub(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if "missing" in path:
                self._send(404, b"{}", "application/json", {"X-Error-Code": "RepoNotFound"})
            elif path.startswith("/api/models/"):
                files = [file for file in model.rglob("*") if file.is_file()]
                listed = [
                    {
                        "type": "file",
                        "path": file.relative_to(model).as_posix(),
                        "size": file.stat().st_size,
                        "oid": COMMIT,
                    }
                    for file in files
                ]
                answer = listed if "/tree/" in path else {"id": "a/b", "sha": COMMIT}
                self._send(200, json.dumps(answer).encode(), "application/json", {})
            else:
                body = (model / path.split(f"/resolve/{COMMIT}/")[1]).read_bytes()
                self._send(200, body, "application/octet-stream", {"ETag": f'"{hashlib.sha256(body).hexdigest()}"'})

        def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Type": kind, "X-Repo-Commit": COMMIT}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", model
    server.shutdown()


def fetch(address: str, name: str, folder: Path, cache: Path) -> str:
    # In a process of its own, because the hub's address is read when its library is imported.
    variables = {"HF_ENDPOINT": address, "HF_HOME": str(cache), "LC_ALL": "C.UTF-8", "HF_HUB_DISABLE_XET": "1"}
    command = [sys.executable, "-c", PROGRAM, name, str(folder)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_model_comes_whole_and_without_pickle_files(hub: tuple[str, Path], tmp_path: Path) -> None:
    address, model = hub
    folder = tmp_path / "models" / "a--b"
    said = fetch(address, "a/b", folder, tmp_path)
    assert said.isdigit(), said
    assert (folder / "model.safetensors").read_bytes() == (model / "model.safetensors").read_bytes()
    assert (folder / "1_Pooling" / "config.json").exists()
    assert not (folder / "pytorch_model.bin").exists()
    assert [path.name for path in folder.parent.iterdir()] == ["a--b"]


@pytest.mark.parametrize(("name", "said"), [("a/missing", "下载模型 a/missing 失败"), ("../b", "不是模型名称")])
def test_what_cannot_be_fetched_is_told_and_leaves_no_model(
    hub: tuple[str, Path], tmp_path: Path, name: str, said: str
) -> None:
    assert said in fetch(hub[0], name, tmp_path / "model", tmp_path)
    assert not (tmp_path / "model").exists()


def test_without_a_network_the_way_out_is_told(tmp_path: Path) -> None:
    need_transformers()
    said = fetch("http://127.0.0.1:9", "a/b", tmp_path / "model", tmp_path)
    assert "HF_ENDPOINT" in said
    assert "--model 文件夹" in said
