"""What is found, in which order and how it is counted, on every backend."""

import math

import pytest

from analyzers.terms import Analyzer, Terms
from corpus.model import ItemKind, ParsedNotice, Role
from indexer.analysis import embedded_text
from indexer.index.filters import BasisFilter, Filters, YearRange
from indexer.index.protocol import FACET_FIELDS, FacetCount, Index, NoticeRecord
from tests.contract.notices import MODEL, basis, item, notice, unit, vector, vectors

EVERY = Filters()

FIRST = notice(
    "a",
    item(
        "推行行政执法公示制度",
        units=[unit("财政局", Role.LEAD, "区财政局"), unit("区纪委（区监委）", Role.PARTICIPATE)],
        basis=[basis("法治政府建设实施纲要", "12", "13", number="中发〔2015〕36号", printed="《实施纲要》")],
    ),
    item("公示执法结果", units=[unit("区财政局", Role.PARTICIPATE)], kind=ItemKind.GOAL),
)
SECOND = notice(
    "b",
    item("开展执法人员培训", units=[unit("市市场监督管理局", Role.LEAD)], basis=[basis("公务员法", "3")]),
    item("清理证明事项", heading="（二）行政执法", kind=ItemKind.REQUIREMENT),
    district="云杉区",
    years=(2021, 2025),
    doc_type="实施方案",
)
THIRD = notice("c", item("行政执法"), province=None, city=None, district=None, years=None, doc_type=None, date=None)


@pytest.fixture
def filled(index: Index) -> Index:
    for parsed in (FIRST, SECOND, THIRD):
        index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
    return index


FILTER_CASES = [
    (EVERY, "a-0 a-1 b-0 b-1 c-0"),
    (Filters(district=("青溪区",)), "a-0 a-1"),
    (Filters(district=("青溪",)), "a-0 a-1"),
    (Filters(district=("青溪", "云杉区")), "a-0 a-1 b-0 b-1"),
    (Filters(district=("青",)), ""),
    (Filters(city=("云汀",)), "a-0 a-1 b-0 b-1"),
    (Filters(province=("澜海省",), district=("云杉",)), "b-0 b-1"),
    (Filters(year=(YearRange(2018, 2018),)), "a-0 a-1"),
    (Filters(year=(YearRange(2023, 2023),)), "b-0 b-1"),
    (Filters(year=(YearRange(2019, 2020),)), ""),
    (Filters(year=(YearRange(2018, 2021),)), "a-0 a-1 b-0 b-1"),
    (Filters(year=(YearRange(2010, 2018), YearRange(2025, 2030))), "a-0 a-1 b-0 b-1"),
    (Filters(unit=("财政局",)), "a-0 a-1"),
    (Filters(unit=("区财政局",)), "a-0 a-1"),
    (Filters(unit=("市财政局",)), ""),
    (Filters(unit=("区监委",)), "a-0"),
    (Filters(unit=("区纪委",)), "a-0"),
    (Filters(unit=("市场监督管理局",)), "b-0"),
    (Filters(role=(Role.LEAD,)), "a-0 b-0"),
    (Filters(role=(Role.LEAD, Role.PARTICIPATE)), "a-0 a-1 b-0"),
    (Filters(unit=("财政局",), role=(Role.LEAD,)), "a-0"),
    (Filters(unit=("区监委",), role=(Role.LEAD,)), ""),
    (Filters(unit=("区监委", "市场监督管理局"), role=(Role.LEAD,)), "b-0"),
    (Filters(basis=(BasisFilter("法治政府建设实施纲要"),)), "a-0"),
    (Filters(basis=(BasisFilter("《实施纲要》"),)), "a-0"),
    (Filters(basis=(BasisFilter("中发[2015]36号"),)), "a-0"),
    (Filters(basis=(BasisFilter("实施纲要", "13"),)), "a-0"),
    (Filters(basis=(BasisFilter("实施纲要", "3"),)), ""),
    (Filters(basis=(BasisFilter("实施纲要", "3"), BasisFilter("公务员法", "3"))), "b-0"),
    (Filters(doc_type=("工作要点",)), "a-0 a-1"),
    (Filters(kind=(ItemKind.GOAL, ItemKind.REQUIREMENT)), "a-1 b-1"),
    (Filters(exclude_notice=("a", "c")), "b-0 b-1"),
    (Filters(district=("青溪",), kind=(ItemKind.TASK,), exclude_notice=("a",)), ""),
]


