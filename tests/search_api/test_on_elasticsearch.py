"""The same commands and routes over an index on Elasticsearch: only the setting is another."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.settings import Settings
from tests.search_api.cli.conftest import SAMPLES, run_script

pytestmark = pytest.mark.elasticsearch


def test_commands_run_on_the_index_that_the_option_or_the_variable_names(
    tmp_path: Path, elasticsearch_address: str
) -> None:
    def run(*arguments: str) -> str:
        return run_script(tmp_path, *arguments, variables={"XIANLI_INDEX": elasticsearch_address}).stdout

    assert "新增 20" in run_script(tmp_path, "index", str(SAMPLES), "--index", elasticsearch_address).stdout
    assert "未变 20" in run("index", str(SAMPLES))
    found = json.loads(run("search", "行政执法案卷评查", "--json"))
    assert found["mode"] == "lexical"
    assert found["hits"]
    best = found["hits"][0]
    assert json.loads(run("show", best["id"], "--json"))["item"]["text"] == best["item"]["text"]
    assert json.loads(run("similar", best["id"], "--json"))["hits"]
    assert json.loads(run("notices", "--json"))["total"] == 20
    run("remove", best["notice"]["id"])
    assert json.loads(run("notices", "--json"))["total"] == 19
    assert not list(tmp_path.iterdir())


def test_an_operation_that_needs_a_folder_says_so(tmp_path: Path, elasticsearch_address: str) -> None:
    run_script(tmp_path, "index", str(SAMPLES), "--index", elasticsearch_address)
    done = run_script(tmp_path, "reindex", "--model", str(tmp_path), "--index", elasticsearch_address)
    assert done.returncode == 1
    assert not list(tmp_path.iterdir())


def test_the_server_answers_from_it(tmp_path: Path, elasticsearch_address: str) -> None:
    run_script(tmp_path, "index", str(SAMPLES), "--index", elasticsearch_address)
    settings = Settings(data=tmp_path, model=tmp_path / "model", index=elasticsearch_address)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/api/v1/search", params={"q": "执法案卷评查", "top": 3})
        assert answer.status_code == 200
        assert len(answer.json()["hits"]) == 3
        assert client.get("/readyz").status_code == 200
