from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analyzers.terms import Analyzer
from corpus.citation import cite
from corpus.model import ParsedNotice, Role
from indexer.index.filters import BasisFilter, Filters, YearRange
from indexer.index.protocol import Facets
from search_api.comparison import compare_items
from search_api.differences import compare
from search_api.exports import Format
from search_api.exports.comparison_table import comparison_table
from search_api.exports.hit_table import Origin, hit_table
from search_api.exports.table import Mark, Run, Table, plain
from search_api.results import Explanation, Hit, SearchResult, SimilarGroups, Understood
from search_api.search import SearchService
from tests.contract.notices import basis, item, notice, unit
from tests.search_api.exports.reading import csv_rows, word_rows, written

DAY = date(2026, 11, 22)
ORIGIN = Origin(Filters(), 1, 7, DAY)
HELD = notice(
    "a",
    replace(
        item(
            "每季度公示执法结果。",
            units=[unit("区司法局", Role.LEAD), unit("区财政局")],
            basis=[basis("实施方案", "12")],
        ),
        schedule="12月底前",
        targets=("不少于2次",),
    ),
)
BARE = notice(
    "b", item("建立清单。"), district=None, city=None, province=None, years=None, number=None, date=None, doc_type=None
)


def hit(parsed: ParsedNotice) -> Hit:
    held = parsed.items[0]
    return Hit(held.id, 0.87654, parsed.notice, held, cite(parsed.notice, held), (), Explanation(None, None, ()))


def result(*hits: Hit, **changes: Any) -> SearchResult:
    made = SearchResult(
        query="公示",
        understood=Understood("公示", "公示", Filters()),
        facets=Facets(9),
        hits=hits,
        took_ms=1.0,
        mode="hybrid",
    )
    return replace(made, **changes)


def rows(table: Table) -> list[dict[str, Any]]:
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


def noted(found: SearchResult, **origin: Any) -> dict[str, str]:
    return dict(hit_table(found, replace(ORIGIN, **origin), brief=False).notes)


def test_drafters_table_has_what_is_laid_side_by_side() -> None:
    [row] = rows(hit_table(result(hit(HELD)), ORIGIN, brief=True))
    assert row == {
        "序号": 1,
        "条款": "每季度公示执法结果。",
        "地区": "青溪区",
        "年份": 2018,
        "责任单位": "区司法局（牵头），区财政局（负责）",
        "时限": "12月底前",
        "依据": "《实施方案》第12条",
        "引文": "《a工作要点》（青政办〔2018〕1号）一、（一）",
    }


