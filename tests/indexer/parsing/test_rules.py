import pytest

from corpus.model import Role
from indexer.parsing.rules import Rules, read_rules
from indexer.parsing.units import read_units

LEAD, PARTICIPATE, RESPONSIBLE = Role.LEAD, Role.PARTICIPATE, Role.RESPONSIBLE


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("各项任务排在第一位的部门为牵头部门，下同。", Rules(first_leads=True)),
        ("每项任务列在第一位的单位为牵头单位，其余为参加单位。", Rules(first_leads=True)),
        ("第一责任单位为牵头单位或汇总单位。", Rules(first_leads=True)),
        ("无牵头单位的，责任单位即为牵头单位。", Rules(all_lead=True)),
        ("各牵头单位要切实承担牵头责任，列入第一批试点。", Rules()),
    ],
)
def test_rule_for_the_whole_notice_is_read(text: str, rules: Rules) -> None:
    assert read_rules(text) == rules


@pytest.mark.parametrize(
    ("rules", "clause", "roles"),
    [
        (Rules(first_leads=True), "区司法局、区财政局、区教育局", [LEAD, PARTICIPATE, PARTICIPATE]),
        (Rules(first_leads=True), "区司法局", [LEAD]),
        (Rules(first_leads=True), "区司法局、区财政局牵头", [LEAD, LEAD]),
        (Rules(all_lead=True), "区司法局、区财政局", [LEAD, LEAD]),
        (Rules(all_lead=True), "区司法局牵头，区财政局负责", [LEAD, RESPONSIBLE]),
        (Rules(), "区司法局、区财政局", [RESPONSIBLE, RESPONSIBLE]),
    ],
)
def test_rule_gives_roles_where_the_clause_names_no_lead(rules: Rules, clause: str, roles: list[Role]) -> None:
    assert [unit.role for unit in rules.apply(read_units(clause, "区"))] == roles
