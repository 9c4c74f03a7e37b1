"""Versions change in one step, whoever dies, sleeps or writes at whichever moment."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.elasticsearch import ElasticsearchIndex, holding, state, succession
from indexer.index.elasticsearch import versions as versions_module
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.holding import Holder
from indexer.index.elasticsearch.store import Store, View
from indexer.index.elasticsearch.succession import in_use
from indexer.index.elasticsearch.versions import ElasticsearchVersions
from indexer.index.versions import Building, Wanted
from indexer.reindexing import copy_notices, reindex, roll_back
from tests.contract.notices import item, notice
from tests.indexer.embedders import NamedEmbedder
from tests.indexer.test_reindexing import OLD, parsed, write

pytestmark = pytest.mark.elasticsearch

NEW, THIRD = NamedEmbedder("new"), NamedEmbedder("third")


class OtherAnalyzer(Analyzer):
    """The analysis of another version of the program."""

    version = "other"


class Died(Exception):
    """A builder ends here, and does nothing more."""


@pytest.fixture
def index(elasticsearch_address: str, analyzer: Analyzer) -> Iterator[ElasticsearchIndex]:
    """The index in use, open for writing, with three notices."""
    with ElasticsearchIndex.open(elasticsearch_address, analyzer) as held:
        for number in range(3):
            write(held, parsed(number), OLD)
        yield held


@pytest.fixture
def store(index: ElasticsearchIndex, elasticsearch_address: str) -> Iterator[Store]:
    with closing(Store.open(Address.parse(elasticsearch_address), Access(), None, create=False)) as held:
        yield held


@pytest.fixture
def versions(store: Store) -> ElasticsearchVersions:
    return ElasticsearchVersions(store)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is silent for half a second is taken to be dead."""
    monkeypatch.setattr(state, "HOLD_SECONDS", 0.5)
    monkeypatch.setattr(holding, "RENEW_SECONDS", 100.0)
    monkeypatch.setattr(holding, "DRAIN_SECONDS", 0.0)


def wanted(embedder: NamedEmbedder, shards: int | None = None) -> Wanted:
    return Wanted(embedder.fingerprint, embedder.dimension, ModelChoice(Path(embedder.fingerprint)), shards)


def run(
    versions: ElasticsearchVersions, embedder: NamedEmbedder, analyzer: Analyzer, shards: int | None = None
) -> None:
    list(reindex(versions, wanted(embedder, shards), embedder, analyzer))


def copy(building: Building | None, embedder: NamedEmbedder) -> Building:
    assert building is not None
    list(copy_notices(building.source, building.fresh, embedder))
    return building


def held(address: str, analyzer: Analyzer) -> tuple[str | None, list[str]]:
    """Model and notices that a new reader finds."""
    with ElasticsearchIndex.open(address, analyzer, read_only=True) as reader:
        return reader.fingerprint, [record.notice.id for record in reader.scan()]


def pointed(address: str) -> list[set[str]]:
    """The versions that the aliases point at, reading and writing."""
    place = Address.parse(address)
    with Elasticsearch(place.urls) as client:
        return [set(client.indices.get_alias(name=alias).body) for alias in (place.reading, place.writing)]


def test_a_builder_that_dies_while_it_holds_the_index_stops_writers_for_a_while_only(
    index: ElasticsearchIndex,
    versions: ElasticsearchVersions,
    elasticsearch_address: str,
    analyzer: Analyzer,
    short: None,
) -> None:
    with versions.building(wanted(NEW), analyzer) as found:
        building = copy(found, NEW)
        with building.changing():
            begun = time.monotonic()
            write(index, parsed(3), OLD)
            assert 0.3 < time.monotonic() - begun < 10
            with pytest.raises(StorageError, match="已由别的进程接手"):
                building.take_place()
    assert held(elasticsearch_address, analyzer) == ("old", ["n0", "n1", "n2", "n3"])
    run(versions, NEW, analyzer)
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2", "n3"])


def test_a_hold_that_ran_out_does_no_harm_while_nobody_else_has_written(
    versions: ElasticsearchVersions, elasticsearch_address: str, analyzer: Analyzer, short: None
) -> None:
    with versions.building(wanted(NEW), analyzer) as found:
        building = copy(found, NEW)
        with building.changing():
            time.sleep(0.7)
            building.take_place()
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2"])


