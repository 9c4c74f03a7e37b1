"""Folding of texts and queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.folding import fold, fold_with_offsets

TEXTS = st.text() | st.text("行政调解か\u3099２Aa ZzΣßİé\u0301\u200b\ufeff \t\n\r　*＊，（）①㈠ﬁ가ᄀ\u1161\u11a8")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("行 政 调 解", "行政调解"),
        ("鲤城区 2018 年", "鲤城区2018年"),
        ("（２０１５　－　２０２０　年）", "(2015 - 2020年)"),
        ("机器 learning and 人工智能", "机器learning and人工智能"),
        ("the  App", "the  app"),
        ("**加快**推进__", "加快推进__"),
        ("3 * 4", "3 * 4"),
        ("行\u200b政\ufeff复\u00ad议", "行政复议"),
        ("“互联网＋监管”", "“互联网+监管”"),
        ("ＡＰＰ ①㈠", "app 1(一)"),
        ("各街道办事处和\n区直各部门", "各街道办事处和区直各部门"),
        ("第一段\r\n第二行", "第一段第二行"),
        ("第一段\n\n第二段", "第一段\n\n第二段"),
        ("cafe\u200b\u0301", "café"),
        ("ß\u0301", "sś"),
        ("", ""),
        (" \n ", " \n "),
    ],
)
def test_texts_are_compared_in_one_form(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold_with_offsets(text)[0] == folded


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        ("行 政\u200b调", [0, 2, 4]),
        ("**加快** ①", [2, 3, 7]),
        ("第㈠条", [0, 1, 1, 1, 2]),
        ("e\u0301x", [0, 2]),
        ("ﾊﾞ行", [0, 2]),
        ("第（１）条，A b 行 政\n\n调", [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 14, 15]),
    ],
)
def test_each_folded_character_knows_where_it_came_from(text: str, offsets: list[int]) -> None:
    assert fold_with_offsets(text)[1] == offsets


@given(TEXTS)
def test_folding_with_offsets_folds_the_same(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)


@given(TEXTS)
def test_offsets_lie_in_the_text_and_never_step_back(text: str) -> None:
    _, offsets = fold_with_offsets(text)
    assert offsets == sorted(offsets)
    assert set(offsets) <= set(range(len(text)))


@given(st.text("行政调解２Aa　 *，（①㈠"))
def test_an_offset_points_at_a_character_that_folds_to_it(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert all(character in fold(text[offset]) for character, offset in zip(folded, offsets, strict=True))


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
