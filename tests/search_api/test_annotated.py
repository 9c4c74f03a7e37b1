from pathlib import Path

import pytest

from corpus.model import Document, Source
from indexer.parsing import parse
from indexer.reading import read_document
from search_api.annotated import AnnotatedNotice, annotate

FOLDER = Path(__file__).parents[2] / "corpus" / "samples"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".txt", ".md"})
DAMAGED = FOLDER / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"


def of(path: Path) -> AnnotatedNotice:
    return annotate(parse(read_document(path)))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_line_of_the_outline_has_its_place_in_the_source(path: Path) -> None:
    annotated = of(path)
    text = annotated.parsed.document.text
    for entry in annotated.entries:
        assert entry.span is not None
        printed = "".join(text[entry.span.start : entry.span.end].split()).replace("*", "")
        assert "".join(entry.heading.split())[:4] in printed
    starts = [entry.span.start for entry in annotated.entries if entry.span]
    assert starts == sorted(starts)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_doubt_stands_in_exactly_one_place(path: Path) -> None:
    annotated = of(path)
    placed = [*annotated.elsewhere, *(doubt for entry in annotated.entries for doubt in entry.doubts)]
    assert sorted(map(str, placed)) == sorted(map(str, annotated.assessment.doubts))


def test_doubt_about_a_label_stands_at_its_section_or_item() -> None:
    inferred = [entry for entry in of(DAMAGED).entries if entry.inferred]
    assert inferred
    for entry in inferred:
        assert any(entry.label in doubt.message for doubt in entry.doubts)


def test_doubt_about_the_masthead_stands_above_the_outline_with_its_line() -> None:
    annotated = of(DAMAGED)
    number = next(doubt for doubt in annotated.elsewhere if doubt.code == "number_damaged")
    line = annotated.line(number)
    assert line is not None
    assert "云澄委法" in annotated.parsed.document.text.splitlines()[line - 1]


def test_equal_labels_in_two_sections_keep_their_places() -> None:
    text = "甲区2020年任务分工方案\n\n一、总体要求\n\n（一）从严落实各项任务要求。\n\n二、任务分工\n\n（一）从快办理各项任务事宜。\n"
    annotated = annotate(parse(Document(text, Source("a.txt", "0" * 64))))
    assert [text[entry.span.start : entry.span.end] for entry in annotated.entries if entry.span] == [
        "一、总体要求",
        "（一）从严落实各项任务要求。",
        "二、任务分工",
        "（一）从快办理各项任务事宜。",
    ]
