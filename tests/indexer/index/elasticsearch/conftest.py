"""Fixtures for the index on Elasticsearch."""

import pytest

from analyzers.terms import Analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real analysis, with its dictionary loaded once."""
    return Analyzer()
