"""What a model is trained on."""

from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from indexer.index.embedded.versions import VersionedIndex
from indexer.pipeline import index_files
from indexer.reading import find_files
from indexer.shingles import overlap, shingles
from indexer.training.examples import Example, find_examples, split

SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    analyzer = Analyzer()
    with VersionedIndex.open(tmp_path_factory.mktemp("examples") / "index", analyzer) as index:
        list(index_files(find_files([SAMPLES]), index, None))
        found = list(find_examples(index, analyzer, seed=1))
        assert found == list(find_examples(index, analyzer, seed=1))
    return found


def test_reworded_provisions_of_other_notices_belong_together(examples: list[Example]) -> None:
    twins = [one for one in examples if one.notices[0] != one.notices[1]]
    assert twins
    for one in twins:
        assert 0.2 <= overlap(shingles(one.anchor), shingles(one.positive)) < 0.85


def test_headings_belong_to_what_stands_under_them(examples: list[Example]) -> None:
    headings = [one for one in examples if one.notices[0] == one.notices[1]]
    assert len(headings) > 200
    assert not [
        one for one in headings if one.positive.startswith(one.anchor) and len(one.positive) > 2 * len(one.anchor) + 20
    ]


def test_negatives_say_something_else(examples: list[Example]) -> None:
    for one in examples:
        assert overlap(shingles(one.negative), shingles(one.positive)) < 0.3


def test_no_training_example_touches_a_notice_that_is_held_out(examples: list[Example]) -> None:
    parts = split(examples)
    assert parts.training
    assert parts.held_out
    trained = {name for one in parts.training for name in one.notices}
    assert not trained & {name for one in parts.held_out for name in one.notices}
