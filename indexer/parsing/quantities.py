"""Deadlines and quantitative targets in the words of a provision.

Deadlines are calendar dates or spans counted from an event: 12月底前, 2019年第一季度, 到2024年, 自公布之日起15日内. 持续推进, 及时
and 定期 are none. Targets are quantities to be reached: 不少于9次, 85%以上, 每季度开展一次, 建成7个中心; 最多跑一次 and 四个领域 are
none.
"""

import re

from corpus.model import ItemKind

_MONTH = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月"
_DAY = r"(?:[0-9]{1,2}日|底|末|份|初|上旬|中旬|下旬|中)"
_YEAR = r"(?:20[0-9]{2}年?|今年|明年|当年|次年|本年度?|每年)"
_QUARTER = r"(?:第?[一二三四1234]季度|上半年|下半年|[一二三四1234]季度)"
_BEFORE = r"(?:以?前|之前)"
_DEADLINE = re.compile(
    rf"""
    (?= [0-9一二三四五六七八九十自从今明当次本每到至于截第上下年] )   # how one may begin: spares most places the rest
    (?:
      (?:自|从)[\u4e00-\u9fff]{{2,14}}?之日起[0-9一二三四五六七八九十]{{1,8}}个?(?:工作日|[日天月年])(?:内|之内|以内)   # 自公布之日起15日内
    | {_YEAR}{_MONTH}{_DAY}?{_BEFORE}?                 # 2022年10月底前
    | {_YEAR}{_QUARTER}(?:末|底)?{_BEFORE}?            # 2019年第一季度
    | (?:到|至|于|截至)20[0-9]{{2}}年(?:底|末|内)?{_BEFORE}?   # 到2024年
    | 20[0-9]{{2}}年?(?:(?:底|末|内|年底){_BEFORE}?|之?前)   # 2022年底前, 2021底前 (年 lost)
    | {_MONTH}{_DAY}?{_BEFORE}                          # 12月底前, 6月5日前
    | {_MONTH}(?:[0-9]{{1,2}}日|底|末)                  # 12月底
    | (?:每[年月])?[0-9]{{1,2}}日{_BEFORE}              # 每月25日前, 每年31日前 (month lost)
    | {_QUARTER}(?:末|底|结束)?{_BEFORE}                # 三季度末前
    | (?:今年|明年|本年|当年)?年(?:底|末|内){_BEFORE}?  # 年底前
    )
    """,
    re.X,
)
# In a schedule line, and at the head of a clause that says what will be reached by then, a year alone is a deadline.
_BARE_YEAR = re.compile(r"20[0-9]{2}年?(?=[，\u4e00-\u9fff])")
_CLAUSE_YEAR = re.compile(r"(?:^|(?<=[。；]))20[0-9]{2}年(?=，)")
_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》|〈[^〉]*〉")

