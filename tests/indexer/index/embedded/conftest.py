"""Fixtures for the embedded index."""

from pathlib import Path

import pytest

from analyzers.terms import Analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real analysis, with its dictionary loaded once."""
    return Analyzer()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an index is to be."""
    return tmp_path / "index"
