"""A parsed notice with every doubt at the section or item that it concerns: what a reader checks it by."""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import BlockKind, ParsedNotice, Provenance, Span, TaskItem
from indexer.confidence import Assessment, assess
from indexer.doubts import Doubt
from search_api.answers import outline

_HEAD = (BlockKind.LABEL, BlockKind.HEADING)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the outline: a section, or an item. `span` is its place in the source, where that is known."""

    level: int
    label: str
    heading: str
    inferred: bool
    item: TaskItem | None
    span: Span | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedNotice:
    """The outline with its doubts; `elsewhere` are the doubts that concern no line of it."""

    parsed: ParsedNotice
    assessment: Assessment
    entries: tuple[Entry, ...]
    elsewhere: tuple[Doubt, ...]

    def line(self, doubt: Doubt) -> int | None:
        """The line of the source that a doubt is about, counted from 1."""
        return line_of(self.parsed.document.text, doubt.span) if doubt.span else None


def annotate(parsed: ParsedNotice) -> AnnotatedNotice:
    """Put every doubt where it belongs."""
    assessment = assess(parsed)
    items = {item.id: item for item in parsed.items}
    lines = [(entry, items.get(entry["item_id"])) for entry in outline(parsed.items)]
    spans = _spans([(entry["label"], item) for entry, item in lines], _section_heads(parsed))
    owners = [_owner(doubt, spans) for doubt in assessment.doubts]
    entries = [
        Entry(
            level=entry["level"],
            label=entry["label"],
            heading=entry["heading"],
            inferred=entry["provenance"] == Provenance.INFERRED,
            item=item,
            span=span,
            doubts=tuple(doubt for doubt, owner in zip(assessment.doubts, owners, strict=True) if owner == i),
        )
        for i, ((entry, item), span) in enumerate(zip(lines, spans, strict=True))
    ]
    elsewhere = tuple(doubt for doubt, owner in zip(assessment.doubts, owners, strict=True) if owner is None)
    return AnnotatedNotice(parsed, assessment, tuple(entries), elsewhere)


def line_of(text: str, span: Span) -> int:
    """The line on which a stretch of a text begins, counted from 1."""
    return text.count("\n", 0, span.start) + 1


def _section_heads(parsed: ParsedNotice) -> list[Span]:
    """Where the headings of sections stand, each with its label."""
    heads: list[Span] = []
    headed = False
    for block in parsed.blocks:
        if block.item_order is not None or block.kind not in _HEAD:
            continue
        same_line = bool(heads) and "\n" not in parsed.document.text[heads[-1].end : block.span.start]
        if same_line and (block.kind is BlockKind.HEADING or not headed):
            heads[-1] = Span(heads[-1].start, block.span.end)
        else:
            heads.append(block.span)
        headed = block.kind is BlockKind.HEADING
    return heads


def _spans(lines: list[tuple[str, TaskItem | None]], heads: list[Span]) -> list[Span | None]:
    """The place of each line: an item's own; for sections, from the last one upwards, the nearest heading before them."""
    spans: list[Span | None] = []
    left, before = list(heads), len(heads) and heads[-1].end + 1
    for label, item in reversed(lines):
        if item is not None:
            before = item.span.start
            spans.append(item.span)
            continue
        while left and left[-1].start >= before:
            left.pop()
        # A heading without a label is that of an area of a table and has no line of its own.
        spans.append(left.pop() if left and label else None)
    return spans[::-1]


def _owner(doubt: Doubt, spans: list[Span | None]) -> int | None:
    """The line of the outline within whose place a doubt begins."""
    if doubt.span is None:
        return None
    holding: Iterator[int] = (
        i for i, span in enumerate(spans) if span and span.start <= doubt.span.start < max(span.end, span.start + 1)
    )
    return next(holding, None)
