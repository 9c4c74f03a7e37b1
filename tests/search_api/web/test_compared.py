import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.terms import Analyzer
from search_api.differences import Change, compare
from search_api.web.compared import Piece, marked, stretches

CUT = Analyzer().cut
LONG = "各单位应当把落实情况逐项登记造册，" * 10


def pieces(left: str, right: str) -> tuple[Piece, ...]:
    return marked(left, right, compare(left, right, CUT))


@pytest.mark.parametrize(
    ("left", "right", "change"),
    [
        ("文件印发后按规定报送备案。", "文件印发后按规定报送备案，逾期通报。", (Change.ADDED, "", "逾期通报")),
        ("文件印发后按规定报送备案，逾期通报。", "文件印发后按规定报送备案。", (Change.MISSING, "逾期通报", "")),
        ("剖析报告报区政府备查。", "剖析报告报同级政府备查。", (Change.CHANGED, "区政府", "同级政府")),
        (
            "文件印发之日起15日内报送备案。",
            "文件印发之日起20个工作日内报送备案。",
            (Change.QUANTITY, "15日", "20个工作日"),
        ),
    ],
)
def test_change_is_marked_with_both_wordings(left: str, right: str, change: tuple[Change, str, str]) -> None:
    [(kind, one, other)] = [(p.change, p.left, p.right) for p in pieces(left, right) if p.change is not Change.EQUAL]
    assert (kind, change[1] in one, change[2] in other) == (change[0], True, True)
    assert bool(one) == bool(change[1])
    assert bool(other) == bool(change[2])


def test_clause_that_moved_is_shown_once_where_it_stands_now() -> None:
    left = "定期组织业务培训，严格执行备案制度，逐件出具审查意见。"
    right = "严格执行备案制度，逐件出具审查意见，定期组织业务培训。"
    moved = [piece for piece in pieces(left, right) if piece.change is Change.MOVED]
    assert len(moved) == 1
    assert moved[0].left == ""


def test_punctuation_alone_is_no_difference() -> None:
    assert {p.change for p in pieces("先审查，后上会。", "先审查,后上会；")} == {Change.EQUAL}


def test_of_a_long_equal_stretch_the_ends_are_shown() -> None:
    shown = pieces(f"报区政府。{LONG}报区政府。", f"报县政府。{LONG}报县政府。")
    [between] = [piece.right for piece in shown if "……" in piece.right]
    assert between.endswith("报")
    assert len(between) < 100
    [whole] = pieces(LONG, LONG)
    assert whole.right.startswith("各单位应当")


def test_long_equal_stretch_is_whole_where_that_is_wanted() -> None:
    left, right = f"报区政府。{LONG}", f"报县政府。{LONG}"
    shown = marked(left, right, compare(left, right, CUT), whole=True)
    assert "".join(piece.right for piece in shown) == right


def test_texts_that_say_it_quite_differently_are_not_marked() -> None:
    assert pieces("行政复议决定书一律上网。", "每半年组织一次执法案卷评查。") == ()


@given(st.text("备案审查，。 \n20日区县", max_size=80), st.text("备案审查，。 \n20日区县", max_size=80))
def test_pieces_give_the_text_again(left: str, right: str) -> None:
    shown = pieces(left, right)
    if shown:
        assert "".join(piece.right for piece in shown) == right


@given(st.text("备案审查，。 \n20日区县", max_size=80), st.text("备案审查，。 \n20日区县", max_size=80))
def test_stretches_give_the_other_text_again(left: str, right: str) -> None:
    assert "".join(text for text, _ in stretches(left, right, compare(left, right, CUT))) == left


def test_stretches_that_the_other_text_has_otherwise_are_told() -> None:
    left, right = "剖析报告报区政府备查。", "剖析报告报同级政府备查。"
    assert [text for text, differs in stretches(left, right, compare(left, right, CUT)) if differs] == ["区政府"]
