"""Fixtures for tests of several packages."""

import os
import shutil
from pathlib import Path

import pytest

from analyzers.embedding.fetch import fetch_model
from corpus.errors import ModelError
from tests.requirements import require

PROJECT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what is parsed now")


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
