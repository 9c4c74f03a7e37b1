import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import ReadError
from indexer.reading import File, find_files, find_uploaded, is_there, read_document, was_uploaded
from indexer.reading.files import MAX_BYTES
from tests.indexer.reading.making import zip_file

NOBODY = 65534


def test_files_of_a_folder_come_in_a_stable_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden", "sub/c.md", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("通知")
    found = [file.path.relative_to(tmp_path).as_posix() for file in find_files([tmp_path]) if isinstance(file, File)]
    assert found == ["a.txt", "b.txt", "sub/c.md"]


def test_missing_path_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("通知")
    missing, present = find_files([tmp_path / "none", tmp_path / "a.txt"])
    assert isinstance(missing, ReadError)
    assert missing.code == "not_found"
    assert present == File(tmp_path / "a.txt")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, and the rights of an ordinary user while it is there."""
    superuser = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        if superuser:
            os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            if superuser:
                os.seteuid(0)


def test_folder_that_cannot_be_opened_is_an_error_and_the_others_go_on(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir()
    (open_folder / "a.txt").write_text("通知")
    closed.chmod(0)
    found = list(find_files([open_folder]))
    closed.chmod(0o700)
    assert File(open_folder / "a.txt") in found
    assert [error.code for error in found if isinstance(error, ReadError)] == ["unreadable"]


def test_huge_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES * 10)
    with pytest.raises(ReadError) as raised:
        File(huge).read_bytes()
    assert raised.value.code == "too_large"
    assert "200 MB" in raised.value.detail


def test_uploaded_file_is_known_by_its_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "0").write_text("一、健全制度。", encoding="utf-8")
    [file] = find_uploaded(tmp_path / "0", "要点.txt", "0123456789abcdef" * 4)
    assert isinstance(file, File)
    assert str(file) == str(file.resolve()) == "upload/0123456789ab/要点.txt"
    assert was_uploaded(file.path)
    assert not was_uploaded(tmp_path / "0")
    assert file.read_bytes().decode() == "一、健全制度。"


def test_uploaded_archive_is_known_by_its_name_in_errors_too(tmp_path: Path) -> None:
    (tmp_path / "0").write_bytes(zip_file({"a.txt": b"x", "../b.txt": b"x"}))
    [file, fault] = find_uploaded(tmp_path / "0", "汇编.zip", "0123456789abcdef" * 4)
    assert str(file) == "upload/0123456789ab/汇编.zip/a.txt"
    assert isinstance(fault, ReadError)
    assert fault.detail.startswith("upload/0123456789ab/汇编.zip/")
    assert str(tmp_path) not in fault.detail


def test_uploaded_file_that_is_too_large_is_named_as_it_was_sent(tmp_path: Path) -> None:
    with (tmp_path / "0").open("wb") as file:
        file.truncate(MAX_BYTES * 10)
    [found] = find_uploaded(tmp_path / "0", "要点.txt", "0" * 64)
    assert isinstance(found, File)
    with pytest.raises(ReadError) as raised:
        found.read_bytes()
    assert raised.value.detail.startswith("upload/000000000000/要点.txt：")


def test_device_is_refused() -> None:
    with pytest.raises(ReadError) as raised:
        File(Path("/dev/zero")).read_bytes()
    assert raised.value.code == "not_text"


def test_document_names_its_file_without_folders(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text("一、健全制度。")
    source = read_document(tmp_path / "通知.txt").source
    assert source.file == "通知.txt"
    assert len(source.sha256) == 64


def test_path_into_an_archive_is_there_as_long_as_the_member_is(tmp_path: Path) -> None:
    archive = tmp_path / "通知.zip"
    archive.write_bytes(zip_file({"2018年/a.txt": "一、健全制度。".encode()}))
    assert is_there(archive / "2018年" / "a.txt")
    assert not is_there(archive / "b.txt")
    assert not is_there(tmp_path / "none.zip" / "a.txt")


def test_member_of_an_archive_is_read_by_its_path(tmp_path: Path) -> None:
    archive = tmp_path / "通知.zip"
    archive.write_bytes(zip_file({"2018年/a.txt": "一、健全制度。".encode()}))
    document = read_document(archive / "2018年" / "a.txt")
    assert (document.text, document.source.file) == ("一、健全制度。", "a.txt")


def test_what_is_an_archive_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(zip_file({"b.txt": "通知".encode()}))
    (tmp_path / "c.zip").write_bytes("通知".encode())
    assert [str(file).removeprefix(f"{tmp_path}/") for file in find_files([tmp_path])] == ["a.txt/b.txt", "c.zip"]
