"""Precedents for a whole draft: its provisions one by one, each with the best precedents and how they differ from it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from corpus.errors import NotFoundError, QueryError
from corpus.model import Document, ParsedNotice, Span
from indexer.index.filters import Filters
from indexer.parsing import parse
from search_api.filter_values import clean
from search_api.results import SearchResult

MOST_ITEMS = 200
"""Provisions of a draft that are searched for; the longest plans have about 150."""

_SHORTEST = 10
"""Characters of a paragraph that says something: less is a heading or a date."""
_LONGEST = 300
"""Characters up to which a paragraph is searched for as a whole; the longest provisions of real plans are about as long."""

Similar = Callable[[str, Filters], SearchResult]
"""Ranks held items by likeness to a text: `SearchService.similar_to_text` told how many are wanted."""

_PARAGRAPH = re.compile(r"\S[^\n]*")
_SENTENCE = re.compile(r"[^。！？；]+[。！？；]*")


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A provision of a draft: its place in the outline (empty without numbers), its text, and its span in the file."""

    order: int
    path: tuple[str, ...]
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as provisions; `left_out` counts those beyond MOST_ITEMS. `notice_id` is what it would have when held."""

    title: str
    notice_id: str
    items: tuple[DraftItem, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class ItemPrecedents:
    """The precedents of a provision, each hit with its differences from it; or why they could not be sought."""

    item: DraftItem
    result: SearchResult | None
    error: QueryError | NotFoundError | None = None


def read_draft(document: Document) -> Draft:
    """The draft in a document."""
    return draft_of(parse(document))


def draft_of(parsed: ParsedNotice) -> Draft:
    """The numbered provisions of a draft; of one without numbers the paragraphs, long ones cut between sentences."""
    found = [(item.path, item.text, item.span) for item in parsed.items if item.text.strip()]
    if not found:
        text = parsed.document.text
        spans = [span for one in _PARAGRAPH.finditer(text) for span in _parts(text, one.start(), one.end())]
        found = [((), text[span.start : span.end], span) for span in spans]
    items = tuple(
        DraftItem(order, tuple(map(clean, path)), clean(text), span)
        for order, (path, text, span) in enumerate(found[:MOST_ITEMS], 1)
    )
    return Draft(clean(parsed.notice.title), parsed.notice.id, items, len(found) - len(items))


def precedents(draft: Draft, similar: Similar, filters: Filters) -> Iterator[ItemPrecedents]:
    """The precedents of each provision in turn, from other notices; the caller can show how far it is, or stop."""
    others = replace(filters, exclude_notice=(*filters.exclude_notice, draft.notice_id))
    for item in draft.items:
        try:
            yield ItemPrecedents(item, similar(item.text, others))
        except (QueryError, NotFoundError) as error:
            yield ItemPrecedents(item, None, error)


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
