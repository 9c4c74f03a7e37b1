"""Task items from the leaves of the outline."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from corpus.identity import item_id
from corpus.model import (
    Alias,
    BasisReference,
    BlockKind,
    Label,
    ParseWarning,
    Provenance,
    ResponsibleUnit,
    Span,
    TaskItem,
)
from indexer.parsing.agencies import agency_name
from indexer.parsing.blocks import BlockList
from indexer.parsing.clauses import Parts, split_parts, starts_clause
from indexer.parsing.kinds import find_kind
from indexer.parsing.labels import Style
from indexer.parsing.lines import FoldedText, Line
from indexer.parsing.outline import HEADING_LENGTH, Node
from indexer.parsing.quantities import find_deadlines, find_targets
from indexer.parsing.references import find_references, resolve
from indexer.parsing.rows import RowReader
from indexer.parsing.rules import Rules
from indexer.parsing.stretch import Stretch
from indexer.parsing.units import read_units

_RUN_IN_LENGTH = 32
_SENTENCE_END = re.compile(r"[。；！？：:，、]$")
_SCHEDULE_LABEL = re.compile(r"^[（(\[〔【]?[\u4e00-\u9fff]{2,6}[:：]\s*")


@dataclass(frozen=True, slots=True)
class Context:
    """What the items of one notice have in common."""

    folded: FoldedText
    notice_id: str
    aliases: tuple[Alias, ...]
    level: str
    """Last character of the place's name: the prefix that unit names of this level bear (区, 县, 市)."""
    doc_type: str | None
    rules: Rules
    damaged: bool
    """Whether the copy has lost characters elsewhere."""


class ItemReader:
    """Reads the items of one notice and records what every stretch of its outline is."""

    def __init__(self, context: Context, nodes: list[Node], blocks: BlockList, warnings: list[ParseWarning]) -> None:
        self._context = context
        self._nodes = nodes
        self._blocks = blocks
        self._warnings = warnings
        labelled = [node for node in nodes if not node.rows]
        self._repaired: set[str] = set()
        self._rows = RowReader(context.folded, context.level)
        self._own_line_heads = _styles_with(labelled, _is_heading_line)
        self._run_in_heads = _styles_with([n for n in labelled if not n.children], _has_run_in_heading)

    def read(self) -> list[TaskItem]:
        """The items in document order."""
        leaves = [node for node in self._nodes if not node.children]
        items: list[TaskItem] = []
        for node in self._nodes:
            if node.children:
                self._record_section(node)
            else:
                items.append(self._item(node, len(items) + 1, node is leaves[-1]))
        return items

    def _record_section(self, node: Node) -> None:
        own = node.own_text
        cut = len(_section_heading(own.text)[0])
        self._blocks.add(BlockKind.LABEL, node.label_line.start, own.start)
        self._blocks.add(BlockKind.HEADING, own.start, own.start + cut)
        self._blocks.add(BlockKind.INTRODUCTION, own.start + cut, own.end)
        for line in node.lines:
            self._blocks.add(BlockKind.INTRODUCTION, line.start, line.end)

    def _item(self, node: Node, order: int, is_last: bool) -> TaskItem:
        if node.rows:
            return self._row_item(node, order, is_last)
        own, lines = node.own_text, node.lines
        self._blocks.add(BlockKind.LABEL, node.label_line.start, own.start, order)
        heading = ""
        if node.style in self._own_line_heads and _is_heading_line(node) and lines and not starts_clause(lines[0].text):
            heading = self._printed(own).rstrip("。：:")
            self._blocks.add(BlockKind.HEADING, own.start, own.end, order)
        elif own.text:
            lines = [own, *lines]
        parts = split_parts(self._context.folded, lines, is_last)
        self._record_parts(parts, order, is_last)
        if not heading and node.style in self._run_in_heads and parts.text:
            heading = _run_in_heading(parts.text[0])
        return self._assemble(node, order, heading, parts, self._units(parts))

    def _row_item(self, node: Node, order: int, is_last: bool) -> TaskItem:
        """The item in a row of a table."""
        reading = self._rows.read(node.rows)
        node.label, node.inferred = reading.label, not reading.label
        for kind, start, end in reading.blocks:
            self._blocks.add(kind, start, end, None if kind is BlockKind.TABLE else order)
        for line in node.lines:
            self._blocks.add(BlockKind.CLOSING if is_last else BlockKind.INTRODUCTION, line.start, line.end)
        units = self._context.rules.apply(reading.units)
        return self._assemble(node, order, reading.heading, reading.parts, units, reading.area)

    def _printed(self, line: Line) -> str:
        return _spaceless(self._context.folded.printed(line.start, line.end))

    def _record_parts(self, parts: Parts, order: int, is_last: bool) -> None:
        for kind, stretches in (
            (BlockKind.TEXT, parts.text),
            (BlockKind.UNITS, [*parts.persons, *parts.units]),
            (BlockKind.SCHEDULE, parts.schedule),
            (BlockKind.BASIS, parts.basis),
        ):
            for stretch in stretches:
                self._blocks.add_stretch(kind, stretch, order)
        for stretch in parts.rest:
            self._blocks.add_stretch(BlockKind.CLOSING if is_last else BlockKind.INTRODUCTION, stretch)

    def _assemble(
        self, node: Node, order: int, heading: str, parts: Parts, units: tuple[ResponsibleUnit, ...], area: str = ""
    ) -> TaskItem:
        """`area` is a heading without a label right above the item, as tables have."""
        above = [(_label(step), self._heading_of(step)) for step in node.ancestors()[:-1]]
        steps = [*above, *([(Label("", Provenance.INFERRED), area)] if area else []), (_label(node), heading)]
        path = [label.text + named for label, named in steps]
        kind = find_kind(path if heading else [*path[:-1], node.label], units, self._context.doc_type)
        folded_text = "\n".join(stretch.text for stretch in parts.text)
        schedule = "；".join(_schedule_words(stretch) for stretch in parts.schedule) or None
        folded_units = "\n".join(stretch.text for stretch in parts.units)
        folded_schedule = "；".join(_SCHEDULE_LABEL.sub("", stretch.text) for stretch in parts.schedule) or None
        return TaskItem(
            id=item_id(self._context.notice_id, order),
            notice_id=self._context.notice_id,
            order=order,
            kind=kind,
            label=node.label,
            path=tuple(path),
            labels=tuple(label for label, _ in steps),
            heading=heading or None,
            text="\n".join(stretch.printed for stretch in parts.text),
            units=units,
            units_raw="；".join(_trimmed(stretch) for stretch in parts.units) or None,
            schedule=schedule,
            deadlines=find_deadlines(f"{folded_text}\n{folded_units}", folded_schedule, kind),
            targets=find_targets(folded_text, folded_schedule, kind),
            basis=self._references(parts.basis),
            mentions=self._references(parts.text),
            span=self._span(node, parts),
        )

    def _heading_of(self, node: Node) -> str:
        own = node.own_text
        return _spaceless(self._context.folded.printed(own.start, own.start + len(_section_heading(own.text)[1])))

    def _units(self, parts: Parts) -> tuple[ResponsibleUnit, ...]:
        clauses = [_without_frame(stretch.text) for stretch in parts.units]
        units = read_units("；".join(clauses), self._context.level, self._context.damaged) if clauses else ()
        self._warn_of_repairs(units, parts.units)
        return self._context.rules.apply(units)

    def _warn_of_repairs(self, units: tuple[ResponsibleUnit, ...], clauses: list[Stretch]) -> None:
        for unit in units:
            if agency_name(unit.name, self._context.level).repaired and unit.name not in self._repaired:
                self._repaired.add(unit.name)
                message = f"单位名称残缺（原文：{unit.name}），读作 {unit.canonical}"
                start, end = clauses[0].pieces[0]
                self._warnings.append(ParseWarning("unit_repaired", message, self._context.folded.span(start, end)))

    def _references(self, stretches: list[Stretch]) -> tuple[BasisReference, ...]:
        found = []
        for stretch in stretches:
            for reference in find_references(stretch.text):
                printed = stretch.cut(reference.start, reference.end).printed
                found.append(resolve(reference, self._context.aliases, printed))
        return tuple(dict.fromkeys(found))

    def _span(self, node: Node, parts: Parts) -> Span:
        pieces = [
            piece
            for group in (parts.text, parts.units, parts.schedule, parts.persons, parts.basis)
            for s in group
            for piece in s.pieces
        ]
        start = min([node.label_line.start, *(start for start, _ in pieces)])
        end = max([node.label_line.end, *(end for _, end in pieces)])
        return self._context.folded.span(start, end)


