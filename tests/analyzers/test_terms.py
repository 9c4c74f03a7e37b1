"""The two term streams."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.lexicon.words import words_digest
from analyzers.terms import LONGEST_TERM, VERSION, Analyzer

ANALYZER = Analyzer()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("推进“放管服”改革", ["推进", "放管服", "改革"]),
        ("行 政 调 解", ["行政", "调解", "行政调解"]),
        ("双随机、一公开", ["随机", "双随机", "公开", "一公开"]),
        ("“互联网＋监管”系统", ["互联", "联网", "互联网", "互联网+", "监管", "系统"]),
        ("鲤城区 2018 年 APP", ["城区", "鲤城区", "2018", "年", "app"]),
        ("3.5% + a_b", ["3", "5", "a", "b"]),
        ("，。 \n", []),
        ("", []),
    ],
)
def test_words_are_cut_in_search_mode_without_punctuation(text: str, words: list[str]) -> None:
    assert list(ANALYZER.analyse(text).words) == words


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("行政调解", ["行", "行政", "政", "政调", "调", "调解", "解"]),
        ("审批、监管", ["审", "审批", "批", "监", "监管", "管"]),
        ("2018年", ["2018", "年"]),
        ("上线app了", ["上", "上线", "线", "app", "了"]),
        ("第一段\n\n第二段", ["第", "第一", "一", "一段", "段", "第", "第二", "二", "二段", "段"]),
        ("、。", []),
    ],
)
def test_grams_never_cross_punctuation_and_keep_latin_runs_whole(text: str, grams: list[str]) -> None:
    assert list(ANALYZER.analyse(text).grams) == grams


@given(st.text() | st.text("行政复议，。 +_*2aA\u3000\x85\u2028\ud800é"))
def test_terms_are_folded_and_have_letters_and_no_white_space(text: str) -> None:
    terms = ANALYZER.analyse(text)
    for term in terms.words + terms.grams:
        assert any(character.isalnum() for character in term)
        assert term.split() == [term]
        assert term == term.casefold()


@given(st.text("行政 复议\n，。a1"))
def test_every_gram_stands_in_the_words(text: str) -> None:
    terms = ANALYZER.analyse(text)
    words = "".join(terms.words)
    assert all(character in words for gram in terms.grams for character in gram)


def test_encoded_data_does_not_make_endless_terms() -> None:
    terms = ANALYZER.analyse("a" * 5_000)
    assert terms.words == terms.grams == ("a" * LONGEST_TERM,)


def test_a_megabyte_without_spaces_is_analysed() -> None:
    text = "行政复议" * 87_500
    terms = ANALYZER.analyse(text)
    assert terms.words[:3] == ("行政", "复议", "行政复议")
    assert len(terms.grams) == 2 * len(text) - 1


def test_threads_share_an_analyzer() -> None:
    texts = [f"第{number}条 推进放管服改革和行政复议" for number in range(200)]
    expected = [ANALYZER.analyse(text) for text in texts]
    fresh = Analyzer()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(fresh.analyse, texts)) == expected


def test_the_version_changes_with_the_domain_dictionary() -> None:
    assert Analyzer().version == f"{VERSION}-{words_digest()}"
