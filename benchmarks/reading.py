"""What reading loses: each sample as HTML, Word and PDF, read and parsed, against the parse of the plain sample.

    python benchmarks/reading.py

Items are compared by their words without white space; labels and units only of items whose words agree. What a reader
names as frame is blanked before parsing. The last columns are the speed on one core, for the bytes and for the pages of text
(a page of text: 600 characters).
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from corpus.model import Document, Source, TaskItem
from indexer.parsing import parse
from indexer.reading import read, read_document
from tests.indexer.reading.making import docx_file, html_page, pdf_file

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
FORMS: dict[str, Callable[[str], bytes]] = {
    "HTML, <p>": html_page,
    "HTML, <div>": lambda text: html_page(text, "div"),
    "HTML, <br>, GBK": lambda text: html_page(text, "br", "gbk"),
    "Word": docx_file,
    "PDF": pdf_file,
    "PDF, no page numbers": lambda text: pdf_file(text, pages=False),
}


def main() -> None:
    print("| form | files | items | F1 words | labels | units | MB/s | pages/s |\n|---|---|---|---|---|---|---|---|")
    texts = [read_document(path).text for path in sorted(SAMPLES.iterdir()) if path.suffix in (".txt", ".md")]
    for form, make in FORMS.items():
        print(f"| {form} | {row(texts, make)} |", flush=True)


def row(texts: list[str], make: Callable[[str], bytes]) -> str:
    wanted = found = same = labels = units = size = 0
    seconds = 0.0
    for text in texts:
        data = make(text)
        began = time.perf_counter()
        content = read(data, "x")
        seconds += time.perf_counter() - began
        size += len(data)
        expected = items(Document("\n".join(line.strip() for line in text.splitlines()), SOURCE))
        got = items(without_frame(content.document(SOURCE)))
        common = Counter(map(words, expected)) & Counter(map(words, got))
        wanted, found, same = wanted + len(expected), found + len(got), same + common.total()
        labels += (Counter(map(labelled, expected)) & Counter(map(labelled, got))).total()
        units += (Counter(map(charged, expected)) & Counter(map(charged, got))).total()
    return (
        f"{len(texts)} | {wanted} | {2 * same / (wanted + found):.3f} | {labels / same:.3f} | {units / same:.3f} | "
        f"{size / 1e6 / seconds:.2f} | {sum(map(len, texts)) / 600 / seconds:.0f}"
    )


SOURCE = Source("x", "0" * 64)


def items(document: Document) -> tuple[TaskItem, ...]:
    return parse(document).items


def without_frame(document: Document) -> Document:
    text = document.text
    for span in document.frame:
        text = (
            text[: span.start]
            + "".join(c if c == "\n" else " " for c in text[span.start : span.end])
            + text[span.end :]
        )
    return replace(document, text=text, frame=())


def words(item: TaskItem) -> str:
    return "".join(item.text.split())


def labelled(item: TaskItem) -> tuple[str, ...]:
    return words(item), item.label, *(label.text for label in item.labels)


def charged(item: TaskItem) -> tuple[str, ...]:
    return words(item), *(f"{unit.role} {unit.name}" for unit in item.units)


if __name__ == "__main__":
    main()
