"""What of an item is searched: the terms of its text and of its path, and the text that is embedded."""

from dataclasses import dataclass

from analyzers.terms import Analyzer
from corpus.model import TaskItem
from indexer.shingles import Wording, wording


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """The terms of an item by field, as every backend stores them: with a space between.

    `words` and `grams` are those of the provision, `path_words` and `path_grams` of the headings above it and its own.
    `wording` is what tells near-identical provisions.
    """

    words: str
    grams: str
    path_words: str
    path_grams: str
    wording: Wording


def analyse_item(item: TaskItem, analyzer: Analyzer) -> ItemTerms:
    """The terms under which an item is found; the same for every backend."""
    text, path = analyzer.analyse(item.text), analyzer.analyse("\n".join(item.path))
    return ItemTerms(
        words=" ".join(text.words),
        grams=" ".join(text.grams),
        path_words=" ".join(path.words),
        path_grams=" ".join(path.grams),
        wording=wording(item.text),
    )


def embedded_text(item: TaskItem) -> str:
    """The text that stands for an item in vector space: its words alone.

    On the judged queries of five notices, nDCG@10 of the vector leg alone was 0.79 for queries and 0.66 for similar items,
    against 0.79 and 0.57 with the nearest heading in front and 0.78 and 0.48 with the whole path.
    """
    return item.text
