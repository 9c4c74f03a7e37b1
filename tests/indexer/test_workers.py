"""Files prepared by other processes: real ones, over files of which some are bad."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.errors import ParseError, ReadError, XianliError
from indexer import pipeline
from indexer.index.embedded import EmbeddedIndex
from indexer.pipeline import Outcome, Status, index_files
from indexer.preparation import Prepared, Request, attempt
from indexer.reading import File, find_files
from indexer.workers import Limits, prepare_ahead

NOTICE = (
    "甲市乙区人民政府办公室关于印发乙区{year}年工作要点的通知\n乙政办〔{year}〕{number}号\n各单位：\n现印发给你们。\n"
    "甲市乙区人民政府办公室\n{year}年5月9日\n乙区{year}年第{number}批工作要点\n"
    "一、清理文件。\n（区司法局负责）\n二、公开文件。（区政府办负责）\n"
)
NOTICES = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "通知"
    found.mkdir()
    for number in range(NOTICES):
        text = NOTICE.format(year=2010 + number, number=number + 1)
        (found / f"{number:02}.txt").write_text(text, encoding="utf-8")
    (found / "03.txt").write_bytes(b"")
    (found / "05.txt").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")
    return found


def requests(folder: Path) -> list[Request]:
    return [Request(file) for file in find_files([folder]) if isinstance(file, File)]


def described(prepared: Prepared | Exception) -> object:
    return (type(prepared), str(prepared)) if isinstance(prepared, Exception) else prepared


def test_workers_prepare_as_this_process_does_and_in_order(folder: Path) -> None:
    listed = ReadError("没有这个文件夹")
    asked: list[Request | Exception] = [*requests(folder), listed]
    here = [described(attempt(request, Analyzer())) for request in asked]
    assert [described(prepared) for prepared in prepare_ahead(asked, 3)] == here


def test_bytes_that_are_held_are_not_parsed(folder: Path) -> None:
    [first, *_] = requests(folder)
    [prepared] = prepare_ahead([first], 1)
    assert isinstance(prepared, Prepared)
    [again] = prepare_ahead([Request(first.file, held=prepared.digest)], 1)
    assert again == Prepared(prepared.digest)


def test_a_file_that_its_worker_dies_of_fails_alone(folder: Path) -> None:
    requested, others = requests(folder), children()
    with closing(prepare_ahead(requested, 1)) as preparations:
        next(preparations)
        [worker] = set(children()) - set(others)
        os.kill(worker, signal.SIGKILL)
        answers = list(preparations)
    died = [answer for answer in answers if isinstance(answer, XianliError) and answer.code == "internal"]
    assert len(died) == 1
    assert len(answers) == NOTICES - 1
    assert all(isinstance(answer, (Prepared, XianliError)) for answer in answers)


def test_a_file_that_takes_too_long_fails_alone(folder: Path) -> None:
    requested, others = requests(folder), children()
    with closing(prepare_ahead(requested, 1, Limits(seconds=10, memory=4_000_000_000))) as preparations:
        next(preparations)
        [worker] = set(children()) - set(others)
        os.kill(worker, signal.SIGSTOP)
        answers = list(preparations)
    late = [answer for answer in answers if isinstance(answer, ReadError) and answer.code == "too_large"]
    assert len(late) == 1
    assert len(answers) == NOTICES - 1
    assert set(children()) <= set(others)


def test_a_file_that_takes_too_much_memory_fails(folder: Path) -> None:
    [first, *_] = requests(folder)
    [answer] = prepare_ahead([first], 1, Limits(seconds=60, memory=50_000_000))
    assert isinstance(answer, ReadError)
    assert answer.code == "too_large"
    assert "00.txt" in answer.detail


def test_draft_may_be_without_numbers(folder: Path) -> None:
    (folder / "draft.txt").write_text("文件印发之日起十五日内报送备案。", encoding="utf-8")
    [file] = find_files([folder / "draft.txt"])
    assert isinstance(file, File)
    [refused, prepared] = prepare_ahead([Request(file), Request(file, is_draft=True)], 1)
    assert isinstance(refused, ParseError)
    assert isinstance(prepared, Prepared)
    assert prepared.parsed
    assert prepared.parsed.document.text.startswith("文件印发")


def test_closing_ends_the_workers_whatever_they_do(folder: Path) -> None:
    others = set(children())
    preparations = prepare_ahead(requests(folder), 2)
    next(preparations)
    assert len(set(children()) - others) == 2
    preparations.close()
    assert set(children()) <= others


def test_workers_end_when_their_owner_is_killed(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from indexer.workers import prepare_ahead\n"
        "from indexer.preparation import Request; from indexer.reading import File\n"
        "ahead = prepare_ahead([Request(File(Path(sys.argv[1])))] * 100, 2); next(ahead)\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program, str(folder / "00.txt")], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert owner.stdout is not None
    owner.stdout.readline()
    workers = children(owner.pid)
    owner.kill()
    owner.communicate()
    assert len(workers) == 2
    deadline = time.monotonic() + 30
    while any(map(runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(runs, workers))


@pytest.mark.parametrize("few", [0, pipeline.FEW])
def test_indexing_tells_the_same_with_workers_and_without(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(pipeline, "FEW", few)
    monkeypatch.setattr(pipeline, "processors", lambda: 2)
    (folder / "99.txt").write_bytes((folder / "00.txt").read_bytes())
    with EmbeddedIndex.open(tmp_path / "index", Analyzer()) as index:
        first, again = list(run(folder, index)), list(run(folder, index))
        assert index.statistics().notices == NOTICES - 2
    failed = {3, 5}
    told = [Status.FAILED if number in failed else Status.ADDED for number in range(NOTICES)]
    assert [outcome.status for outcome in first] == [*told, Status.DUPLICATE]
    told = [Status.FAILED if number in failed else Status.UNCHANGED for number in range(NOTICES)]
    assert [outcome.status for outcome in again] == [*told, Status.DUPLICATE]
    assert [Path(outcome.path).name for outcome in first][:NOTICES] == [f"{number:02}.txt" for number in range(NOTICES)]


def run(folder: Path, index: EmbeddedIndex) -> Iterator[Outcome]:
    return index_files(find_files([folder]), index, None)


def children(parent: int | None = None) -> list[int]:
    """Processes that `parent`, by default this one, has started and that run."""
    found = Path(f"/proc/{parent or os.getpid()}/task").glob("*/children")
    return [child for file in found for child in map(int, file.read_text().split()) if runs(child)]


def runs(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False
