"""What belongs to an item besides its words: unit clause, schedule line, basis bracket.

Real forms: a paragraph `责任单位：…（依据《实施方案》第7条规定）`, a line `进度安排：持续推进`, a bracket at the end of the words
`（责任单位：…）`, `[责任单位：…]`, `(区法制办牵头,区政府各部门负责)。`, and all of these torn by page breaks.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.parsing.brackets import closing, opening, pairs
from indexer.parsing.lines import FoldedText, Line
from indexer.parsing.stretch import Stretch
from indexer.parsing.units import LABEL, is_unit_list, names_roles

_SCHEDULE = re.compile(
    r"(?:(?:进度|时间)(?:安排|要求)|完成(?:时限|时间|期限)|(?:工作|办理)时限|时限要求|时间(?:进度|节点))[:：]"
)
_CLAUSE = re.compile(rf"[（〔]?(?:{LABEL.pattern}|{_SCHEDULE.pattern})".replace("?P<label>", "?:"))
_PERSONS = re.compile(r"(?:分管|责任|牵头|主管|包保|挂钩)领导[:：]|(?:责任|联系)人[:：]")
_BASIS = re.compile(r"[（〔](?:依据|根据|法律依据|政策依据|制定依据)[:：]?(?=.*(?:《|〔[0-9]|号))")
_TERMINAL = re.compile(r"[。；！？：.]$|[。！？][”）〕]$")
_DANGLING = re.compile(r"[、，和及与各的将对或]$")
_CLAUSE_TAIL = re.compile(r"牵头|负责|配合|参加|参与|（依据|（根据|办事处|部门$|单位$|[）〕]$")
_OUTSIDE = re.compile(
    r"^(?:各[\u4e00-\u9fff、（）]{1,24}要|请各|请认真|本(?:方案|意见|通知|要点|安排|计划)|以上|附件|附：|特此|（?联系(?:人|电话))"
)


LONGEST = 5_000
"""Characters of the longest paragraph in which metadata is looked for; the longest seen in real notices has 2,000."""


@dataclass(slots=True)
class Parts:
    """An item's stretches by what they are. `rest` are paragraphs that stand behind the item and are not part of it."""

    text: list[Stretch] = field(default_factory=list)
    units: list[Stretch] = field(default_factory=list)
    schedule: list[Stretch] = field(default_factory=list)
    persons: list[Stretch] = field(default_factory=list)
    """分管领导：… : metadata, but no unit."""
    basis: list[Stretch] = field(default_factory=list)
    rest: list[Stretch] = field(default_factory=list)

    @property
    def closed(self) -> bool:
        """Whether metadata was met: words behind it are no longer the item's."""
        return bool(self.units or self.schedule or self.basis)


def split_parts(folded: FoldedText, lines: list[Line], is_last: bool) -> Parts:
    """Sort the lines of one item. `is_last`: no other item follows, so that closing words may stand behind it."""
    parts = Parts()
    for paragraph in paragraphs(folded, lines):
        if len(paragraph.text) > LONGEST:
            (parts.rest if parts.rest else parts.text).append(paragraph)
        elif _PERSONS.match(paragraph.text):
            parts.persons.append(paragraph)
        elif _CLAUSE.match(paragraph.text) or _BASIS.match(paragraph.text):
            _take_clause(paragraph, parts)
        elif parts.closed or (is_last and parts.text and _OUTSIDE.match(paragraph.text)) or parts.rest:
            parts.rest.append(paragraph)
        elif words := _take_brackets(paragraph, parts):
            parts.text.append(words)
    return parts


def paragraphs(folded: FoldedText, lines: list[Line]) -> list[Stretch]:
    """Lines joined where a page break tore a paragraph: the text before is not finished and no clause begins."""
    groups: list[list[Line]] = []
    before = ""
    for line in lines:
        if groups and len(before) < LONGEST and _goes_on(before, line.text):
            groups[-1].append(line)
            before += line.text
        else:
            groups.append([line])
            before = line.text
    return [Stretch.of_lines(folded, group) for group in groups]


