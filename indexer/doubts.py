"""What looks wrong in a parsed notice, each thing with its place: the material of which its confidence is made.

A doubt is one of the parser's own warnings; something that most items of the notice have and one lacks (units, a basis, a
heading, a sentence end); something that no item should have (half a bracket, 责任单位： in its words, a label or a line of a
web page inside); a numeral that does not follow from the one before it; or something that the notice as a whole lacks.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, groupby
from statistics import median

from corpus.model import BlockKind, ItemKind, Notice, ParsedNotice, Span, TaskItem
from indexer.parsing.frame import is_frame
from indexer.parsing.labels import Style, match_label
from indexer.parsing.lines import FoldedText


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that looks wrong. `code` is stable, `message` is Chinese for the reader; without a span it concerns all."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the source in folded form."""

    folded: FoldedText
    start: int

    @property
    def text(self) -> str:
        return self.folded.text

    def span(self, start: int, end: int) -> Span:
        """The place in the source of a part of `text`."""
        place = self.folded.span(start, end)
        return Span(self.start + place.start, self.start + place.end)

    @property
    def end(self) -> Span:
        """The place of the last few characters."""
        return self.span(max(0, len(self.text) - _SHOWN), len(self.text))


@dataclass(frozen=True, slots=True)
class _Item:
    """An item with what it says in the source: `lines` are those of its words, `clauses` all but its label."""

    item: TaskItem
    lines: tuple[_Stretch, ...]
    clauses: tuple[_Stretch, ...]

    @property
    def style(self) -> Style | None:
        return _style(self.item.label)

    @property
    def length(self) -> int:
        return sum(len(line.text) for line in self.lines)

    @property
    def end(self) -> Span:
        """The place of the last few characters of the words."""
        return self.lines[-1].end if self.lines else self.item.span

    def find(self, pattern: re.Pattern[str]) -> tuple[str, Span] | None:
        """Where the words have a pattern first."""
        for line in self.lines:
            if match := pattern.search(line.text):
                return match[0], line.span(match.start(), match.end())
        return None


_SHOWN = 12
_LABEL_REST = re.compile(r"\s*[一二三四五六七八九十0-9（）()]")
_ENDED = re.compile(r"[。；！？：…”）》]$")
# 责任单位： or （区司法局牵头） among the words
_UNIT_WORDS = re.compile(
    r"(?:责任|牵头|主办|承办|配合|协办|参加)(?:单位|部门|处室|科室|人)：|（[^（）]{2,60}(?:牵头|负责|配合)）"
)
# A label behind the end of a sentence
_INNER_LABEL = re.compile(
    r"(?<=[。；）])(?:（[一二三四五六七八九十]{1,4}）|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、](?![0-9]))"
)
_ODD_START = re.compile(r"^[、，。；：）》”%]")
# No name of a unit: a sentence, a role, a single character, a number
_ODD_UNIT = re.compile(r"[。；：，《》%]|牵头|配合|负责|单位：|^.$|^[^（）]{19,}$|[0-9]{3,}")
_PAGE_NUMBER = re.compile(r"(?<![0-9])-[0-9]{1,3}-(?![0-9])|第[0-9]{1,3}页")
_CELLS = re.compile(r"\|.*\|")
_CLOSERS = {"）": "（", "〕": "〔", "》": "《", "”": "“"}

# What most items with labels of one style have: code, what is said of an item that lacks it, who has it.
_NORMS: tuple[tuple[str, str, Callable[[_Item], bool]], ...] = (
    ("no_units", "没有责任单位，而同级条款大多有", lambda one: bool(one.item.units)),
    ("no_basis", "没有依据，而同级条款大多有", lambda one: bool(one.item.basis)),
    ("no_heading", "没有标题，而同级条款大多有", lambda one: bool(one.item.heading)),
    ("own_heading", "标题独占一行，而同级条款大多不是", lambda one: (one.item.heading or "") in one.item.text),
    ("unfinished", "末尾不是完整的句子", lambda one: bool(one.lines and _ENDED.search(one.lines[-1].text))),
)
_NORM = 0.7
"""Share of the items that makes a trait the norm."""
_FEWEST = 4
"""Items below which there is no norm."""

