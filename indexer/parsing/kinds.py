"""What a provision does: task, goal, requirement or result."""

import re

from corpus.model import ItemKind, ResponsibleUnit

_GOAL = re.compile(r"(?:总体|工作|主要|具体|发展|建设|阶段性?|年度)?目标(?:要求)?$|目标任务$")
_REQUIREMENT = re.compile(
    r"指导思想|(?:总体|基本|工作|有关|几点)要求|(?:基本|工作)原则|总体思路|工作思路$|核查方法|组织(?:实施|保障)|保障措施|工作措施$|工作保障"
)
_REPORT = re.compile(r"报告|总结|汇报|通报")
_AHEAD = re.compile(
    r"(?:下一?步|今后|明年|20[0-9]{2}年|下一?阶段|来年).{0,12}(?:思路|打算|计划|安排|举措|重点|措施|工作)"
    r"|工作(?:思路|打算|计划|安排)"
)
_DONE = re.compile(
    r"(?:主要)?(?:工作|做法|成效|进展|落实|完成|开展|履职).{0,6}(?:情况|成效|做法)|取得|存在.{0,6}(?:问题|不足|短板)"
)


def find_kind(path: list[str], units: tuple[ResponsibleUnit, ...], doc_type: str | None) -> ItemKind:
    """The kind of an item from the headings on its path, its units and the notice's type.

    A unit makes a task of anything; the nearest heading that tells decides otherwise.
    """
    if doc_type and _REPORT.search(doc_type):
        ahead = any(_AHEAD.search(step) and not _DONE.search(step) for step in path)
        return ItemKind.TASK if ahead else ItemKind.RESULT
    if units:
        return ItemKind.TASK
    for step in reversed(path):
        heading = re.sub(r"^[^\u4e00-\u9fff]*(?:[一二三四五六七八九十]+[、）])?", "", step)
        if _GOAL.search(heading):
            return ItemKind.GOAL
        if _REQUIREMENT.search(heading) and len(heading) <= 20:
            return ItemKind.REQUIREMENT
    return ItemKind.TASK