def starts_clause(text: str) -> bool:
    """Whether a line begins a unit clause, a schedule line or a basis bracket."""
    return bool(_CLAUSE.match(text) or _BASIS.match(text) or _PERSONS.match(text))


def _goes_on(before: str, line: str) -> bool:
    if starts_clause(line):
        return False
    if not _CLAUSE.match(before):
        return not _TERMINAL.search(before[-2:]) and not _ends_in_clause(before)
    if before.count("（") > before.count("）") or before.count("〔") > before.count("〕"):
        return True
    if _DANGLING.search(before[-1:]):
        return True
    finished = _TERMINAL.search(before[-2:]) or before.endswith(("）", "〕")) or _SCHEDULE.match(before)
    return not finished and len(line) < 80 and bool(_CLAUSE_TAIL.search(line)) and not re.search("。.", line)


def _ends_in_clause(text: str) -> bool:
    """Whether words end in a unit bracket, which finishes them without a full stop."""
    if not text.endswith(("）", "〕")):
        return False
    start = opening(text, len(text) - 1)
    return start is not None and is_unit_list(text[start + 1 : -1])


def _take_clause(paragraph: Stretch, parts: Parts) -> None:
    """A paragraph of metadata: basis brackets out, then cut where a schedule label stands inside."""
    for stretch in _without_basis(paragraph, parts):
        for piece in _at_schedules(stretch):
            (parts.schedule if _SCHEDULE.match(piece.text.lstrip("（〔")) else parts.units).append(piece)


def _at_schedules(stretch: Stretch) -> list[Stretch]:
    """A clause cut before each schedule label inside it."""
    marks = [m.start() for m in _SCHEDULE.finditer(stretch.text)]
    bounds = [0, *[m for m in marks if m > 1], len(stretch.text)]
    return [stretch.cut(start, end) for start, end in pairwise(bounds)]


def _without_basis(paragraph: Stretch, parts: Parts) -> list[Stretch]:
    left: list[Stretch] = []
    at = 0
    for match in _BASIS.finditer(paragraph.text):
        if match.start() < at:
            continue
        close = closing(paragraph.text, match.start())
        end = len(paragraph.text) if close is None else close + 1
        end += len(re.match("[。；，]*", paragraph.text[end:])[0])  # type: ignore[index]
        if head := paragraph.cut(at, match.start()):
            left.append(head)
        parts.basis.append(paragraph.cut(match.start(), end))
        at = end
    if tail := paragraph.cut(at):
        left.append(tail)
    return left


def _take_brackets(paragraph: Stretch, parts: Parts) -> Stretch:
    """Move metadata brackets out of a paragraph to where they belong; what is left are words.

    At the end of the words a bracket may be a bare list of units; inside them (一是…（A牵头）二是…) it must say roles.
    """
    words = paragraph
    while match := re.search("[）〕][。；，.]*$", words.text):
        start = opening(words.text, match.start())
        if start is None:
            break
        inside = words.text[start + 1 : match.start()]
        if _BASIS.match(words.text[start:]):
            parts.basis.insert(0, words.cut(start))
        elif _SCHEDULE.match(inside):
            parts.schedule.insert(0, words.cut(start))
        elif is_unit_list(inside):
            pieces = _at_schedules(words.cut(start))
            parts.schedule[:0] = [piece for piece in pieces if _SCHEDULE.match(piece.text)]
            parts.units[:0] = [piece for piece in pieces if not _SCHEDULE.match(piece.text)]
        else:
            break
        words = words.cut(0, start)
    return _without_inner_units(words, parts)


def _without_inner_units(words: Stretch, parts: Parts) -> Stretch:
    left: list[tuple[int, int]] = []
    found: list[Stretch] = []
    at = 0
    brackets = pairs(words.text, "（") | pairs(words.text, "〔")
    for start, close in sorted(brackets.items()):
        inside = words.text[start + 1 : close] if start >= at else ""
        if inside and is_unit_list(inside) and names_roles(inside):
            left += words.cut(at, start).pieces
            found.append(words.cut(start, close + 1))
            at = close + 1
    parts.units[:0] = found
    return Stretch(words.folded, (*left, *words.cut(at).pieces)) if found else words