@pytest.mark.parametrize("dies_in", ["change", "_point"])
def test_a_builder_that_dies_after_the_change_has_made_it_and_the_next_writer_completes_it(
    index: ElasticsearchIndex,
    versions: ElasticsearchVersions,
    elasticsearch_address: str,
    analyzer: Analyzer,
    monkeypatch: pytest.MonkeyPatch,
    dies_in: str,
) -> None:
    def die(*_: object) -> None:
        raise Died

    def die_once_changed(store: Store) -> View:
        if store.view(for_writing=True).state.successor:
            raise Died
        return in_use(store)

    with ElasticsearchIndex.open(elasticsearch_address, analyzer, read_only=True) as reader:
        with monkeypatch.context() as patch:
            if dies_in == "change":
                patch.setattr(versions_module, "in_use", die_once_changed)
            else:
                patch.setattr(succession, "_point", die)
            with pytest.raises(Died):
                run(versions, NEW, analyzer)
        # Nobody has written yet: who reads now sees in the former version what is in the new one.
        assert held(elasticsearch_address, analyzer) == ("old", ["n0", "n1", "n2"])
        index.remove("n1")
        assert pointed(elasticsearch_address) == [{in_use(index._store).index}] * 2
        assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n2"])
        assert [record.notice.id for record in reader.scan()] == ["n0", "n1", "n2"]
        assert reader.superseded


def test_a_writer_that_read_the_state_before_it_was_held_cannot_replace_it(
    store: Store, index: ElasticsearchIndex, versions: ElasticsearchVersions, analyzer: Analyzer
) -> None:
    view = in_use(store)
    with versions.building(wanted(NEW), analyzer) as found, copy(found, NEW).changing():
        assert not store.replace(view, view.state.allocate(1, time.time()))


