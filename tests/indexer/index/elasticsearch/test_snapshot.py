"""A search sees one moment, is done by a deadline, and says when something was missing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analyzers.terms import Analyzer
from corpus.errors import StorageError, StorageTimeoutError
from indexer.index.elasticsearch import ElasticsearchIndex, store
from indexer.index.elasticsearch import index as elasticsearch_index
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.breaker import MOST_FAILURES
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, item, notice, vector, vectors
from tests.indexer.index.elasticsearch.proxy import Bad, Proxy

pytestmark = pytest.mark.elasticsearch

EVERY = Filters()
FIRST = notice("a", item("推行行政执法公示"), item("清理证明事项"))
CHANGED = notice("a", item("推行行政执法公示和全过程记录"))

ONE_SHARD_OF_TWO = {
    "took": 1,
    "timed_out": False,
    "_shards": {"total": 2, "successful": 1, "skipped": 0, "failed": 1},
    "hits": {"total": {"value": 1, "relation": "eq"}, "max_score": None, "hits": []},
    "status": 200,
}


@pytest.fixture
def filled(elasticsearch_address: str, analyzer: Analyzer) -> str:
    with ElasticsearchIndex.open(elasticsearch_address, analyzer) as index:
        index.write(FIRST, "/a", vectors(FIRST), MODEL)
    return elasticsearch_address


@contextmanager
def opened(server: str, filled: str, analyzer: Analyzer, *bad: Bad) -> Iterator[tuple[Proxy, ElasticsearchIndex]]:
    """The index, read through a proxy that answers badly from then on."""
    with Proxy(server) as proxy:
        address = f"{proxy.address}/{Address.parse(filled).prefix}"
        with ElasticsearchIndex.open(address, analyzer, read_only=True) as index:
            proxy.bad.extend(bad)
            yield proxy, index


def test_a_search_sees_what_was_in_force_when_it_began(filled: str, analyzer: Analyzer) -> None:
    with (
        ElasticsearchIndex.open(filled, analyzer, read_only=True) as reader,
        ElasticsearchIndex.open(filled, analyzer) as writer,
    ):
        with reader.snapshot() as snapshot:
            before = reader.generation
            writer.write(CHANGED, "/a", vectors(CHANGED), MODEL)
            assert reader.generation == before
            lexical, nearest = reader.legs(analyzer.analyse("证明事项"), vector("x"), EVERY, 10)
            assert {hit.item_id for hit in nearest} == {"a-0", "a-1"}
            assert lexical[0].item_id == "a-1"
            assert reader.items(["a-1"])[0].text == "清理证明事项"
            assert reader.records(["a"])[0].items == 2
        assert not snapshot.partial
        assert reader.generation > before
        assert reader.records(["a"])[0].items == 1


def test_an_answer_of_some_shards_is_given_and_noted_in_a_search_and_an_error_elsewhere(
    filled: str, elasticsearch: str, analyzer: Analyzer
) -> None:
    partial = Bad("_msearch", 200, {"took": 1, "responses": [ONE_SHARD_OF_TWO]})
    with opened(elasticsearch, filled, analyzer, partial, partial) as (proxy, index):
        with index.snapshot() as snapshot:
            assert index.count(EVERY) == 1
            assert snapshot.partial
            assert index.count(EVERY) == 1
        with index.snapshot() as snapshot:
            assert index.count(EVERY) == 2
            assert not snapshot.partial
        proxy.bad.append(partial)
        with pytest.raises(StorageError, match="不完整") as refused:
            index.count(EVERY)
        assert refused.value.code == "index_unavailable"


def test_an_item_that_is_not_found_while_shards_are_missing_may_well_be_held(
    filled: str, elasticsearch: str, analyzer: Analyzer
) -> None:
    partial = Bad("_msearch", 200, {"took": 1, "responses": [ONE_SHARD_OF_TWO]})
    with (
        opened(elasticsearch, filled, analyzer, partial) as (_, index),
        index.snapshot(),
        pytest.raises(StorageError) as refused,
    ):
        index.items(["a-0"])
    assert refused.value.code == "index_unavailable"


def test_all_requests_of_a_search_share_its_time(
    filled: str, elasticsearch: str, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SEARCH_SECONDS", 1.0)
    slow = Bad("_msearch", 200, {}, seconds=3.0)
    with opened(elasticsearch, filled, analyzer, slow) as (_, index):
        started = time.monotonic()
        with index.snapshot():
            time.sleep(0.5)
            with pytest.raises(StorageTimeoutError, match="没有按时回答"):
                index.count(EVERY)
        assert time.monotonic() - started < 2.0


def test_a_server_that_stopped_answering_is_not_waited_for_again_and_again(
    filled: str, elasticsearch: str, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SEARCH_SECONDS", 0.2)
    slow = [Bad("_doc", 200, {}, seconds=1.0)] * MOST_FAILURES
    with opened(elasticsearch, filled, analyzer, *slow) as (_, index):
        for _ in range(MOST_FAILURES):
            with index.snapshot(), pytest.raises(StorageTimeoutError):
                index.count(EVERY)
        started = time.monotonic()
        with index.snapshot(), pytest.raises(StorageError, match="先停几秒"):
            index.count(EVERY)
        assert time.monotonic() - started < 0.1


def test_a_list_is_paged_through_beyond_what_one_search_gives(
    filled: str, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ElasticsearchIndex.open(filled, analyzer) as index:
        for number, date in enumerate(("2019-01-02", None, "2017-05-06", "2019-01-02")):
            index.write(notice(f"n{number}", item("行政复议"), date=date), f"/{number}", None, None)
        pages = [index.notices(EVERY, offset, 2) for offset in range(7)]
        monkeypatch.setattr(elasticsearch_index, "MOST_RESULTS", 0)
        monkeypatch.setattr(store, "_SCANNED_AT_ONCE", 1)
        monkeypatch.setattr(store, "_SKIPPED_AT_ONCE", 2)
        assert [index.notices(EVERY, offset, 2) for offset in range(7)] == pages
        assert [record.notice.id for _, page in pages[::2] for record in page] == ["n0", "n3", "a", "n2", "n1"]
