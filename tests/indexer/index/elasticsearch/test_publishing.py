"""A notice is replaced in one step for everybody, whatever happens to who writes it."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from corpus.model import ParsedNotice
from indexer.index.elasticsearch import ElasticsearchIndex, state, writer
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.queries import in_force
from indexer.index.elasticsearch.state import State, Versions
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, vector, vectors
from tests.indexer.index.elasticsearch.writer import ITEMS, NOTICES, version

pytestmark = pytest.mark.elasticsearch

EVERY = Filters()
PROJECT = Path(__file__).parents[4]
KILLS = 20


@pytest.fixture
def index(elasticsearch_address: str, analyzer: Analyzer) -> Iterator[ElasticsearchIndex]:
    with ElasticsearchIndex.open(elasticsearch_address, analyzer) as held:
        yield held


@pytest.fixture
def client(elasticsearch: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch) as held:
        yield held


def stored(client: Elasticsearch, address: str) -> int:
    """Documents with a version, seen or not."""
    name = Address.parse(address).version(1)
    client.indices.refresh(index=name)
    return int(client.count(index=name, query={"exists": {"field": "version"}})["count"])


def write(index: ElasticsearchIndex, parsed: ParsedNotice) -> None:
    index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)


def test_a_reader_sees_every_notice_whole_and_once_while_others_replace_it(
    index: ElasticsearchIndex, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    for number in range(NOTICES):
        write(index, version(number))
    failures: list[BaseException] = []

    def replace_all(first: int) -> None:
        try:
            with ElasticsearchIndex.open(elasticsearch_address, analyzer) as own:
                for number in range(first, first + 4 * NOTICES, 2):
                    write(own, version(number))
        except BaseException as failure:
            failures.append(failure)

    writers = [threading.Thread(target=replace_all, args=(NOTICES + start,)) for start in (0, 1)]
    seen: set[tuple[str, ...]] = set()
    with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as reader:
        for thread in writers:
            thread.start()
        while any(thread.is_alive() for thread in writers):
            facets = reader.facets(None, (), EVERY, 100)
            assert facets.total == NOTICES * ITEMS
            assert {count.count for count in facets.fields["unit"]} == {ITEMS}
            assert len({hit.item_id for hit in reader.nearest(vector("x"), EVERY, 100)}) == NOTICES * ITEMS
            seen.add(tuple(count.value for count in facets.fields["unit"]))
    assert not failures
    assert len(seen) > NOTICES


def test_what_a_dead_writer_left_is_never_seen_and_deleted_in_time(
    index: ElasticsearchIndex,
    client: Elasticsearch,
    elasticsearch_address: str,
    analyzer: Analyzer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(index, version(1))
    dead = ElasticsearchIndex.open(elasticsearch_address, analyzer)
    loading = dead.loading()
    loading.__enter__()
    write(dead, version(1 + NOTICES))
    assert dead._writer.batch is not None
    dead._writer.batch.bulk.finish()
    assert stored(client, elasticsearch_address) == 2 * (ITEMS + 1)
    assert index.notice("n1") == version(1)
    assert index.statistics().items == ITEMS
    given_up = state.LEASE_SECONDS + 1
    for seconds in (given_up, given_up + state.ABANDONED_SECONDS + writer.DELETE_EVERY_SECONDS + 1):
        now = time.time() + seconds
        monkeypatch.setattr(writer, "now", lambda now=now: now)
        ElasticsearchIndex.open(elasticsearch_address, analyzer).close()
        assert index.notice("n1") == version(1)
    assert stored(client, elasticsearch_address) == ITEMS + 1
    with pytest.raises(StorageError, match="再运行一次"):
        loading.__exit__(None, None, None)
    assert index.notice("n1") == version(1)


def test_replaced_and_removed_documents_are_deleted_after_a_time(
    index: ElasticsearchIndex, client: Elasticsearch, elasticsearch_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 1 + NOTICES):
        write(index, version(number))
    index.remove("n2")
    assert index.statistics().notices == 1
    assert stored(client, elasticsearch_address) == 3 * (ITEMS + 1)
    later = time.time() + state.GRACE_SECONDS + writer.DELETE_EVERY_SECONDS + 1
    monkeypatch.setattr(writer, "now", lambda: later)
    write(index, version(3))
    assert stored(client, elasticsearch_address) == 2 * (ITEMS + 1)
    assert index.notice("n1") == version(1 + NOTICES)


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_whole_notices_and_the_next_completes(
    elasticsearch_address: str, analyzer: Analyzer
) -> None:
    chance = random.Random(20)
    reached = last = 0
    for _ in range(KILLS):
        process = start(elasticsearch_address, last + 1, last + 1000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.5))
        process.kill()
        last = max([last + 1, *map(int, process.communicate()[0].split())])
        with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as reader:
            _, records = reader.notices(EVERY, 0, 100)
            held = [int((record.notice.document_number or "").strip("第版")) for record in records]
            for number, record in zip(held, records, strict=True):
                assert reader.notice(record.notice.id) == version(number)
            assert reader.facets(None, (), EVERY, 100).total == len(records) * ITEMS
            assert max(held, default=0) >= reached
            reached = max(held, default=0)
    assert reached > KILLS
    process = start(elasticsearch_address, last + 1, last + NOTICES)
    process.communicate()
    assert process.returncode == 0
    with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as reader:
        for number in range(last + 1, last + 1 + NOTICES):
            assert reader.notice(f"n{number % NOTICES}") == version(number)
        assert reader.statistics().items == NOTICES * ITEMS


def start(address: str, first: int, last: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.indexer.index.elasticsearch.writer", address, str(first), str(last)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def test_an_index_that_several_create_at_once_is_one(elasticsearch_address: str, analyzer: Analyzer) -> None:
    def create(number: int) -> None:
        with ElasticsearchIndex.open(elasticsearch_address, analyzer) as index:
            write(index, version(number))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(create, range(6)))
    with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as index:
        assert index.statistics().notices == 6


def test_two_writers_of_one_notice_leave_one_of_their_versions(
    index: ElasticsearchIndex, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    with ElasticsearchIndex.open(elasticsearch_address, analyzer) as other, index.loading(), other.loading():
        write(index, version(1))
        write(other, version(1 + NOTICES))
    assert index.notice("n1") == version(1)  # whose writer published last
    assert index.statistics().items == ITEMS


def test_while_loading_what_was_written_is_known_at_once_and_found_by_the_next_search(
    index: ElasticsearchIndex, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as reader, index.loading():
        write(index, version(1))
        index.write(version(2), "/n1", vectors(version(2)), MODEL)
        assert index.record("n1") is None
        held = index.record_by_path("/n1")
        assert held is not None
        assert held.notice.id == "n2"
        assert index.records_by_number("第2版") == [held]
        assert index.fingerprint == MODEL
        text = version(2).items[0].text
        assert list(index.item_vectors([text])) == [text]
        assert reader.statistics().items == 0
        assert index.lexical(analyzer.analyse("行政执法"), EVERY, 1) != []
        assert reader.statistics().items == ITEMS


def test_an_empty_index_is_loaded_without_copies_and_gets_them_back_even_after_a_crash(
    client: Elasticsearch, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    def settings() -> tuple[str, str]:
        name = Address.parse(elasticsearch_address).version(1)
        found = client.indices.get_settings(index=name)[name]["settings"]["index"]
        return found["auto_expand_replicas"], found["number_of_replicas"]

    index = ElasticsearchIndex.open(elasticsearch_address, analyzer)
    before = settings()
    with index.loading():
        assert settings() == ("false", "0")
        write(index, version(1))
    assert settings() == before
    with index.loading():
        assert settings() == before
    index.remove("n1")
    loading = index.loading()
    loading.__enter__()
    assert settings() == ("false", "0")
    ElasticsearchIndex.open(elasticsearch_address, analyzer).close()
    assert settings() == before


def write_with_an_immense_path(index: ElasticsearchIndex) -> None:
    with index.loading():
        write(index, version(1))
        index.write(version(2), "/" + "长" * 20_000, None, None)
        write(index, version(3))


def test_a_notice_that_the_server_refuses_is_named_and_the_others_are_kept(index: ElasticsearchIndex) -> None:
    with pytest.raises(StorageError, match="没有收下 1 份通知：/长长"):
        write_with_an_immense_path(index)
    assert [record.notice.id for record in index.notices(EVERY, 0, 10)[1]] == ["n1", "n3"]
    assert index.statistics().items == 2 * ITEMS


def test_the_filter_shows_what_the_state_shows(
    index: ElasticsearchIndex, client: Elasticsearch, elasticsearch_address: str
) -> None:
    name = Address.parse(elasticsearch_address).version(1)
    for number in range(40):
        client.index(index=name, id=f"v{number}", document={"version": number})
    client.indices.refresh(index=name)
    chance = random.Random(1)
    for _ in range(20):
        cuts = sorted(chance.sample(range(1, 40), 6))
        held = State(
            next=chance.randint(1, 45),
            pending=(Versions(cuts[0], cuts[1], 0.0), Versions(cuts[4], cuts[4] + 1, 0.0)),
            hidden=(Versions(cuts[2], cuts[3], 0.0), Versions(cuts[5], cuts[5] + 1, 0.0)),
        )
        found = client.search(index=name, query=in_force([], held), size=100, docvalue_fields=[{"field": "version"}])
        shown = {hit["fields"]["version"][0] for hit in found["hits"]["hits"]}
        assert shown == {number for number in range(40) if held.shows(number)}
