"""Changing the model: a new index beside the old one, then in its place; on every backend."""

import random
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from corpus.model import ParsedNotice
from indexer.analysis import embedded_text
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.elasticsearch.versions import ElasticsearchVersions
from indexer.index.embedded.versions import EmbeddedVersions, VersionedIndex
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from indexer.index.versions import Versions, Wanted
from indexer.progress import Progress, Step
from indexer.reindexing import reindex, roll_back
from tests.contract.notices import item, notice
from tests.indexer.embedders import NamedEmbedder
from tests.indexer.reindexer import SILENT_SECONDS

PROJECT = Path(__file__).parents[2]
NOTICES, KILLS = 20, 8
OLD, NEW, THIRD = (NamedEmbedder(name) for name in ("old", "new", "third"))


class Home:
    """Where an index of either backend lies: `place` is a folder or an address."""

    def __init__(self, place: str, analyzer: Analyzer) -> None:
        self.place = place
        self.analyzer = analyzer
        self.is_embedded = not place.startswith("http")

    def open(self, *, read_only: bool = True) -> AbstractContextManager[Index]:
        """The index in use."""
        if self.is_embedded:
            return VersionedIndex.open(Path(self.place), self.analyzer, read_only=read_only)
        return ElasticsearchIndex.open(self.place, self.analyzer, read_only=read_only)

    @contextmanager
    def versions(self) -> Iterator[Versions]:
        """The versions of the index."""
        if self.is_embedded:
            yield EmbeddedVersions(Path(self.place))
        else:
            with closing(ElasticsearchVersions.open(self.place)) as versions:
                yield versions

    def reindex(self, embedder: NamedEmbedder) -> Generator[Progress, None, None]:
        """Reindex for a model, and remember one of the same name."""
        with self.versions() as versions:
            model = ModelChoice(Path(embedder.fingerprint))
            wanted = Wanted(embedder.fingerprint, embedder.dimension, model)
            yield from reindex(versions, wanted, embedder, self.analyzer)

    def run(self, embedder: NamedEmbedder) -> list[Progress]:
        """Reindex to the end."""
        return list(self.reindex(embedder))

    def roll_back(self) -> tuple[int, int]:
        """Go back, and what the version then lacks and has besides."""
        with self.versions() as versions:
            difference = roll_back(versions, self.analyzer)
            return difference.missing, difference.extra

    def assert_whole(self, embedder: NamedEmbedder, notices: int = NOTICES) -> None:
        """The index in use holds every notice, with the vectors of one model, and finds each by its vector."""
        with self.open() as index:
            held = index.statistics()
            assert (held.notices, held.vectors, held.fingerprint) == (notices, 2 * notices, embedder.fingerprint)
            for record in index.notices(Filters(), 0, 1000)[1]:
                own = index.notice(record.notice.id).items[1]
                [hit] = index.nearest(embedder.encode_query(own.text), Filters(), 1)
                assert hit.item_id == own.id
                assert hit.score == pytest.approx(1.0, abs=0.02)


def parsed(number: int, words: str = "") -> ParsedNotice:
    texts = ("通用的条目", f"第{number}份的条目{words}")
    return notice(f"n{number}", *(item(text) for text in texts), number=f"第{number}号")


def write(index: Index, one: ParsedNotice, embedder: NamedEmbedder) -> None:
    vectors = embedder.encode_items([embedded_text(held) for held in one.items])
    index.write(one, f"/{one.notice.id}", vectors, embedder.fingerprint)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def empty(request: pytest.FixtureRequest, tmp_path: Path, analyzer: Analyzer) -> Home:
    if request.param == "embedded":
        return Home(str(tmp_path / "index"), analyzer)
    return Home(request.getfixturevalue("elasticsearch_address"), analyzer)


@pytest.fixture
def home(empty: Home) -> Home:
    with empty.open(read_only=False) as index, index.loading():
        for number in range(NOTICES):
            write(index, parsed(number), OLD)
    return empty


def test_notices_are_the_same_under_the_new_model(home: Home) -> None:
    steps = home.run(NEW)
    assert steps[-1] == Progress(Step.COPY, NOTICES, NOTICES)
    home.assert_whole(NEW)
    with home.open() as index:
        assert [index.notice(f"n{number}") for number in range(NOTICES)] == [parsed(n) for n in range(NOTICES)]
        assert [hit.item_id for hit in index.lexical(home.analyzer.analyse("第7份"), Filters(), 1)] == ["n7-1"]
        assert index.model == ModelChoice(Path("new"))
    with home.versions() as versions:
        present = versions.present()
        assert (present.fingerprint, present.dimension, present.model) == ("new", 16, ModelChoice(Path("new")))


def test_nothing_is_done_for_the_model_that_is_there(home: Home) -> None:
    assert home.run(OLD) == []
    with pytest.raises(StorageError, match="没有更换前的版本"):
        home.roll_back()


def test_an_index_without_vectors_gets_some(empty: Home) -> None:
    with empty.open(read_only=False) as index:
        index.write(parsed(1), "/n1", None, None)
    empty.run(NEW)
    empty.assert_whole(NEW, notices=1)


def test_an_empty_index_takes_the_new_model(empty: Home) -> None:
    empty.open(read_only=False).__exit__(None, None, None)
    empty.run(NEW)
    with empty.open(read_only=False) as index:
        assert index.model == ModelChoice(Path("new"))
        write(index, parsed(1), NEW)
    empty.assert_whole(NEW, notices=1)