@pytest.mark.parametrize(("filters", "expected"), FILTER_CASES)
def test_all_legs_keep_to_the_same_filters(filled: Index, analyzer: Analyzer, filters: Filters, expected: str) -> None:
    everyone = analyzer.analyse("行政执法公示培训清理证明")
    assert {hit.item_id for hit in filled.lexical(everyone, filters, 10)} == set(expected.split())
    assert {hit.item_id for hit in filled.nearest(vector("x"), filters, 10)} == set(expected.split())
    assert filled.facets(None, [], filters, 10).total == len(expected.split())


@pytest.mark.parametrize(("filters", "expected"), FILTER_CASES)
def test_items_are_counted_by_the_same_filters(filled: Index, filters: Filters, expected: str) -> None:
    assert filled.count(filters) == len(expected.split())


def test_frequencies_count_items_with_a_gram_in_text_or_headings(filled: Index) -> None:
    # 执法 stands in four texts and one heading, 总体 in the headings of all, 清理 in one text.
    assert filled.frequencies(["执法", "总体", "清理", "复议", "清"]) == {
        "执法": 4,
        "总体": 5,
        "清理": 1,
        "复议": 0,
        "清": 1,
    }
    assert filled.frequencies([]) == {}


def test_every_change_gives_another_generation(filled: Index) -> None:
    seen = [filled.generation]
    filled.write(FIRST, "/a", vectors(FIRST), MODEL)
    seen.append(filled.generation)
    filled.remove("c")
    seen.append(filled.generation)
    assert filled.remove("c") is False
    assert seen == sorted(set(seen))
    assert filled.generation == seen[-1]


def test_filters_do_not_change_scores(filled: Index, analyzer: Analyzer) -> None:
    terms = analyzer.analyse("行政执法公示")
    free = {hit.item_id: hit.score for hit in filled.lexical(terms, EVERY, 10)}
    kept = filled.lexical(terms, Filters(district=("青溪",), year=(YearRange(2018, 2018),), unit=("财政局",)), 10)
    assert {hit.item_id: hit.score for hit in kept} == {hit: free[hit] for hit in ("a-0", "a-1")}


def test_more_of_the_query_ranks_higher(filled: Index, analyzer: Analyzer) -> None:
    hits = filled.lexical(analyzer.analyse("行政执法公示制度"), EVERY, 10)
    assert hits[0].item_id == "a-0"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert filled.lexical(analyzer.analyse("行政执法公示制度"), EVERY, 2) == hits[:2]


def test_the_text_of_an_item_counts_for_more_than_its_path(filled: Index, analyzer: Analyzer) -> None:
    ranked = [hit.item_id for hit in filled.lexical(analyzer.analyse("行政执法"), EVERY, 10)]
    assert ranked.index("c-0") < ranked.index("b-1")


def test_scores_are_bm25(index: Index) -> None:
    """One term in a field where all lengths are alike: idf alone, times tf / (tf + k1), times k1 + 1."""
    for name, text in (("a", "甲甲乙"), ("b", "丙丁戊"), ("c", "己庚辛")):
        index.write(notice(name, item(text, heading=f"（{name}）")), f"/{name}", None, None)
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    found = index.lexical(Terms(words=(), grams=("乙",)), EVERY, 3)
    assert [hit.item_id for hit in found] == ["a-0"]
    twice = index.lexical(Terms(words=(), grams=("乙", "乙")), EVERY, 3)
    assert twice[0].score == pytest.approx(2 * found[0].score, abs=0.001)
    assert found[0].score == pytest.approx(idf, rel=0.1)


