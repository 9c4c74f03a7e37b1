"""A snapshot is restored beside the index in use, whole or not at all."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import ApiError, Elasticsearch

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.elasticsearch import ElasticsearchIndex, snapshots, writer
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.documents import mapping, meta, settings
from indexer.index.elasticsearch.snapshots import Place
from indexer.index.filters import Filters
from indexer.progress import Progress, Report, Step, unheard
from tests.contract.notices import MODEL, vectors
from tests.indexer.index.elasticsearch.writer import version
from tests.requirements import require

pytestmark = pytest.mark.elasticsearch

EVERY = Filters()


@pytest.fixture
def client(elasticsearch: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(elasticsearch) as held:
        yield held


@pytest.fixture
def repository(client: Elasticsearch) -> Iterator[str]:
    """The name of an empty repository of the test's own."""
    name = f"test-{uuid.uuid4().hex}"
    try:
        client.snapshot.create_repository(name=name, repository={"type": "fs", "settings": {"location": name}})
    except ApiError as failure:
        require("a folder for snapshots", str(failure))
    yield name
    client.options(ignore_status=404).snapshot.delete(repository=name, snapshot="*")
    client.snapshot.delete_repository(name=name)


@pytest.fixture
def address(elasticsearch_address: str, client: Elasticsearch) -> Iterator[str]:
    """The address of an index with five notices; all its versions are removed afterwards."""
    yield elasticsearch_address
    prefix = Address.parse(elasticsearch_address).prefix
    for name in client.indices.get(index=f"{prefix}*", expand_wildcards="all"):
        client.indices.delete(index=name)


@pytest.fixture
def index(address: str, analyzer: Analyzer) -> Iterator[ElasticsearchIndex]:
    with ElasticsearchIndex.open(address, analyzer) as held:
        with held.loading():
            for number in range(5):
                write(held, number)
        yield held


def write(index: ElasticsearchIndex, number: int) -> None:
    parsed = version(number)
    index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)


def back_up(address: str, place: Place, analyzer: Analyzer, report: Report = unheard) -> None:
    snapshots.back_up(address, Access(), analyzer.version, place, report)


def restore(
    address: str, place: Place, analyzer: Analyzer, *, replaces: bool = False, report: Report = unheard
) -> None:
    snapshots.restore(address, Access(), analyzer.version, place, replaces=replaces, report=report)


def held(address: str, analyzer: Analyzer) -> list[str]:
    with ElasticsearchIndex.open(address, analyzer, read_only=True) as index:
        return [record.notice.id for record in index.scan()]


def stored(client: Elasticsearch, address: str, notice_id: str) -> int:
    """Documents of a notice, seen or not."""
    name = Address.parse(address).version(1)
    client.indices.refresh(index=name)
    return int(client.count(index=name, query={"term": {"notice_id": notice_id}})["count"])


def versions(client: Elasticsearch, address: str) -> list[str]:
    prefix = Address.parse(address).prefix
    found = client.indices.get(index=f"{prefix}-*", expand_wildcards="all")
    return sorted(name.removeprefix(f"{prefix}-") for name in found)


def interrupting(step: Step) -> Report:
    def interrupt(progress: Progress) -> None:
        if progress.step is step:
            raise KeyboardInterrupt

    return interrupt


