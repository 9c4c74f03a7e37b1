"""Fixtures for tests of several packages."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.embedding.fetch import fetch_model
from corpus.errors import ModelError
from tests import servers
from tests.requirements import require

PROJECT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what is parsed now")


def pytest_configure() -> None:
    os.environ.setdefault("XIANLI_HOST_NAMES", "testserver")  # what starlette's TestClient calls this machine
    servers.begin_run()


def pytest_unconfigure() -> None:
    servers.end_run()


@pytest.fixture(scope="session")
def elasticsearch() -> str:
    """The address of a real server."""
    return servers.elasticsearch()


@pytest.fixture(scope="session")
def secured() -> servers.Secured:
    """A real server with security."""
    return servers.secured()


@pytest.fixture
def elasticsearch_address(elasticsearch: str) -> Iterator[str]:
    """The address of an index of the test's own, removed afterwards."""
    from elasticsearch import Elasticsearch

    prefix = f"test-{uuid.uuid4().hex}"
    yield f"{elasticsearch}/{prefix}"
    with Elasticsearch(elasticsearch) as client:
        for name in client.indices.get(index=f"{prefix}-*", expand_wildcards="all"):
            client.indices.delete(index=name, ignore_unavailable=True)


@pytest.fixture(scope="session")
def model_folder() -> Path:
    """The folder of the real embedding model: XIANLI_MODEL, what a demo fetched, or what Maven fetches now."""
    if named := os.environ.get("XIANLI_MODEL"):
        return Path(named)
    demo = PROJECT / ".demo" / "model"
    if (demo / "model.onnx").exists():
        return demo
    folder = PROJECT / ".cache" / "model"
    if not (folder / "model.onnx").exists() and shutil.which("mvn") is None:
        require("the embedding model", "XIANLI_MODEL is not set, and there is no mvn to fetch it")
    try:
        fetch_model(folder)
    except ModelError as error:
        require("the embedding model", error.detail)
    return folder
