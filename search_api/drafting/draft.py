"""A draft as provisions, and the documents that it names."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import BasisReference, BlockKind, Document, Notice, ParsedNotice, Span, TaskItem
from indexer.index.keys import document_key
from indexer.parsing import parse
from indexer.parsing.lines import FoldedText
from indexer.parsing.references import find_references, resolve
from search_api.filter_values import clean

MOST_ITEMS = 200
"""Provisions of a draft that are searched for; the longest plans have about 150."""
MOST_REFERENCES = 300

_SHORTEST = 10
"""Characters of a paragraph that says something: less is a heading or a date."""
_LONGEST = 300
"""Characters up to which a paragraph is searched for as a whole; the longest provisions of real plans are about as long."""

_PARAGRAPH = re.compile(r"\S[^\n]*")
_SENTENCE = re.compile(r"[^。！？；]+[。！？；]*")
# Where a draft names itself, its issuer's other documents, or nothing at all.
_NAMES_NOTHING = frozenset({BlockKind.MASTHEAD, BlockKind.TITLE, BlockKind.TRANSMITTAL, BlockKind.WEB_FRAME})


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A provision of a draft: its place in the outline (empty without numbers), its text, and its span in the file.

    `parsed` is what the parser read of it, with units and deadlines; None for a paragraph of a draft without numbers.
    """

    order: int
    path: tuple[str, ...]
    text: str
    span: Span
    parsed: TaskItem | None = None

    @property
    def heading(self) -> str:
        """Its own heading, empty where it has none."""
        return (self.parsed and self.parsed.heading) or ""


@dataclass(frozen=True, slots=True)
class DraftReference:
    """A document that a draft names, with all its articles; `orders` are those of the items in which it stands."""

    named: BasisReference
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as provisions; `left_out` counts those beyond MOST_ITEMS. `notice` is what it would be when held.

    `text` is that from which alone the draft can be read again; None where it has tables, which the text does not tell.
    """

    notice: Notice
    items: tuple[DraftItem, ...]
    references: tuple[DraftReference, ...]
    text: str | None
    left_out: int = 0

    @property
    def title(self) -> str:
        """The title of the plan, empty where none was found."""
        return clean(self.notice.title)


def read_draft(document: Document) -> Draft:
    """The draft in a document."""
    return draft_of(parse(document))


def draft_of(parsed: ParsedNotice) -> Draft:
    """The numbered provisions of a draft; of one without numbers the paragraphs, long ones cut between sentences."""
    found: list[tuple[tuple[str, ...], str, Span, TaskItem | None]]
    found = [(item.path, item.text, item.span, item) for item in parsed.items if item.text.strip()]
    if not found:
        text = parsed.document.text
        spans = [span for one in _PARAGRAPH.finditer(text) for span in _parts(text, one.start(), one.end())]
        found = [((), text[span.start : span.end], span, None) for span in spans]
    items = tuple(
        DraftItem(order, tuple(map(clean, path)), clean(text), span, item)
        for order, (path, text, span, item) in enumerate(found[:MOST_ITEMS], 1)
    )
    references = tuple(_references(parsed, items))[:MOST_REFERENCES]
    return Draft(parsed.notice, items, references, _text_alone(parsed.document), len(found) - len(items))


def references_in(text: str) -> tuple[BasisReference, ...]:
    """The documents that a text names, for one that the parser has not read; short names stay as they are."""
    folded = FoldedText(text)
    return tuple(resolve(one, (), folded.printed(one.start, one.end)) for one in find_references(folded.text))


def _references(parsed: ParsedNotice, items: Sequence[DraftItem]) -> Iterator[DraftReference]:
    """What the draft names outside its head, in the order of the text."""
    folded, aliases = FoldedText(parsed.document.text), parsed.notice.aliases
    kinds = [(block.span.start, block.kind) for block in parsed.blocks]
    own = {document_key(title) for title in (parsed.notice.title, parsed.notice.notice_title) if title}
    starts = [item.span.start for item in items]
    found: dict[tuple[str, str | None], tuple[list[BasisReference], list[int]]] = {}
    for one in find_references(folded.text):
        start = folded.span(one.start, one.end).start
        named = resolve(one, aliases, folded.printed(one.start, one.end))
        block = bisect_right(kinds, start, key=lambda pair: pair[0]) - 1
        if (block >= 0 and kinds[block][1] in _NAMES_NOTHING) or document_key(named.document) in own:
            continue
        printed, orders = found.setdefault((document_key(named.document), named.document_number), ([], []))
        printed.append(named)
        at = bisect_right(starts, start) - 1
        if at >= 0 and start < items[at].span.end:
            orders.append(items[at].order)
    for printed, orders in found.values():
        articles = dict.fromkeys(article for one in printed for article in one.articles)
        yield DraftReference(replace(printed[0], articles=tuple(articles)), tuple(dict.fromkeys(orders)))


def _text_alone(document: Document) -> str | None:
    """The source without the page numbers and headings that only the file's format told from its text."""
    if document.tables:
        return None
    starts = [0, *(span.end for span in document.frame)]
    ends = [*(span.start for span in document.frame), len(document.text)]
    return clean("".join(document.text[start:end] for start, end in zip(starts, ends, strict=True)))


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """A paragraph, or where it is too long stretches of whole sentences."""
    if len(text[start:end].strip()) < _SHORTEST:
        return
    if end - start <= _LONGEST:
        yield Span(start, end)
        return
    first = start
    for sentence in _SENTENCE.finditer(text, start, end):
        if sentence.end() - first > _LONGEST and sentence.start() > first:
            yield Span(first, sentence.start())
            first = sentence.start()
    yield Span(first, end)
