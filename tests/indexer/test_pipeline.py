from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from analyzers.embedding import FloatArray
from analyzers.terms import Analyzer
from corpus.model import Document, ParsedNotice
from indexer import preparation
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.parsing import parse
from indexer.parsing.places import Place
from indexer.pipeline import Outcome, Status, index_files
from indexer.reading import find_files

NOTICE = (
    "甲市乙区人民政府办公室关于印发乙区{year}年工作要点的通知\n乙政办〔{year}〕{number}号\n各单位：\n现印发给你们。\n"
    "甲市乙区人民政府办公室\n{year}年5月9日\n乙区{year}年工作要点\n一、{first}\n（区司法局负责）\n二、公开文件。（区政府办负责）\n"
)


class CountingEmbedder:
    """An embedder whose vectors follow from the text alone, and that counts what it had to embed."""

    fingerprint = "letters-8"
    dimension = 8

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode_items(self, texts: list[str]) -> FloatArray:
        self.embedded += texts
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> FloatArray:
        vector = np.bincount([ord(c) % 8 for c in text], minlength=8).astype(np.float32)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex.open(tmp_path / "index", Analyzer()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "notices"
    found.mkdir()
    return found


def write(folder: Path, name: str, year: int = 2018, number: int = 1, first: str = "清理文件。") -> Path:
    path = folder / name
    path.write_text(NOTICE.format(year=year, number=number, first=first), encoding="utf-8")
    return path


def run(folder: Path, index: EmbeddedIndex, embedder: CountingEmbedder | None = None) -> list[Outcome]:
    return list(index_files(find_files([folder]), index, embedder))


def statuses(outcomes: list[Outcome]) -> list[Status]:
    return [outcome.status for outcome in outcomes]


def test_the_same_files_again_change_nothing(folder: Path, index: EmbeddedIndex) -> None:
    write(folder, "a.txt")
    embedder = CountingEmbedder()
    assert statuses(run(folder, index, embedder)) == [Status.ADDED]
    before = index.notices(Filters(), 0, 9)
    assert statuses(run(folder, index, embedder)) == [Status.UNCHANGED]
    assert index.notices(Filters(), 0, 9) == before
    assert len(embedder.embedded) == 2


def test_changed_file_replaces_its_notice_and_embeds_only_what_changed(folder: Path, index: EmbeddedIndex) -> None:
    write(folder, "a.txt")
    embedder = CountingEmbedder()
    run(folder, index, embedder)
    write(folder, "a.txt", first="清理全部文件。")
    assert statuses(run(folder, index, embedder)) == [Status.REPLACED]
    assert embedder.embedded == ["清理文件。", "公开文件。", "清理全部文件。"]
    assert index.statistics().items == 2


def test_file_that_became_another_notice_replaces_the_former(folder: Path, index: EmbeddedIndex) -> None:
    write(folder, "a.txt", year=2018)
    run(folder, index)
    write(folder, "a.txt", year=2019)
    run(folder, index)
    assert [record.notice.plan_year_start for record in index.notices(Filters(), 0, 9)[1]] == [2019]


def test_copy_of_a_file_is_passed_over(folder: Path, index: EmbeddedIndex) -> None:
    write(folder, "a.txt")
    write(folder, "b.txt")
    assert statuses(run(folder, index)) == [Status.ADDED, Status.DUPLICATE]
    assert index.statistics().notices == 1


def test_other_copy_of_a_notice_is_refused_until_the_first_is_gone(folder: Path, index: EmbeddedIndex) -> None:
    first = write(folder, "a.txt")
    run(folder, index)
    write(folder, "b.txt", first="清理全部文件。")
    refused = run(folder, index)[1]
    assert refused.error is not None
    assert refused.error.code == "conflict"
    assert "b.txt" in refused.error.detail
    first.unlink()
    assert statuses(run(folder, index)) == [Status.REPLACED]


def test_number_of_another_notice_is_refused(folder: Path, index: EmbeddedIndex) -> None:
    write(folder, "a.txt")
    text = NOTICE.format(year=2018, number=1, first="清理文件。").replace("工作要点", "平安建设工作要点")
    (folder / "b.txt").write_text(text, encoding="utf-8")
    outcomes = run(folder, index)
    assert statuses(outcomes) == [Status.ADDED, Status.FAILED]
    assert outcomes[1].error is not None
    assert outcomes[1].error.code == "number_in_use"
    assert index.statistics().notices == 1


def test_vectors_are_added_when_a_model_comes_later(folder: Path, index: EmbeddedIndex) -> None:
    write(folder, "a.txt")
    run(folder, index)
    assert index.statistics().vectors == 0
    assert statuses(run(folder, index, CountingEmbedder())) == [Status.UNCHANGED]
    assert index.statistics().vectors == 2


def test_fault_with_one_file_keeps_no_other_out(
    folder: Path, index: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "a.txt", number=1)
    write(folder, "b.txt", year=2019, number=2)

    def faulty(document: Document, place: Place | None = None) -> ParsedNotice:
        if document.source.file == "a.txt":
            raise ZeroDivisionError
        return parse(document, place)

    monkeypatch.setattr(preparation, "parse", faulty)
    outcomes = run(folder, index)
    assert statuses(outcomes) == [Status.FAILED, Status.ADDED]
    assert outcomes[0].error is not None
    assert outcomes[0].error.code == "internal"
