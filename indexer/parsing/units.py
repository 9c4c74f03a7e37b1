"""Units and their roles from a unit clause.

Real forms: `责任单位：区委编办牵头，新区管委会、各镇和区直各单位按职责分别负责`,
`(区法制办牵头,区政府办配合,区政府各部门负责)`, `[责任单位：区委组织部、区纪委（区监委）]`,
`区检察院牵头，区工商联、区司法局` (listed after a lead without a word: they participate),
`各乡镇(街道)福兴开发区` (the separator behind the bracket is lost).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.model import ResponsibleUnit, Role
from indexer.parsing.agencies import agency_name, is_agency, is_stem
from indexer.parsing.brackets import closing, split_outside

_LONGEST_LIST = 1_000
_LONGEST_PIECE = 300
"""Characters of the longest unit list in a bracket, and of the longest stretch between two commas in one."""

_ADVERB = (
    r"(?:按照?|依照?|根据)?(?:各自)?(?:职责|职能|分工)*(?:分工|职责)?(?:分别|共同|联合|具体|统一|各自|组织|抓好|做好)*"
)
# Role words as they end a list of names. Where the last column says so, the word is also how names end (政协办, 落实办): what
# is left before it must then look like a name.
_ROLES = (
    (re.compile(rf"{_ADVERB}牵头(?:负责|办理|落实|实施|组织实施|抓总)?(?:单位|部门)?$"), Role.LEAD, False),
    (re.compile(rf"{_ADVERB}(?:主办|主责)(?:单位|部门)?$"), Role.LEAD, True),
    (re.compile(rf"{_ADVERB}(?:配合|协助|参加|参与|指导)(?:办理|落实|实施|配合)?$"), Role.PARTICIPATE, False),
    (re.compile(rf"{_ADVERB}(?:协同|协办)$"), Role.PARTICIPATE, True),
    (re.compile(rf"{_ADVERB}(?:各负其责|负责)(?:办理|落实|实施|组织实施)?$"), Role.RESPONSIBLE, False),
    (re.compile(rf"{_ADVERB}(?:承办|办理|落实|实施)$"), Role.RESPONSIBLE, True),
)
# What stands between a label's role and its colon.
_BODY = r"(?:责任)?(?:单位|部门|科室|处室|主体)"
_LABELS = (
    (re.compile(rf"(?:牵头|主办|主责|总牵头){_BODY}$"), Role.LEAD),
    (re.compile(rf"(?:配合|协办|协助|参加|参与|协同){_BODY}$"), Role.PARTICIPATE),
    (re.compile(rf"(?:责任|承办|负责|实施|落实){_BODY}$|分工$"), Role.RESPONSIBLE),
)
LABEL = re.compile(
    r"(?P<label>(?:总?牵头|主办|主责|配合|协办|协助|协同|参加|参与|责任|承办|负责|实施|落实)"
    rf"{_BODY}|(?:责任|部门|职责|任务)分工)[:：]"
)
# A牵头B, A会同B: the role word stands between the names.
_MEANWHILE = re.compile(r"(?:牵头(?:会同)?|会同)(?=[\u4e00-\u9fff]{2})")
# Levels in front of a government, 各市、县（市、区）人民政府: what may come before the next 、, and what goes on behind it.
_LEVELS = re.compile(r"(?:^|[和及与])各?(?:设区的?)?[省市州县区旗镇乡](?:、[省市州县区旗镇乡])*$")
_LEVELS_GO_ON = re.compile(r"[省市州县区旗镇乡](?:（[^）]*）)?(?:$|人民政府|政府|党委|管委会|人大|法院|检察院)")
# 各县（区）: what stands behind belongs to it, 各县（区）司法局.
_LEVELS_ONLY = re.compile(r"各?[省市州县区旗]（[省市州县区旗、]+）")
# Words that join two names.
_JOINT = re.compile(r"(?:以及|和|及|与|或者|或)")
_LEADING_JOINT = re.compile(rf"^{_JOINT.pattern}")
# What can't stand for a unit on its own: the second half of 相关部门和单位.
_BARE = re.compile(r"^(?:各?(?:部门|单位|机构|机关|企业|地区|社区|人员|组织)|其?他?(?:有关|相关)?(?:职责|工作))$")
# How the name of a unit ends, in order of frequency.
_NAME = re.compile(
    r"(?:[局办委部院会处科股室厅署府所站队校联人组台社馆园库行镇乡区县市省村]|中心|部门|单位|机关|机构|街道|公司|集团|企业|团体|组织|专班|基地|大学)"
    r"(?:（.*）)?$"
)
# An open-ended group, 等有关部门, with what may be joined to it: 等和各省级人民政府.
_OPEN_GROUP = re.compile(r"等[^和及与]*(?:(?:以?及|和|与)(?P<more>.+))?$")
# Persons and remarks, which stand among units and are none.
_PERSON = re.compile(r"(?:[省市县区州镇乡局处科队部]长|秘书长|书记|主任|领导|同志|负责人)$")
_DEADLINE = re.compile(r"(?:月底?|年底?|日)前?(?:完成|出台)?$|^长期|完成时限|完成时间")
_REMARK = re.compile(r"^以下|均需|^下同$|适用范围")
# Units that are no single body: 各街道办事处, 区直有关部门.
_GROUP = re.compile(
    r"^(?:各|[区市县省]直|直各|相关|有关|其他|全[区市县省]|承担|具有|进驻)"
    r"|各(?:有关|相关)?(?:部门|单位|街道|镇|乡)|(?:有关|相关)(?:部门|单位)|(?:单位|部门)$"
)
# What goes on with a name behind its bracket: 各县（市、区）人民政府.
_AFTER_BRACKET = re.compile(r"^(?:人民)?(?:政府|党委|党工委|管委会|办事处|党政办|分局|支队|大队|等).{0,6}$")


def read_units(clause: str, level: str, damaged: bool = False) -> tuple[ResponsibleUnit, ...]:
    """The units of a folded clause without its outer brackets.

    `level` is the character of the notice's own level (区). In a `damaged` copy names that a lost separator glued
    together are cut: 发改商务局.
    """
    units: list[ResponsibleUnit] = []
    led = False
    for label_role, body in _labelled(clause):
        for names, role in _segments(body):
            if role is None:
                role = label_role or (Role.PARTICIPATE if led else Role.RESPONSIBLE)
            led = led or role is Role.LEAD
            parts = [part for name in names for part in (_unglued(name) if damaged else [name])]
            units += [_unit(name, role, level) for name in parts]
    return tuple(dict.fromkeys(units))


def is_unit_list(text: str) -> bool:
    """Whether a bracket's content without a label, folded, is nothing but units: 区法制办牵头，区政府办配合."""
    if len(text) > _LONGEST_LIST:
        return False
    if LABEL.match(text):
        return True
    text = text.rstrip("。；，")
    if re.search(r"[。？！“”《]", text) or len(text) < 2:
        return False
    if not may_be_units(text):
        return False
    segments = list(_segments(text))
    names = [name for found, _ in segments for name in found]
    return any(role for _, role in segments) or (len(names) > 1 and len(text) >= 8) or is_agency(names[0])


