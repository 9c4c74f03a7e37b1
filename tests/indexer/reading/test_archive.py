import io
import zipfile
from pathlib import Path

import pytest

from corpus.errors import ReadError
from indexer.reading import File, find_files, read
from indexer.reading.archive import MAX_MEMBER
from tests.indexer.reading.making import docx_file, zip_file

TEXT = "一、健全制度。".encode()


class GbkName(zipfile.ZipInfo):
    """An entry as Windows writes it: the name in GBK, and nothing that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # the hook of zipfile for names
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def found(path: Path, data: bytes) -> dict[str, str]:
    """What an archive gives: by path inside it, `read` or the code of the error."""
    path.write_bytes(data)
    return dict(outcome(file, f"{path}/") for file in find_files([path]))


def outcome(file: File | ReadError, folder: str) -> tuple[str, str]:
    try:
        if isinstance(file, ReadError):
            raise file
        file.read_bytes()
    except ReadError as error:
        shown, _, words = error.detail.partition("：")
        return shown.removeprefix(folder), error.code if "请" in words else "no way out"
    return str(file).removeprefix(folder), "read"


def test_files_of_an_archive_and_its_folders_are_found(tmp_path: Path) -> None:
    data = zip_file(
        {"a.txt": TEXT, "2018年/b.docx": docx_file("一、甲。"), "__MACOSX/._a.txt": b"x", ".hidden": b"x", "空/": b""}
    )
    assert found(tmp_path / "通知.zip", data) == {"a.txt": "read", "2018年/b.docx": "read"}


def test_word_document_is_a_file_and_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx_file("一、甲。"))
    assert list(find_files([tmp_path])) == [File(tmp_path / "a.docx")]


@pytest.mark.parametrize("name", ["工作要点.txt", "2018年通知/要点.txt", "诞生.txt"])
def test_names_in_gbk_are_read(tmp_path: Path, name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(GbkName(name), TEXT)
    assert found(tmp_path / "a.zip", file.getvalue()) == {name: "read"}


def test_what_cannot_be_read_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    names = ["/etc/passwd", "../../x.txt", "C:/x.txt", "..\\y.txt", "good.txt"]
    data = zip_file(dict.fromkeys(names, TEXT))
    outcomes = found(tmp_path / "a.zip", data)
    assert sorted(outcomes.values()) == ["read", *["unsafe_path"] * 4]
    assert outcomes["good.txt"] == "read"


def test_encrypted_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zip_file({"a.txt": TEXT, "b.txt": TEXT}))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert found(tmp_path / "a.zip", bytes(data)) == {"a.txt": "encrypted", "b.txt": "read"}


def test_huge_member_is_not_unpacked(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(MAX_MEMBER * 5))
        archive.writestr("a.txt", TEXT)
    assert found(tmp_path / "a.zip", file.getvalue()) == {"bomb.txt": "too_large", "a.txt": "read"}


def test_member_that_hides_its_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(MAX_MEMBER * 5))
    data = file.getvalue().replace((MAX_MEMBER * 5).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert found(tmp_path / "a.zip", data) == {"bomb.txt": "damaged"}


def test_archive_with_too_many_members_is_refused(tmp_path: Path) -> None:
    outcomes = found(tmp_path / "a.zip", zip_file({f"{i}.txt": b"x" for i in range(2_001)}))
    assert list(outcomes.values()) == ["too_large"]


def test_archive_with_an_absurd_list_of_members_is_refused_before_it_is_read(tmp_path: Path) -> None:
    data = zip_file({f"{i:060}.txt": b"" for i in range(20_000)})
    with pytest.raises(ReadError) as raised:
        read(data, "a.zip")
    assert raised.value.code == "too_large"


def test_same_name_twice_is_read_once(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", TEXT)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", b"x")
    (tmp_path / "a.zip").write_bytes(file.getvalue())
    first, second = find_files([tmp_path / "a.zip"])
    assert isinstance(first, File)
    assert first.read_bytes() == TEXT
    assert isinstance(second, ReadError)


def test_damaged_archive_is_one_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_file({"a.txt": TEXT})[:-10])
    (file,) = find_files([path])
    assert isinstance(file, File)
    with pytest.raises(ReadError) as raised:
        read(file.read_bytes(), str(file))
    assert raised.value.code == "damaged"
