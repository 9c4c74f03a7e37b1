"""Notices and drafts that are made up for one test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.model import Document, Source
from indexer.index.embedded import EmbeddedIndex
from indexer.parsing import parse
from search_api.drafting.draft import Draft, read_draft
from search_api.search import SearchService

Hold = Callable[..., SearchService]

HEAD = (
    "甲市{district}人民政府办公室关于印发{district}{year}年工作要点的通知\n{short}政办〔{year}〕{number}号\n各单位：\n现印发给你们。\n"
    "甲市{district}人民政府办公室\n{year}年5月9日\n{district}{year}年工作要点\n"
)


def notice_text(*items: str, district: str = "乙区", year: int = 2018, number: int = 1) -> str:
    """An invented notice with these provisions."""
    numbered = "".join(f"{numeral}、{item}\n" for numeral, item in zip("一二三四五六七八九", items, strict=False))
    return HEAD.format(district=district, year=year, number=number, short=district[0]) + numbered


def draft_from(text: str) -> Draft:
    """The draft in a text."""
    return read_draft(Document(text, Source("draft.txt", "0" * 64)))


@pytest.fixture
def hold(tmp_path: Path, analyzer: Analyzer) -> Iterator[Hold]:
    """Makes a service over notices given as texts."""
    with EmbeddedIndex.open(tmp_path / "index", analyzer) as index:

        def held(*texts: str) -> SearchService:
            for number, text in enumerate(texts):
                document = Document(text, Source(f"{number}.txt", f"{number:064d}"))
                index.write(parse(document), f"{number}.txt", None, None)
            return SearchService(index, analyzer, None)

        yield held
