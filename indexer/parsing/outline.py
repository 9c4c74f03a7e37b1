"""The outline of a notice: headings and provisions as a tree, with damaged labels recognised.

A line that starts with a label opens a node; the lines that follow belong to it. Copies lose numerals, brackets and whole
labels: `)推进…`, `(十深化…`, or a bare heading where `（七）加快…` stood. Such a line counts as a heading only where the text
before it is finished and the outline wants one there.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from indexer.parsing.labels import LabelMatch, Style, bare_numeral, match_damaged, match_label
from indexer.parsing.lines import Line
from indexer.parsing.tables import Column, Row

HEADING_LENGTH = 45
"""Characters of the longest heading."""
_UNNUMBERED_LENGTH = 25
_FINISHED = re.compile(r"[。；！？）〕”：.]$")
_DANGLING = re.compile(r"[、，和及与各的将对]$")
_CLAUSE_START = re.compile(
    r"[（〔]?(?:责任|牵头|主办|承办|配合|协办|参加|负责|完成|进度|时限)[\u4e00-\u9fff]{1,4}[:：]"
)
_NO_HEADING_END = re.compile(r"[。；，：！？、）〕]$")


@dataclass(slots=True)
class Node:
    """A place in the outline: its label as matched, its own line behind the label, and the lines that follow."""

    match: LabelMatch
    label_line: Line
    parent: "Node | None"
    lines: list[Line] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    number: int = 0
    label: str = ""
    inferred: bool = False
    rows: list[Row] = field(default_factory=list)
    """For a row of a table: the row, and those that share its task."""

    @property
    def style(self) -> Style:
        """Style of the label."""
        return self.match.style

    @property
    def own_text(self) -> Line:
        """What stands behind the label on its line; may be empty."""
        line, cut = self.label_line, self.match.length
        return Line(line.text[cut:], line.start + cut, line.end)

    def ancestors(self) -> list["Node"]:
        """From the top section down to this node."""
        return [*(self.parent.ancestors() if self.parent else []), self]


def build_outline(lines: list[Line], rows: Mapping[int, Row] = MappingProxyType({})) -> tuple[list[Line], list[Node]]:
    """Lines before the first label, and all nodes in document order, linked to their parents and children.

    `rows` are the rows of task tables by the start of their line: each makes a node.
    """
    matches = _recognise(lines, rows)
    before: list[Line] = []
    nodes: list[Node] = []
    current: Node | None = None
    for line, match in zip(lines, matches, strict=True):
        row = rows.get(line.start)
        if row and current and current.rows and current.rows[0].of(Column.TASK) == row.of(Column.TASK):
            if row != current.rows[-1]:
                current.rows.append(row)
            continue
        if match is None:
            (current.lines if current else before).append(line)
            continue
        parent = current
        while parent and parent.style >= match.style:
            parent = parent.parent
        current = Node(match, line, parent, rows=[row] if row else [])
        if parent:
            parent.children.append(current)
        nodes.append(current)
    return before, nodes


def _recognise(lines: list[Line], rows: Mapping[int, Row]) -> list[LabelMatch | None]:
    """The label of each line: intact ones that keep the count, then damaged and lost ones that the outline wants."""
    matches = _in_sequence([None if line.start in rows else match_label(line.text) for line in lines])
    usual = _usual_parent(matches)
    last_arabic: int | None = None
    for i, line in enumerate(lines):
        if line.start in rows:
            matches[i] = LabelMatch(Style.ROW, "", 0)
        elif matches[i] is None and _may_be_heading(lines, matches, i):
            following = matches[i + 1] if i + 1 < len(lines) else None
            above_line = matches[i - 1] if i else None
            matches[i] = _damaged(line, above_line, following, last_arabic, usual) if usual or last_arabic else None
        if (found := matches[i]) and found.style is Style.ARABIC:
            last_arabic = found.number
    for i in _unnumbered(lines, matches, usual):
        matches[i] = LabelMatch(Style.UNNUMBERED, "", 0, intact=False)
    return matches


def _unnumbered(lines: list[Line], matches: list[LabelMatch | None], usual: dict[Style, Style]) -> list[int]:
    """Lines that are headings without a number above numbered provisions; one alone proves nothing."""
    found = []
    for i, (line, following) in enumerate(zip(lines, matches[1:], strict=False)):
        tops = following and following.intact and following.style not in usual and following.style > Style.CHINESE
        bare = (
            matches[i] is None and 4 <= len(line.text) <= _UNNUMBERED_LENGTH and not _NO_HEADING_END.search(line.text)
        )
        if tops and bare and _may_be_heading(lines, matches, i):
            found.append(i)
    return found if len(found) > 1 else []


def _in_sequence(matches: list[LabelMatch | None]) -> list[LabelMatch | None]:
    """Drop numbers that neither continue a count nor start one: years and quantities at the start of a line."""
    last: dict[Style, int] = {}
    following = _following_numbers(matches)
    for i, match in enumerate(matches):
        if match is None:
            continue
        number = match.number or 0
        # The next label of the style has the next number, or the one after it where one is damaged.
        goes_on = 0 < following[i] - number <= 2
        counted = match.style in (Style.ORDINAL, Style.ARABIC, Style.ARABIC_BRACKET, Style.CIRCLED)
        alone = match.style is Style.ORDINAL and not (number > 1 and last.get(match.style)) and not goes_on
        if counted and (alone or (number > last.get(match.style, 0) + 4 and not goes_on)):
            matches[i] = None
            continue
        last = {style: n for style, n in last.items() if style <= match.style or style is Style.ARABIC}
        last[match.style] = number
    return matches


def _following_numbers(matches: list[LabelMatch | None]) -> list[int]:
    """For each label the number of the next one of the same style; 0 where there is none."""
    next_number: dict[Style, int] = {}
    following = [0] * len(matches)
    for i in range(len(matches) - 1, -1, -1):
        if match := matches[i]:
            following[i] = next_number.get(match.style, 0)
            next_number[match.style] = match.number or 0
    return following


def _usual_parent(matches: list[LabelMatch | None]) -> dict[Style, Style]:
    """For each style the style that most often stands directly above it, where that happens more than once."""
    pairs: Counter[tuple[Style, Style]] = Counter()
    stack: list[Style] = []
    for match in matches:
        if match is None:
            continue
        while stack and stack[-1] >= match.style:
            stack.pop()
        if stack:
            pairs[match.style, stack[-1]] += 1
        stack.append(match.style)
    usual: dict[Style, Style] = {}
    for (style, parent), count in pairs.most_common():
        if count > 1:
            usual.setdefault(style, parent)
    return usual


def _may_be_heading(lines: list[Line], matches: list[LabelMatch | None], i: int) -> bool:
    """Whether a line stands where a heading may: short, without a sentence's end, and after finished text."""
    text = lines[i].text
    if _CLAUSE_START.match(text) or (len(text) > HEADING_LENGTH and not match_damaged(text)):
        return False
    if i == 0:
        return True
    before = lines[i - 1].text
    after_heading = matches[i - 1] is not None and len(before) <= HEADING_LENGTH
    after_clause = bool(_CLAUSE_START.match(before))
    return bool(_FINISHED.search(before)) or ((after_heading or after_clause) and not _DANGLING.search(before))


def _damaged(
    line: Line,
    above_line: LabelMatch | None,
    following: LabelMatch | None,
    last_arabic: int | None,
    usual: dict[Style, Style],
) -> LabelMatch | None:
    """The label of a line that may be a heading: damaged, or lost where the next label wants one above it."""
    match = match_damaged(line.text)
    if match and match.style is Style.ARABIC:
        return match if last_arabic is not None and match.number == last_arabic + 1 else None
    if match:
        return match
    if following is None or _NO_HEADING_END.search(line.text):
        return None
    wanted = usual.get(following.style)
    if wanted is None or (above_line and above_line.style is wanted):
        return None  # the heading that the next label belongs to is already there: this line introduces it
    numeral = bare_numeral(line.text)
    return LabelMatch(wanted, numeral, len(numeral), intact=False)
