"""Three nodes under load, of which one is lost or held up."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from corpus.model import ParsedNotice
from indexer.index.elasticsearch import ElasticsearchIndex, store
from indexer.index.elasticsearch.address import Address
from indexer.pipeline import index_files
from indexer.reading import find_files
from tests.contract.notices import MODEL
from tests.indexer.embedders import NamedEmbedder
from tests.indexer.index.elasticsearch.load import EVERY, Load, queries
from tests.indexer.index.elasticsearch.nodes import Nodes

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

SAMPLES = Path(__file__).parents[4] / "corpus" / "samples"
SHARDS = 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Nodes]:
    with Nodes() as nodes:
        yield nodes


@pytest.fixture
def nodes(cluster: Nodes) -> Iterator[Nodes]:
    """All three of them."""
    yield cluster
    cluster.mend()


@pytest.fixture
def filled(
    nodes: Nodes, analyzer: Analyzer, request: pytest.FixtureRequest
) -> Iterator[tuple[str, list[ParsedNotice]]]:
    """The address of an index of three shards, each with a copy, and the sample notices in it."""
    address = f"{nodes.address}/{request.node.originalname.replace('_', '-')[:40]}-{time.time_ns()}"
    with ElasticsearchIndex.open(address, analyzer, shards=SHARDS) as index:
        list(index_files(find_files([SAMPLES]), index, NamedEmbedder(MODEL)))
        held = [index.notice(record.notice.id) for record in index.scan()]
    nodes.mend()
    yield address, held
    with nodes.client() as client:
        client.indices.delete(index=Address.parse(address).version(1))


@pytest.mark.parametrize("which", ["one that holds the state", "the master"])
def test_a_node_that_is_lost_costs_no_search_and_no_notice(
    nodes: Nodes, filled: tuple[str, list[ParsedNotice]], analyzer: Analyzer, which: str
) -> None:
    address, held = filled
    master = nodes.master()
    others = [name for name in nodes.holding_state(Address.parse(address).reading) if name != master]
    with Load(address, analyzer, queries(held, analyzer)) as load:
        load.wait(searches=60, written=3)
        nodes.lose(master if which == "the master" else others[0])
        lost_at = time.monotonic()
        load.wait(searches=160, written=3)
    # Those that were under way may have lost what they had of it.
    after = [answer for answer in load.answers if answer.asked > lost_at]
    assert [answer for answer in after if answer.failure or answer.incomplete or not answer.found] == []
    assert all(answer.found or answer.failure or answer.incomplete for answer in load.answers)
    assert len(after) > 20
    nodes.mend()
    with ElasticsearchIndex.open(address, analyzer, read_only=True) as index:
        written = {parsed.notice.id: parsed for parsed in (*held, *load.acknowledged)}
        in_doubt = f"w{len(load.acknowledged)}"  # what was refused last may have been stored all the same
        assert {record.notice.id for record in index.scan()} - {in_doubt} == written.keys()
        assert all(index.notice(notice_id) == parsed for notice_id, parsed in written.items())


def test_what_only_a_lost_node_had_is_missed_and_said_so(
    nodes: Nodes, filled: tuple[str, list[ParsedNotice]], analyzer: Analyzer
) -> None:
    address, held = filled
    reading = Address.parse(address).reading
    with nodes.client() as client:
        client.indices.put_settings(index=reading, settings={"auto_expand_replicas": "false", "number_of_replicas": 0})
    nodes.mend()
    (kept,) = nodes.holding_state(reading)
    lost = next(name for name in ("node-1", "node-2", "node-3") if name not in (kept, nodes.master()))
    with Load(address, analyzer, queries(held, analyzer), writing=False) as load:
        load.wait(searches=40)
        nodes.lose(lost)
        lost_at = time.monotonic()
        load.wait(searches=80)
    after = [answer for answer in load.answers if answer.asked > lost_at]
    assert all(answer.incomplete for answer in after)
    assert {answer.found for answer in after} == {True, False}
    assert all(answer.found for answer in load.answers if not answer.incomplete and not answer.failure)
    with ElasticsearchIndex.open(address, analyzer, read_only=True) as index:
        with pytest.raises(StorageError) as refused:
            index.count(EVERY)
        assert refused.value.code == "index_unavailable"
        nodes.mend()
        assert {record.notice.id for record in index.scan()} == {parsed.notice.id for parsed in held}


def test_a_node_that_is_held_up_keeps_nobody_longer_than_a_search_may_take(
    nodes: Nodes, filled: tuple[str, list[ParsedNotice]], analyzer: Analyzer
) -> None:
    address, held = filled
    slow = next(name for name in ("node-1", "node-2", "node-3") if name != nodes.master())
    with Load(address, analyzer, queries(held, analyzer), writing=False) as load:
        load.wait(searches=40)
        nodes.pause(slow)
        time.sleep(1.5 * store.SEARCH_SECONDS)
        nodes.resume(slow)
        load.wait(searches=200)
    assert max(answer.seconds for answer in load.answers) < store.SEARCH_SECONDS + 2
    assert {answer.failure for answer in load.answers} <= {None, "index_timeout", "index_unreachable"}
    assert all(answer.found or answer.incomplete or answer.failure for answer in load.answers)
    assert all(answer.found for answer in sorted(load.answers, key=lambda answer: answer.asked)[-20:])
