"""A running server goes over to the index that has taken the place of the one it had opened, on every backend."""

import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.filters import Filters
from indexer.index.versions import Wanted
from indexer.reindexing import reindex, roll_back
from search_api.http import live as live_module
from search_api.http.app import create_app
from search_api.http.live import LiveService
from search_api.opening import open_index, open_versions
from search_api.settings import Settings
from tests.contract.notices import item, notice
from tests.indexer.embedders import NamedEmbedder

NOTICES = 8
QUERIES_A_SECOND = 20
CHANGING_SECONDS = 3.0


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    address = None if request.param == "embedded" else request.getfixturevalue("elasticsearch_address")
    settings = Settings(data=tmp_path, index=address, model=None)
    index = open_index(settings, read_only=False)
    try:
        for number in range(NOTICES):
            index.write(notice(f"n{number}", item(f"推进行政执法公示{number}")), f"/n{number}", None, None)
    finally:
        index.close()
    return settings


def change_to(settings: Settings, name: str, analyzer: Analyzer, model: str | None = None) -> None:
    """Put a version with vectors of another model in the place of the one in use."""
    embedder = NamedEmbedder(name)
    wanted = Wanted(name, embedder.dimension, ModelChoice(Path(model)) if model else None)
    with open_versions(settings) as versions:
        list(reindex(versions, wanted, embedder, analyzer))


def change_back(settings: Settings, analyzer: Analyzer) -> None:
    with open_versions(settings) as versions:
        roll_back(versions, analyzer)


def total(service: object) -> int:
    return service.search("行政执法", Filters()).facets.total  # type: ignore[attr-defined, no-any-return]


def test_the_new_version_is_opened_and_the_old_one_still_answers(settings: Settings, analyzer: Analyzer) -> None:
    live = LiveService(settings)
    before = live.get()
    assert live.opened is before
    change_to(settings, "new", analyzer)
    assert total(before) == NOTICES
    assert live.opened is None
    after = live.get()
    assert (before.index.fingerprint, after.index.fingerprint) == (None, "new")
    assert (total(before), total(after)) == (NOTICES, NOTICES)
    assert live.opened is after is live.get()
    change_back(settings, analyzer)
    assert total(after) == NOTICES
    assert live.get().index.fingerprint is None
    live.close()


def test_a_version_that_cannot_be_opened_leaves_the_former_in_service_and_is_tried_again(
    settings: Settings, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveService(settings)
    before = live.get()
    change_to(settings, "new", analyzer, "没有的模型")
    change_back(settings, analyzer)
    change_back(settings, analyzer)
    assert total(before) == NOTICES
    assert live.get() is before is live.opened
    assert total(before) == NOTICES
    change_back(settings, analyzer)
    later = time.monotonic() + live_module.RETRY_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert live.get().index.model is None
    live.close()


def test_without_an_index_each_request_tries_again(tmp_path: Path) -> None:
    live = LiveService(Settings(data=tmp_path, index=None, model=None))
    with pytest.raises(StorageError, match="还没有索引"):
        live.get()
    assert live.opened is None


def test_whoever_searches_while_versions_change_gets_every_answer_whole(settings: Settings, analyzer: Analyzer) -> None:
    answers: Counter[tuple[int, int]] = Counter()
    done = threading.Event()

    def ask(client: TestClient) -> None:
        while not done.is_set():
            response = client.get("/api/v1/search", params={"q": "行政执法公示", "collapse": "false", "top": 20})
            found = response.json()
            answers[response.status_code, len(found.get("hits", ()))] += 1
            done.wait(1 / QUERIES_A_SECOND)

    with TestClient(create_app(settings)) as client:
        asking = threading.Thread(target=ask, args=(client,))
        asking.start()
        try:
            end = time.monotonic() + CHANGING_SECONDS
            for number in count(1):
                change_to(settings, str(number), analyzer)
                if number > 1 and time.monotonic() > end:
                    break
            change_back(settings, analyzer)
        finally:
            done.set()
            asking.join()
        client.get("/readyz")  # notices on Elasticsearch that the version has changed
        assert client.get("/readyz").json()["fingerprint"] == str(number - 1)
    assert list(answers) == [(200, NOTICES)]
    assert answers.total() > CHANGING_SECONDS