def test_equal_items_are_ordered_by_id_wherever_the_cut_falls(index: Index, analyzer: Analyzer) -> None:
    for name in ("n7", "n2", "n9", "n4", "n1", "n8"):
        same = notice(name, item("推行执法公示"), item("推行执法公示"))
        index.write(same, f"/{name}", vectors(same), MODEL)
    ordered = [f"{name}-{order}" for name in ("n1", "n2", "n4", "n7", "n8", "n9") for order in (0, 1)]
    for k in (1, 3, 7, 12, 50):
        assert [hit.item_id for hit in index.lexical(analyzer.analyse("执法公示"), EVERY, k)] == ordered[:k]
        assert [hit.item_id for hit in index.nearest(vector("y"), EVERY, k)] == ordered[:k]
        assert [hit.item_id for hit in index.nearest(vector("y"), Filters(city=("云汀",)), k)] == ordered[:k]


@pytest.mark.parametrize(
    "text", ["", "，。！？", "AND OR NOT", 'words:"行政" OR *', "行政^1000 ~2 [a TO b]", "\0\x1f", "+-行政"]
)
def test_hostile_queries_are_just_text(filled: Index, analyzer: Analyzer, text: str) -> None:
    hits = filled.lexical(analyzer.analyse(text), EVERY, 10)
    assert bool(hits) == ("行政" in text)


def test_a_query_of_thousands_of_terms_is_answered(filled: Index, analyzer: Analyzer) -> None:
    rare = tuple(chr(0x4E00 + number) for number in range(5_000))
    pairs = tuple(character * 2 for character in rare)
    terms = Terms(words=rare, grams=(*pairs, *analyzer.analyse("行政执法公示制度").grams))
    assert filled.lexical(terms, EVERY, 10)[0].item_id == "a-0"
    assert filled.facets(terms, [], EVERY, 10).total == 0


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_is_found_where_nothing_is_asked_for(filled: Index, analyzer: Analyzer, k: int) -> None:
    assert filled.lexical(analyzer.analyse("行政执法"), EVERY, k) == []
    assert filled.nearest(vector("x"), EVERY, k) == []


def test_the_nearest_item_is_the_one_with_that_text(filled: Index) -> None:
    for parsed in (FIRST, SECOND, THIRD):
        for held in parsed.items:
            best = filled.nearest(vector(embedded_text(held)), EVERY, 1)[0]
            assert best.item_id == held.id
            assert best.score == pytest.approx(1.0, abs=0.01)


def test_similarities_are_cosines_within_a_hundredth(filled: Index) -> None:
    query = vector("随便什么")
    exact = {
        held.id: float(query @ vector(embedded_text(held))) for held in (*FIRST.items, *SECOND.items, *THIRD.items)
    }
    found = {hit.item_id: hit.score for hit in filled.nearest(query, EVERY, 10)}
    assert found == pytest.approx(exact, abs=0.01)


def test_facets_count_each_value_once_an_item(filled: Index) -> None:
    counts = filled.facets(None, [], EVERY, 10).fields
    assert tuple(counts) == FACET_FIELDS
    assert {name: {facet.value: facet.count for facet in found} for name, found in counts.items()} == {
        "province": {"澜海省": 4},
        "city": {"云汀市": 4},
        "district": {"云杉区": 2, "青溪区": 2},
        "year": {"2018": 2, "2021": 2, "2022": 2, "2023": 2, "2024": 2, "2025": 2},
        "unit": {"区财政局": 2, "区纪委（区监委）": 1, "市市场监督管理局": 1},
        "role": {"lead": 2, "participate": 2},
        "basis": {"公务员法": 1, "法治政府建设实施纲要": 1},
        "doc_type": {"工作要点": 2, "实施方案": 2},
        "kind": {"task": 3, "goal": 1, "requirement": 1},
    }


def test_facets_name_the_most_frequent_first_and_ties_by_value(index: Index) -> None:
    for number in range(40):
        units = [unit(f"局{number % 20:02d}"), unit("司法局"), unit("司法局", Role.LEAD)]
        index.write(notice(f"n{number}", item("推行执法公示", units=units)), f"/{number}", None, None)
    counts = index.facets(None, [], EVERY, 3).fields["unit"]
    assert counts == (FacetCount("司法局", 40), FacetCount("局00", 2), FacetCount("局01", 2))


