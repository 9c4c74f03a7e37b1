"""The Chinese words under which stored values are shown: one table for the command line and the page."""

ROLES = {"lead": "牵头", "participate": "配合", "responsible": "负责"}
KINDS = {"task": "任务", "requirement": "要求", "goal": "目标", "result": "情况"}
FIELDS = {
    "province": "省份",
    "city": "设区市",
    "district": "区县",
    "year": "年份",
    "unit": "责任单位",
    "role": "职责",
    "basis": "依据",
    "type": "文种",
    "kind": "条款性质",
}
"""The filters by the name of their parameter."""


def shown(field: str, value: str) -> str:
    """A stored value as a reader reads it: 牵头 for the role `lead`."""
    return {"role": ROLES, "kind": KINDS}.get(field, {}).get(value, value)
