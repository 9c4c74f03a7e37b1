"""A backup is whole or refused, and restoring one leaves what is there until the last moment."""

import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from analyzers.embedding.choice import ModelChoice, remember_model, remembered_model
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.embedded import archive
from indexer.index.embedded.backup import back_up, restore
from indexer.index.embedded.index import EmbeddedIndex
from indexer.index.embedded.versions import EmbeddedVersions, VersionedIndex
from indexer.index.filters import Filters
from indexer.progress import Progress, Step
from tests.contract.notices import MODEL, item, notice, vectors
from tests.indexer.index.embedded.agreement import assert_agreement
from tests.indexer.index.embedded.writer import NOTICES, version

PROJECT = Path(__file__).parents[4]
EVERY = Filters()
WRITTEN_WITHIN_SECONDS = 30.0


def fill(folder: Path, analyzer: Analyzer, count: int = 5) -> None:
    with VersionedIndex.open(folder, analyzer) as index:
        for number in range(count):
            parsed = version(number)
            index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)


def ids(folder: Path, analyzer: Analyzer) -> list[str]:
    with VersionedIndex.open(folder, analyzer, read_only=True) as index:
        assert_agreement(index, analyzer)
        return [record.notice.id for record in index.scan()]


@pytest.fixture
def backup(folder: Path, tmp_path: Path, analyzer: Analyzer) -> Path:
    """A backup of five notices."""
    fill(folder, analyzer)
    back_up(folder, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def test_a_restored_index_is_the_one_that_was_backed_up(folder: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    fill(folder, analyzer)
    choice = ModelChoice(Path("/models/other"), dimension=16)
    remember_model(folder, choice)
    made = back_up(folder, tmp_path / "backup.zip")
    restored = restore(tmp_path / "backup.zip", tmp_path / "restored", analyzer)
    assert (made.notices, made.items, made.vectors, made.fingerprint) == (5, 20, 20, MODEL)
    assert restored == made
    with (
        VersionedIndex.open(folder, analyzer, read_only=True) as before,
        VersionedIndex.open(tmp_path / "restored", analyzer) as after,
    ):
        assert_agreement(after, analyzer)
        assert [after.notice(one.notice.id) for one in after.scan()] == [
            before.notice(one.notice.id) for one in before.scan()
        ]
        terms = analyzer.analyse("通用的条目")
        assert after.lexical(terms, EVERY, 50) == before.lexical(terms, EVERY, 50)
        extra = notice("more", item("恢复以后又收录的"))
        after.write(extra, "/more", vectors(extra), MODEL)
        assert_agreement(after, analyzer)
    assert remembered_model(EmbeddedVersions(tmp_path / "restored").current) == choice


def test_an_index_without_vectors_comes_back_without(folder: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    with VersionedIndex.open(folder, analyzer) as index:
        index.write(notice("n1", item("推行执法公示")), "/n1", None, None)
    back_up(folder, tmp_path / "backup.zip")
    assert restore(tmp_path / "backup.zip", tmp_path / "restored", analyzer).fingerprint is None
    with VersionedIndex.open(tmp_path / "restored", analyzer) as index:
        assert index.statistics().vectors == 0
        assert index.count(EVERY) == 1


def test_a_backup_is_a_zip_file_without_anything_derived(backup: Path) -> None:
    with ZipFile(backup) as held:
        assert held.testzip() is None
        assert held.namelist() == ["catalogue.sqlite", "manifest.json"]
    assert [path.name for path in backup.parent.iterdir() if path.is_file()] == ["backup.zip"]


def test_a_backup_is_of_one_moment_while_another_process_writes(
    folder: Path, tmp_path: Path, analyzer: Analyzer
) -> None:
    command = [sys.executable, "-m", "tests.indexer.index.embedded.writer", str(folder), "1", "1000000", "never"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        generations = list[int]()
        try:
            end = time.monotonic() + WRITTEN_WITHIN_SECONDS
            # Four backups may be through before the writer, which has to load its dictionary, has written anything.
            while len(generations) < 4 or (generations[-1] == generations[0] and time.monotonic() < end):
                restored = tmp_path / f"restored-{len(generations)}"
                back_up(folder, tmp_path / "backup.zip", overwrite=True)
                restore(tmp_path / "backup.zip", restored, analyzer)
                with VersionedIndex.open(restored, analyzer, read_only=True) as index:
                    for record in index.notices(EVERY, 0, NOTICES)[1]:
                        written = int((record.notice.document_number or "").strip("第版"))
                        assert index.notice(record.notice.id) == version(written)
                    generations.append(index.generation)
        finally:
            writer.kill()
    assert generations == sorted(generations)
    assert generations[-1] > generations[0]


def test_a_file_that_exists_is_overwritten_only_when_asked_for(backup: Path, folder: Path) -> None:
    former = backup.read_bytes()
    with pytest.raises(StorageError, match="--force") as told:
        back_up(folder, backup)
    assert told.value.code == "backup_exists"
    assert backup.read_bytes() == former

    def interrupt(progress: Progress) -> None:
        if progress.step is Step.PACK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        back_up(folder, backup, overwrite=True, report=interrupt)
    assert backup.read_bytes() == former
    assert [path.name for path in backup.parent.iterdir() if path.is_file()] == ["backup.zip"]


def test_where_nothing_can_be_written_or_is_held_it_is_told(folder: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    with pytest.raises(StorageError, match="还没有索引"):
        back_up(folder, tmp_path / "backup.zip")
    fill(folder, analyzer)
    with pytest.raises(StorageError, match=r"备份没有写成：.*文件夹是否存在"):
        back_up(folder, tmp_path / "nowhere" / "backup.zip")


DAMAGES = [
    ("nothing", lambda whole: b"", "damaged_backup"),
    ("a text", lambda whole: "这不是备份".encode(), "damaged_backup"),
    ("the first half", lambda whole: whole[: len(whole) // 2], "damaged_backup"),
    ("all but the last byte", lambda whole: whole[:-1], "damaged_backup"),
    ("the second half", lambda whole: whole[len(whole) // 2 :], "damaged_backup"),
    ("a hole", lambda whole: whole[:2000] + bytes(500) + whole[2500:], "damaged_backup"),
]


@pytest.mark.parametrize(("name", "damage", "code"), DAMAGES, ids=[name for name, _, _ in DAMAGES])
def test_a_damaged_backup_is_refused(
    backup: Path, tmp_path: Path, analyzer: Analyzer, name: str, damage: object, code: str
) -> None:
    assert callable(damage)
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(StorageError) as told:
        restore(backup, tmp_path / "restored", analyzer)
    assert told.value.code == code
    assert not list((tmp_path / "restored").glob("versions/*"))


@pytest.mark.slow
def test_a_byte_changed_anywhere_is_found_out_or_of_no_account(
    backup: Path, folder: Path, tmp_path: Path, analyzer: Analyzer
) -> None:
    whole, refused = backup.read_bytes(), 0
    expected = ids(folder, analyzer)
    for place in range(0, len(whole), len(whole) // 60):
        damaged = bytearray(whole)
        damaged[place] ^= 0x55
        backup.write_bytes(damaged)
        try:
            restore(backup, tmp_path / f"restored-{place}", analyzer)
        except StorageError:
            refused += 1
        else:
            assert ids(tmp_path / f"restored-{place}", analyzer) == expected
    assert refused > 50


def repacked(backup: Path, **changed: object) -> None:
    """Replace entries of the manifest."""
    with ZipFile(backup) as held:
        parts = {name: held.read(name) for name in held.namelist()}
    parts["manifest.json"] = msgspec.json.encode(msgspec.json.decode(parts["manifest.json"]) | changed)
    with ZipFile(backup, "w") as fresh:
        for name, content in parts.items():
            fresh.writestr(name, content)


FOREIGN = [
    ({"format": 2}, "index", "格式是第 2 版"),
    ({"schema": 99}, "index", "索引格式是第 99 版"),
    ({"catalogue_sha256": "0" * 64}, "damaged_backup", "校验值"),
    ({"contents": {"notices": 6, "items": 20, "vectors": 20, "fingerprint": MODEL}}, "damaged_backup", "数目"),
    ({"contents": None}, "no_backup", "不是 xianli backup 做的备份"),
    ({"format": None}, "index", "格式"),
]


@pytest.mark.parametrize(("changed", "code", "said"), FOREIGN, ids=lambda value: str(value)[:30])
def test_a_backup_of_another_format_or_with_other_contents_is_refused(
    backup: Path, tmp_path: Path, analyzer: Analyzer, changed: dict[str, object], code: str, said: str
) -> None:
    repacked(backup, **changed)
    with pytest.raises(StorageError, match=said) as told:
        restore(backup, tmp_path / "restored", analyzer)
    assert told.value.code == code


def test_a_zip_of_something_else_and_what_is_no_file_are_refused(tmp_path: Path, analyzer: Analyzer) -> None:
    with ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("通知.txt", "一、")
    for name in ("other.zip", "absent.zip", "."):
        with pytest.raises(StorageError) as told:
            restore(tmp_path / name, tmp_path / "restored", analyzer)
        assert told.value.code == "no_backup"


def test_an_index_gives_way_only_when_asked_for_and_can_be_gone_back_to(
    backup: Path, folder: Path, analyzer: Analyzer
) -> None:
    fill(folder, analyzer, 8)
    with pytest.raises(StorageError, match="--force") as told:
        restore(backup, folder, analyzer)
    assert told.value.code == "index_exists"
    assert len(ids(folder, analyzer)) == 8
    restore(backup, folder, analyzer, replace=True)
    assert len(ids(folder, analyzer)) == 5
    with EmbeddedVersions(folder).rolling_back(analyzer) as (now, _):
        assert now.statistics().notices == 8
    restore(backup, folder, analyzer, replace=True)
    restore(backup, folder, analyzer, replace=True)
    assert len(ids(folder, analyzer)) == 5
    assert len(list((folder / "versions").iterdir())) == 2


@pytest.mark.parametrize("step", [Step.UNPACK, Step.CHECK, Step.DERIVE, Step.WAIT])
def test_an_interrupted_restore_leaves_what_was_there(
    backup: Path, folder: Path, analyzer: Analyzer, step: Step
) -> None:
    fill(folder, analyzer, 8)

    def interrupt(progress: Progress) -> None:
        if progress.step is step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(backup, folder, analyzer, replace=True, report=interrupt)
    assert len(ids(folder, analyzer)) == 8
    assert not list(folder.glob("versions/*"))


def test_only_one_backup_of_an_index_is_made_at_a_time(backup: Path, folder: Path, tmp_path: Path) -> None:
    def another(progress: Progress) -> None:
        with pytest.raises(StorageError, match="正在备份"):
            back_up(folder, tmp_path / "another.zip")

    back_up(folder, tmp_path / "one.zip", report=another)


def test_a_damaged_index_is_not_backed_up(folder: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    fill(folder, analyzer, NOTICES)
    path = folder / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    for start in range(3 * 4096, len(content), 4096):
        content[start : start + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(StorageError):
        back_up(folder, tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


def test_catalogue_of_a_backup_is_a_plain_database(backup: Path, tmp_path: Path, analyzer: Analyzer) -> None:
    (tmp_path / "unpacked").mkdir()
    archive.unpack_archive(backup, tmp_path / "unpacked", lambda progress: None)
    assert [path.name for path in (tmp_path / "unpacked").iterdir()] == ["catalogue.sqlite"]
    with EmbeddedIndex.open(tmp_path / "unpacked", analyzer) as index:
        assert_agreement(index, analyzer)
