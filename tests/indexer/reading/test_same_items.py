"""The same notice in another format gives the same items."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.model import Document, Source, TaskItem
from indexer.parsing import parse
from indexer.reading import read, read_document
from tests.indexer.reading.making import docx_file, html_page, paragraphs, pdf_file

SAMPLES = sorted((Path(__file__).parents[3] / "corpus" / "samples").glob("*.txt"))
SOURCE = Source("x", "0" * 64)


def items_of(document: Document) -> list[TaskItem]:
    """The items of a document without its frame."""
    text = document.text
    for span in document.frame:
        hidden = "".join(c if c == "\n" else " " for c in text[span.start : span.end])
        text = text[: span.start] + hidden + text[span.end :]
    return list(parse(replace(document, text=text, frame=(), tables=())).items)


def printed(item: TaskItem) -> tuple[object, ...]:
    return "".join(item.text.split()), item.label, *((unit.role, unit.name) for unit in item.units)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_web_page_and_word_document_give_the_same_items(path: Path) -> None:
    text = "\n".join(paragraphs(read_document(path).text))
    expected = [printed(item) for item in items_of(Document(text, SOURCE))]
    for data in (html_page(text), html_page(text, "br", "gb18030"), docx_file(text)):
        assert [printed(item) for item in items_of(read(data, "x").document(SOURCE))] == expected


def test_pdf_gives_nearly_the_same_items() -> None:
    wanted, found = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for i, path in enumerate(SAMPLES[::3]):
        text = "\n".join(paragraphs(read_document(path).text))
        of_file = [(i, *printed(item)) for item in items_of(read(pdf_file(text), "x").document(SOURCE))]
        wanted.update((i, *printed(item)) for item in items_of(Document(text, SOURCE)))
        found.update(of_file)
    assert 2 * (wanted & found).total() / (wanted.total() + found.total()) >= 0.95
