"""Any index can be copied into any other one, as often as one likes, with nothing lost on the way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from analyzers.terms import Analyzer
from corpus.errors import ModelError, StorageError
from corpus.model import ParsedNotice
from indexer.copying import copy_index
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from indexer.parsing import parse
from indexer.progress import Progress, Step
from indexer.reading import read_document
from tests.contract.notices import MODEL, item, notice, vector, vectors

EVERY = Filters()
SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"


@pytest.fixture
def source(tmp_path: Path, analyzer: Analyzer) -> Iterator[EmbeddedIndex]:
    """An embedded index to copy from; `index`, of each backend, is what it is copied to."""
    with EmbeddedIndex.open(tmp_path / "source", analyzer) as held:
        yield held


def write(index: Index, *parsed: ParsedNotice, model: str | None = MODEL) -> None:
    for one in parsed:
        index.write(one, f"/plans/{one.notice.id}.txt", vectors(one) if model else None, model)


def small(count: int) -> list[ParsedNotice]:
    texts = ["推行行政执法公示制度", "加强政务公开", "开展案卷评查"]
    return [notice(f"n{number}", *(item(f"{text}{number}") for text in texts)) for number in range(count)]


def held_json(index: Index) -> dict[str, object]:
    return {
        record.notice.id: json.loads(msgspec.json.encode(index.notice(record.notice.id))) for record in index.scan()
    }


def assert_same_answers(one: Index, other: Index, analyzer: Analyzer) -> None:
    for query in ("行政执法案卷评查", "备案审查", "负责人出庭应诉", "学法"):
        terms = analyzer.analyse(query)
        assert one.lexical(terms, EVERY, 20) == other.lexical(terms, EVERY, 20)
        nearest = [
            {hit.item_id: hit.score for hit in index.nearest(vector(query), EVERY, 1000)} for index in (one, other)
        ]
        # Half precision moves the length of a vector by one in two thousand.
        assert nearest[0] == pytest.approx(nearest[1], abs=0.001)


def test_a_copy_of_a_copy_is_the_original(
    source: EmbeddedIndex, index: Index, tmp_path: Path, analyzer: Analyzer
) -> None:
    samples = [parse(read_document(path)) for path in sorted(SAMPLES.glob("*.txt"))]
    write(source, *(one for one in samples if one.items))
    assert source.statistics().notices > 10
    there = copy_index(source, index)
    with EmbeddedIndex.open(tmp_path / "back", analyzer) as back:
        again = copy_index(index, back)
        assert there.digest == again.digest
        assert held_json(source) == held_json(index) == held_json(back)
        assert_same_answers(source, back, analyzer)
        counts = [(one.notices, one.items, one.vectors) for one in (source.statistics(), back.statistics())]
        assert counts[0] == counts[1] == (there.notices, there.items, there.items)
        assert back.fingerprint == MODEL


def test_what_the_target_has_already_is_not_written_again(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(3))
    first = copy_index(source, index)
    generation = index.generation
    second = copy_index(source, index)
    assert (first.written, second.written) == (3, 0)
    assert second.digest == first.digest
    assert index.generation == generation


CHANGES = [
    ("another text", lambda one: replace(one, items=(replace(one.items[0], text="改过的文字"), *one.items[1:]))),
    ("a lost item", lambda one: replace(one, items=one.items[:-1])),
    ("other words of the source", lambda one: replace(one, document=replace(one.document, text="别的"))),
]


@pytest.mark.parametrize(("name", "change"), CHANGES, ids=[name for name, _ in CHANGES])
def test_what_differs_is_written_again(source: EmbeddedIndex, index: Index, name: str, change: object) -> None:
    assert callable(change)
    write(source, *small(3))
    copy_index(source, index)
    damaged = change(small(3)[1])
    index.write(damaged, "/plans/n1.txt", vectors(damaged), MODEL)
    assert copy_index(source, index).written == 1
    assert held_json(index) == held_json(source)


def test_another_path_and_other_vectors_are_differences_too(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(3))
    copy_index(source, index)
    moved, without = small(3)[0], small(3)[1]
    index.write(moved, "/elsewhere.txt", vectors(moved), MODEL)
    index.write(without, "/plans/n1.txt", None, None)
    assert copy_index(source, index).written == 2
    assert [record.path for record in index.scan()] == [record.path for record in source.scan()]
    assert index.statistics().vectors == source.statistics().vectors == 9


def test_vectors_that_only_the_target_has_are_left_there(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(2), model=None)
    write(index, *small(2))
    assert copy_index(source, index).written == 0
    assert index.statistics().vectors == 6


def test_notices_of_the_target_alone_are_left_unless_they_are_to_be_deleted(
    source: EmbeddedIndex, index: Index
) -> None:
    write(source, *small(2))
    write(index, notice("own", item("自己的条款")))
    left = copy_index(source, index)
    assert (left.own, left.removed, index.statistics().notices) == (1, 0, 3)
    deleted = copy_index(source, index, delete=True)
    assert (deleted.own, deleted.removed, index.statistics().notices) == (0, 1, 2)
    assert deleted.digest == left.digest


def test_a_target_with_vectors_of_another_model_is_refused_and_not_touched(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(2))
    write(index, notice("own", item("自己的条款")), model="other-model")
    with pytest.raises(ModelError, match="other-model"):
        copy_index(source, index)
    assert [record.notice.id for record in index.scan()] == ["own"]


def test_an_interrupted_copy_is_gone_on_with(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(6))

    def interrupt(progress: Progress) -> None:
        if progress == Progress(Step.COPY, 4, 6):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_index(source, index, report=interrupt)
    assert index.statistics().notices == 4
    assert copy_index(source, index).written == 2
    assert held_json(index) == held_json(source)


def test_a_target_that_changes_while_it_is_compared_is_told_with_the_names(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(3))

    def lose(progress: Progress) -> None:
        if progress == Progress(Step.VERIFY, 1, 3):
            index.remove("n2")

    with pytest.raises(StorageError, match=r"n2工作要点.*/plans/n2\.txt") as told:
        copy_index(source, index, report=lose)
    assert told.value.code == "copy_differs"


def test_a_notice_that_the_source_loses_meanwhile_is_left_out(source: EmbeddedIndex, index: Index) -> None:
    write(source, *small(3))

    def lose(progress: Progress) -> None:
        if progress == Progress(Step.COPY, 1, 3):
            source.remove("n2")

    assert copy_index(source, index, report=lose).notices == 2
    assert held_json(index) == held_json(source)


def test_vectors_of_a_model_survive_the_way_through_half_precision(
    source: EmbeddedIndex, index: Index, tmp_path: Path, analyzer: Analyzer
) -> None:
    chance = np.random.default_rng(7)
    one = notice("n1", *(item(f"第{number}条") for number in range(200)))
    made = chance.standard_normal((200, 512)).astype(np.float32)
    index.write(one, "/n1", made / np.linalg.norm(made, axis=1, keepdims=True), MODEL)
    copied = copy_index(index, source)
    with EmbeddedIndex.open(tmp_path / "back", analyzer) as back:
        assert copy_index(source, back).digest == copied.digest
        assert copy_index(index, back).written == 0