def may_be_units(text: str) -> bool:
    """Whether each name in a folded list ends as names of units do."""
    names = [name for found, _ in _segments(text) for name in found]
    return bool(names) and all(_NAME.search(name) and len(name) <= 30 for name in names)


def names_roles(text: str) -> bool:
    """Whether a unit list says who leads, takes part or is responsible."""
    return bool(LABEL.match(text)) or any(role for _, role in _segments(text.rstrip("。；，")))


def _labelled(clause: str) -> Iterator[tuple[Role | None, str]]:
    """Parts of a clause by their label: 牵头单位：A；责任单位：B."""
    marks = list(LABEL.finditer(clause))
    if not marks:
        yield None, clause
        return
    lead_labelled = any("牵头" in mark["label"] or "主办" in mark["label"] for mark in marks)
    if head := clause[: marks[0].start()].strip("，；。、"):
        yield None, head
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        role = next(role for pattern, role in _LABELS if pattern.search(mark["label"]))
        body = clause[mark.end() : following.start() if following else len(clause)].strip("，；。、")
        # A plain 责任单位 label leaves the roles to the words behind it, unless a lead label stands beside it.
        alone = role is Role.RESPONSIBLE and not lead_labelled
        yield (None if alone else role), body


def _segments(body: str) -> Iterator[tuple[list[str], Role | None]]:
    """Lists of names with the role word that ends each, None where there is none."""
    for start, end in split_outside(body, "，；。"):
        segment = body[start:end]
        if _is_deadline(segment) or _REMARK.search(segment):
            continue
        yield from _split_roles(segment)


