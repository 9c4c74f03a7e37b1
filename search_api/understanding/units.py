"""Units in a query: 司法局牵头的, 由公安局配合, 谁负责. They raise items and leave none out, since many have no unit clause.

A body's names are all asked for together: 市场监督管理局 is also 市场监管局, and in notices before the reform 工商局 and 质监局.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache

from corpus.model import Role
from indexer.index.filters import Filters
from indexer.parsing.data import read_rows
from search_api.understanding.data import read_words
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText, occurrences
from search_api.wording import ROLES

# What a query calls a role. Who is responsible in a query's words may be the lead of an item.
_ROLES = {
    "牵头": (Role.LEAD,),
    "主办": (Role.LEAD,),
    "主管": (Role.LEAD, Role.RESPONSIBLE),
    "负责": (Role.LEAD, Role.RESPONSIBLE),
    "承办": (Role.LEAD, Role.RESPONSIBLE),
    "责任": (Role.LEAD, Role.RESPONSIBLE),
    "配合": (Role.PARTICIPATE,),
    "协办": (Role.PARTICIPATE,),
    "协助": (Role.PARTICIPATE,),
    "参与": (Role.PARTICIPATE,),
    "参加": (Role.PARTICIPATE,),
}
_VERBS = "|".join(word for word in _ROLES if word != "责任")
# 负责人, 牵头单位, 配合度 and 责任制 are words of their own.
_VERB = rf"(?P<role>{_VERBS})(?![人制度]|单位|部门)(?:负责|办理|落实|实施|组织)?的?"
_WHO = r"(?:谁|(?:哪个|哪些|哪几个|哪家|什么)(?:部门|单位|局|机构)?)"
_ASKED = (
    re.compile(rf"(?:应该|应当|应)?(?:是|由)?{_WHO}来?{_VERB}"),
    re.compile(rf"的?(?P<role>牵头|主办|责任|配合)(?:单位|部门)(?:是|有|为){_WHO}"),
)
_CHARGED = re.compile(rf"(?:具体|主要|共同|分别|来)?{_VERB}")
_CHARGES = re.compile(r"(?:(?P<role>牵头|主办|责任|配合)(?:单位|部门)(?:是|为)|由)$")
_LEVEL = re.compile(r"[我本全]?[省市区县旗]委?$")
# What goes on with another word behind a name: 司法局长, 宣传部门, 政府办公.
_OTHER_WORD = re.compile(r"(?<=[局厅委院])长|(?<=部)[门署]|(?<=办)[公理事法案学]|(?<=局)[面势部限]")
# What joins units that have one role: 教育局和区民政局负责.
_JOINED = re.compile("(?:[、和与及]|以及)[省市区县旗]?")
_SHORTEST_ALONE = 3
_ALONE = re.compile(r"[局厅委院部署]$|办公室$")


def read_units(text: QueryText) -> Iterator[Part]:
    """Who is asked for, then the units of a query. A unit without a role stays among the words."""
    if text.text.count("谁") < 2:  # 谁执法谁普法 asks nothing
        for pattern in _ASKED:
            for match in list(pattern.finditer(text.open)):
                yield _asked(text, match)
    for units in _lists(text):
        (start, _), (_, end) = units[0], units[-1]
        if level := _LEVEL.search(text.open[:start]):
            start = level.start()
        after = _CHARGED.match(text.open, end)
        before = _CHARGES.search(text.open[:start])
        if role := after["role"] if after else before and before["role"]:
            begin = before.start() if before else start
            yield _charged(text, [text.open[a:b] for a, b in units], role, begin, after.end() if after else end)
        else:
            yield from (
                _named(text, a, b) for a, b in units if b - a >= _SHORTEST_ALONE and _ALONE.search(text.open[a:b])
            )


def _lists(text: QueryText) -> Iterator[list[tuple[int, int]]]:
    """The names of units in a query, those that 、 or 和 joins together."""
    listed: list[tuple[int, int]] = []
    for start, end in list(occurrences(text.open, _names().__contains__, _longest())):
        if _OTHER_WORD.match(text.open, end) or any(text.spaced(at) for at in range(start + 1, end)):
            continue
        if listed and not _JOINED.fullmatch(text.open, listed[-1][1], start):
            yield listed
            listed = []
        listed.append((start, end))
    if listed:
        yield listed


@lru_cache(maxsize=1024)
def unit_names(name: str) -> tuple[str, ...]:
    """All names of a body, the given one first, then its other ones, its successors' and those of bodies it took over."""
    canonical = _canonical()[name]
    successors, chain = _successors(), [canonical]
    while (successor := successors.get(chain[-1])) is not None:
        chain.append(successor)
    joint = [office for body, office, _ in read_words("joint_offices.tsv") if body in chain]
    bodies = (*chain, *joint, *(before for before, after in successors.items() if after == canonical))
    return tuple(dict.fromkeys((name, *(alias for body in bodies for alias in (body, *_aliases().get(body, ()))))))


def _asked(text: QueryText, match: re.Match[str]) -> Part:
    typed = text.printed(*match.span())
    roles = _ROLES[match["role"]]
    note = f"“{typed}”：写明{'、'.join(ROLES[role] for role in roles)}单位的条款优先"
    part = Part(PartKind.UNIT, typed, text.span(*match.span()), note, boosts=(Filters(role=roles),))
    text.take(*match.span())
    return part


def _charged(text: QueryText, units: list[str], role: str, start: int, end: int) -> Part:
    names, roles = tuple(dict.fromkeys(name for unit in units for name in unit_names(unit))), _ROLES[role]
    shown = "、".join(unit + _also(unit) for unit in units)
    note = f"{shown}{'、'.join(ROLES[one] for one in roles)}的条款优先"
    boosts = (Filters(unit=names), Filters(unit=names, role=roles))
    part = Part(PartKind.UNIT, text.printed(start, end), text.span(start, end), note, boosts=boosts)
    text.take(start, end)
    return part


def _named(text: QueryText, start: int, end: int) -> Part:
    name = text.open[start:end]
    note = f"{name}{_also(name)}的条款优先"
    boosts = (Filters(unit=unit_names(name)),)
    part = Part(PartKind.UNIT, text.printed(start, end), text.span(start, end), note, boosts=boosts, stays=True)
    text.take(start, end)
    return part


def _also(name: str) -> str:
    """What else the body is called, one name each of those that took over and that were taken over."""
    canonical = _canonical()[name]
    successors = _successors()
    others = [successors.get(canonical), *(before for before, after in successors.items() if after == canonical)]
    shown = "、".join(other for other in others if other)
    return f"（含{shown}）" if shown else ""


@cache
def _canonical() -> dict[str, str]:
    rows = read_rows("agencies.tsv")
    return {alias: canonical for canonical, alias, _, _ in rows} | {canonical: canonical for canonical, _, _, _ in rows}


@cache
def _names() -> frozenset[str]:
    return frozenset(_canonical())


@cache
def _longest() -> int:
    return max(map(len, _names()))


@cache
def _aliases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for canonical, alias, _, _ in read_rows("agencies.tsv"):
        found[canonical].append(alias)
    return found


@cache
def _successors() -> dict[str, str]:
    return {former: successor for former, successor, _, _ in read_rows("renames.tsv")}
