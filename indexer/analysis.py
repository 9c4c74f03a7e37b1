"""What of an item is searched: the terms of its text and of its path, and the text that is embedded."""

from dataclasses import dataclass

from analyzers.terms import Analyzer, Terms
from corpus.model import TaskItem


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """The terms of an item by field: `text` of the provision, `path` of the headings above it and its own."""

    text: Terms
    path: Terms


def analyse_item(item: TaskItem, analyzer: Analyzer) -> ItemTerms:
    """The terms under which an item is found; the same for every backend."""
    return ItemTerms(text=analyzer.analyse(item.text), path=analyzer.analyse("\n".join(item.path)))


def embedded_text(item: TaskItem) -> str:
    """The text that stands for an item in vector space: its words alone.

    On the judged queries of five notices, nDCG@10 of the vector leg alone was 0.79 for queries and 0.66 for similar items,
    against 0.79 and 0.57 with the nearest heading in front and 0.78 and 0.48 with the whole path.
    """
    return item.text
