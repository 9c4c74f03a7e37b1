"""What of a query decides on the order alone: document numbers, titles of notices, units with roles."""

import pytest

from corpus.model import Role
from indexer.index.filters import Filters
from search_api.understanding import Exact, PartKind
from search_api.understanding.units import unit_names
from tests.search_api.understanding.conftest import Understand

ARRANGEMENT = "a9f09fca2f54"
NUMBER = "云青政办〔2018〕36号"
BOTH = (Role.LEAD, Role.RESPONSIBLE)

EXACT = [
    ("云青政办〔2018〕36号", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("云青政办[2018]36号", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("云青政办（２０１８）３６号", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("云青政办【2018】第36号", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("(2018) 36 号", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("【2018】36", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("查一下云青政办〔2018〕36号的普法", "普法", Exact((ARRANGEMENT,), (NUMBER,))),
    # no notice that is held, but items rest on it
    ("云青委发〔2016〕9号", "", Exact((), ("云青委发〔2016〕9号",))),
    ("青溪区2018年法治政府建设工作安排", "青溪区2018年法治政府建设工作安排", Exact((ARRANGEMENT,))),
    ("青溪区2018年法治政府工作安排", "青溪区2018年法治政府工作安排", Exact((ARRANGEMENT,))),
    ("《青溪区2018年法治政府建设工作安排》", "《青溪区2018年法治政府建设工作安排》", Exact((ARRANGEMENT,))),
    ("青溪区2018年法治政府建设工作安排里的行政复议", "行政复议", Exact((ARRANGEMENT,))),
    ("国发〔2015〕36号", "国发〔2015〕36号", Exact()),
    ("别政办〔2018〕36号", "别政办〔2018〕36号", Exact()),
    ("〔2018〕360号", "〔2018〕360号", Exact()),
    ("（2018）36条", "（2018）36条", Exact()),
    ("云青政办2018年36号", "", Exact((ARRANGEMENT,), (NUMBER,))),
    ("云青政办〔2018〕36号文件里关于普法的要求", "普法的要求", Exact((ARRANGEMENT,), (NUMBER,))),
    ("别政办2018年36号", "别政办 36号", Exact()),
    ("（2018年）36号", "（ ）36号", Exact()),
    ("法治政府建设工作安排", "法治政府建设工作安排", Exact()),
    ("青溪区2019年法治政府建设工作安排", "2019年法治政府建设工作安排", Exact()),
    ("云杉区2018年法治政府建设工作安排", "2018年法治政府建设工作安排", Exact()),
    ("青溪区2018年法治政府建设工作要点", "法治政府建设工作要点", Exact()),
]

UNITS = [
    ("司法局负责的普法", "普法", "司法局", BOTH),
    ("司法局牵头的普法", "普法", "司法局", (Role.LEAD,)),
    ("区司法局牵头负责的普法", "普法", "司法局", (Role.LEAD,)),
    ("普法由司法局主办", "普法", "司法局", (Role.LEAD,)),
    ("牵头单位是司法局的普法", "普法", "司法局", (Role.LEAD,)),
    ("财政局配合的经费保障", "经费保障", "财政局", (Role.PARTICIPATE,)),
    ("监察局牵头的责任追究", "责任追究", "监察局", (Role.LEAD,)),
    ("谁牵头执法监督", "执法监督", None, (Role.LEAD,)),
    ("执法监督由谁负责", "执法监督", None, BOTH),
    ("哪个部门配合普法", "普法", None, (Role.PARTICIPATE,)),
    ("普法的牵头单位是谁", "普法", None, (Role.LEAD,)),
    ("司法局普法", "司法局普法", "司法局", ()),
    ("司法局", "司法局", "司法局", ()),
    ("司法局负责人", "司法局负责人", "司法局", ()),
]

NO_UNITS = [
    "司法局长培训",
    "宣传部门普法",
    "市场监管执法",
    "政府办公自动化",
    "行政机关负责人出庭应诉",
    "牵头单位职责",
    "部门配合机制",
    "谁执法谁普法",
    "谁主管谁负责",
    "法制审核",
]


@pytest.mark.parametrize(("query", "words", "exact"), EXACT)
def test_numbers_and_titles_come_first(read: Understand, query: str, words: str, exact: Exact) -> None:
    reading = read(query)
    assert (reading.words, reading.exact) == (words.strip(), exact)


@pytest.mark.parametrize("query", ["司法局牵头的事项", "由司法局牵头", "司法局牵头哪些工作", "司法局牵头的任务有哪些"])
def test_unit_that_is_all_that_is_asked_for_is_a_filter(read: Understand, query: str) -> None:
    reading = read(query)
    assert (reading.words, reading.boosts) == ("", ())
    assert "司法局" in reading.read.unit
    assert reading.read.role == (Role.LEAD,)


@pytest.mark.parametrize(("query", "words", "unit", "roles"), UNITS)
def test_units_and_roles_prefer_and_leave_none_out(
    read: Understand, query: str, words: str, unit: str | None, roles: tuple[Role, ...]
) -> None:
    names = unit_names(unit) if unit else ()
    by_unit = (Filters(unit=names),) if unit else ()
    by_role = (Filters(unit=names, role=roles),) if roles else ()
    reading = read(query)
    assert (reading.words, reading.boosts, reading.filters) == (words, (*by_unit, *by_role), Filters())


@pytest.mark.parametrize("query", NO_UNITS)
def test_words_that_look_like_units_stay_words(read: Understand, query: str) -> None:
    reading = read(query)
    assert (reading.words, reading.boosts, reading.parts) == (query, (), ())


def test_units_that_are_listed_have_one_role(read: Understand) -> None:
    names = (*unit_names("教育局"), *unit_names("民政局"))
    reading = read("教育局和区民政局牵头的普法")
    assert (reading.words, reading.boosts) == ("普法", (Filters(unit=names), Filters(unit=names, role=(Role.LEAD,))))


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("监察局", {"监委", "监察委员会", "纪委监委"}),
        ("法制办", {"司法局", "政府法制办公室"}),
        ("政府法制办公室", {"司法局", "法制办"}),
        ("工商局", {"市场监管局", "市场监督管理局"}),
        ("市场监督管理局", {"市场监管局", "工商局", "质监局", "食药监局"}),
        ("扶贫办", {"乡村振兴局", "农业农村局"}),
        ("司法局", {"法制办"}),
    ],
)
def test_a_body_is_asked_for_by_all_its_names(name: str, others: set[str]) -> None:
    names = unit_names(name)
    assert names[0] == name
    assert others <= set(names)


def test_bodies_of_other_fields_are_not_among_the_names() -> None:
    assert not {"司法局", "财政局", "质监局"} & set(unit_names("工商局"))


def test_a_part_tells_where_it_stands_and_what_it_became(read: Understand) -> None:
    query = "请问 青溪区２０１８年 监察局牵头的责任追究"
    reading = read(query)
    assert [(part.kind, part.text) for part in reading.parts] == [
        (PartKind.QUESTION, "请问"),
        (PartKind.PLACE, "青溪区"),
        (PartKind.YEAR, "２０１８年"),
        (PartKind.UNIT, "监察局牵头的"),
    ]
    assert all(query[part.span.start : part.span.end] == part.text for part in reading.parts)
    assert reading.notes == ("区县：青溪区", "年份：2018年", "监察局（含监委）牵头的条款优先")