def _split_roles(segment: str) -> Iterator[tuple[list[str], Role | None]]:
    """One segment, which may hold two roles: A牵头、B配合; A会同B办理."""
    pending: list[str] = []
    for piece in _pieces(segment):
        name, role = _strip_role(piece)
        if match := _MEANWHILE.search(name):
            yield [*pending, *_names(name[: match.start()])], Role.LEAD
            pending = []
            name = name[match.end() :]
            role = Role.PARTICIPATE
        pending += _names(name)
        if role is not None:
            yield pending, role
            pending = []
    if pending:
        yield pending, None


def _pieces(segment: str) -> list[str]:
    """A segment cut at 、 but for the levels in front of a government: 各市、县（市、区）人民政府 is one unit."""
    pieces: list[str] = []
    for start, end in split_outside(segment, "、"):
        if pieces and _LEVELS.search(pieces[-1]) and _LEVELS_GO_ON.match(segment, start, end):
            pieces[-1] += "、" + segment[start:end]
        else:
            pieces.append(segment[start:end])
    return pieces


# The same few hundred names come again and again in all notices.
@lru_cache(maxsize=4096)
def _strip_role(piece: str) -> tuple[str, Role | None]:
    for pattern, role, ambiguous in _ROLES:
        if match := pattern.search(piece):
            name = piece[: match.start()]
            if not ambiguous or not name or _NAME.search(name):
                return name, role
    return piece, None


@lru_cache(maxsize=4096)
def _names(piece: str) -> tuple[str, ...]:
    """The names in a piece between two commas: split at 和, 及 and 与 where both sides can stand alone."""
    names: list[str] = []
    if len(piece) > _LONGEST_PIECE:
        return ()
    if group := _OPEN_GROUP.search(piece):
        return (*_names(piece[: group.start()]), *_names(group["more"] or ""))
    for part in _after_bracket(piece):
        cut = _joint(part)
        names += [part] if cut is None else [*_names(part[: cut.start()]), *_names(part[cut.end() :])]
    return tuple(name for name in names if name and not _PERSON.search(name) and name not in ("各自", "其他"))


def _joint(part: str) -> re.Match[str] | None:
    for match in _JOINT.finditer(part):
        left, right = part[: match.start()], part[match.end() :]
        if (
            _depth(left) == 0
            and len(left) >= 2
            and _NAME.search(left)
            and _NAME.search(right)
            and not _BARE.match(right)
        ):
            return match
    return None


def _depth(text: str) -> int:
    return text.count("（") - text.count("）")


def _after_bracket(piece: str) -> list[str]:
    """Cut behind a bracket whose separator is lost: 区发改局（区大数据局）市场监管局; but 各县（市、区）政府 is one name."""
    start = piece.find("（")
    if start < 1:
        return [piece]
    end = closing(piece, start)
    rest = _LEADING_JOINT.sub("", piece[end + 1 :]) if end else ""
    if end and _LEVELS_ONLY.fullmatch(piece[: end + 1]):
        return [piece]  # 各县（区）司法局
    if end is None or not rest or len(rest) < 3 or _AFTER_BRACKET.match(rest) or not _NAME.search(rest):
        return [piece]
    return [piece[: end + 1], *_after_bracket(rest)]


def _unglued(name: str) -> list[str]:
    """A short name and the known agency that a lost separator glued to it; the name itself where there is no such."""
    for cut in range(2, len(name) - 2):
        left, right = name[:cut], name[cut:]
        if is_stem(left) and is_agency(right) and not is_agency(name):
            return [left, right]
    return [name]


@lru_cache(maxsize=4096)
def _unit(name: str, role: Role, level: str) -> ResponsibleUnit:
    if _GROUP.search(name):
        return ResponsibleUnit(name, name, role, is_group=True)
    found = agency_name(name, level)
    return ResponsibleUnit(name, found.canonical, role, successor=found.successor)


def _is_deadline(segment: str) -> bool:
    """A time or a remark inside a unit bracket: 6月底完成, 长期."""
    return bool(_DEADLINE.search(segment))
