import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic import sentence
from indexer.shingles import NEAR_IDENTICAL, estimated_overlap, overlap, shingles, wording

PROVISION = "健全行政执法案卷评查制度，每年组织评查不少于两次，评查结果在全区通报，并作为年度考核的依据。"


def estimate(one: str, other: str) -> float:
    return float(estimated_overlap(wording(one).sketch, np.frombuffer(wording(other).sketch, np.uint64)[None])[0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("执法公示", "执法公示", 1.0),
        ("执法公示", "执法公开", 1 / 3),
        ("执法、公示。", "执法，公示", 1.0),
        ("执法公示ＡＢ２０１８", "执法 公示ab2018", 1.0),
        ("执法", "执法", 1.0),
        ("执法", "执法公", 0.0),
        ("执法公执法公", "执法公执法公执法公", 1.0),
        ("𠀀𠀁𠀂", "𠀀𠀁𠀂", 1.0),
        ("。", "，", 0.0),
        ("", "", 0.0),
    ],
)
def test_overlap_is_that_of_the_sets_of_three_letters(one: str, other: str, expected: float) -> None:
    assert overlap(shingles(one), shingles(other)) == pytest.approx(expected)


@pytest.mark.parametrize("empty", ["", " ", "。，；", "——"])
def test_text_without_letters_meets_nobody(empty: str) -> None:
    assert wording(empty).bands == ()


def test_bands_of_a_text_are_the_same_on_every_machine() -> None:
    assert wording(PROVISION).bands[:2] == ("bad3f1982bf6", "c76d5960abfa")
    assert wording(PROVISION).sketch[:4].hex() == "13d28193"


def test_bands_of_one_text_differ() -> None:
    assert len(set(wording("执法公").bands)) == len(wording(PROVISION).bands) == 12


@given(st.text(max_size=60))
def test_any_text_is_near_identical_to_itself_only_if_it_has_letters(text: str) -> None:
    found = wording(text)
    assert estimate(text, text) == 1.0
    assert bool(found.bands) == bool(len(shingles(text)))
    assert overlap(shingles(text), shingles(text)) == float(bool(found.bands))


def test_near_identical_texts_meet_in_a_band_and_others_seldom() -> None:
    chance = random.Random(1)
    met, errors, strangers = [], [], []
    for _ in range(400):
        text = sentence(chance, 40)
        at = chance.randrange(len(text) - 8)
        copy = text[:at] + sentence(chance, 2)[:4] + text[at + 4 :]
        if overlap(shingles(text), shingles(copy)) >= NEAR_IDENTICAL:
            met.append(bool({*wording(text).bands} & {*wording(copy).bands}))
            errors.append(estimate(text, copy) - overlap(shingles(text), shingles(copy)))
        strangers.append(bool({*wording(text).bands} & {*wording(sentence(chance, 40)).bands}))
    assert len(met) > 200
    assert sum(met) / len(met) >= 0.99
    assert np.abs(errors).max() < 0.1
    assert sum(strangers) <= 4
