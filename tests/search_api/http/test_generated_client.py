"""A client that is generated from the OpenAPI document, used against the application."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from search_api.http.app import create_app
from search_api.settings import Settings
from tests.event_loop import run

SECONDS = 60
PACKAGE = "xianli_client"


@pytest.mark.slow
def test_generated_client_searches(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(settings)
    (tmp_path / "openapi.json").write_text(json.dumps(app.openapi()), encoding="utf-8")
    (tmp_path / "config.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [
        "generate",
        "--path",
        "openapi.json",
        "--config",
        "config.yml",
        "--meta",
        "none",
        "--output-path",
        PACKAGE,
    ]
    generated = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert generated.returncode == 0, generated.stdout + generated.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    client = importlib.import_module(PACKAGE).Client(base_url="http://127.0.0.1")
    client.set_async_httpx_client(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1"))
    search = importlib.import_module(f"{PACKAGE}.api.检索.search")
    found = run(search.asyncio(client=client, q="备案审查", top=3, district=["青溪区"]))
    assert 0 < len(found.hits) <= 3
    assert {hit.notice.district for hit in found.hits} == {"青溪区"}
    refused = run(search.asyncio_detailed(client=client, q=""))
    assert refused.status_code == 422
    assert refused.parsed.code == "empty_query"
