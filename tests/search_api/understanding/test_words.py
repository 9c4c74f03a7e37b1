"""What remains to be searched: question words leave, wrong characters are corrected, and nothing else is lost."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.index.filters import Filters
from search_api.understanding import EVERYTHING, Holdings, Reading, understand
from tests.search_api.understanding.conftest import TODAY, Understand

QUESTIONS = [
    ("请问行政复议是什么", "行政复议"),
    ("行政复议怎么做？", "行政复议 ？"),
    ("哪些案件负责人出庭", "案件负责人出庭"),
    ("有没有普法责任制的规定", "普法责任制"),
    ("如何推进普法", "推进普法"),
    ("年度报告什么时候公开", "年度报告 公开"),
    ("怎么写", "怎么写"),
    ("请问", "请问"),
    ("谁执法谁普法", "谁执法谁普法"),
    ("罚多罚少", "罚多罚少"),
    ("行政复议的规定动作", "行政复议的规定动作"),
    ("行政复议", "行政复议"),
    ("行 政 复 议", "行 政 复 议"),
    ("  行政复议\n应诉 ", "  行政复议\n应诉 "),
    ("，。！？", "，。！？"),
    ("", ""),
]

SPELLING = [
    ("行政复义", "行政复议"),
    ("行政负议", "行政复议"),
    ("依发行政", "依法行政"),
    ("行政复义应诉", "行政复议应诉"),
    ("纠纷调结", "纠纷调解"),
    ("政府发律顾问", "政府法律顾问"),
    ("规犯性文件审查", "规范性文件审查"),
    ("营商环镜", "营商环境"),
    ("全过程纪录", "全过程记录"),
    ("法制政府建设", "法治政府建设"),
]

RIGHT = [
    "行政复议应诉",
    "法制审核",
    "执法全过程记录",
    "量子力学",
    "工伤认定",
    "公益诉讼",
    "电动自行车充电桩",
    "老百姓告官",
    "区块链存证",
    "复义",
    "奉节县",
    "《行政复义法》",
    "abc义xyz",
    "𠮷野家",
]


@pytest.mark.parametrize(("query", "words"), QUESTIONS)
def test_words_that_only_ask_are_left_out(read: Understand, query: str, words: str) -> None:
    assert read(query).words == words


@pytest.mark.parametrize(("query", "corrected"), SPELLING)
def test_wrong_characters_are_corrected_and_said(read: Understand, query: str, corrected: str) -> None:
    reading = read(query)
    assert (reading.query, reading.words) == (corrected, corrected)
    assert reading.notes == (f"已按“{corrected}”检索（原输入“{query}”）",)
    assert [part.correction for part in reading.parts] == [corrected]


@pytest.mark.parametrize("query", RIGHT)
def test_words_that_are_unknown_or_right_stay(read: Understand, query: str) -> None:
    reading = read(query)
    assert (reading.query, reading.words) == (query, query)


def test_corrections_leave_the_rest_of_the_query_where_it_was(read: Understand) -> None:
    reading = read("请问青溪区 行政复义应诉")
    assert (reading.query, reading.words) == ("请问青溪区 行政复议应诉", "行政复议应诉")


@pytest.mark.parametrize(
    ("query", "plain", "words", "filters"),
    [
        ("青溪区 行政复义", ["青溪区"], "青溪区 行政复议", Filters()),
        ("青溪区 行政复义", ["行政复义"], "行政复义", Filters(district=("青溪区",))),
        ("青溪区 行政复义", ["青溪区", "行政复义"], "青溪区 行政复义", Filters()),
        ("青溪区普法", ["雁回区", ""], "普法", Filters(district=("青溪区",))),
        ("青溪区 行政复义", [EVERYTHING], "青溪区 行政复义", Filters()),
        ("云青政办〔2018〕36号", ["云青政办〔2018〕36号"], "云青政办〔2018〕36号", Filters()),
    ],
)
def test_plain_texts_are_left_as_words(
    read: Understand, query: str, plain: list[str], words: str, filters: Filters
) -> None:
    reading = read(query, plain=plain)
    assert (reading.words, reading.filters) == (words, filters)


def test_a_provision_is_words_throughout(read: Understand) -> None:
    provision = "青溪区2018年行政复议工作由司法局牵头。" * 6
    assert read(provision) == Reading(provision, provision, Filters(), provision)


PIECES = """
青溪区 青溪 云汀市 2018年 近三年 十三五 司法局 牵头 负责 由 谁 请问 怎么 的 里的 工作要点 实施方案 第5条 《 》 （ ） 〔2018〕 36号
行政复义 普法 和 、 * abc ２０１８ 《实施方案》
"""
QUERIES = st.one_of(
    st.text(max_size=30), st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]), max_size=8).map("".join)
)


@settings(deadline=None, max_examples=300)
@given(query=QUERIES)
def test_no_word_is_lost(samples: Holdings, query: str) -> None:
    """Each character is among the words or in a part; only 的 and what joins two parts may be in neither."""
    reading = understand(query, Filters(), samples, today=TODAY)
    inside = {at for part in reading.parts for at in range(part.span.start, part.span.end)}
    outside = "".join(character for at, character in enumerate(query) if at not in inside)
    words = set(reading.words)
    assert {character for character in outside if character.isalnum()} - words <= set("的之在和与及或由对里中内")
    assert all(query[part.span.start : part.span.end] == part.text for part in reading.parts)
    assert all(before.span.end <= after.span.start for before, after in pairwise(reading.parts))
    assert all(part.correction in reading.words for part in reading.parts if part.correction and reading.words)
    assert (
        reading.words.strip()
        or not query.strip()
        or reading.read != Filters()
        or reading.exact.notices
        or reading.exact.documents
    )


@settings(deadline=None, max_examples=100)
@given(query=QUERIES)
def test_what_was_read_leaves_something_to_find(samples: Holdings, query: str) -> None:
    reading = understand(query, Filters(), samples, today=TODAY)
    assert reading.read == Filters() or samples.count(reading.filters)


@settings(deadline=None)
@given(query=QUERIES)
def test_everything_plain_is_the_query_as_it_is(samples: Holdings, query: str) -> None:
    assert understand(query, Filters(), samples, [EVERYTHING], today=TODAY) == Reading(query, query, Filters(), query)
