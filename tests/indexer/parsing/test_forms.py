"""Forms met in real notices, one a row: units with their roles, deadlines, numbering. A to E stand for unit names."""

import pytest

from corpus.model import Document, ParsedNotice, Role, Source, TaskItem
from indexer.parsing import parse

HEAD = "甲市乙区人民政府办公室关于印发乙区2018年工作要点的通知\n各单位：\n现印发给你们。\n2018年5月9日\n乙区2018年工作要点\n"
HALF, FULL = ",:;()", "，：；（）"
WIDTHS = {
    "half": str.maketrans(FULL, HALF),
    "full": str.maketrans(HALF, FULL),
}
NAMES = {"A": "市司法局", "B": "市财政局", "C": "市教育局", "D": "市公安局", "E": "市民政局"}
ROLE = {"l": Role.LEAD, "p": Role.PARTICIPATE, "r": Role.RESPONSIBLE}


def notice(body: str) -> ParsedNotice:
    for letter, name in NAMES.items():
        body = body.replace(letter, name)
    return parse(Document(HEAD + body, Source("a.txt", "0" * 64)))


def item(clause: str) -> TaskItem:
    return notice(f"一、健全制度\n1.清理文件，公布结果。{clause}\n2.公开文件，加强培训。\n").items[0]


def units(found: TaskItem) -> list[tuple[str, Role]]:
    return [(unit.name, unit.role) for unit in found.units]


def expected(words: str) -> list[tuple[str, Role]]:
    for letter, name in NAMES.items():
        words = words.replace(letter, name)
    return [(name, ROLE[role]) for name, role in (pair.rsplit("/", 1) for pair in words.split())]


UNIT_FORMS = [
    # after a label
    ("\n责任单位:A、B、C,D按职责分工分别负责。", "A/r B/r C/r D/r"),
    ("\n责任单位:市、县(市、区)政府,市直各有关部门。", "市、县（市、区）政府/r 市直各有关部门/r"),
    ("\n责任单位:A、B及C", "A/r B/r C/r"),
    ("\n牵头单位:A、B\n责任单位:C、D", "A/l B/l C/r D/r"),
    ("\n牵头单位:A、B、C", "A/l B/l C/l"),
    ("(牵头单位:A;责任单位:B)", "A/l B/r"),
    ("〔牵头单位:A,责任单位:B,各街道(功能区)〕", "A/l B/r 各街道（功能区）/r"),
    ("(牵头单位:A;责任单位:B等有关部门)", "A/l B/r"),
    ("(牵头单位:A,协助单位:B)", "A/l B/p"),
    ("(牵头单位:A;责任单位:B及C,D、E,6月底完成)", "A/l B/r C/r D/r E/r"),
    ("(责任单位:A,B、C按职责分工负责,以下各任务均需各县区落实)", "A/r B/r C/r"),
    ("(责任分工:A或B;完成时限:长期)", "A/r B/r"),
    ("\n分管领导:张三\n部门分工:A牵头,各地、各部门配合。", "A/l 各地/p 各部门/p"),
    ("\n责任单位:各区人民政府〈含开发区〉、A", "各区人民政府〈含开发区〉/r A/r"),
    ("\n责任单位:各区〔市、县〕政府、开发区管委会", "各区〔市、县〕政府/r 开发区管委会/r"),
    ("\n主办单位:A\n协办单位:B、C", "A/l B/p C/p"),
    ("\n牵头部门:A\n配合单位:B", "A/l B/p"),
    ("\n责任部门:A\n参加单位:B", "A/r B/p"),
    ("\n承办单位:A", "A/r"),
    ("\n责任科室:秘书科、法规科", "秘书科/r 法规科/r"),
    ("\n负责部门:A、B", "A/r B/r"),
    # in a bracket at the end, without a label
    ("(A、B,各部门)", "A/r B/r 各部门/r"),
    ("(A及B)", "A/r B/r"),
    ("(A、B及C和县(区)政府)", "A/r B/r C/r 县（区）政府/r"),
    ("(A、监察局及相关部门)", "A/r 监察局/r 相关部门/r"),
    ("(A牵头,B配合)", "A/l B/p"),
    ("(A牵头,B、C及D各负其责)", "A/l B/r C/r D/r"),
    ("(A、B共同负责,C及D配合)", "A/r B/r C/p D/p"),
    ("(A、B、C牵头负责)", "A/l B/l C/l"),
    ("(A负责)", "A/r"),
    ("(A会同B办理)", "A/l B/p"),
    ("(A会同B及各县、市、区政府办理)", "A/l B/p 各县、市、区政府/p"),
    ("(A、B等有关部门办理)", "A/r B/r"),
    ("(A、B牵头,C及D按职责分工负责)", "A/l B/l C/r D/r"),
    ("(分管副省长、协管副秘书长负责,A牵头,B)", "A/l B/p"),
    ("（负责部门：A、B；适用范围：全市）", "A/r B/r"),
    ("（A、B等和各省级人民政府负责）", "A/r B/r 各省级人民政府/r"),
    ("（A指导，试点城市政府负责落实。）", "A/p 试点城市政府/r"),
    ("（A牵头，各省级人民政府按职责分工负责）", "A/l 各省级人民政府/r"),
]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize(("clause", "found"), UNIT_FORMS, ids=[clause for clause, _ in UNIT_FORMS])
def test_units_and_roles_of_a_form(clause: str, found: str, width: dict[int, int]) -> None:
    read = item(clause.translate(width))
    assert units(read) == expected(found)
    assert read.text == "清理文件，公布结果。"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize(
    ("clause", "schedule", "deadlines"),
    [
        ("(牵头单位:A;责任单位:B,6月底完成)", None, ("6月底",)),
        ("(责任分工:A或B;完成时限:长期)", "长期", ()),
        ("\n责任单位:A\n完成时限:2022年10月底前", "2022年10月底前", ("2022年10月底前",)),
        ("\n责任单位:A；完成时间:12月底前", "12月底前", ("12月底前",)),
        ("\n时限要求:持续推进\n责任单位:A", "持续推进", ()),
    ],
)
def test_time_in_a_unit_clause(
    clause: str, schedule: str | None, deadlines: tuple[str, ...], width: dict[int, int]
) -> None:
    read = item(clause.translate(width))
    assert (read.schedule, read.deadlines) == (schedule, deadlines)
    assert read.text == "清理文件，公布结果。"


