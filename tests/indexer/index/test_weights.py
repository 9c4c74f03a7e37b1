"""How terms count in a search."""

import pytest

from analyzers.terms import Terms
from indexer.index.weights import FIELD_WEIGHTS, MOST_REQUIRED, required_grams, weighted_terms


@pytest.mark.parametrize(
    ("grams", "required", "least"),
    [
        ("执 执法 法", "执法", 1),
        ("执 执法 法 法公 公 公示 示", "执法 法公 公示", 2),
        ("甲甲 乙乙 丙丙 丁丁 戊戊", "甲甲 乙乙 丙丙 丁丁 戊戊", 3),
        ("执法 执法 公示", "执法 公示", 2),
        ("法 典", "法 典", 2),
        ("ppp 项 项目 目", "ppp 项目", 2),
        ("", "", 0),
    ],
)
def test_sixty_per_cent_of_the_distinct_grams_are_required(grams: str, required: str, least: int) -> None:
    assert required_grams(Terms((), tuple(grams.split()))) == (tuple(required.split()), least)


def test_of_a_long_query_evenly_spaced_grams_are_required() -> None:
    grams = tuple(f"{first}{second}" for first in "甲乙丙丁戊己庚辛壬癸" for second in "子丑寅卯辰巳午未申酉")
    required, least = required_grams(Terms((), grams))
    assert required == grams[::4]
    assert (len(required) <= MOST_REQUIRED, least) == (True, 15)


def test_a_repeated_term_counts_as_often_in_every_field_of_its_kind() -> None:
    weighted = weighted_terms(Terms(words=("执法", "执法"), grams=("执",)))
    assert {(term.field, term.term): term.weight for term in weighted} == {
        ("words", "执法"): 2 * FIELD_WEIGHTS["words"],
        ("path_words", "执法"): 2 * FIELD_WEIGHTS["path_words"],
        ("grams", "执"): FIELD_WEIGHTS["grams"],
        ("path_grams", "执"): FIELD_WEIGHTS["path_grams"],
    }
