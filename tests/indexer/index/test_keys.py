"""The keys under which units, places and documents are found."""

import pytest

from corpus.model import ResponsibleUnit, Role
from indexer.index.filters import BasisFilter, Filters
from indexer.index.keys import document_key, document_keys, item_keys, place_keys, plan_years, unit_keys, wanted_keys
from tests.contract.notices import basis, item, notice, unit


@pytest.mark.parametrize(
    ("printed", "canonical", "keys"),
    [
        ("财政局", "区财政局", "区财政局 财政局"),
        ("区纪委（区监委）", "区纪委（区监委）", "区纪委(区监委) 纪委(区监委) 区纪委 纪委 区监委 监委"),
        ("区委编办", "区委编办", "区委编办 编办"),
        ("省委宣传部", "省委宣传部", "省委宣传部 宣传部"),
        ("县委政法委", "县委政法委", "县委政法委 政法委"),
        ("区委办", "区委办", "区委办"),
        ("区委办公室", "区委办公室", "区委办公室"),
        ("区政府办", "区政府办", "区政府办 政府办"),
        ("镇政府", "镇政府", "镇政府 政府"),
        ("区委", "区委", "区委"),
        ("市场监管局", "市场监管局", "市场监管局"),
        ("市场监督管理局", "区市场监督管理局", "区市场监督管理局 市场监督管理局"),
        ("市市场监管局", "市市场监管局", "市市场监管局 市场监管局"),
        ("乡村振兴局", "县乡村振兴局", "县乡村振兴局 乡村振兴局"),
        ("市民政局", "市民政局", "市民政局 民政局"),
        ("市民服务中心", "市民服务中心", "市民服务中心"),
        ("市政园林局", "市政园林局", "市政园林局"),
        ("城市管理局", "区城市管理局", "区城市管理局 城市管理局"),
        ("区直各单位", "区直各单位", "区直各单位"),
        ("区法院", "区法院", "区法院 法院"),
        ("本区司法局", "本区司法局", "本区司法局 区司法局 司法局"),
        ("鲤城区财政局", "鲤城区财政局", "鲤城区财政局 区财政局 财政局"),
        ("文化市场综合执法大队", "文化市场综合执法大队", "文化市场综合执法大队"),
        ("社区矫正中心", "社区矫正中心", "社区矫正中心"),
        ("司法局", "司法局", "司法局"),
        ("区 财政局", "区财政局", "区财政局 财政局"),
    ],
)
def test_a_unit_is_found_with_and_without_its_level(printed: str, canonical: str, keys: str) -> None:
    assert unit_keys(ResponsibleUnit(printed, canonical, Role.LEAD)) == set(keys.split())


def test_a_unit_inside_two_places_is_found_by_its_plain_name() -> None:
    assert {"市鲤城区财政局", "区财政局", "财政局"} < unit_keys(unit("泉州市鲤城区财政局"))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("鲤城区", "鲤城区 鲤城"),
        ("泉州", "泉州"),
        ("单县", "单县"),
        ("浦东新区", "浦东新区 浦东"),
        ("新疆维吾尔自治区", "新疆维吾尔自治区 新疆"),
        ("内蒙古自治区", "内蒙古自治区 内蒙古"),
        (None, ""),
    ],
)
def test_a_place_is_found_with_and_without_its_rank(name: str | None, keys: str) -> None:
    assert place_keys(name) == set(keys.split())


@pytest.mark.parametrize(
    "name", ["中发〔2015〕36号", "中发[2015]36号", "中发（2015）36号", "中发【２０１５】 36号", "中发(2015)36号"]
)
def test_a_document_number_is_the_same_in_any_brackets(name: str) -> None:
    assert document_key(name) == "中发(2015)36号"


def test_a_document_is_found_by_title_short_name_and_number() -> None:
    reference = basis("法治政府建设实施纲要", "12", number="中发〔2015〕36号", printed="《纲要》第12条")
    assert document_keys(reference) == {"法治政府建设实施纲要", "纲要", "中发(2015)36号"}


def test_two_documents_in_one_print_are_two_keys() -> None:
    reference = basis("行政处罚法", printed="《行政处罚法》和《行政许可法》")
    assert document_keys(reference) == {"行政处罚法", "行政许可法"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(unit=("财政局",), role=(Role.LEAD,)), True),
        (Filters(unit=("财政局",), role=(Role.PARTICIPATE,)), False),
        (Filters(unit=("公安局",), role=(Role.PARTICIPATE, Role.RESPONSIBLE)), True),
        (Filters(role=(Role.RESPONSIBLE,)), False),
        (Filters(basis=(BasisFilter("《纲要》", "１２"),)), True),
        (Filters(basis=(BasisFilter("纲要", "13"),)), False),
    ],
)
def test_what_a_filter_wants_is_among_the_keys_of_what_it_finds(filters: Filters, found: bool) -> None:
    keys = item_keys(
        item("甲", units=[unit("区财政局", Role.LEAD), unit("公安局", Role.PARTICIPATE)], basis=[basis("纲要", "12")])
    )
    assert all(keys[field] & wanted for field, wanted in wanted_keys(filters).items()) is found


@pytest.mark.parametrize(
    ("years", "expected"), [((2018, 2018), [2018]), ((2021, 2023), [2021, 2022, 2023]), (None, [])]
)
def test_a_plan_counts_for_each_of_its_years(years: tuple[int, int] | None, expected: list[int]) -> None:
    assert list(plan_years(notice("n", years=years).notice)) == expected
