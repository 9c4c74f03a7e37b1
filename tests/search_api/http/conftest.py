"""The real application over an index of the sample notices."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.http.app import create_app
from search_api.opening import open_embedder, open_index
from search_api.settings import Settings

SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"


def indexed(data: Path, model: Path) -> Settings:
    """Settings under which the samples have been indexed."""
    settings = Settings(data=data, model=model, index=str(data / "index"))
    index = open_index(settings, read_only=False)
    try:
        list(index_files(find_files([SAMPLES]), index, open_embedder(settings, index)))
    finally:
        index.close()
    return settings


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    """The JSON document of a route that answers."""
    response = client.get(path, params=parameters or None)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


FOR_TESTS = ("XIANLI_HOST_NAMES", "XIANLI_REQUIRE_ALL", "XIANLI_TEST_")
"""Variables that say how tests run, and are no settings."""


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_whoever_runs_the_tests() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("XIANLI_") and not name.startswith(FOR_TESTS)]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with an index of the samples, without a model."""
    data = tmp_path_factory.mktemp("http")
    return indexed(data, data / "model")


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[TestClient]:
    """A client of the running application. An exception that no handler has foreseen is raised in the test."""
    with TestClient(create_app(settings)) as running:
        yield running
