"""The backends that the contract is checked on: each is a function that opens an empty index."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.store import Store
from indexer.index.embedded import EmbeddedIndex
from indexer.index.protocol import Index
from tests.contract.notices import DIMENSION
from tests.indexer.index.elasticsearch.users import Users, users
from tests.servers import Secured


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real analysis, with its dictionary loaded once."""
    return Analyzer()


@pytest.fixture(
    params=[
        "embedded",
        pytest.param("elasticsearch", marks=pytest.mark.elasticsearch),
        # Opened by somebody who may only write, of which reading is a part.
        pytest.param("secured", marks=pytest.mark.elasticsearch),
    ]
)
def index(request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer) -> Iterator[Index]:
    """An empty index of each backend."""
    held: Index
    if request.param == "embedded":
        held = EmbeddedIndex.open(tmp_path / "index", analyzer)
    elif request.param == "secured":
        held = request.getfixturevalue("index_of_a_writer")
    else:
        held = ElasticsearchIndex.open(request.getfixturevalue("elasticsearch_address"), analyzer)
    yield held
    held.close()


@pytest.fixture(scope="session")
def known(secured: Secured) -> Iterator[Users]:
    """Users of one index, which each test makes anew."""
    with users(secured) as made:
        yield made


@pytest.fixture(scope="session")
def builder_and_writer(known: Users) -> tuple[Access, Access]:
    """Who makes the index, and who uses it."""
    return known.user("builder"), known.user("writer")


@pytest.fixture
def index_of_a_writer(
    known: Users, builder_and_writer: tuple[Access, Access], analyzer: Analyzer
) -> ElasticsearchIndex:
    """An empty index that somebody else has made, opened by one with the role of a writer."""
    builder, writer = builder_and_writer
    known.admin.indices.delete(index=f"{known.prefix}-1", ignore_unavailable=True)
    store = Store.open(Address.parse(known.address), builder, analyzer.version, create=True)
    store.take_vectors(store.view().index, DIMENSION)
    store.close()
    return ElasticsearchIndex.open(known.address, analyzer, access=writer)
