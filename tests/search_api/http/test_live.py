"""A running server goes over to the index that has taken the place of the one it had opened."""

from pathlib import Path

import pytest

from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.filters import Filters
from indexer.index.versions import VersionedIndex
from indexer.reindexing import reindex, roll_back
from search_api.http.live import LiveService
from search_api.settings import Settings
from tests.contract.notices import item, notice
from tests.indexer.embedders import NamedEmbedder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    with VersionedIndex.open(tmp_path / "index", Analyzer()) as index:
        index.write(notice("n1", item("推进行政执法公示")), "/n1", None, None)
    return Settings(data=tmp_path, index=None, model=None)


def test_the_new_version_is_opened_and_the_old_one_still_answers(settings: Settings) -> None:
    live, analyzer = LiveService(settings), Analyzer()
    before = live.get()
    assert live.opened is before
    list(reindex(settings.index_location, NamedEmbedder("new"), analyzer))
    assert live.opened is None
    after = live.get()
    assert (before.index.fingerprint, after.index.fingerprint) == (None, "new")
    assert [service.search("行政执法", Filters()).facets.total for service in (before, after)] == [1, 1]
    assert live.opened is after is live.get()
    roll_back(settings.index_location, analyzer)
    assert live.get().index.fingerprint is None
    live.close()


def test_a_version_that_cannot_be_opened_leaves_the_former_in_service(settings: Settings) -> None:
    live = LiveService(settings)
    before = live.get()
    list(reindex(settings.index_location, NamedEmbedder("new"), Analyzer(), ModelChoice(Path("gone"))))
    assert live.get() is before
    assert before.search("行政执法", Filters()).facets.total == 1
    live.close()


def test_without_an_index_each_request_tries_again(tmp_path: Path) -> None:
    live = LiveService(Settings(data=tmp_path, index=None, model=None))
    with pytest.raises(StorageError, match="还没有索引"):
        live.get()
    assert live.opened is None
