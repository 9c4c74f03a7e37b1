"""The domain dictionary."""

from pathlib import Path

import pytest

from analyzers.folding import fold
from analyzers.lexicon import words
from analyzers.lexicon.words import domain_words
from analyzers.segmentation import load_segmenter

ROWS = [
    row
    for row in Path(words.__file__).with_name("words.txt").read_text(encoding="utf-8").splitlines()
    if not row.startswith("#")
]


def test_each_row_has_a_word_and_its_source() -> None:
    assert [row for row in ROWS if len(row.split("\t")) != 2 or not all(row.split("\t"))] == []


def test_no_word_stands_twice_and_each_is_folded() -> None:
    assert len(set(domain_words())) == len(ROWS) >= 300
    assert [word for word in domain_words() if fold(word) != word] == []


def test_each_word_is_cut_as_one() -> None:
    segmenter = load_segmenter(domain_words())
    assert [word for word in domain_words() if segmenter.cut(word) != [word]] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("统一公开权力清单", ["统一", "公开"]),
        ("改编办法已经印发", ["办法"]),
        ("区司法局牵头", ["司法局", "牵头"]),
        ("由区政府法制办负责", ["法制办"]),
        ("法制办法另行制定", ["办法"]),
        ("纪委监委和网信办", ["纪委监委", "网信办"]),
        ("谁执法谁普法责任制", ["谁执法谁普法"]),
        ("落实证照分离改革", ["证照分离"]),
        ("两法衔接工作机制", ["两法衔接"]),
    ],
)
def test_words_of_the_field_are_found_in_running_text(text: str, wanted: list[str]) -> None:
    cut = load_segmenter(domain_words()).cut(text)
    assert [word for word in wanted if word not in cut] == []