@pytest.mark.parametrize(
    ("query", "also", "expected"),
    [
        # Of 执法, 法公 and 公示 two are enough, of 执法, 法结, 结果, 果公 and 公示 three are not too many.
        ("执法公示", [], "a-0 a-1"),
        ("执法结果公示", [], "a-1"),
        ("行政执法", [], "a-0 b-1 c-0"),
        ("行政执法", ["b-0", "没有"], "a-0 b-0 b-1 c-0"),
        ("培", [], "b-0"),
        ("没有出现过", [], ""),
        ("没有出现过", ["c-0"], "c-0"),
        ("", [], ""),
        ("", ["a-1"], "a-1"),
    ],
)
def test_facets_count_items_with_most_of_the_query(
    filled: Index, analyzer: Analyzer, query: str, also: list[str], expected: str
) -> None:
    terms = analyzer.analyse(query)
    counted = filled.facets(terms, also, EVERY, 10)
    assert counted.total == len(expected.split())
    within = [parsed for parsed in (FIRST, SECOND, THIRD) if any(item.id in expected.split() for item in parsed.items)]
    assert {facet.value for facet in counted.fields["district"]} == {p.notice.district for p in within} - {None}
    assert filled.facets(terms, also, Filters(exclude_notice=("a", "b", "c")), 10).total == 0


def test_without_terms_what_satisfies_the_filters_is_listed_by_id(filled: Index) -> None:
    hits = filled.lexical(None, EVERY, 100)
    assert [hit.item_id for hit in hits] == sorted(hit.item_id for hit in hits)
    assert len(hits) == filled.statistics().items
    assert {hit.score for hit in hits} == {0.0}
    assert filled.lexical(None, EVERY, 2) == hits[:2]


def test_both_legs_at_once_find_what_each_finds_alone(filled: Index, analyzer: Analyzer) -> None:
    for filters in (EVERY, Filters(district=("青溪区",)), Filters(district=("青",))):
        for text in ("行政执法", "证明事项", "，"):
            terms = analyzer.analyse(text)
            assert filled.legs(terms, vector("x"), filters, 3) == (
                filled.lexical(terms, filters, 3),
                filled.nearest(vector("x"), filters, 3),
            )
    assert filled.legs(analyzer.analyse("行政执法"), vector("x"), EVERY, 0) == ([], [])


def test_legs_of_an_index_without_vectors_are_the_lexical_one(index: Index, analyzer: Analyzer) -> None:
    index.write(FIRST, "/a", None, None)
    lexical, nearest = index.legs(analyzer.analyse("行政执法"), vector("x"), EVERY, 10)
    assert lexical
    assert nearest == []


def test_all_that_a_search_asks_within_a_snapshot_is_answered(filled: Index, analyzer: Analyzer) -> None:
    with filled.snapshot() as snapshot, filled.snapshot():
        assert len(filled.lexical(analyzer.analyse("行政执法"), EVERY, 10)) == 5
        assert filled.count(EVERY) == 5
    assert not snapshot.partial


def test_a_scan_gives_every_record_by_id_as_of_its_beginning(filled: Index) -> None:
    scanned = filled.scan()
    first = next(scanned)
    filled.remove("c")
    filled.write(notice("d", item("行政复议")), "/d", None, None)
    assert [first, *scanned] == [*filled.records(["a"]), *filled.records(["b"]), record_of(THIRD)]
    assert [record.notice.id for record in filled.scan()] == ["a", "b", "d"]


def test_a_scan_of_nothing_and_one_that_is_left_early(index: Index) -> None:
    assert list(index.scan()) == []
    index.write(FIRST, "/a", None, None)
    index.write(SECOND, "/b", None, None)
    for _ in index.scan():
        break
    assert index.remove("a")


def record_of(parsed: ParsedNotice) -> NoticeRecord:
    return NoticeRecord(parsed.notice, len(parsed.items), f"/{parsed.notice.id}")