_LONG_TEXT = 1000
"""Characters of a notice that one expects to have more items than that."""

# What a notice should give: code, what is said where it is not found, the field.
_FIELDS: tuple[tuple[str, str, Callable[[Notice], object]], ...] = (
    ("number_missing", "没有读到文号", lambda notice: notice.document_number),
    ("issuer_missing", "没有读到发文机关", lambda notice: notice.issuer),
    ("date_missing", "没有读到成文日期", lambda notice: notice.date_issued),
    ("place_missing", "没有读出所属地区", lambda notice: notice.district or notice.city or notice.province),
    ("years_missing", "没有读出适用年份", lambda notice: notice.plan_year_start),
    ("type_missing", "没有读出文种", lambda notice: notice.doc_type),
)

# Stretches outside the items that are short in a notice that was read rightly: kind, name, characters that are usual.
_OUTSIDE = {
    BlockKind.INTRODUCTION: ("引言", 160),
    BlockKind.PREAMBLE: ("前言", 500),
    BlockKind.TRANSMITTAL: ("印发语", 300),
    BlockKind.CLOSING: ("结尾", 300),
    BlockKind.WEB_FRAME: ("网页框架", 300),
}


def find_doubts(parsed: ParsedNotice) -> tuple[Doubt, ...]:
    """All doubts in source order; those without a place come first."""
    items = _items(parsed)
    styles = frozenset(style for item in parsed.items for label in item.labels if (style := _style(label.text)))
    found = [
        *_warned(parsed),
        *(Doubt(code, message) for code, message, value in _FIELDS if not value(parsed.notice)),
        *_lacking(items),
        *(doubt for one in items for doubt in (*_oddities(one, styles), *_odd_lines(one))),
        *_sizes(items, len(parsed.document.text)),
        *_starts(parsed),
        *_outside(parsed),
    ]
    return tuple(sorted(found, key=lambda doubt: (doubt.span or Span(-1, -1), doubt.code)))


def _items(parsed: ParsedNotice) -> list[_Item]:
    lines, clauses = defaultdict[int, list[_Stretch]](list), defaultdict[int, list[_Stretch]](list)
    for block in parsed.blocks:
        if block.item_order is not None and block.kind is not BlockKind.LABEL:
            folded = FoldedText(parsed.document.text[block.span.start : block.span.end])
            if folded.text:
                stretch = _Stretch(folded, block.span.start)
                clauses[block.item_order].append(stretch)
                if block.kind is BlockKind.TEXT:
                    lines[block.item_order].append(stretch)
    return [_Item(item, tuple(lines[item.order]), tuple(clauses[item.order])) for item in parsed.items]


def _style(label: str) -> Style | None:
    match = match_label(label)
    return match.style if match else None


def _warned(parsed: ParsedNotice) -> Iterator[Doubt]:
    """The parser's own warnings; a label of which nothing was printed is told from one that was only damaged."""
    for warning in parsed.warnings:
        lost = warning.span and not _LABEL_REST.match(parsed.document.text, warning.span.start)
        code = "label_lost" if warning.code == "label_inferred" and lost else warning.code
        yield Doubt(code, warning.message, warning.span)


def _lacking(items: list[_Item]) -> Iterator[Doubt]:
    """Items without what most of their like have; goals and requirements only count where their neighbours have it."""
    for code, message, has in _NORMS:
        having = {one.item.path[:-1] for one in items if has(one)}
        for style in dict.fromkeys(one.style for one in items):
            like = [
                one
                for one in items
                if one.style is style and (one.item.kind is ItemKind.TASK or one.item.path[:-1] in having)
            ]
            lacking = [one for one in like if not has(one)]
            if len(like) >= _FEWEST and len(lacking) <= len(like) * (1 - _NORM):
                yield from (Doubt(code, message, one.end) for one in lacking)


