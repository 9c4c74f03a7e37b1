import pytest

from corpus.model import Role
from indexer.parsing.agencies import agency_name
from indexer.parsing.lines import FoldedText
from indexer.parsing.units import is_unit_list, read_units

ROLE = {"l": Role.LEAD, "p": Role.PARTICIPATE, "r": Role.RESPONSIBLE}


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("责任单位：区委编办牵头，新区管委会、各镇政府和区直各单位按职责分别负责", "区委编办/l 新区管委会/r 各镇政府/r 区直各单位/r"),
        ("责任单位:区法制办牵头,区综治办、司法局参加", "区法制办/l 区综治办/p 司法局/p"),
        ("区法制办牵头，区政府办配合，区政府各部门、各单位负责", "区法制办/l 区政府办/p 区政府各部门/r 各单位/r"),
        ("责任单位：区委组织部、区纪委（区监委）、各镇（街道）", "区委组织部/r 区纪委（区监委）/r 各镇（街道）/r"),
        ("责任单位：区检察院牵头，区工商联、区司法局", "区检察院/l 区工商联/p 区司法局/p"),
        ("责任单位：区监委、区政府办、区委组织部分别牵头", "区监委/l 区政府办/l 区委组织部/l"),
        ("责任单位：具有行政执法权的区直机关（事业单位）牵头，区法制办参加", "具有行政执法权的区直机关（事业单位）/l 区法制办/p"),
        ("责任单位:发改局（区大数据局）市场监管局、司法局牵头,各乡镇(街道)有关部门", "发改局（区大数据局）/l 市场监管局/l 司法局/l 各乡镇（街道）/p 有关部门/p"),
        ("市司法局、各县（区）司法局", "市司法局/r 各县（区）司法局/r"),
        ("省法制办、各市、县、区人民政府", "省法制办/r 各市、县、区人民政府/r"),
        ("责任单位：各镇（街道）和区直有关单位", "各镇（街道）/r 区直有关单位/r"),
        ("责任单位:区政协办、区营商办、区工商联", "区政协办/r 区营商办/r 区工商联/r"),
        ("区编办牵头，区政府相关部门和单位负责", "区编办/l 区政府相关部门和单位/r"),
        ("区财政局、区住建局等有收费项目的部门负责", "区财政局/r 区住建局/r"),
        ("市、县（市、区）政府，市直各有关部门", "市、县（市、区）政府/r 市直各有关部门/r"),
        ("牵头单位：市司法局；责任单位：市财政局、各县区", "市司法局/l 市财政局/r 各县区/r"),
        ("牵头单位：市司法局，协助单位：市财政局", "市司法局/l 市财政局/p"),
        ("市司法局会同市财政局办理", "市司法局/l 市财政局/p"),
        ("（责任单位：区法制办，区政府各部门）", "区法制办/r 区政府各部门/r"),
    ],
)  # fmt: skip
def test_units_and_roles(clause: str, expected: str) -> None:
    folded = FoldedText(clause).text.removeprefix("（").removesuffix("）" if clause.startswith("（") else "")
    found = [(unit.name, unit.role) for unit in read_units(folded, "区")]
    assert found == [(name, ROLE[role]) for name, role in (pair.split("/") for pair in expected.split())]


def test_names_glued_by_a_lost_separator_are_cut_in_a_damaged_copy_only() -> None:
    clause = "发改商务局、市场监管局牵头"
    assert [unit.name for unit in read_units(clause, "区", damaged=True)] == ["发改", "商务局", "市场监管局"]
    assert [unit.name for unit in read_units(clause, "区")] == ["发改商务局", "市场监管局"]


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("区司法局", "区司法局"),
        ("司法局", "区司法局"),
        ("委编办", "区委编办"),
        ("发改", "区发改局"),
        ("党校", "区委党校"),
        ("政府办", "区政府办"),
        ("市场监管局", "区市场监管局"),
        ("发改局（区大数据局）", "区发改局（区大数据局）"),
        ("区纪委监委", "区纪委监委"),
        ("高新区管委会", "高新区管委会"),
        ("鲤城公安分局", "鲤城公安分局"),
    ],
)
def test_canonical_name_restores_what_the_print_elided(name: str, canonical: str) -> None:
    assert agency_name(name, "区").canonical == canonical


@pytest.mark.parametrize(
    ("name", "successor"),
    [
        ("区法制办", "区司法局"),
        ("法制办", "区司法局"),
        ("区政府法制办公室", "区司法局"),
        ("区食药监局", "区市场监管局"),
        ("区监察局", "区监委"),
        ("区安监局", "区应急局"),
        ("区环保局", "区生态环境局"),
        ("区综治办", "区委政法委"),
        ("区司法局", None),
        ("区教育局", None),
    ],
)
def test_body_that_a_reform_replaced_names_its_successor(name: str, successor: str | None) -> None:
    assert agency_name(name, "区").successor == successor


@pytest.mark.parametrize(("name", "repaired"), [("委编办", True), ("发改", True), ("区委编办", False), ("党校", False)])
def test_name_with_lost_letters_is_told_from_an_elided_one(name: str, repaired: bool) -> None:
    assert agency_name(name, "区").repaired is repaired


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("区法制办牵头，区政府办配合", True),
        ("各行政执法单位负责", True),
        ("责任单位：区法制办", True),
        ("区法制办", True),
        ("行政审批局、建设交通局、自然资源分局", True),
        ("包括电子档案", False),
        ("此件主动公开", False),
        ("科级班、中青班", False),
        ("以上一年度人数为基数", False),
        ("2021-2025年", False),
    ],
)
def test_bracket_is_told_apart_from_a_unit_list(inside: str, expected: bool) -> None:
    assert is_unit_list(FoldedText(inside).text) is expected


def test_groups_are_marked() -> None:
    assert [unit.is_group for unit in read_units("区司法局、各街道办事处、区直各有关部门", "区")] == [False, True, True]
