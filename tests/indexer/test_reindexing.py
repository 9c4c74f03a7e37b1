"""Changing the model: a new index beside the old one, then in its place."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.embedding.choice import ModelChoice, remembered_model
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from corpus.model import ParsedNotice
from indexer.analysis import embedded_text
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.versions import VersionedIndex, Versions
from indexer.reindexing import Progress, reindex, roll_back
from tests.contract.notices import item, notice
from tests.indexer.embedders import NamedEmbedder

PROJECT = Path(__file__).parents[2]
NOTICES, KILLS = 20, 12
OLD, NEW, THIRD = (NamedEmbedder(name) for name in ("old", "new", "third"))


def parsed(number: int, words: str = "") -> ParsedNotice:
    texts = ("通用的条目", f"第{number}份的条目{words}")
    return notice(f"n{number}", *(item(text) for text in texts), number=f"第{number}号")


def write(index: VersionedIndex | EmbeddedIndex, one: ParsedNotice, embedder: NamedEmbedder) -> None:
    vectors = embedder.encode_items([embedded_text(held) for held in one.items])
    index.write(one, f"/{one.notice.id}", vectors, embedder.fingerprint)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture
def folder(tmp_path: Path, analyzer: Analyzer) -> Path:
    with VersionedIndex.open(tmp_path / "index", analyzer) as index:
        for number in range(NOTICES):
            write(index, parsed(number), OLD)
    return tmp_path / "index"


def run(folder: Path, embedder: NamedEmbedder, analyzer: Analyzer) -> list[Progress]:
    return list(reindex(folder, embedder, analyzer, ModelChoice(Path(embedder.fingerprint))))


def assert_whole(folder: Path, analyzer: Analyzer, embedder: NamedEmbedder, notices: int = NOTICES) -> None:
    """The index in use holds every notice, with the vectors of one model, and finds each by its vector."""
    with VersionedIndex.open(folder, analyzer, read_only=True) as index:
        held = index.statistics()
        assert (held.notices, held.vectors, held.fingerprint) == (notices, 2 * notices, embedder.fingerprint)
        for record in index.notices(Filters(), 0, 1000)[1]:
            own = index.notice(record.notice.id).items[1]
            [hit] = index.nearest(embedder.encode_query(own.text), Filters(), 1)
            assert hit.item_id == own.id
            assert hit.score == pytest.approx(1.0, abs=0.02)


def test_notices_are_the_same_under_the_new_model(folder: Path, analyzer: Analyzer) -> None:
    steps = run(folder, NEW, analyzer)
    assert steps[-1] == Progress(NOTICES, NOTICES)
    assert_whole(folder, analyzer, NEW)
    with VersionedIndex.open(folder, analyzer, read_only=True) as index:
        assert [index.notice(f"n{number}") for number in range(NOTICES)] == [parsed(n) for n in range(NOTICES)]
        assert [hit.item_id for hit in index.lexical(analyzer.analyse("第7份"), Filters(), 1)] == ["n7-1"]
    assert remembered_model(Versions(folder).current) == ModelChoice(Path("new"))


def test_nothing_is_done_for_the_model_that_is_there(folder: Path, analyzer: Analyzer) -> None:
    assert run(folder, OLD, analyzer) == []
    assert Versions(folder).former is None


def test_an_index_without_vectors_gets_some(tmp_path: Path, analyzer: Analyzer) -> None:
    with VersionedIndex.open(tmp_path / "index", analyzer) as index:
        index.write(parsed(1), "/n1", None, None)
    run(tmp_path / "index", NEW, analyzer)
    assert_whole(tmp_path / "index", analyzer, NEW, notices=1)


def test_an_interrupted_run_is_gone_on_with(folder: Path, analyzer: Analyzer) -> None:
    embedder = NamedEmbedder("new")
    steps = reindex(folder, embedder, analyzer)
    for _ in range(5):
        next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert_whole(folder, analyzer, OLD)
    before = embedder.encoded
    run(folder, embedder, analyzer)
    assert 0 < before < embedder.encoded == NOTICES + 1, "a text that was embedded is not embedded again"
    assert_whole(folder, analyzer, NEW)


def test_what_changes_meanwhile_is_caught_up_with(folder: Path, analyzer: Analyzer) -> None:
    steps = reindex(folder, NEW, analyzer)
    for _ in range(10):
        next(steps)
    with VersionedIndex.open(folder, analyzer) as index:
        for number in range(0, NOTICES, 3):
            write(index, parsed(number, "改"), OLD)
        write(index, parsed(NOTICES), OLD)
        index.remove("n1")
    list(steps)
    assert_whole(folder, analyzer, NEW)
    with VersionedIndex.open(folder, analyzer, read_only=True) as index:
        assert index.record("n1") is None
        assert all(index.notice(f"n{number}") == parsed(number, "改") for number in range(0, NOTICES, 3))


def test_a_reader_reads_on_while_versions_change(folder: Path, analyzer: Analyzer) -> None:
    with VersionedIndex.open(folder, analyzer, read_only=True) as reader:
        for embedder in (NEW, THIRD, OLD):
            run(folder, embedder, analyzer)
            assert reader.fingerprint == "old"
            assert [hit.item_id for hit in reader.lexical(analyzer.analyse("第7份"), Filters(), 1)] == ["n7-1"]
            assert reader.nearest(OLD.encode_query("第7份的条目"), Filters(), 1)[0].item_id == "n7-1"
    assert_whole(folder, analyzer, OLD)


def test_one_former_version_is_kept_and_the_first_makes_way(folder: Path, analyzer: Analyzer) -> None:
    run(folder, NEW, analyzer)
    assert Versions(folder).former == folder / "."
    run(folder, THIRD, analyzer)
    assert Versions(folder).former == Versions(folder).place("new")
    assert not (folder / "catalogue.sqlite").exists()
    run(folder, OLD, analyzer)
    assert sorted(path.name for path in (folder / "versions").iterdir()) == sorted(
        Versions(folder).place(name).name for name in ("third", "old")
    )


def test_rolling_back_is_undone_by_another_and_says_what_is_lacking(folder: Path, analyzer: Analyzer) -> None:
    run(folder, NEW, analyzer)
    with VersionedIndex.open(folder, analyzer) as index:
        write(index, parsed(NOTICES), NEW)
        write(index, parsed(3, "改"), NEW)
    difference = roll_back(folder, analyzer)
    assert (difference.missing, difference.extra) == (2, 1)
    assert_whole(folder, analyzer, OLD)
    roll_back(folder, analyzer)
    assert_whole(folder, analyzer, NEW, notices=NOTICES + 1)


def test_nothing_can_be_rolled_back_at_first(folder: Path, analyzer: Analyzer) -> None:
    with pytest.raises(StorageError, match="没有更换前的版本"):
        roll_back(folder, analyzer)
    assert_whole(folder, analyzer, OLD)


def test_two_do_not_build_at_once(folder: Path, analyzer: Analyzer) -> None:
    with Versions(folder).building(), pytest.raises(StorageError, match="另一个进程正在"):
        run(folder, NEW, analyzer)


def test_versions_change_when_writers_have_ended(folder: Path, analyzer: Analyzer) -> None:
    writer = VersionedIndex.open(folder, analyzer)
    child = start(folder, "new", 0.0)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(1.5)
    assert Versions(folder).former is None
    write(writer, parsed(NOTICES), OLD)
    writer.close()
    child.communicate()
    assert child.returncode == 0
    assert_whole(folder, analyzer, NEW, notices=NOTICES + 1)


def test_a_damaged_note_of_versions_is_told(folder: Path, analyzer: Analyzer) -> None:
    (folder / "version.json").write_text("{")
    with pytest.raises(StorageError, match=r"version\.json"):
        VersionedIndex.open(folder, analyzer, read_only=True)


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_a_whole_index(folder: Path, analyzer: Analyzer) -> None:
    chance = random.Random(5)
    for _, embedder in zip(range(KILLS), turns(), strict=False):
        child = start(folder, embedder.fingerprint, 0.01)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 1.2))
        child.kill()
        child.communicate()
        with VersionedIndex.open(folder, analyzer, read_only=True) as index:
            held = index.fingerprint
        assert_whole(folder, analyzer, next(one for one in (OLD, NEW) if one.fingerprint == held))
    with VersionedIndex.open(folder, analyzer, read_only=True) as index:
        last = OLD if index.fingerprint == "new" else NEW
    run(folder, last, analyzer)
    assert_whole(folder, analyzer, last)


def turns() -> Iterator[NamedEmbedder]:
    while True:
        yield NEW
        yield NEW
        yield OLD
        yield OLD


def start(folder: Path, model: str, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.indexer.reindexer", str(folder), model, str(seconds)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