def test_brackets_inside_the_words_name_units_too() -> None:
    found = notice("一、健全制度\n（一）抓好三件事。一是清理文件。（A牵头）二是公开文件。（B牵头，C配合）\n").items[0]
    assert units(found) == expected("A/l B/l C/p")
    assert found.text == "抓好三件事。一是清理文件。二是公开文件。"


def test_lead_after_each_inline_number() -> None:
    found = notice("一、健全制度\n（一）抓好：(1)清理文件(A牵头负责)；(2)公开文件(B牵头负责)。\n").items[0]
    assert units(found) == expected("A/l B/l")


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize(
    ("body", "labels"),
    [
        ("一、总则\n10.甲事。\n11完善乙事。\n12.丙事。\n", ["10.", "11.", "12."]),
        ("一、总则\n6. 甲事。\n二、分则\n7.乙事。\n", ["6.", "7."]),
        ("一、总则\n（一）甲事。\n二、分则\n（二）乙事。\n", ["（一）", "（二）"]),
        ("一、总则\n①甲事。\n②乙事。\n", ["①", "②"]),
        ("一、总则\n1）甲事。\n2）乙事。\n", ["（1）", "（2）"]),
        ("一、总则\n第一，甲事。\n第二，乙事。\n", ["第一，", "第二，"]),
        ("一、甲事。（A负责）\n二、乙事。（B负责）\n", ["一、", "二、"]),
    ],
)
def test_numbering_of_a_form(body: str, labels: list[str], width: dict[int, int]) -> None:
    assert [found.label for found in notice(body.translate(width)).items] == labels


@pytest.mark.parametrize(
    ("clause", "deadline"),
    [
        ("年底前完成。", "年底前"),
        ("12月底前出台。", "12月底前"),
        ("5月底前动工。", "5月底前"),
        ("2022年10月底前建成。", "2022年10月底前"),
        ("自评阶段（4月30日前）。", "4月30日前"),
    ],
)
def test_deadline_of_a_form(clause: str, deadline: str) -> None:
    assert item(clause).deadlines == (deadline,)


@pytest.mark.parametrize("words", ["持续推进。", "全年开展。", "长期坚持。"])
def test_what_goes_on_has_no_deadline(words: str) -> None:
    assert item(words).deadlines == ()


@pytest.mark.parametrize(
    "words", ["各责任单位要切实承担牵头责任。", "由A牵头的工作要抓紧。", "请A、B等单位配合做好工作。"]
)
def test_running_text_is_no_unit_clause(words: str) -> None:
    assert item(words).units == ()