def test_an_interrupted_run_is_gone_on_with(home: Home) -> None:
    embedder = NamedEmbedder("new")
    steps = home.reindex(embedder)
    for _ in range(5):
        next(steps)
    steps.close()
    home.assert_whole(OLD)
    before = embedder.encoded
    home.run(embedder)
    assert 0 < before < embedder.encoded == NOTICES + 1, "a text that was embedded is not embedded again"
    home.assert_whole(NEW)


def test_what_changes_meanwhile_is_caught_up_with(home: Home) -> None:
    steps = home.reindex(NEW)
    for _ in range(10):
        next(steps)
    with home.open(read_only=False) as index:
        for number in range(0, NOTICES, 3):
            write(index, parsed(number, "改"), OLD)
        write(index, parsed(NOTICES), OLD)
        index.remove("n1")
        index.remove("n19")
    list(steps)
    home.assert_whole(NEW, notices=NOTICES - 1)
    with home.open() as index:
        assert index.record("n1") is None
        assert all(index.notice(f"n{number}") == parsed(number, "改") for number in range(0, NOTICES, 3))


def test_a_reader_reads_on_while_versions_change(home: Home) -> None:
    with home.open() as reader:
        for embedder in (NEW, OLD):
            home.run(embedder)
            assert reader.fingerprint == "old"
            assert [hit.item_id for hit in reader.lexical(home.analyzer.analyse("第7份"), Filters(), 1)] == ["n7-1"]
            assert reader.nearest(OLD.encode_query("第7份的条目"), Filters(), 1)[0].item_id == "n7-1"
            assert reader.superseded
            # Elasticsearch keeps one former version, and no file of an older one that somebody has open.
            if not home.is_embedded:
                break
    home.assert_whole(OLD if home.is_embedded else NEW)


def test_rolling_back_is_undone_by_another_and_says_what_is_lacking(home: Home) -> None:
    home.run(NEW)
    with home.open(read_only=False) as index:
        write(index, parsed(NOTICES), NEW)
        write(index, parsed(3, "改"), NEW)
    assert home.roll_back() == (2, 1)
    home.assert_whole(OLD)
    with home.open(read_only=False) as index:
        write(index, parsed(NOTICES + 1), OLD)
    assert home.roll_back() == (2, 2)
    home.assert_whole(NEW, notices=NOTICES + 1)


def test_after_a_rollback_another_model_can_follow(home: Home) -> None:
    home.run(NEW)
    home.roll_back()
    home.run(THIRD)
    home.assert_whole(THIRD)
    home.roll_back()
    home.assert_whole(OLD)


def test_two_do_not_build_at_once(home: Home) -> None:
    steps = home.reindex(NEW)
    next(steps)
    for embedder in (NEW, THIRD):
        with pytest.raises(StorageError, match="另一个进程正在") as refused:
            home.run(embedder)
        assert refused.value.code == "busy"
    list(steps)
    home.assert_whole(NEW)


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_a_whole_index(home: Home) -> None:
    chance = random.Random(5)
    for _, embedder in zip(range(KILLS), turns(), strict=False):
        child = start(home, embedder.fingerprint, 0.01)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 1.2 if home.is_embedded else 4))
        child.kill()
        child.communicate()
        with home.open() as index:
            held = index.fingerprint
        home.assert_whole(next(one for one in (OLD, NEW) if one.fingerprint == held))
    with home.open() as index:
        last = OLD if index.fingerprint == "new" else NEW
    time.sleep(SILENT_SECONDS)
    child = start(home, last.fingerprint, 0.0)
    child.communicate()
    assert child.returncode == 0
    home.assert_whole(last)
    with home.open(read_only=False) as index:
        write(index, parsed(NOTICES), last)
    home.assert_whole(last, notices=NOTICES + 1)


def turns() -> Iterator[NamedEmbedder]:
    while True:
        yield NEW
        yield NEW
        yield OLD
        yield OLD


def start(home: Home, model: str, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.indexer.reindexer", home.place, model, str(seconds)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


# The embedded index


@pytest.fixture
def folder(tmp_path: Path, analyzer: Analyzer) -> Path:
    with VersionedIndex.open(tmp_path / "index", analyzer) as index:
        for number in range(NOTICES):
            write(index, parsed(number), OLD)
    return tmp_path / "index"


def test_one_former_version_is_kept_and_the_first_makes_way(folder: Path, analyzer: Analyzer) -> None:
    home, versions = Home(str(folder), analyzer), EmbeddedVersions(folder)
    home.run(NEW)
    assert versions.former == folder / "."
    home.run(THIRD)
    assert versions.former == versions.place("new")
    assert not (folder / "catalogue.sqlite").exists()
    home.run(OLD)
    assert sorted(path.name for path in (folder / "versions").iterdir()) == sorted(
        versions.place(name).name for name in ("third", "old")
    )


def test_versions_change_when_writers_have_ended(folder: Path, analyzer: Analyzer) -> None:
    home = Home(str(folder), analyzer)
    writer = VersionedIndex.open(folder, analyzer)
    child = start(home, "new", 0.0)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(1.5)
    assert EmbeddedVersions(folder).former is None
    write(writer, parsed(NOTICES), OLD)
    writer.close()
    child.communicate()
    assert child.returncode == 0
    home.assert_whole(NEW, notices=NOTICES + 1)


def test_a_damaged_note_of_versions_is_told(folder: Path, analyzer: Analyzer) -> None:
    (folder / "version.json").write_text("{")
    with pytest.raises(StorageError, match=r"version\.json"):
        VersionedIndex.open(folder, analyzer, read_only=True)