_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{1,4})?[万亿]?|[一二三四五六七八九十百千两]{1,8})"
_COUNT = r"(?:个?工作日|场?次|人次|批次|学时|课时|小时|[万亿]元|[期场轮批名人件条项个份篇部天家户所处宗例元分倍%])"
_AT_LEAST = r"(?:不得?(?:少于?|低于|高于|超过)|至少|最少|超过|达到?|力争|确保|低于|高于|控制在|保持在|提高到|下降)"
_OFTEN = r"(?:每人?(?:两年|半年|季度|学期|[年月周届])|每人每年|全年|年度内|任期内)"
_REACH = r"(?:完成|实现|建成|新增|创建|培育|打造|选取|办理|编写|形成|设立|评查|抽查|配备)"
_TARGET = re.compile(
    rf"""
    (?= [0-9一二三四五六七八九十百千两每全年任不至最超达力确低高控保提下完实建新创培打选办编形设评抽配] )   # as above
    (?:
      # 每年至少召开1次会议
      {_OFTEN}[^，。；《》]{{0,12}}?(?:至少|不少于|不低于)?(?:[\u4e00-\u9fff]{{0,6}})(?<!第){_NUMBER}{_COUNT}(?:以上)?(?:会议)?
      # 不少于9次
    | {_AT_LEAST}(?:[\u4e00-\u9fff]{{0,4}}){_NUMBER}{_COUNT}(?:以上|以内|左右)?
      # 一名以上
    | {_NUMBER}{_COUNT}及?(?:以上|以内|以下)
      # 100%
    | [0-9]{{1,9}}(?:\.[0-9]{{1,4}})?%(?:以上|以内|以下)?
      # 开展2次专项监督检查
    | (?<![0-9A-Za-z.年第])[0-9]{{1,9}}(?:场?次|[期场轮]|批次|学时|课时)
      # 7个部门调解组织全覆盖
    | (?<![0-9])[0-9]{{1,9}}{_COUNT}[\u4e00-\u9fff]{{2,20}}?全覆盖
      # 建成7个中心
    | {_REACH}[^，。；《》]{{0,14}}?(?<![0-9])[0-9]{{1,9}}{_COUNT}(?:[\u4e00-\u9fff]{{2,20}}?全覆盖)?
    )
    """,
    re.X,
)
_SLOGAN = re.compile(r"最多跑[一1]次|[一1]次办|[一1]次性?告知|[一1]件事|[一1]次抽查")
_NO_TARGET = re.compile(r"^[一二三四五六七八九十两]+(?:批|个|项|部|处|人|条|名)$")

# Neither is there without one of these: spares most of the texts the search.
_MAY_HOLD_DEADLINE = re.compile("[0-9年月季日]")
_MAY_HOLD_TARGET = re.compile(rf"[0-9]|[一二三四五六七八九十百千两]{_COUNT}")


def find_deadlines(text: str, schedule: str | None, kind: ItemKind) -> tuple[str, ...]:
    """Deadlines in folded text and schedule line, as printed and in order; none for what a report says was done."""
    if kind is ItemKind.RESULT or not _MAY_HOLD_DEADLINE.search(text + (schedule or "")):
        return ()
    patterns = [_DEADLINE, _CLAUSE_YEAR] if kind is ItemKind.GOAL else [_DEADLINE]
    found = _in_order(patterns, _masked(text))
    if schedule:
        found += _in_order([_DEADLINE, _BARE_YEAR], schedule)
    return tuple(dict.fromkeys(found))


def find_targets(text: str, schedule: str | None, kind: ItemKind) -> tuple[str, ...]:
    """Quantities to be reached in folded text and schedule line; none for what a report says was done."""
    if kind is ItemKind.RESULT:
        return ()
    found: list[str] = []
    for part in (text, schedule or ""):
        if not _MAY_HOLD_TARGET.search(part):
            continue
        masked = _SLOGAN.sub(lambda match: "\x00" * len(match[0]), _masked(part))
        masked = _DEADLINE.sub(
            lambda match: match[0] if match[0].startswith("每年") else "\x00" * len(match[0]), masked
        )
        found += [target for target in _in_order([_TARGET], masked) if not _NO_TARGET.match(target)]
    return tuple(dict.fromkeys(found))


def _masked(text: str) -> str:
    """The text with titles blanked out: the years of 《纲要（2021-2025年）》 are no deadlines."""
    return _TITLE.sub(lambda match: "\x00" * len(match[0]), text)


def _in_order(patterns: list[re.Pattern[str]], text: str) -> list[str]:
    """What the patterns find, in the order of the text; a later pattern only where no earlier one matched."""
    found: list[tuple[int, str]] = []
    for pattern in patterns:
        matches = [(match.start(), match[0]) for match in pattern.finditer(text)]
        for start, words in matches:
            text = text[:start] + "\x00" * len(words) + text[start + len(words) :]
        found += matches
    return [words for _, words in sorted(found)]
