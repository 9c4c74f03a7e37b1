import pytest

from search_api.drafting.closeness import CLOSE, Closeness, compared_text
from search_api.search import SearchService

SAME_MATTER = [
    ("每年评查案卷不少于120卷，评查结果一案一反馈。", "组织执法案卷互评，互评案卷不少于80卷，评查结果排名通报。"),
    (
        "各单位在文件印发后十五日内报备，逐件出具备案审查结论。",
        "文件印发之日起十五日内报送备案，备案机关三十日内提出意见。",
    ),
    ("领导干部任职前考试法律知识，成绩记入档案。", "落实领导干部任职前法律知识测试制度。"),
]
OTHER_MATTER = [
    ("每年评查案卷不少于120卷，评查结果一案一反馈。", "文件印发之日起十五日内报送备案。"),
    ("公开行政许可结果，完善信用修复。", "编制重大行政决策事项目录，经党组讨论后公布。"),
    ("加强队伍建设。", "办案、鉴定等费用列入预算。"),
]


@pytest.fixture(scope="module")
def closeness(lexical: SearchService) -> Closeness:
    return Closeness(lexical.holdings, lexical.analyzer)


@pytest.mark.parametrize(("one", "other"), SAME_MATTER)
def test_provisions_of_one_matter_are_close(closeness: Closeness, one: str, other: str) -> None:
    assert closeness.between([one], [other])[0, 0] >= CLOSE


@pytest.mark.parametrize(("one", "other"), OTHER_MATTER)
def test_provisions_of_other_matters_are_not(closeness: Closeness, one: str, other: str) -> None:
    assert closeness.between([one], [other])[0, 0] < CLOSE


def test_a_text_is_as_close_to_itself_as_can_be_and_closeness_is_mutual(closeness: Closeness) -> None:
    texts = [text for pair in SAME_MATTER for text in pair]
    found = closeness.between(texts, texts)
    assert found.diagonal() == pytest.approx(1, abs=1e-5)
    assert found == pytest.approx(found.T, abs=1e-5)


@pytest.mark.parametrize("text", ["", "。，", "法"])
def test_text_without_bigrams_is_close_to_nothing(closeness: Closeness, text: str) -> None:
    assert closeness.between([text], [text, "备案审查"]).tolist() == [[0, 0]]


def test_heading_that_stands_apart_is_compared_too() -> None:
    assert compared_text("备案审查", "从严把关。") == "备案审查\n从严把关。"
    assert compared_text("从严把关", "从严把关。") == "从严把关。"
    assert compared_text(None, "从严把关。") == "从严把关。"