def test_full_table_has_units_by_role_and_the_parts_of_the_citation() -> None:
    [row] = rows(hit_table(result(hit(HELD)), ORIGIN, brief=False))
    wanted = {
        "位置": "一、总体 ＞ （一）", "省份": "澜海省", "设区市": "云汀市", "区县": "青溪区", "条款性质": "任务",
        "牵头单位": "区司法局", "配合单位": "", "负责单位": "区财政局", "量化指标": "不少于2次",
        "文号": "青政办〔2018〕1号", "成文日期": date(2018, 3, 1), "相关程度": 0.8765, "条款编号": "a-0",
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize("brief", [True, False])
def test_what_is_not_known_leaves_its_cell_empty(brief: bool) -> None:
    [row] = rows(hit_table(result(hit(BARE)), ORIGIN, brief=brief))
    assert (row["年份"], row["时限"], row["依据"]) == ("", "", "")
    assert row["引文"] == "《b工作要点》一、（一）"
    if not brief:
        assert (row["文号"], row["成文日期"], row["区县"]) == (None, None, None)


def test_years_of_a_plan_over_several_and_a_date_without_a_day_are_text() -> None:
    held = notice("c", item("建立清单。"), years=(2021, 2025), date="2021-05")
    [row] = rows(hit_table(result(hit(held)), ORIGIN, brief=False))
    assert (row["年份"], row["成文日期"]) == ("2021-2025", "2021-05")


def test_ranks_go_on_from_the_first_hit() -> None:
    found = rows(hit_table(result(hit(HELD), hit(BARE)), replace(ORIGIN, first=31), brief=True))
    assert [row["序号"] for row in found] == [31, 32]


def test_notes_say_how_the_list_came_about() -> None:
    filters = Filters(
        district=("青溪区", "云杉区"),
        year=(YearRange(2016, 2018),),
        role=(Role.LEAD,),
        basis=(BasisFilter("实施方案", "12"),),
    )
    understood = Understood("公示", "公示", Filters(), notes=("区县：青溪区",))
    notes = noted(result(hit(HELD), understood=understood), filters=filters, first=11)
    version = notes.pop("程序版本")
    assert notes == {
        "检索词": "公示",
        "理解": "区县：青溪区",
        "筛选条件": "区县：青溪区、云杉区；年份：2016-2018；职责：牵头；依据：实施方案:12",
        "条数": "第 11 至 11 条，共 9 条",
        "检索方式": "字词与语义",
        "索引版本": "第 7 次改动后",
        "导出日期": "2026-11-22",
    }
    assert version.startswith("先例 0.")


@pytest.mark.parametrize(
    ("found", "origin", "name", "value"),
    [
        (result(query=""), {}, "检索词", "（未填，按筛选条件列出）"),
        (result(), {}, "筛选条件", "无"),
        (result(facets=Facets(0)), {}, "条数", "没有条款，共 0 条"),
        (result(mode="lexical"), {}, "检索方式", "只按字词"),
        (result(partial=True), {}, "注意", "索引有一部分没有回答，可能缺少条款。"),
        (result(groups=SimilarGroups((), (), (), ())), {}, "比对的文字", "公示"),
        (result(groups=SimilarGroups((), (), (), ())), {"like": "《甲》一"}, "比对的条款", "《甲》一"),
    ],
)
def test_note_of_a_special_case(found: SearchResult, origin: dict[str, Any], name: str, value: str) -> None:
    assert noted(found, **origin)[name] == value


@pytest.mark.parametrize(
    ("asked", "worded"),
    [
        ("每季度公示执法结果。", "文字相同"),
        ("每半年公示执法结果。", "改写“每半年”→“每季度”"),
        ("每季度公示执法结果，并报区司法局。", "缺少“，并报区司法局”"),
        ("推进政务服务标准化建设，优化办事流程。", "整条写法不同"),
    ],
)
def test_similar_hits_say_how_they_differ(analyzer: Analyzer, asked: str, worded: str) -> None:
    one = hit(HELD)
    like = replace(one, differences=compare(asked, one.item.text, analyzer.cut))
    [row] = rows(hit_table(result(like, query=asked), ORIGIN, brief=False))
    assert row["不同之处"] == worded
    assert "不同之处" not in rows(hit_table(result(one), ORIGIN, brief=False))[0]


@pytest.mark.parametrize("brief", [True, False])
def test_hits_of_a_real_search_are_all_written(lexical: SearchService, brief: bool) -> None:
    found = lexical.search("行政执法", Filters(), top=1000)
    assert len(found.hits) > 50
    table = hit_table(found, ORIGIN, brief=brief)
    content = written(table, Format.DOCX if brief else Format.CSV)
    read = word_rows(content) if brief else csv_rows(content)
    place = read[0].index("引文")
    assert [row[place] for row in read[1:]] == [one.citation.text for one in found.hits]


def comparison(analyzer: Analyzer, *notices: ParsedNotice) -> Table:
    items = [parsed.items[0] for parsed in notices]
    found = compare_items(items, {parsed.notice.id: parsed.notice for parsed in notices}, analyzer.cut)
    return comparison_table(found, 7, DAY)


def test_comparison_has_a_column_for_each_item_and_a_row_for_each_aspect(analyzer: Analyzer) -> None:
    other = notice(
        "d", replace(item("每半年公示执法结果。", units=[unit("县司法局", Role.LEAD)]), targets=("不少于2次",))
    )
    table = comparison(analyzer, HELD, other, BARE)
    assert [column.name for column in table.columns] == ["项目", "1. 青溪区 2018", "2. 青溪区 2018", "3. 地区不详"]
    found = {str(name): [plain(cell) for cell in cells] for name, *cells in table.rows}
    assert found == {
        "条款": ["每季度公示执法结果。", "每半年公示执法结果。", "建立清单。"],
        "牵头单位": ["区司法局", "县司法局", ""],
        "配合单位": ["", "", ""],
        "负责单位": ["区财政局", "", ""],
        "时限": ["12月底前", "", ""],
        "量化指标": ["不少于2次", "不少于2次", ""],
        "依据": ["《实施方案》第12条", "", ""],
        "引文": [cite(one.notice, one.items[0]).text for one in (HELD, other, BARE)],
        "仅此条有": ["区财政局（负责）；12月底前；《实施方案》第12条", "", ""],
    }
    assert dict(table.notes)["各条都有"] == "单位、时限、指标、依据都没有相同的"


def test_comparison_marks_what_differs_from_the_first_where_that_helps(analyzer: Analyzer) -> None:
    other = notice("d", item("每半年公示执法结果。"))
    texts = next(iter(comparison(analyzer, HELD, other, BARE).rows))
    assert texts[1] == (Run("每季度公示执法结果。"),)
    assert texts[2] == (Run("每季度", Mark.MISSING), Run("每半年", Mark.ADDED), Run("公示执法结果。"))
    assert texts[3] == (Run("建立清单。"),)
