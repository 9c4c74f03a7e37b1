"""Expansion: which phrases of a query are recognised, and what is searched besides them."""

from pathlib import Path

import pytest

from analyzers.folding import fold
from analyzers.lexicon.synonyms import SynonymKind, SynonymTable, shipped_synonyms
from analyzers.terms import Analyzer
from search_api.expansion import Expanded, agency_synonyms, expand, phrases, synonym_table, useful
from search_api.search import SearchService

TABLE = synonym_table()
HEAD = "phrase\texpansions\tkind\tboth\tsource"

CARRIERS = (
    "{}",
    "{}怎么写",
    "如何{}",
    "关于{}的规定",
    "{}工作",
    "加强{}",
    "落实{}的措施",
    "{}的责任单位",
    "哪些区写了{}",
    "推进{}和政务公开",
    "防止{}",
    "什么是{}",
    "{}整治方案",
    "严禁{}",
    "对{}进行检查",
    "2018年{}工作要点",
    "青溪区{}怎么写的",
    "谁负责{}",
    "{}，信息公开",
    "各部门{}情况",
)


def expanded(query: str, analyzer: Analyzer, table: SynonymTable = TABLE, *plain: str) -> dict[str, tuple[str, ...]]:
    return {one.phrase: one.expansions for one in expand(query, table, analyzer, plain)}


def own_table(folder: Path, *lines: str) -> SynonymTable:
    file = folder / "词表.tsv"
    file.write_text("\n".join((HEAD, *lines)), encoding="utf-8")
    return synonym_table(file)


@pytest.mark.parametrize(
    "query",
    [
        "报告状况",
        "及时报告状态",
        "线上访谈",
        "上述法律",
        "半年报告制度",
        "提起诉讼",
        "规范罚没收支",
        "印发文件",
        "清理拖欠账款",
        "新城管委会",
        "对拟提拔的干部",
        "互联网平台",
        "通报批评",
    ],
)
def test_phrases_that_stretch_over_other_words_are_none(query: str, analyzer: Analyzer) -> None:
    assert [query[match.start : match.end] for match in phrases(fold(query), TABLE, analyzer)] == []


@pytest.mark.parametrize(
    ("query", "phrase"),
    [
        ("罚多罚少不能由办案人员说了算", "罚多罚少"),
        ("老百姓告官怎么应对", "告官"),
        ("群众上访怎么办", "上访"),
        ("信访工作怎么考核", "信访"),
        ("行政机关负责人出庭应诉率", "负责人出庭"),
        ("只罚不管怎么办", "只罚不管"),
        ("互联网＋监管怎么推进", "互联网+监管"),
        ("双随机、一公开抽查", "双随机、一公开"),
    ],
)
def test_phrases_are_found_where_words_begin_and_end(query: str, phrase: str, analyzer: Analyzer) -> None:
    folded = fold(query)
    assert phrase in [folded[match.start : match.end] for match in phrases(folded, TABLE, analyzer)]


def test_shipped_phrases_are_found_among_other_words(analyzer: Analyzer) -> None:
    missed = []
    tried = [synonym.phrase for synonym in shipped_synonyms()][::10]
    for phrase in tried:
        for carrier in CARRIERS:
            query = fold(carrier.format(phrase))
            start, end = query.index(phrase), query.index(phrase) + len(phrase)
            # A longer phrase around it will do: 三项制度工作.
            if not any(one.start <= start and end <= one.end for one in phrases(query, TABLE, analyzer)):
                missed.append(query)
    assert len(missed) <= 0.01 * len(tried) * len(CARRIERS), missed


@pytest.mark.parametrize(
    ("query", "phrase", "expansions"),
    [
        ("工商局的职责", "工商局", ("市场监管局",)),
        ("市场监管局的职责", "市场监管局", ("工商局", "质监局", "食药监局")),
        ("法制办的审查意见", "法制办", ("司法局",)),
    ],
)
def test_agencies_lead_to_their_former_and_present_names(
    query: str, phrase: str, expansions: tuple[str, ...], analyzer: Analyzer
) -> None:
    (found,) = (one for one in expand(query, SynonymTable(agency_synonyms()), analyzer) if one.phrase == phrase)
    assert found == Expanded(phrase, expansions, SynonymKind.AGENCY)


def test_own_row_takes_the_place_of_the_shipped_one(tmp_path: Path, analyzer: Analyzer) -> None:
    table = own_table(tmp_path, "踢皮球\t职责边界\tcolloquial\tno\t通用", "晒指标\t目标公示\tcolloquial\tno\t通用")
    assert expanded("踢皮球和晒指标", analyzer, table) == {"踢皮球": ("职责边界",), "晒指标": ("目标公示",)}
    assert "红头文件" in expanded("清理红头文件", analyzer, table)


def test_own_row_without_expansions_leaves_the_phrase_alone(tmp_path: Path, analyzer: Analyzer) -> None:
    table = own_table(tmp_path, "踢皮球\t\tcolloquial\tno\t通用", "工商局\t\tagency\tno\t通用")
    assert "踢皮球" in expanded("防止踢皮球", analyzer)
    assert expanded("防止踢皮球", analyzer, table) == {}
    assert expanded("工商局", analyzer, table) == {}


@pytest.mark.parametrize(
    ("plain", "left"),
    [((), {"踢皮球", "红头文件"}), (("踢皮球",), {"红头文件"}), (("踢 皮 球",), {"红头文件"}), (("*",), set[str]())],
    ids=["nothing", "a phrase", "a phrase unfolded", "everything"],
)
def test_plain_phrases_are_left_alone(plain: tuple[str, ...], left: set[str], analyzer: Analyzer) -> None:
    assert set(expanded("防止踢皮球的红头文件", analyzer, TABLE, *plain)) == left


def test_nothing_is_added_that_the_query_says_already(analyzer: Analyzer) -> None:
    alone = expanded("清理红头文件", analyzer)["红头文件"]
    said = expanded(f"红头文件即{alone[0]}", analyzer)["红头文件"]
    assert said == tuple(expansion for expansion in alone[1:] if expansion not in alone[0])


def test_phrase_that_recurs_is_expanded_once(analyzer: Analyzer) -> None:
    assert [one.phrase for one in expand("踢皮球，还是踢皮球", TABLE, analyzer)] == ["踢皮球"]


def test_only_what_the_holdings_use_is_searched_besides(lexical: SearchService, analyzer: Analyzer) -> None:
    asked = Expanded("市长电话", ("12345", "量子纠缠", "投诉举报"), SynonymKind.COLLOQUIAL)
    unknown = Expanded("薛定谔", ("量子纠缠",), SynonymKind.COLLOQUIAL)
    assert [one.expansions for one in useful([asked, unknown], lexical.index, analyzer)] == [("12345", "投诉举报")]
