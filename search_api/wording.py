"""The Chinese words under which what is stored is shown: the same on the command line and on the page."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from corpus.model import BasisReference, Notice, TaskItem

if TYPE_CHECKING:
    from search_api.near_identical import Usage
    from search_api.results import Explanation, Searched

ROLES = {"lead": "牵头", "participate": "配合", "responsible": "负责"}
KINDS = {"task": "任务", "requirement": "要求", "goal": "目标", "result": "情况"}
BLOCKS = {
    "web_frame": "网页框架",
    "masthead": "文头",
    "title": "标题",
    "addressees": "主送机关",
    "transmittal": "印发语",
    "signature": "落款",
    "disclosure": "公开方式",
    "preamble": "前言",
    "heading": "小标题",
    "introduction": "引言",
    "label": "序号",
    "text": "条文",
    "units": "责任单位",
    "schedule": "时限",
    "basis": "依据",
    "closing": "结尾",
    "copy_list": "抄送",
    "imprint": "印发栏",
    "table": "表格",
    "markup": "标记符号",
}
"""What a stretch of the source was taken for."""
SYNONYM_KINDS = {"abbreviation": "简称", "colloquial": "口语", "term": "术语", "agency": "机构更名"}
CHANGES = {"added": "多出", "missing": "缺少", "changed": "改写", "quantity": "数字或时限", "moved": "移位"}
"""What became of a stretch of a text in the one that it is compared with."""
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


_MOST_PLACES = 8


def shown(field: str, value: str) -> str:
    """A stored value as a reader reads it: 牵头 for the role `lead`."""
    return {"role": ROLES, "kind": KINDS}.get(field, {}).get(value, value)


def place(notice: Notice) -> str:
    """The smallest place that a notice is known to be from."""
    return notice.district or notice.city or notice.province or "地区不详"


def years(notice: Notice) -> str:
    """The years that a notice plans for, or that of its date; empty where neither is known."""
    first, last = notice.plan_year_start, notice.plan_year_end
    if first is None:
        return (notice.date_issued or "")[:4]
    return f"{first}-{last}" if last is not None and last != first else str(first)


def units_by_role(item: TaskItem) -> dict[str, list[str]]:
    """Names of an item's units under the word for their role, in the order of the print."""
    named: dict[str, list[str]] = {}
    for unit in item.units:
        named.setdefault(ROLES[unit.role], []).append(unit.canonical)
    return named


def units(item: TaskItem) -> str:
    """Units with their roles: 区法制办、区财政局（牵头），区教育局（配合）."""
    return "，".join(f"{'、'.join(names)}（{role}）" for role, names in units_by_role(item).items())


def basis(item: TaskItem) -> str:
    """Basis documents with their articles: 《实施方案》第12、13条."""
    return references(item.basis)


def references(found: Iterable[BasisReference]) -> str:
    """Documents with their articles: 《实施方案》第12、13条、《行政处罚法》."""
    return "、".join(
        f"《{reference.document}》" + (f"第{'、'.join(reference.articles)}条" if reference.articles else "")
        for reference in found
    )


def timing(item: TaskItem) -> str:
    """The schedule line, or the deadlines in the text."""
    return item.schedule or "、".join(dict.fromkeys(item.deadlines))


def reasons(explanation: "Explanation") -> str:
    """Why a hit was found: each leg's rank, and the words of the query in its text."""
    legs = (("字词", explanation.lexical), ("语义", explanation.vector))
    found = "、".join(f"{name}第 {leg.rank} 名" for name, leg in legs if leg)
    # 规范, 范性 and 规范性 say nothing besides 规范性文件.
    whole = [word for word in explanation.matched if not any(word in other != word for other in explanation.matched)]
    words = f"命中 {'、'.join(whole)}" if whole else ""
    others = "，".join(f"{'、'.join(one.expansions)}（即“{one.phrase}”）" for one in explanation.synonyms)
    return "；".join(filter(None, (found, words, f"同义 {others}" if others else "")))


def wording(usage: "Usage") -> str:
    """Who uses a wording, and who used it first."""
    least = "至少 " if usage.at_least else ""
    first = usage.first.notice
    since = f"，最早见于{place(first)}{years(first)}《{first.title}》"
    return f"{least}{usage.districts} 个地区的 {usage.notices} 份通知用了几乎相同的文字{since}"


def searched(held: "Searched") -> str:
    """What a search went through: 3 份通知、229 条条款，鲤城区、晋安区，2016—2023 年."""
    some = "、".join(held.districts[:_MOST_PLACES]) + (
        f" 等 {len(held.districts)} 地" if len(held.districts) > _MOST_PLACES else ""
    )
    span = (
        f"{held.years[0]}—{held.years[-1]} 年" if len(held.years) > 1 else "".join(f"{year} 年" for year in held.years)
    )
    return "，".join(filter(None, (f"{held.notices} 份通知、{held.items} 条条款", some, span)))