def test_a_batch_under_way_is_waited_for(
    index: ElasticsearchIndex, versions: ElasticsearchVersions, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    with index.loading():
        write(index, parsed(3), OLD)
        building = threading.Thread(target=run, args=(versions, NEW, analyzer))
        building.start()
        time.sleep(3)
        assert building.is_alive()
    building.join()
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2", "n3"])


def test_a_batch_that_is_not_published_in_time_is_lost_and_its_writer_is_told(
    index: ElasticsearchIndex,
    versions: ElasticsearchVersions,
    elasticsearch_address: str,
    analyzer: Analyzer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(holding, "DRAIN_SECONDS", 0.0)
    loading = index.loading()
    loading.__enter__()
    write(index, parsed(3), OLD)
    run(versions, NEW, analyzer)
    with pytest.raises(StorageError, match="再运行一次"):
        loading.__exit__(None, None, None)
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2"])
    write(index, parsed(3), NEW)
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2", "n3"])


def test_a_builder_that_was_taken_to_be_dead_can_write_nothing_when_it_wakes_up(
    versions: ElasticsearchVersions, elasticsearch_address: str, analyzer: Analyzer, short: None
) -> None:
    with versions.building(wanted(NEW), analyzer) as found:
        sleeper = copy(found, NEW)
        loading = sleeper.fresh.loading()
        loading.__enter__()
        write(sleeper.fresh, parsed(7), NEW)
        time.sleep(0.7)
        run(versions, NEW, analyzer)
        with pytest.raises(StorageError, match="再运行一次"):
            loading.__exit__(None, None, None)
        for change in (lambda: write(sleeper.fresh, parsed(8), NEW), lambda: sleeper.fresh.remove("n1")):
            with pytest.raises(StorageError, match="已由别的进程接手"):
                change()
        with pytest.raises(StorageError, match="刚刚换过"), sleeper.changing():
            pass
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2"])


def test_of_two_that_build_different_versions_the_first_changes(
    versions: ElasticsearchVersions, elasticsearch_address: str, analyzer: Analyzer, short: None
) -> None:
    with versions.building(wanted(NEW), analyzer) as found:
        slow = copy(found, NEW)
        time.sleep(0.7)
        run(versions, THIRD, analyzer)
        with pytest.raises(StorageError, match="刚刚换过"), slow.changing():
            pass
    assert held(elasticsearch_address, analyzer)[0] == "third"


def test_to_and_fro_a_late_change_of_the_aliases_leads_no_writer_astray(
    store: Store,
    index: ElasticsearchIndex,
    versions: ElasticsearchVersions,
    elasticsearch_address: str,
    analyzer: Analyzer,
) -> None:
    run(versions, NEW, analyzer)
    used = {"old": store.address.version(1), "new": store.address.version(2)}
    chance = random.Random(3)
    for turn in range(4):
        model = "old" if turn % 2 == 0 else "new"
        roll_back(versions, analyzer)
        if chance.random() < 0.7:
            other = used["new" if model == "old" else "old"]
            succession._point(store, used[model], other)  # by somebody who slept since the last change
        write(index, parsed(10 + turn), OLD if model == "old" else NEW)
        assert pointed(elasticsearch_address) == [{used[model]}] * 2
        assert held(elasticsearch_address, analyzer)[0] == model


def test_another_analysis_is_a_reason_to_build_and_stops_writers_of_the_former(
    index: ElasticsearchIndex, versions: ElasticsearchVersions, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    other = OtherAnalyzer()
    with pytest.raises(StorageError, match="xianli reindex"):
        ElasticsearchIndex.open(elasticsearch_address, other)
    embedder = NamedEmbedder("old")
    run(versions, embedder, other)
    assert embedder.encoded == 0, "vectors of the same model are used again"
    assert held(elasticsearch_address, other) == ("old", ["n0", "n1", "n2"])
    with pytest.raises(StorageError, match="分词"):
        write(index, parsed(3), OLD)
    with pytest.raises(StorageError, match="分词"):
        roll_back(versions, other)


def test_another_number_of_shards_is_a_reason_to_build(
    store: Store, versions: ElasticsearchVersions, elasticsearch_address: str, analyzer: Analyzer
) -> None:
    assert versions.present().shards == 1
    run(versions, OLD, analyzer, shards=3)
    assert versions.present().shards == 3
    run(versions, NEW, analyzer)
    assert versions.present().shards == 3, "as it was, where nothing else is wanted"
    assert held(elasticsearch_address, analyzer) == ("new", ["n0", "n1", "n2"])


def test_an_index_without_vectors_is_built_anew_without_any(elasticsearch_address: str, analyzer: Analyzer) -> None:
    with ElasticsearchIndex.open(elasticsearch_address, analyzer) as index:
        index.write(notice("n1", item("推进行政执法公示")), "/n1", None, None)
    other = OtherAnalyzer()
    with closing(ElasticsearchVersions.open(elasticsearch_address)) as versions:
        list(reindex(versions, Wanted(None), None, other))
    assert held(elasticsearch_address, other) == (None, ["n1"])


def test_versions_before_the_former_one_and_what_was_left_half_built_are_deleted(
    store: Store, versions: ElasticsearchVersions, analyzer: Analyzer
) -> None:
    def names() -> set[str]:
        return set(store.client.indices.get(index=f"{store.address.prefix}-*", expand_wildcards="all").body)

    with versions.building(wanted(NEW), analyzer) as found:
        copy(found, NEW)
    assert names() == {store.address.version(number) for number in (1, 2)}
    run(versions, THIRD, analyzer)
    assert names() == {store.address.version(number) for number in (1, 3)}
    run(versions, NEW, analyzer)
    assert names() == {store.address.version(number) for number in (3, 4)}


def test_a_holder_says_so_from_time_to_time(
    store: Store, index: ElasticsearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "HOLD_SECONDS", 0.6)
    monkeypatch.setattr(holding, "RENEW_SECONDS", 0.1)
    used = in_use(store).index
    with Holder(store) as holder, holder.changing(used):
        time.sleep(1.5)
        assert in_use(store).state.is_held(time.time())
        with pytest.raises(StorageError, match="正在由别的进程更换"), Holder(store) as other, other.changing(used):
            pass
    assert not in_use(store).state.is_held(time.time())
    write(index, parsed(3), OLD)
