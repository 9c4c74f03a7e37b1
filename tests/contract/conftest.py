"""The backends that the contract is checked on: each is a function that opens an empty index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.embedded import EmbeddedIndex
from indexer.index.protocol import Index


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real analysis, with its dictionary loaded once."""
    return Analyzer()


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def index(request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer) -> Iterator[Index]:
    """An empty index of each backend."""
    held: Index
    if request.param == "embedded":
        held = EmbeddedIndex.open(tmp_path / "index", analyzer)
    else:
        held = ElasticsearchIndex.open(request.getfixturevalue("elasticsearch_address"), analyzer)
    yield held
    held.close()
