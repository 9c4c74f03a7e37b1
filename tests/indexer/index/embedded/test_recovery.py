"""Postings and vectors are derived: whatever happens to them, they are made good from the catalogue."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, item, notice, vector, vectors
from tests.indexer.index.embedded.agreement import assert_agreement
from tests.indexer.index.embedded.writer import version

EVERY = Filters()


class OtherAnalyzer(Analyzer):
    """An analysis that calls itself another version."""

    @property
    def version(self) -> str:
        return "other"


def write(folder: Path, analyzer: Analyzer, *numbers: int) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        for number in numbers:
            parsed = version(number)
            index.write(parsed, f"/{number}", vectors(parsed), MODEL)


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def truncate(file: Path, size: int) -> None:
    with file.open("r+b") as opened:
        opened.truncate(size)


def damage_segments(folder: Path) -> None:
    for file in only(folder, "postings-*").iterdir():
        if file.suffix:
            truncate(file, 8)


def garble_meta(folder: Path) -> None:
    (only(folder, "postings-*") / "meta.json").write_text("{}")


def forget_generation(folder: Path) -> None:
    (only(folder, "postings-*") / "generation").unlink()


def end_with_zeros(folder: Path) -> None:
    file = only(folder, "vectors-*")
    size = file.stat().st_size
    truncate(file, size - 10)
    truncate(file, size)
    truncate(file, size - 28)
    truncate(file, size)


DAMAGES: list[Callable[[Path], object]] = [
    lambda folder: shutil.rmtree(only(folder, "postings-*")),
    damage_segments,
    garble_meta,
    forget_generation,
    lambda folder: only(folder, "vectors-*").unlink(),
    lambda folder: truncate(only(folder, "vectors-*"), 100),
    lambda folder: truncate(only(folder, "vectors-*"), 0),
    end_with_zeros,
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("read_only", [False, True])
def test_damaged_files_are_built_anew(
    folder: Path, analyzer: Analyzer, damage: Callable[[Path], object], read_only: bool
) -> None:
    write(folder, analyzer, 1, 2, 3)
    damage(folder)
    with EmbeddedIndex.open(folder, analyzer, read_only=read_only) as index:
        assert_agreement(index, analyzer)
    only(folder, "postings-*")
    only(folder, "vectors-*")


@pytest.mark.parametrize("pattern", ["postings-*", "vectors-*", "catalogue.sqlite"])
def test_a_part_restored_from_an_older_copy_is_noticed(
    folder: Path, tmp_path: Path, analyzer: Analyzer, pattern: str
) -> None:
    write(folder, analyzer, 1, 2)
    part, kept = only(folder, pattern), tmp_path / "kept"
    shutil.copytree(part, kept) if part.is_dir() else shutil.copy(part, kept)
    write(folder, analyzer, 13, 14)
    shutil.rmtree(part) if part.is_dir() else part.unlink()
    shutil.move(kept, part)
    with EmbeddedIndex.open(folder, analyzer) as index:
        assert_agreement(index, analyzer)
        assert index.notice("n1") == version(1 if pattern == "catalogue.sqlite" else 13)


def test_a_commit_that_was_taken_back_is_noticed(folder: Path, analyzer: Analyzer) -> None:
    write(folder, analyzer, 1)
    meta = only(folder, "postings-*") / "meta.json"
    former = meta.read_text()
    write(folder, analyzer, 2)
    meta.write_text(former)
    with EmbeddedIndex.open(folder, analyzer) as index:
        assert_agreement(index, analyzer)
        assert index.statistics().notices == 2


def test_postings_of_another_analysis_are_built_anew(folder: Path, analyzer: Analyzer) -> None:
    write(folder, analyzer, 1, 2)
    former = only(folder, "postings-*")
    with EmbeddedIndex.open(folder, OtherAnalyzer()) as index:
        assert_agreement(index, analyzer)
    assert only(folder, "postings-*") != former


def test_intact_files_are_left_as_they_are(folder: Path, analyzer: Analyzer) -> None:
    write(folder, analyzer, 1, 2)
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}
    with EmbeddedIndex.open(folder, analyzer) as index:
        assert_agreement(index, analyzer)
    after = {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}
    assert {file.name for file in before if before[file] != after.get(file)} <= {".tantivy-meta.lock"}


def test_a_vector_that_was_never_published_is_overwritten(folder: Path, analyzer: Analyzer) -> None:
    write(folder, analyzer, 1)
    with only(folder, "vectors-*").open("ab") as file:
        file.write(b"unfinished" * 50)
    write(folder, analyzer, 2)
    with EmbeddedIndex.open(folder, analyzer) as index:
        assert_agreement(index, analyzer)


def test_a_full_disk_leaves_the_former_version(folder: Path, analyzer: Analyzer) -> None:
    write(folder, analyzer, 1)
    large = notice("n1", *(item(f"很长的条目{number}" * 200) for number in range(200)))
    with EmbeddedIndex.open(folder, analyzer) as index:
        with index._catalogue.changing() as change:
            pages = change.run("PRAGMA page_count").fetchone()[0]
            change.run(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StorageError, match="磁盘空间已满"):
            index.write(large, "/n1", vectors(large), MODEL)
        assert index.notice("n1") == version(1)
        assert_agreement(index, analyzer)


def test_a_failure_between_catalogue_and_postings_is_made_good(folder: Path, analyzer: Analyzer) -> None:
    """A writer of tantivy that is no longer fit for use fails after SQLite has committed."""
    with EmbeddedIndex.open(folder, analyzer) as index:
        parsed = version(1)
        with index._derived.locked():
            writer = index._derived._postings._writer
            assert writer is not None
            writer.wait_merging_threads()
        with pytest.raises(StorageError):
            index.write(parsed, "/1", vectors(parsed), MODEL)
        assert_agreement(index, analyzer)
        write_again = version(2)
        index.write(write_again, "/2", vectors(write_again), MODEL)
        assert_agreement(index, analyzer)
        assert index.statistics().notices == 2


def test_mostly_dead_vectors_are_swept_out(folder: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        for number in range(8):
            parsed = notice("n1", *(item(f"第{number}版第{order}条") for order in range(200)))
            index.write(parsed, "/n1", vectors(parsed), MODEL)
        before = only(folder, "vectors-*").stat().st_size
        assert len(index.nearest(vector("x"), EVERY, 500)) == 200
        index.lexical(analyzer.analyse("条"), EVERY, 1)
        assert only(folder, "vectors-*").stat().st_size == before // 8
        assert len(index.nearest(vector("x"), EVERY, 500)) == 200


def test_damage_met_while_searching_is_named_with_a_way_out(folder: Path, analyzer: Analyzer) -> None:
    """Postings whose frame is whole and whose content is not are noticed when they are read."""
    write(folder, analyzer, 1, 2, 3)
    for file in only(folder, "postings-*").glob("*.idx"):
        content = file.read_bytes()
        file.write_bytes(b"\xff" * 200 + content[200:])
    with EmbeddedIndex.open(folder, analyzer) as index:
        with pytest.raises(StorageError) as told:
            index.lexical(analyzer.analyse("通用的条目行政执法"), EVERY, 50)
        assert "postings-" in told.value.detail
    shutil.rmtree(only(folder, "postings-*"))
    with EmbeddedIndex.open(folder, analyzer) as index:
        assert_agreement(index, analyzer)
