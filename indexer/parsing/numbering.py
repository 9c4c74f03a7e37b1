"""Which number each label has: printed ones are kept, lost and damaged ones are concluded from their neighbours.

Numbering restarts in each section or runs on through the notice; both are found out from what is printed. A numeral that
is the expected one with characters lost (十 where 十二 is due) is restored; any other one is kept as printed, even where it
repeats (a second （二） after （三）), since a citation must show what stands in the source.
"""

from itertools import pairwise

from corpus.model import ParseWarning
from indexer.parsing.labels import Style, label_text, numeral
from indexer.parsing.lines import FoldedText
from indexer.parsing.numerals import is_subsequence
from indexer.parsing.outline import Node

_NEAR = 200
"""Labels looked at before and behind one to tell how a notice numbers."""


def number_nodes(nodes: list[Node], folded: FoldedText) -> list[ParseWarning]:
    """Set `number`, `label` and `inferred` of every node; a warning for each label that was repaired or is odd."""
    warnings: list[ParseWarning] = []
    for node in nodes:
        node.inferred = node.style is Style.UNNUMBERED
    for style in Style:
        if style is Style.UNNUMBERED:
            continue
        same = [node for node in nodes if node.style is style and not node.rows]
        for i, node in enumerate(same):
            previous = same[i - 1] if i else None
            node.number = _number(node, previous, same, i)
            wanted = numeral(style, node.number)
            node.inferred = node.match.numeral != wanted
            node.label = label_text(style, wanted)
            if message := _doubt(node, previous):
                place = folded.span(node.label_line.start, node.label_line.end)
                warnings.append(ParseWarning("label_inferred" if node.inferred else "label_order", message, place))
    return warnings


def _number(node: Node, previous: Node | None, same: list[Node], i: int) -> int:
    printed = node.match.number if node.match.numeral else None
    new_parent = previous is None or previous.parent is not node.parent
    following = previous.number + 1 if previous else 1
    expected = [1, following] if new_parent else [following]
    if printed in expected and printed is not None and (node.match.intact or not _runs_on(node, same, i)):
        return printed
    fitting = [n for n in expected if is_subsequence(node.match.numeral, numeral(node.style, n))]
    if printed is not None and node.match.intact and not (fitting and _fits_ahead(fitting[-1], printed, same, i)):
        return printed
    if not fitting:
        return printed if printed is not None else following
    return following if following in fitting and _runs_on(node, same, i) else fitting[0]


def _fits_ahead(number: int, printed: int, same: list[Node], i: int) -> bool:
    """Whether the next intact label speaks for `number` here rather than for `printed`."""
    for distance, node in enumerate(same[i + 1 : i + 6], 1):
        value = node.match.number if node.match.numeral else None
        if value is None or not node.match.intact:
            continue
        if value == printed + distance:
            return False
        if value == number + distance:
            return True
    return True


def _runs_on(node: Node, same: list[Node], i: int) -> bool:
    """Whether numbering runs on into this node's section: what later labels say, else what earlier sections did."""
    before = same[i - 1].number if i else 0
    for distance, later in enumerate(same[i + 1 : i + 7], 1):
        if later.parent is not node.parent:
            break
        value = later.match.number if later.match.intact and later.match.numeral else None
        if value is not None:
            return value - distance == before + 1 or (value != distance + 1 and len(numeral(node.style, value)) > 1)
    if starts := _section_starts(same[max(0, i - _NEAR) : i]):
        return sum(n.number > 1 for n in starts) * 2 > len(starts)
    intact = [n for n in _section_starts(same[i : i + _NEAR]) if n.match.intact and n.match.number]
    return bool(intact) and sum(n.match.number != 1 for n in intact) * 2 > len(intact)


def _section_starts(same: list[Node]) -> list[Node]:
    """The first node of each section but the first."""
    return [after for before, after in pairwise(same) if before.parent is not after.parent]


def _doubt(node: Node, previous: Node | None) -> str | None:
    if node.inferred:
        as_printed = node.label_line.text[: node.match.length] or "无"
        return f"序号残缺（原文：{as_printed}），按前后文推定为 {node.label}"
    if previous and previous.parent is node.parent and node.number != previous.number + 1:
        return f"序号不连续：{previous.label} 之后为 {node.label}，按原文保留"
    return None
