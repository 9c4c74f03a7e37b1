"""Rules that a notice states once for all of its unit lists.

Real forms: `各项任务排在第一位的部门为牵头部门，下同`, `列在第一位的单位为牵头单位，其余为参加单位`,
`第一责任单位为牵头单位或汇总单位`, `无牵头单位的，责任单位即为牵头单位`.
"""

import re
from dataclasses import dataclass, replace

from corpus.model import ResponsibleUnit, Role

_UNIT = "(?:责任)?(?:单位|部门)"
_FIRST_LEADS = re.compile(
    rf"(?:排列?|列|位)(?:在|于)?(?:第一位?|首位|最前面?)的?{_UNIT}?(?:均)?(?:为|是|即为|作为)(?:牵头|主办|第一责任)"
    rf"|(?:第一(?:个)?|首个|首位|首家){_UNIT}(?:均)?(?:为|是|即为|作为)(?:牵头|主办)"
)
_ALL_LEAD = re.compile(rf"(?:无|没有|未明确|未列|未注明)牵头{_UNIT}的，?(?:其)?{_UNIT}(?:即|均)?(?:为|是|作为)牵头")


@dataclass(frozen=True, slots=True)
class Rules:
    """`first_leads`: in a list without a lead the first unit leads. `all_lead`: there every unit leads."""

    first_leads: bool = False
    all_lead: bool = False

    def apply(self, units: tuple[ResponsibleUnit, ...]) -> tuple[ResponsibleUnit, ...]:
        """The units of one item with the roles that the rules give; a list that names a lead stays as it is."""
        if any(unit.role is Role.LEAD for unit in units):
            return units
        if self.first_leads and len(units) > 1:
            rest = (replace(u, role=Role.PARTICIPATE) if u.role is Role.RESPONSIBLE else u for u in units[1:])
            return (replace(units[0], role=Role.LEAD), *rest)
        if self.first_leads or self.all_lead:
            return tuple(replace(u, role=Role.LEAD) if u.role is Role.RESPONSIBLE else u for u in units)
        return units


def read_rules(text: str) -> Rules:
    """The rules in the folded text of a whole notice."""
    return Rules(bool(_FIRST_LEADS.search(text)), bool(_ALL_LEAD.search(text)))
