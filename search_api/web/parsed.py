"""One page that shows how a notice was read: the source, marked by what each stretch was taken for, beside the items.

The page stands alone: its style is inside it, and it needs neither a server nor a script.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.model import Block, BlockKind, ParsedNotice, Span
from indexer.doubts import Doubt
from search_api.annotated import AnnotatedNotice, annotate
from search_api.web.rendering import render
from search_api.web.static_files import STATIC_FOLDER

_STYLES = ("page.css", "parsed.css")
_LONGEST_MARK = 40
"""Characters of a doubt's place that is underlined and flagged where it ends; longer ones are flagged where they begin."""
_PLAIN = (BlockKind.LABEL, BlockKind.HEADING, BlockKind.TABLE, BlockKind.MARKUP)
"""Kinds that need no word of their own in the source: what they are can be seen."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A doubt with the number that its anchor in the source bears, and its line."""

    number: int
    doubt: Doubt
    line: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source within one block; `kind` is None for white space between blocks.

    What is shown before its text: the flags of doubts, `name` of its kind where a stretch outside the items begins,
    `section` or `item` (the number of its entry or item) where its place begins, and the label that was inferred for it.
    """

    text: str
    kind: BlockKind | None
    order: int | None
    name: bool
    section: int | None
    item: int | None
    inferred: str | None
    flags: tuple[Flag, ...]
    doubted: bool


def parsed_page(parsed: ParsedNotice) -> str:
    """The page as HTML. Every text of the source in it is escaped."""
    annotated = annotate(parsed)
    doubts = annotated.assessment.doubts
    flags = {id(doubt): Flag(i, doubt, annotated.line(doubt)) for i, doubt in enumerate(doubts, 1)}
    present = {block.kind for block in parsed.blocks}
    return render(
        "parsed.html",
        style="\n".join((STATIC_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES),
        notice=parsed.notice,
        items=parsed.items,
        confidence=annotated.assessment.confidence,
        flags=flags.values(),
        pieces=_pieces(annotated, list(flags.values())),
        kinds_present=[kind for kind in BlockKind if kind in present],
        elsewhere=[flags[id(doubt)] for doubt in annotated.elsewhere],
        entries=[(entry, [flags[id(doubt)] for doubt in entry.doubts]) for entry in annotated.entries],
    )


def _pieces(annotated: AnnotatedNotice, flags: list[Flag]) -> Iterator[Piece]:
    """The source, cut wherever a block, an entry or a doubt begins or ends."""
    parsed = annotated.parsed
    text, blocks = parsed.document.text, parsed.blocks
    starts = [block.span.start for block in blocks]
    sections, items = _beginnings(annotated, starts)
    marks = _marks(flags)
    flagged: dict[int, list[Flag]] = {}
    for flag in flags:
        if (place := flag.doubt.span) is not None:
            at = place.end if _is_short(place) and place.end < len(text) else place.start
            flagged.setdefault(at, []).append(flag)
    cuts = {0, len(text), *flagged, *sections, *items, *(at for mark in marks for at in mark)}
    cuts.update(at for block in blocks for at in (block.span.start, block.span.end))
    named: Block | None = None
    for start, end in pairwise(sorted(cuts)):
        i = bisect_right(starts, start) - 1
        block = blocks[i] if i >= 0 and start < blocks[i].span.end else None
        opens = block is not None and (named is None or _group(block) != _group(named))
        named = block or named
        section = sections.get(start)
        yield Piece(
            text=text[start:end],
            kind=block.kind if block else None,
            order=block.item_order if block else None,
            name=opens and block is not None and block.item_order is None and block.kind not in _PLAIN,
            section=section,
            item=items.get(start),
            inferred=_inferred(annotated, section, items.get(start)),
            flags=tuple(flagged.get(start, ())),
            doubted=any(a <= start < b for a, b in marks),
        )


def _group(block: Block) -> tuple[BlockKind, int | None]:
    return block.kind, block.item_order


def _beginnings(annotated: AnnotatedNotice, starts: list[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Where the sections begin, with their numbers among the entries, and where the items do, with their order."""
    sections, items = dict[int, int](), dict[int, int]()
    for number, entry in enumerate(annotated.entries):
        if entry.item is not None:
            first = next((b.span.start for b in annotated.parsed.blocks if b.item_order == entry.item.order), None)
            items[entry.item.span.start if first is None else first] = entry.item.order
        elif entry.span is not None:
            at = bisect_left(starts, entry.span.start)
            sections[starts[at] if at < len(starts) else entry.span.start] = number
    return sections, items


def _inferred(annotated: AnnotatedNotice, section: int | None, order: int | None) -> str | None:
    """The label that was concluded for the section or item that begins here, where it is not printed."""
    if section is not None:
        entry = annotated.entries[section]
        return entry.label if entry.inferred else None
    if order is not None:
        own = annotated.parsed.items[order - 1].labels[-1]
        return own.text if own.provenance == "inferred" else None
    return None


def _marks(flags: list[Flag]) -> list[tuple[int, int]]:
    """The places of doubts that are short enough to be underlined."""
    spans = (flag.doubt.span for flag in flags if flag.doubt.span)
    return [(span.start, span.end) for span in spans if _is_short(span)]


def _is_short(span: Span) -> bool:
    return 0 < span.end - span.start <= _LONGEST_MARK
