"""What goes wrong on the server's side is said with the way out, and never with a password."""

import socket

import pytest
from elasticsearch import Elasticsearch

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.elasticsearch import ElasticsearchIndex, bulk, store
from indexer.index.elasticsearch.address import Address
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, item, notice, vectors
from tests.indexer.index.elasticsearch.proxy import Bad, Proxy

EVERY = Filters()
WRITTEN = notice("n1", item("推行执法公示"), item("清理证明事项"))

RED = {"error": {"root_cause": [{"type": "no_shard_available_action_exception", "reason": None}]}, "status": 503}
BUSY = {"error": {"root_cause": [{"type": "es_rejected_execution_exception", "reason": "busy"}]}, "status": 429}


class OtherAnalysis(Analyzer):
    """The same terms under another version."""

    @property
    def version(self) -> str:
        return "2-other"


@pytest.fixture
def filled(elasticsearch_address: str, analyzer: Analyzer) -> str:
    with ElasticsearchIndex.open(elasticsearch_address, analyzer) as index:
        index.write(WRITTEN, "/n1", vectors(WRITTEN), MODEL)
    return elasticsearch_address


def through(proxy: Proxy, address: str) -> str:
    return f"{proxy.address}/{Address.parse(address).prefix}"


def test_a_server_that_is_not_there(analyzer: Analyzer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(StorageError, match="连接不上") as refused:
        ElasticsearchIndex.open(f"http://elastic:secret@127.0.0.1:{port}", analyzer)
    assert refused.value.code == "index_unreachable"
    assert "secret" not in refused.value.detail


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    ("bad", "code", "advice"),
    [
        (Bad("_msearch", 401), "index_denied", "用户名或密码不对"),
        (Bad("_msearch", 403), "index_denied", "没有权限"),
        (Bad("_msearch", 500, {"error": {"type": "x", "reason": "y"}}), "index", "x: y"),
        (Bad("_msearch", 200, "no answer of a search", seconds=2.0), "index_timeout", "没有按时回答"),
    ],
)
def test_bad_answers_are_explained(
    filled: str,
    elasticsearch: str,
    analyzer: Analyzer,
    monkeypatch: pytest.MonkeyPatch,
    bad: Bad,
    code: str,
    advice: str,
) -> None:
    monkeypatch.setattr(store, "REQUEST_SECONDS", 1.0)
    with Proxy(elasticsearch, bad) as proxy, ElasticsearchIndex.open(through(proxy, filled), analyzer) as index:
        with pytest.raises(StorageError, match=advice) as refused:
            index.count(EVERY)
        assert refused.value.code == code
        assert index.count(EVERY) == 2


@pytest.mark.elasticsearch
def test_shards_that_are_gone_give_an_error_and_no_partial_answer(
    filled: str, elasticsearch: str, analyzer: Analyzer
) -> None:
    tries = [Bad("_msearch", 503, RED)] * 4
    with Proxy(elasticsearch, *tries) as proxy, ElasticsearchIndex.open(through(proxy, filled), analyzer) as index:
        with pytest.raises(StorageError, match="分片") as refused:
            index.count(EVERY)
        assert refused.value.code == "index_unavailable"


@pytest.mark.elasticsearch
def test_what_answers_is_no_elasticsearch(elasticsearch: str, analyzer: Analyzer) -> None:
    page = Bad("", 200, {"welcome": "OpenSearch"}, product="OpenSearch")
    with Proxy(elasticsearch, page) as proxy, pytest.raises(StorageError, match="不是 Elasticsearch"):
        ElasticsearchIndex.open(proxy.address, analyzer)


@pytest.mark.elasticsearch
def test_a_busy_server_is_asked_again_until_it_takes_what_is_written(
    elasticsearch_address: str, elasticsearch: str, analyzer: Analyzer
) -> None:
    item_refused = {"index": {"_id": "1.0", "status": 429, "error": {"type": "es_rejected_execution_exception"}}}
    taken = [{"index": {"_id": name, "status": 201}} for name in ("1.1", "1")]
    bad = [
        Bad("_bulk", 429, BUSY),
        Bad("_bulk", 503, RED),
        Bad("_bulk", 200, {"errors": True, "items": [item_refused, *taken]}),
    ]
    with Proxy(elasticsearch, *bad) as proxy:
        address = through(proxy, elasticsearch_address)
        with ElasticsearchIndex.open(address, analyzer) as index:
            index.write(WRITTEN, "/n1", None, None)
            # The proxy has swallowed the two others, so that the one that was sent again is all there is.
            assert index.statistics().items == 1
        assert not proxy.bad


@pytest.mark.elasticsearch
def test_a_server_that_stays_busy_is_given_up_and_nothing_is_seen(
    filled: str, elasticsearch: str, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PATIENCE_SECONDS", 0.3)
    changed = notice("n1", item("建立联席会议"))
    with (
        Proxy(elasticsearch, *[Bad("_bulk", 429, BUSY)] * 9) as proxy,
        ElasticsearchIndex.open(through(proxy, filled), analyzer) as index,
    ):
        with pytest.raises(StorageError, match="服务器太忙"):
            index.write(changed, "/n1", None, None)
        proxy.bad.clear()
        assert index.notice("n1") == WRITTEN
        index.write(changed, "/n1", None, None)
        assert index.notice("n1") == changed


@pytest.mark.elasticsearch
def test_an_index_of_another_analysis_is_refused_with_what_to_do(filled: str) -> None:
    with pytest.raises(StorageError, match=r"2-other.*重新建立索引"):
        ElasticsearchIndex.open(filled, OtherAnalysis())


@pytest.mark.elasticsearch
def test_an_index_that_is_not_ours_is_left_alone(
    elasticsearch: str, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    prefix = Address.parse(elasticsearch_address).prefix
    with Elasticsearch(elasticsearch) as client:
        client.indices.create(index=f"{prefix}-1", aliases={prefix: {}})
        with pytest.raises(StorageError, match="不是本程序的索引"):
            ElasticsearchIndex.open(elasticsearch_address, analyzer)


@pytest.mark.elasticsearch
def test_reading_needs_an_index_and_changes_nothing(elasticsearch_address: str, analyzer: Analyzer) -> None:
    with pytest.raises(StorageError) as missing:
        ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True)
    assert missing.value.code == "no_index"
    with ElasticsearchIndex.open(elasticsearch_address, analyzer):
        pass
    with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as index:
        with pytest.raises(StorageError, match="只读"):
            index.write(WRITTEN, "/n1", None, None)
        with pytest.raises(StorageError, match="只读"):
            index.remove("n1")