def test_a_snapshot_is_restored_under_another_prefix(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    place = Place(repository, "one")
    made = snapshots.back_up(address, Access(), analyzer.version, place)
    assert (made.notices, made.vectors, made.fingerprint) == (5, made.items, MODEL)
    (snapshot,) = client.snapshot.get(repository=repository, snapshot="one")["snapshots"]
    assert snapshot["indices"] == [f"{Address.parse(address).prefix}-1"]
    assert snapshot["include_global_state"] is False
    assert snapshots.restore(f"{address}x", Access(), analyzer.version, place) == made
    with ElasticsearchIndex.open(f"{address}x", analyzer) as restored:
        assert [restored.notice(one.notice.id) for one in restored.scan()] == [
            index.notice(one.notice.id) for one in index.scan()
        ]
        terms = analyzer.analyse("执法")
        assert restored.lexical(terms, EVERY, 20) == index.lexical(terms, EVERY, 20)
        write(restored, 7)
        assert restored.statistics().notices == 6
    assert index.statistics().notices == 5


def test_a_restored_version_takes_the_place_of_the_one_in_use_when_asked_for(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    place = Place(repository, "one")
    back_up(address, place, analyzer)
    for number in range(5, 8):
        write(index, number)
    with pytest.raises(StorageError, match="--force") as told:
        restore(address, place, analyzer)
    assert told.value.code == "index_exists"
    assert len(held(address, analyzer)) == 8
    restore(address, place, analyzer, replaces=True)
    assert len(held(address, analyzer)) == 5
    assert versions(client, address) == ["1", "2"]
    with ElasticsearchIndex.open(address, analyzer) as now:
        write(now, 9)
    assert len(held(address, analyzer)) == 6
    found = client.indices.get_settings(index=f"{Address.parse(address).prefix}-2").body
    assert all("hidden" not in one["settings"]["index"] for one in found.values())


def test_a_writer_of_the_replaced_version_goes_on_in_the_restored_one(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str
) -> None:
    place = Place(repository, "one")
    back_up(address, place, analyzer)
    restore(address, place, analyzer, replaces=True)
    write(index, 8)
    assert len(held(address, analyzer)) == 6


def test_what_a_dead_writer_left_in_a_snapshot_is_never_seen_and_deleted_in_time(
    index: ElasticsearchIndex,
    address: str,
    analyzer: Analyzer,
    repository: str,
    client: Elasticsearch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Place(repository, "one")
    dead = ElasticsearchIndex.open(address, analyzer)
    loading = dead.loading()
    loading.__enter__()
    write(dead, 9)
    assert dead._writer.batch is not None
    dead._writer.batch.finish()
    back_up(address, place, analyzer)
    target = f"{address}x"
    restore(target, place, analyzer)
    assert stored(client, target, "n9") > 0
    assert "n9" not in held(target, analyzer)
    monkeypatch.setattr(writer, "now", lambda: time.time() + 100_000)
    ElasticsearchIndex.open(target, analyzer).close()
    assert stored(client, target, "n9") == 0
    assert len(held(target, analyzer)) == 5
    with pytest.raises(StorageError, match="再运行一次"):
        loading.__exit__(None, None, None)


@pytest.mark.parametrize("text", ["one", "a/b/c", "a b/c", "/c", "a/"])
def test_a_place_that_is_no_repository_and_snapshot_is_refused(text: str) -> None:
    with pytest.raises(StorageError, match="仓库/快照"):
        Place.parse(text)


def test_what_is_not_there_or_there_already_is_told(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str
) -> None:
    with pytest.raises(StorageError, match="没有登记仓库 nowhere") as told:
        back_up(address, Place("nowhere", "one"), analyzer)
    assert told.value.code == "no_repository"
    with pytest.raises(StorageError, match="没有快照") as told:
        restore(f"{address}x", Place(repository, "absent"), analyzer)
    assert told.value.code == "no_backup"
    back_up(address, Place(repository, "one"), analyzer)
    with pytest.raises(StorageError, match="已存在") as told:
        back_up(address, Place(repository, "one"), analyzer)
    assert told.value.code == "backup_exists"
    with pytest.raises(StorageError, match="还没有索引"):
        back_up(f"{address}y", Place(repository, "two"), analyzer)
    with pytest.raises(StorageError, match="服务器拒绝了请求"):
        back_up(address, Place(repository, "大写A"), analyzer)


def test_snapshots_that_are_no_backup_or_of_another_analysis_are_refused(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    name = f"{Address.parse(address).prefix}-1"
    client.snapshot.create(repository=repository, snapshot="foreign", indices=[name], wait_for_completion=True)
    told_of = {
        "generation": 0,
        "meta": meta("another"),
        "contents": {"notices": 5, "items": 1, "vectors": 0, "fingerprint": None},
    }
    for snapshot, described in (("other", told_of), ("written", {**told_of, "meta": meta(analyzer.version)})):
        client.snapshot.create(
            repository=repository,
            snapshot=snapshot,
            indices=[name],
            metadata={"xianli": described},
            include_global_state=False,
            wait_for_completion=True,
        )
    with pytest.raises(StorageError, match="不是 xianli backup 做的备份"):
        restore(f"{address}x", Place(repository, "foreign"), analyzer)
    with pytest.raises(StorageError, match="另一版本的分词"):
        restore(f"{address}x", Place(repository, "other"), analyzer)
    restore(
        f"{address}x", Place(repository, "written"), analyzer
    )  # its counts are of before what was written meanwhile
    assert len(held(f"{address}x", analyzer)) == 5


def test_a_snapshot_without_all_items_is_not_put_in_place(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    name = f"{Address.parse(address).prefix}-1"
    (lost,) = client.search(index=name, query={"term": {"item_id": "n3-1"}})["hits"]["hits"]
    client.delete(index=name, id=lost["_id"], refresh=True)
    back_up(address, Place(repository, "one"), analyzer)
    with pytest.raises(StorageError, match="与备份不符") as told:
        restore(f"{address}x", Place(repository, "one"), analyzer)
    assert told.value.code == "damaged_backup"
    assert versions(client, f"{address}x") == []


def test_an_index_of_several_shards_is_backed_up_only_while_nobody_writes(
    address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    where = Address.parse(address)
    client.indices.create(
        index=where.version(1),
        aliases={where.reading: {}, where.writing: {}},
        settings=settings(2),
        mappings=mapping(meta(analyzer.version)),
    )
    with ElasticsearchIndex.open(address, analyzer) as index:
        write(index, 1)

        def disturb(progress: Progress) -> None:
            write(index, 2)

        with pytest.raises(StorageError, match="有改动") as told:
            back_up(address, Place(repository, "one"), analyzer, disturb)
        assert told.value.code == "index_changed"
        back_up(address, Place(repository, "one"), analyzer)
        restore(f"{address}x", Place(repository, "one"), analyzer)
        assert held(f"{address}x", analyzer) == ["n1", "n2"]


def test_an_interrupted_backup_leaves_no_snapshot(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        back_up(address, Place(repository, "one"), analyzer, interrupting(Step.SNAPSHOT))
    assert client.snapshot.get(repository=repository, snapshot="*")["snapshots"] == []
    back_up(address, Place(repository, "one"), analyzer)


@pytest.mark.parametrize("step", [Step.RESTORE, Step.CHECK])
def test_an_interrupted_restore_leaves_what_was_there(
    index: ElasticsearchIndex,
    address: str,
    analyzer: Analyzer,
    repository: str,
    client: Elasticsearch,
    step: Step,
) -> None:
    back_up(address, Place(repository, "one"), analyzer)
    write(index, 8)
    with pytest.raises(KeyboardInterrupt):
        restore(address, Place(repository, "one"), analyzer, replaces=True, report=interrupting(step))
    assert versions(client, address) == ["1"]
    assert len(held(address, analyzer)) == 6


def test_what_a_killed_restore_has_left_is_deleted_by_the_next(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    back_up(address, Place(repository, "one"), analyzer)
    prefix = Address.parse(address).prefix
    client.snapshot.restore(
        repository=repository,
        snapshot="one",
        indices=[f"{prefix}-1"],
        rename_pattern=".+",
        rename_replacement=f"{prefix}-2",
        include_aliases=False,
        index_settings={"index.hidden": True},
        wait_for_completion=True,
    )
    restore(address, Place(repository, "one"), analyzer, replaces=True)
    assert versions(client, address) == ["1", "3"]
    assert len(held(address, analyzer)) == 5


def test_a_repository_that_has_lost_a_file_is_told_and_nothing_replaced(
    index: ElasticsearchIndex, address: str, analyzer: Analyzer, repository: str, client: Elasticsearch
) -> None:
    back_up(address, Place(repository, "one"), analyzer)
    nodes = client.nodes.info(metric="settings")["nodes"].values()
    folders = [Path(place) / repository for node in nodes for place in node["settings"]["path"]["repo"]]
    blobs = [blob for folder in folders for blob in folder.glob("indices/*/*/__*")]
    if not blobs:
        require("the files of the repository", "they lie on another machine")
    for blob in blobs:
        blob.unlink()
    with pytest.raises(StorageError) as told:
        restore(address, Place(repository, "one"), analyzer, replaces=True)
    assert told.value.code == "damaged_backup"
    assert versions(client, address) == ["1"]
    assert len(held(address, analyzer)) == 5
