"""A writer may be killed at any moment: every notice is either the old or the new one, and the parts agree."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from tests.indexer.index.embedded.agreement import assert_agreement
from tests.indexer.index.embedded.writer import NOTICES, version

KILLS = 20
ENDLESS = 1_000_000
WRITER = "tests.indexer.index.embedded.writer"
PROJECT = Path(__file__).parents[4]


def start(folder: Path, first: int, count: int, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", WRITER, str(folder), str(first), str(count), how]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


def last_version(index: EmbeddedIndex) -> int:
    """The highest version held, after checking that each notice is exactly what was written as its version."""
    highest = 0
    for record in index.notices(Filters(), 0, NOTICES)[1]:
        number = int((record.notice.document_number or "").strip("第版"))
        assert index.notice(record.notice.id) == version(number)
        highest = max(highest, number)
    return highest


@pytest.mark.slow
def test_a_writer_killed_at_any_moment_leaves_whole_notices(folder: Path, analyzer: Analyzer) -> None:
    chance = random.Random(20)
    reached = 0
    for _ in range(KILLS):
        writer = start(folder, reached + 1, ENDLESS, "never")
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.6))
        writer.kill()
        writer.communicate()
        with EmbeddedIndex.open(folder, analyzer) as index:
            assert last_version(index) >= reached
            reached = last_version(index)
            assert_agreement(index, analyzer)
    assert reached > KILLS
    first = (reached // 17 + 1) * 17 + 1
    writer = start(folder, first, NOTICES, "closed")
    writer.communicate()
    assert writer.returncode == 0
    with EmbeddedIndex.open(folder, analyzer, read_only=True) as index:
        assert {
            index.notice(f"n{number % NOTICES}") == version(number) for number in range(first, first + NOTICES)
        } == {True}
        assert_agreement(index, analyzer)


@pytest.mark.parametrize("read_only", [False, True])
def test_what_a_killed_writer_left_to_do_is_done_at_the_next_opening(
    folder: Path, analyzer: Analyzer, read_only: bool
) -> None:
    writer = start(folder, 1, 6, "killed")
    writer.communicate()
    assert writer.returncode == -9
    with EmbeddedIndex.open(folder, analyzer, read_only=read_only) as index:
        assert index.statistics().notices == 6
        assert_agreement(index, analyzer)
