"""Who may open an index, several at a time, and what those are told who may not."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, item, notice, vector, vectors
from tests.indexer.index.embedded.agreement import assert_agreement

EVERY = Filters()


def write(index: EmbeddedIndex, notice_id: str, text: str) -> None:
    parsed = notice(notice_id, item(text))
    index.write(parsed, f"/{notice_id}", vectors(parsed), MODEL)


def found(index: EmbeddedIndex, analyzer: Analyzer, text: str = "行政执法") -> list[str]:
    return [hit.item_id for hit in index.lexical(analyzer.analyse(text), EVERY, 10)]


def test_what_was_written_is_there_after_closing(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder / "deep" / "down", analyzer) as index:
        write(index, "n1", "行政执法")
    with EmbeddedIndex.open(folder / "deep" / "down", analyzer) as index:
        assert found(index, analyzer) == ["n1-0"]
        assert index.fingerprint == MODEL
        assert index.statistics().backend == "embedded"
        assert index.statistics().size_bytes > 10_000


def test_closing_leaves_nothing_to_do(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        write(index, "n1", "行政执法")
        index.remove("n1")
        write(index, "n2", "行政执法")
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        assert catalogue.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
        assert catalogue.execute("SELECT generation, floor FROM settings").fetchone() == (3, 3)


def test_a_reader_sees_what_another_one_has_published(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as writer, EmbeddedIndex.open(folder, analyzer, read_only=True) as reader:
        assert found(reader, analyzer) == []
        write(writer, "n1", "行政执法")
        assert [record.notice.id for record in reader.notices(EVERY, 0, 10)[1]] == ["n1"]
        assert [hit.item_id for hit in reader.nearest(vector("x"), EVERY, 10)] == ["n1-0"]
        assert found(reader, analyzer) == []
        assert found(writer, analyzer) == ["n1-0"]
        assert found(reader, analyzer) == ["n1-0"]
        write(writer, "n2", "行政执法")
        writer.remove("n1")
        writer.close()
        assert found(reader, analyzer) == ["n2-0"]
        assert [hit.item_id for hit in reader.nearest(vector("x"), Filters(district=("青溪",)), 10)] == ["n2-0"]


def test_a_reader_never_names_an_item_that_is_gone(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as writer, EmbeddedIndex.open(folder, analyzer, read_only=True) as reader:
        write(writer, "n1", "行政执法")
        write(writer, "n2", "行政执法")
        assert found(writer, analyzer) == found(reader, analyzer) == ["n1-0", "n2-0"]
        writer.remove("n1")
        hits = found(reader, analyzer)
        assert hits == ["n2-0"]
        assert len(reader.items(hits)) == 1


def test_a_second_writer_has_to_wait(folder: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.index.embedded.derived.LOCK_WAIT_SECONDS", 0.1)
    with EmbeddedIndex.open(folder, analyzer) as first, EmbeddedIndex.open(folder, analyzer) as second:
        write(first, "n1", "行政执法")
        with pytest.raises(StorageError, match="另一个进程正在写入"):
            write(second, "n2", "行政执法")
        assert second.record("n2") is None
        first.close()
        write(second, "n2", "行政执法")
        assert found(second, analyzer) == ["n1-0", "n2-0"]


def test_threads_share_an_index(folder: Path, analyzer: Analyzer) -> None:
    def write_some(index: EmbeddedIndex, name: str) -> None:
        for number in range(10):
            write(index, f"{name}{number}", "行政执法")
            write(index, name, f"第{number}版行政执法")

    def search_some(index: EmbeddedIndex) -> None:
        for _ in range(20):
            hits = index.lexical(analyzer.analyse("行政执法"), EVERY, 100)
            assert len({hit.item_id for hit in hits}) == len(hits)
            index.nearest(vector("x"), Filters(district=("青溪",)), 100)
            index.notices(EVERY, 0, 100)

    with EmbeddedIndex.open(folder, analyzer) as index, ThreadPoolExecutor(4) as threads:
        work = [threads.submit(write_some, index, name) for name in "ab"]
        work += [threads.submit(search_some, index) for _ in range(2)]
        for done in work:
            done.result()
        assert len(found(index, analyzer)) == 10
        assert_agreement(index, analyzer)
        assert index.statistics().notices == 22


def test_a_search_gives_the_lock_back(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as first, EmbeddedIndex.open(folder, analyzer) as second:
        for number in range(3):
            write(first, f"a{number}", "行政执法")
            found(first, analyzer)
            write(second, f"b{number}", "行政执法")
            found(second, analyzer)
        assert found(first, analyzer) == found(second, analyzer) == [f"{name}{n}-0" for name in "ab" for n in range(3)]


def test_a_reader_may_not_write(folder: Path, analyzer: Analyzer) -> None:
    EmbeddedIndex.open(folder, analyzer).close()
    with EmbeddedIndex.open(folder, analyzer, read_only=True) as reader:
        with pytest.raises(StorageError, match="只读"):
            write(reader, "n1", "行政执法")
        with pytest.raises(StorageError, match="只读"):
            reader.remove("n1")


def test_where_there_is_no_index_a_reader_is_told_and_leaves_nothing(folder: Path, analyzer: Analyzer) -> None:
    with pytest.raises(StorageError, match="没有索引"):
        EmbeddedIndex.open(folder, analyzer, read_only=True)
    assert not folder.exists()


def test_a_file_is_no_index(folder: Path, analyzer: Analyzer) -> None:
    folder.write_text("")
    for read_only in (False, True):
        with pytest.raises(StorageError, match="不是文件夹"):
            EmbeddedIndex.open(folder, analyzer, read_only=read_only)
    with pytest.raises(StorageError, match=str(folder)):
        EmbeddedIndex.open(folder / "below", analyzer)


@pytest.mark.parametrize("kept", [0, 16, 5_000])
def test_a_damaged_catalogue_is_named_with_a_way_out(folder: Path, analyzer: Analyzer, kept: int) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        write(index, "n1", "行政执法")
    catalogue = folder / "catalogue.sqlite"
    content = catalogue.read_bytes()
    catalogue.write_bytes(content[:kept] + b"\xff" * (len(content) - kept))
    with pytest.raises(StorageError) as told:
        EmbeddedIndex.open(folder, analyzer)
    assert "已损坏" in told.value.detail
    assert str(folder) in told.value.detail
    assert "重新建立索引" in told.value.detail


def test_an_index_of_another_format_is_left_alone(folder: Path, analyzer: Analyzer) -> None:
    EmbeddedIndex.open(folder, analyzer).close()
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("UPDATE settings SET schema = 99")
    with pytest.raises(StorageError, match="第 99 版"):
        EmbeddedIndex.open(folder, analyzer)


def test_an_index_of_the_first_format_is_upgraded_by_whoever_opens_it(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        write(index, "n1", "行政执法")
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("UPDATE settings SET schema = 1")
        catalogue.execute("DROP INDEX items_by_row")
    with ThreadPoolExecutor(4) as several:
        opened = list(several.map(lambda _: EmbeddedIndex.open(folder, analyzer, read_only=True), range(4)))
    for index in opened:
        assert found(index, analyzer) == ["n1-0"]
        index.close()


def test_an_unfinished_creation_is_completed_by_a_writer_only(folder: Path, analyzer: Analyzer) -> None:
    folder.mkdir()
    (folder / "catalogue.sqlite").touch()
    with pytest.raises(StorageError, match="没有建成"):
        EmbeddedIndex.open(folder, analyzer, read_only=True)
    with EmbeddedIndex.open(folder, analyzer) as index:
        write(index, "n1", "行政执法")
        assert found(index, analyzer) == ["n1-0"]


def test_an_item_of_another_notice_is_not_taken_over(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        write(index, "n1", "行政执法")
        stolen = notice("n1", item("清理证明"))
        other = notice("n2", item("清理证明"))
        clash = type(stolen)(other.notice, stolen.items, stolen.blocks, stolen.warnings, stolen.document)
        with pytest.raises(StorageError, match="已属于另一份通知"):
            index.write(clash, "/n2", vectors(clash), MODEL)
        assert index.record("n2") is None
        assert found(index, analyzer) == ["n1-0"]


@pytest.mark.parametrize(
    ("rows", "fingerprint", "message"),
    [(2, MODEL, "1 items"), (1, None, "fingerprint"), (0, MODEL, "1 items")],
)
def test_vectors_that_do_not_fit_are_refused(
    folder: Path, analyzer: Analyzer, rows: int, fingerprint: str | None, message: str
) -> None:
    parsed = notice("n1", item("行政执法"))
    with EmbeddedIndex.open(folder, analyzer) as index:
        with pytest.raises(ValueError, match=message):
            index.write(parsed, "/n1", vectors(parsed)[[0] * rows], fingerprint)
        assert index.record("n1") is None


def test_an_index_can_be_closed_while_others_read_it(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        for number in range(20):
            write(index, f"n{number}", "行政执法")
    for _ in range(10):
        index = EmbeddedIndex.open(folder, analyzer, read_only=True)

        def read(index: EmbeddedIndex = index) -> None:
            while True:
                index.items(found(index, analyzer))

        with ThreadPoolExecutor(4) as several:
            reading = [several.submit(read) for _ in range(4)]
            time.sleep(0.05)
            index.close()
        for one in reading:
            assert isinstance(one.exception(), StorageError)
