import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import QueryError
from corpus.model import ItemKind, Role
from indexer.index.filters import BasisFilter, Filters, YearRange
from search_api.filter_values import clean, read_filters, write_filters

PLAN = "实施方案"

READINGS = [
    ("year", "2018", (YearRange(2018, 2018),)),
    ("year", "2018年", (YearRange(2018, 2018),)),
    ("year", "2016-2020", (YearRange(2016, 2020),)),
    ("year", "2016..2020", (YearRange(2016, 2020),)),
    ("year", "２０１６～２０２０年", (YearRange(2016, 2020),)),
    ("year", "2016年至2020年", (YearRange(2016, 2020),)),
    ("year", "2016、2018，2020-2022", (YearRange(2016, 2016), YearRange(2018, 2018), YearRange(2020, 2022))),
    ("role", "lead", (Role.LEAD,)),
    ("role", "LEAD", (Role.LEAD,)),
    ("role", "牵头、参加", (Role.LEAD, Role.PARTICIPATE)),
    ("role", "负责", (Role.RESPONSIBLE,)),
    ("kind", "任务,目标", (ItemKind.TASK, ItemKind.GOAL)),
    ("kind", "requirement", (ItemKind.REQUIREMENT,)),
    ("unit", "区财政局、区教育局", ("区财政局", "区教育局")),
    ("unit", "各镇（街道、园区）", ("各镇（街道、园区）",)),
    ("type", "工作要点", ("工作要点",)),
    ("district", " 青溪区 ", ("青溪区",)),
    ("district", "青\0溪区", ("青溪区",)),
    ("basis", PLAN, (BasisFilter(PLAN),)),
    ("basis", "《实施方案》", (BasisFilter(PLAN),)),
    ("basis", "实施方案:12", (BasisFilter(PLAN, "12"),)),
    ("basis", "实施方案：１２", (BasisFilter(PLAN, "12"),)),
    ("basis", "实施方案第12条", (BasisFilter(PLAN, "12"),)),
    ("basis", "实施方案 第 12 条规定", (BasisFilter(PLAN, "12"),)),
    ("basis", "《实施方案》第十二、十三条", (BasisFilter(PLAN, "12"), BasisFilter(PLAN, "13"))),
    ("basis", "实施方案:12-13", (BasisFilter(PLAN, "12"), BasisFilter(PLAN, "13"))),
    ("basis", "《实施方案》（云青委发〔2016〕9号）第5条", (BasisFilter(PLAN, "5"),)),
    ("basis", "云青委发〔2016〕9号:5", (BasisFilter("云青委发〔2016〕9号", "5"),)),
    ("basis", "《实施方案》第5条、《纲要》", (BasisFilter(PLAN, "5"), BasisFilter("纲要"))),
    ("basis", "《关于甲、乙的意见》", (BasisFilter("关于甲、乙的意见"),)),
]


@pytest.mark.parametrize(("parameter", "value", "expected"), READINGS)
def test_value_is_read(parameter: str, value: str, expected: tuple[object, ...]) -> None:
    read = read_filters({parameter: [value]})
    assert getattr(read, "doc_type" if parameter == "type" else parameter) == expected


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("year", "18"),
        ("year", "去年"),
        ("year", "2020-2016"),
        ("year", "9999"),
        ("role", "领导"),
        ("kind", "工作"),
        ("basis", "实施方案:甲"),
        ("basis", "实施方案:"),
        ("basis", "实施方案:0"),
        ("basis", "实施方案:1-9999"),
    ],
)
def test_value_that_cannot_be_read_is_named_with_what_is_allowed(parameter: str, value: str) -> None:
    with pytest.raises(QueryError, match="可以是") as refused:
        read_filters({parameter: [value]})
    assert value in refused.value.detail
    assert f"（{parameter}）" in refused.value.detail
    assert refused.value.code == "bad_filter"


def test_repeated_values_widen_and_count_once() -> None:
    read = read_filters({"district": ["青溪区", "松岭县、青溪区", ""], "year": []})
    assert read == Filters(district=("青溪区", "松岭县"))


@given(
    st.builds(
        Filters,
        district=st.lists(st.sampled_from(["青溪区", "松岭县"]), unique=True).map(tuple),
        year=st.lists(st.builds(YearRange, st.integers(1949, 2000), st.integers(2000, 2100)), unique=True).map(tuple),
        role=st.lists(st.sampled_from(Role), unique=True).map(tuple),
        kind=st.lists(st.sampled_from(ItemKind), unique=True).map(tuple),
        doc_type=st.lists(st.sampled_from(["工作要点", "实施方案"]), unique=True).map(tuple),
        basis=st.lists(
            st.builds(
                BasisFilter,
                st.sampled_from([PLAN, "关于甲、乙的意见", "云青委发〔2016〕9号"]),
                st.none() | st.integers(1, 999).map(str),
            ),
            unique=True,
        ).map(tuple),
    )
)
def test_what_is_written_reads_the_same(filters: Filters) -> None:
    assert read_filters(write_filters(filters)) == filters


@given(st.text(st.characters()))
def test_cleaned_text_can_be_sent(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode().decode() == cleaned
    assert "\0" not in cleaned
    assert clean(cleaned) == cleaned