def _without_frame(clause: str) -> str:
    """A folded unit clause without its outer brackets and the marks behind them."""
    inner = clause.rstrip("。；，")
    if inner.endswith(("）", "〕")):
        inner = inner[:-1]
    return inner[1:] if inner.startswith(("（", "〔")) else inner


def _styles_with(nodes: list[Node], has: Callable[[Node], bool]) -> set[Style]:
    """Styles most of whose nodes have a trait: one notice writes the headings of one level in one way."""
    total = Counter(node.style for node in nodes)
    having = Counter(node.style for node in nodes if has(node))
    return {style for style, count in having.items() if count * 2 > total[style]}


def _label(node: Node) -> Label:
    return Label(node.label, Provenance.INFERRED if node.inferred else Provenance.PRINTED)


def _is_heading_line(node: Node) -> bool:
    text = node.own_text.text
    return 0 < len(text) <= HEADING_LENGTH and not _SENTENCE_END.search(text)


def _has_run_in_heading(node: Node) -> bool:
    head, stop, rest = node.own_text.text.partition("。")
    return bool(stop and rest) and 0 < len(head) <= _RUN_IN_LENGTH


def _run_in_heading(stretch: Stretch) -> str:
    head, stop, rest = stretch.text.partition("。")
    return _spaceless(stretch.cut(0, len(head)).printed) if stop and rest and len(head) <= _RUN_IN_LENGTH else ""


def _section_heading(text: str) -> tuple[str, str]:
    """The heading in a section's own line, with and without its closing mark; all of the line where it has no end."""
    head, stop, _ = text.partition("。")
    if stop and len(head) <= HEADING_LENGTH:
        return head + stop, head
    return text, text.rstrip("。：:")


def _spaceless(heading: str) -> str:
    """A heading without the white space that scans put between Chinese characters and digits."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", heading)


def _trimmed(stretch: Stretch) -> str:
    return stretch.printed.strip().rstrip("。；;")


def _schedule_words(stretch: Stretch) -> str:
    words = _SCHEDULE_LABEL.sub("", stretch.printed).rstrip("。；;")
    while words.endswith(("）", ")", "]", "〕", "】")) and not re.search(r"[（(\[〔【]", words):
        words = words[:-1].rstrip("。；;")  # the bracket that held label and words
    return words
