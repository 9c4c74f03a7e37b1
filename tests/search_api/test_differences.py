from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.folding import fold
from analyzers.terms import Analyzer
from search_api.differences import LONGEST_IN_WORDS, Change, Segment, compare, likeness, phrases

CUT = Analyzer().cut


def differences(left: str, right: str) -> list[tuple[str, str, str]]:
    return [(str(one.change), one.left, one.right) for one in phrases(left, right, compare(left, right, CUT))]


def sides(left: str, right: str, segments: Sequence[Segment]) -> tuple[str, str]:
    return (
        "".join(left[one.left.start : one.left.end] for one in segments),
        "".join(right[one.right.start : one.right.end] for one in segments),
    )


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("推行执法公示。", "推行执法公示。", []),
        ("推行执法公示，", "推行执法公示。", []),
        ("推行 执法\n公示", "推行执法公示", []),
        (
            "自公布之日起15日内报送备案。",
            "自公布之日起20个工作日内报送备案。",
            [("quantity", "15日内", "20个工作日内")],
        ),
        ("每年评查不少于2次。", "每年评查不少于四次。", [("quantity", "2次", "四次")]),
        (
            "2018年12月底前完成清理。",
            "２０１９年６月底前完成清理。",
            [("quantity", "2018年12月底前", "２０１９年６月底前")],
        ),
        (
            "青溪区2018年底前完成人员培训。",
            "云杉区2019年底前完成人员培训。",
            [("changed", "青溪区", "云杉区"), ("quantity", "2018年底前", "2019年底前")],
        ),
        # A number is no time: what has nothing to do with each other is not paired.
        ("压减证明10项，公开结果。", "压减证明半年内完成，公开结果。", [("changed", "10项", "半年内完成")]),
        ("加强监督，加强考核。", "加强监督，加强培训，加强考核。", [("added", "", "加强培训，")]),
        ("加强监督，加强培训，加强考核。", "加强监督，加强考核。", [("missing", "加强培训，", "")]),
        ("报送备案机关备案。", "报送区司法局备案。", [("changed", "备案机关", "区司法局")]),
        # 要 between two rewordings is no island.
        (
            "各单位务必要高度重视普法工作。",
            "各镇街应当要认真抓好普法工作。",
            [("changed", "各单位务必要高度重视", "各镇街应当要认真抓好")],
        ),
        ("", "推行执法公示。", [("added", "", "推行执法公示。")]),
        ("推行执法公示。", "", [("missing", "推行执法公示。", "")]),
    ],
)
def test_phrases_that_differ(left: str, right: str, expected: list[tuple[str, str, str]]) -> None:
    assert differences(left, right) == expected


def test_clause_that_stands_elsewhere_has_moved() -> None:
    left = "严格决策程序，建立专家论证制度，加强风险评估，完善集体讨论决定机制。"
    right = "严格决策程序，加强风险评估，完善集体讨论决定机制，建立专家论证制度。"
    segments = compare(left, right, CUT)
    gone, come = (place for place, one in enumerate(segments) if one.change is Change.MOVED)
    assert (segments[gone].counterpart, segments[come].counterpart) == (come, gone)
    assert differences(left, right) == [("moved", "建立专家论证制度，", "建立专家论证制度")]


def test_spans_point_into_the_texts_as_printed() -> None:
    left, right = "自公布之日起 １５ 日内，报送备案。", "自 公 布 之日起二十日内,报送备案。"
    [changed] = [one for one in compare(left, right, CUT) if one.change is not Change.EQUAL]
    assert left[changed.left.start : changed.left.end].strip() == "１５ 日内"
    assert right[changed.right.start : changed.right.end] == "二十日内"


def test_likeness_is_the_share_that_is_equal_or_moved() -> None:
    assert likeness(compare("推行执法公示", "推行执法公示", CUT)) == 1.0
    assert likeness(compare("推行执法公示", "清理证明事项", CUT)) == 0.0
    assert likeness(compare("", "", CUT)) == 1.0
    assert 0.5 < likeness(compare("推行执法公示", "推行执法公示制度", CUT)) < 1.0


_PIECES = st.lists(
    st.sampled_from(
        ["推行", "执法公示", "，", "。", "；", "15日", "20个工作日", "２０１８年", "一是", "的", " ", "\n", "㈱", "é", "e\u0301", "ab", "**", "加强风险评估，"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=400)
@given(_PIECES | st.text(max_size=30), _PIECES | st.text(max_size=30))
def test_segments_rebuild_both_texts(left: str, right: str) -> None:
    segments = compare(left, right, CUT)
    assert sides(left, right, segments) == (left, right)
    for one, other in pairwise(segments):
        assert (one.left.end, one.right.end) == (other.left.start, other.right.start)


@settings(max_examples=200)
@given(_PIECES, _PIECES)
def test_equal_segments_are_equal_and_moved_ones_point_at_each_other(left: str, right: str) -> None:
    segments = compare(left, right, CUT)
    for place, one in enumerate(segments):
        words = left[one.left.start : one.left.end], right[one.right.start : one.right.end]
        if one.change is Change.EQUAL:
            assert fold(words[0]).split() == fold(words[1]).split()
        assert (one.counterpart is None) == (one.change is not Change.MOVED)
        if one.counterpart is not None:
            assert segments[one.counterpart].counterpart == place


@given(_PIECES)
def test_text_does_not_differ_from_itself(text: str) -> None:
    assert {one.change for one in compare(text, text, CUT)} <= {Change.EQUAL}


def test_long_texts_are_compared_by_clauses() -> None:
    clauses = [f"第{number}项工作按期完成" for number in range(600)]
    left = "，".join(clauses)
    right = "，".join([*clauses[:300], "建立台账", *clauses[300:]])
    assert len(left) > LONGEST_IN_WORDS
    assert differences(left, right) == [("added", "", "建立台账，")]