def _oddities(one: _Item, styles: frozenset[Style]) -> Iterator[Doubt]:
    """What no item should have. `styles` are those of the notice's labels."""
    if found := one.find(_UNIT_WORDS):
        yield Doubt("unit_words", "条文里还有责任单位的字样，可能没有拆出", found[1])
    if (found := one.find(_INNER_LABEL)) and _style(found[0]) in styles:
        yield Doubt("inner_label", f"条文中间出现序号 {found[0]}，可能有两条连在一起", found[1])
    if one.lines and _ODD_START.match(one.lines[0].text):
        yield Doubt("odd_start", "条文以标点开头，前面的字可能归入了上一条", one.lines[0].span(0, 1))
    if one.find(_CELLS):
        yield Doubt("cells", "条文里有表格线，表格可能没有按行拆开", one.item.span)
    if half := _half_bracket(one):
        yield half
    if odd := next((unit.name for unit in one.item.units if _ODD_UNIT.search(unit.name)), None):
        yield Doubt("odd_unit", f"“{odd}”不像一个单位", one.item.span)


def _half_bracket(one: _Item) -> Doubt | None:
    """The first bracket or quotation mark of an item without its other half."""
    open_marks: list[tuple[_Stretch, int]] = []
    for stretch in one.clauses:
        for i, mark in enumerate(stretch.text):
            if mark in _CLOSERS.values():
                open_marks.append((stretch, i))
            elif mark in _CLOSERS:
                opener = open_marks.pop() if open_marks else None
                if opener is None or opener[0].text[opener[1]] != _CLOSERS[mark]:
                    return _half(stretch, i)
    return _half(*open_marks[0]) if open_marks else None


def _half(stretch: _Stretch, i: int) -> Doubt:
    place = stretch.span(max(0, i - _SHOWN // 2), min(len(stretch.text), i + _SHOWN // 2))
    return Doubt("half_bracket", f"{stretch.text[i]} 没有与它成对的一半", place)


def _odd_lines(one: _Item) -> Iterator[Doubt]:
    """Lines among an item's words that are a web page's, or that break off and were not joined with the next one."""
    ends = set(accumulate(len(FoldedText(paragraph).text) for paragraph in one.item.text.split("\n")[:-1]))
    for line, length in zip(one.lines, accumulate(len(line.text) for line in one.lines), strict=True):
        if is_frame(line.text) or _PAGE_NUMBER.search(line.text):
            yield Doubt("frame_line", "条文里夹有网页或页码的字样", line.span(0, len(line.text)))
        elif length in ends and not _ENDED.search(line.text):
            yield Doubt("broken_line", "一行在句子中间断开", line.end)


def _sizes(items: list[_Item], length: int) -> Iterator[Doubt]:
    """Items far longer or shorter than the others; a long text with hardly any items."""
    if len(items) < _FEWEST:
        if items and length > _LONG_TEXT:
            yield Doubt("few_items", f"全文有 {length} 字，却只拆出 {len(items)} 条，序号可能没有认出")
        return
    usual = median(one.length for one in items)
    for one in items:
        if one.length > max(4 * usual, 300):
            yield Doubt("long", f"条文有 {one.length} 字，比其他条款长得多，可能有几条连在一起", one.item.span)
        elif one.length < min(8, usual / 4):
            yield Doubt("short", f"条文只有 {one.length} 字，比其他条款短得多", one.item.span)


def _starts(parsed: ParsedNotice) -> Iterator[Doubt]:
    """Sections whose numbering neither begins with one nor goes on from the section before."""
    last: dict[Style, int] = {}
    above: tuple[str, ...] = ()
    for item in parsed.items:
        for level, label in enumerate(item.labels):
            match = match_label(label.text)
            if match is None or match.number is None or item.path[: level + 1] == above[: level + 1]:
                continue
            opens = item.path[:level] != above[:level] or len(above) <= level
            if opens and match.number not in (1, last.get(match.style, 0) + 1):
                yield Doubt("section_start", f"本级从 {label.text} 开始，前面的条款可能没有拆出", item.span)
            last[match.style] = match.number
        above = item.path


def _outside(parsed: ParsedNotice) -> Iterator[Doubt]:
    """Large stretches that are no part of any item."""
    for kind, run in groupby(parsed.blocks, key=lambda block: block.kind):
        if kind not in _OUTSIDE:
            continue
        spans = [block.span for block in run]
        name, usual = _OUTSIDE[kind]
        length = sum(span.end - span.start for span in spans)
        if length > usual:
            place = Span(spans[0].start, spans[-1].end)
            yield Doubt("outside", f"{name}长达 {length} 字，里面可能有没拆出的条款", place)
