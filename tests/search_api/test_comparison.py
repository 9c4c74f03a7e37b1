from collections.abc import Sequence
from dataclasses import replace

import pytest

from analyzers.terms import Analyzer
from corpus.errors import NotFoundError, QueryError
from corpus.model import BasisReference, ParsedNotice, ResponsibleUnit, Role
from indexer.index.filters import Filters
from search_api.answers import comparison_answer
from search_api.comparison import Aspect, Comparison, compare_items
from search_api.search import SearchService
from tests.contract.notices import basis, item, notice, unit

FORMER = ResponsibleUnit("区法制办", "区法制办", Role.LEAD, successor="区司法局")
PLAN = BasisReference("关于加快法治建设的实施方案", None, ("12",), "《实施方案》第12条")

FIRST = notice(
    "a",
    replace(
        item("每季度公示执法结果。", units=[FORMER, unit("区财政局")], basis=[PLAN]),
        deadlines=("12月底前", "6月底前"),
        targets=("不少于２次",),
    ),
)
SECOND = notice(
    "b",
    replace(
        item("每半年公示执法结果。", units=[unit("县司法局", Role.LEAD)], basis=[basis("实施方案", "12", "13")]),
        schedule="12月底前",
        deadlines=("3月底前",),
        targets=("不少于2次",),
    ),
    district="云杉区",
)
THIRD = notice("c", item("建立清单。", units=[unit("区司法局", Role.LEAD)]), district="松岭县")


def compared(analyzer: Analyzer, notices: Sequence[ParsedNotice]) -> Comparison:
    items = [parsed.items[0] for parsed in notices]
    return compare_items(items, {parsed.notice.id: parsed.notice for parsed in notices}, analyzer.cut)


def values(comparison: Comparison, aspect: Aspect) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.value, one.places) for one in comparison.features if one.aspect is aspect]


def test_items_keep_their_order_notice_and_citation(analyzer: Analyzer) -> None:
    found = compared(analyzer, (SECOND, FIRST))
    assert [one.item.id for one in found.items] == ["b-0", "a-0"]
    assert [one.notice.district for one in found.items] == ["云杉区", "青溪区"]
    assert found.items[0].citation.text.startswith("《b工作要点》")


def test_each_text_is_compared_with_the_first(analyzer: Analyzer) -> None:
    found = compared(analyzer, (FIRST, SECOND, THIRD))
    assert found.items[0].differences == ()
    segments = found.items[1].differences
    text = "".join(SECOND.items[0].text[one.right.start : one.right.end] for one in segments)
    assert text == SECOND.items[0].text
    assert {"每季度", "每半年"} & {FIRST.items[0].text[one.left.start : one.left.end] for one in segments}


def test_units_of_other_names_and_of_successors_are_the_same(analyzer: Analyzer) -> None:
    assert values(compared(analyzer, (FIRST, SECOND, THIRD)), Aspect.UNIT) == [
        ("区法制办（牵头）", (0, 1, 2)),
        ("区财政局（负责）", (0,)),
    ]


def test_basis_targets_and_deadlines_are_held_against_each_other(analyzer: Analyzer) -> None:
    found = compared(analyzer, (FIRST, SECOND))
    assert values(found, Aspect.DEADLINE) == [("12月底前", (0, 1)), ("6月底前", (0,))]
    assert values(found, Aspect.TARGET) == [("不少于２次", (0, 1))]
    assert values(found, Aspect.BASIS) == [
        ("《关于加快法治建设的实施方案》第12条", (0, 1)),
        ("《实施方案》第13条", (1,)),
    ]


def test_what_all_have_and_what_only_one_has(analyzer: Analyzer) -> None:
    found = compared(analyzer, (FIRST, SECOND, THIRD))
    assert [one.value for one in found.shared] == ["区法制办（牵头）"]
    assert [one.value for one in found.only(0)][:2] == ["区财政局（负责）", "6月底前"]
    assert found.only(2) == ()


def test_item_that_is_given_twice_counts_once(analyzer: Analyzer) -> None:
    assert [one.item.id for one in compared(analyzer, (FIRST, SECOND, FIRST)).items] == ["a-0", "b-0"]


@pytest.mark.parametrize("number", [0, 1, 7])
def test_fewer_than_two_or_more_than_six_are_refused(analyzer: Analyzer, number: int) -> None:
    with pytest.raises(QueryError, match=f"现在给了 {number} 条") as refused:
        compared(analyzer, [notice(f"n{at}", item("建立清单。")) for at in range(number)])
    assert refused.value.code == "bad_comparison"


def test_answer_names_the_items_of_each_feature(analyzer: Analyzer) -> None:
    answer = comparison_answer(compared(analyzer, (FIRST, THIRD)))
    assert [one["differences"] is None for one in answer["items"]] == [True, False]
    assert answer["features"][0] == {"aspect": "unit", "value": "区法制办（牵头）", "item_ids": ["a-0", "c-0"]}


def test_held_items_are_compared_and_one_that_is_not_held_is_named(lexical: SearchService) -> None:
    hits = lexical.search("备案审查", Filters(), top=2).hits
    found = lexical.comparison([hit.id for hit in hits])
    assert [one.citation for one in found.items] == [hit.citation for hit in hits]
    with pytest.raises(NotFoundError, match="没有的编号-001"):
        lexical.comparison([hits[0].id, "没有的编号-001"])
