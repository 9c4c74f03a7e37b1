"""The same commands and routes over an index on Elasticsearch: only the setting is another."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.index.elasticsearch import store
from indexer.index.elasticsearch.address import Address
from search_api.http.app import create_app
from search_api.settings import Settings
from tests.indexer.index.elasticsearch.proxy import Bad, Proxy
from tests.search_api.cli.conftest import SAMPLES, run_script
from tests.search_api.http.writing import notice, send, serving

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


def test_the_server_answers_from_it(tmp_path: Path, elasticsearch_address: str) -> None:
    run_script(tmp_path, "index", str(SAMPLES), "--index", elasticsearch_address)
    settings = Settings(data=tmp_path, model=tmp_path / "model", index=elasticsearch_address)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/api/v1/search", params={"q": "执法案卷评查", "top": 3})
        assert answer.status_code == 200
        assert len(answer.json()["hits"]) == 3
        assert client.get("/readyz").status_code == 200


def test_a_notice_is_uploaded_replaced_and_deleted(tmp_path: Path, elasticsearch_address: str) -> None:
    with serving(tmp_path, index=elasticsearch_address) as client:
        added = send(client, ("要点.txt", notice()))
        assert (added.status_code, added.json()["status"]) == (201, "added")
        address = added.headers["location"]
        assert client.get("/api/v1/search", params={"q": "清理文件"}).json()["total"] == 1
        replaced = send(client, ("要点.txt", notice(first="修订章程。")))
        assert replaced.json()["status"] == "replaced"
        assert client.get("/api/v1/search", params={"q": "清理文件"}).json()["total"] == 0
        assert client.get("/api/v1/search", params={"q": "修订章程"}).json()["total"] == 1
        assert client.delete(address).status_code == 204
        assert client.get(address).status_code == 404


@pytest.fixture
def behind_proxy(tmp_path: Path, elasticsearch: str, elasticsearch_address: str) -> Iterator[tuple[Proxy, TestClient]]:
    """The server over the samples, and what stands between it and Elasticsearch."""
    run_script(tmp_path, "index", str(SAMPLES), "--index", elasticsearch_address)
    with Proxy(elasticsearch) as proxy:
        address = f"{proxy.address}/{Address.parse(elasticsearch_address).prefix}"
        settings = Settings(data=tmp_path, model=tmp_path / "model", index=address)
        app = create_app(settings)
        with TestClient(app, raise_server_exceptions=False) as client:
            while (
                app.state.live.opened.suggestions.making
            ):  # whose requests would take what is meant for those of a test
                time.sleep(0.05)
            yield proxy, client


def test_an_answer_that_lacks_a_part_says_so(behind_proxy: tuple[Proxy, TestClient]) -> None:
    proxy, client = behind_proxy
    assert client.get("/api/v1/search", params={"q": "执法案卷评查"}).json()["partial"] is False
    for path in ("/api/v1/search", "/api/v1/facets"):
        proxy.change = without_a_shard
        assert client.get(path, params={"q": "执法案卷评查"}).json()["partial"] is True
    page = client.get("/", params={"q": "执法案卷评查"}, headers={"accept": "text/html"})
    assert "结果不完整" in page.text
    assert client.get("/readyz").json()["status"] == "partial"
    proxy.change = None
    assert client.get("/readyz").json()["status"] == "ready"


def test_a_search_that_is_not_answered_in_time_is_a_504(
    behind_proxy: tuple[Proxy, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, client = behind_proxy
    monkeypatch.setattr(store, "SEARCH_SECONDS", 0.3)
    proxy.bad.append(Bad("_msearch", 200, {}, seconds=1.0))
    answer = client.get("/api/v1/search", params={"q": "执法案卷评查"})
    assert (answer.status_code, answer.json()["code"]) == (504, "index_timeout")
    proxy.bad.append(Bad("_doc", 200, {}, seconds=1.0))
    assert client.get("/readyz").status_code == 504
    monkeypatch.undo()
    assert client.get("/api/v1/search", params={"q": "执法案卷评查"}).status_code == 200


def test_a_server_without_its_index_is_alive_and_not_ready(behind_proxy: tuple[Proxy, TestClient]) -> None:
    proxy, client = behind_proxy
    proxy.bad.extend([Bad("", 503, {"error": "no master"})] * 8)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "index_unavailable")
    assert client.get("/healthz").status_code == 200


def without_a_shard(path: str, body: bytes) -> bytes:
    """The answer of a server where one shard of each search has failed."""
    return body.replace(b'"failed":0', b'"failed":1') if "_msearch" in path else body
