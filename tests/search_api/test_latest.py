"""What was found is used again while nothing has changed, and never afterwards."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.model import ItemKind
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.latest import Latest
from search_api.search import SearchService

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
FIRST, SECOND = (
    SAMPLES / name for name in ("青溪区2018年法治政府建设工作安排.txt", "临汐区2017年法治政府建设工作要点.txt")
)


class Moments:
    """A moment that can be changed, and a search that counts how often it is made."""

    def __init__(self) -> None:
        self.now: int | None = 1
        self.made = 0
        self.latest: Latest[int] = Latest(lambda: self.now, most=2)

    def find(self) -> int:
        self.made += 1
        return self.made

    def ask(self, words: str) -> int:
        return self.latest.of(words, self.find)


def test_what_was_found_is_used_again_at_the_same_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = Moments()
    assert [moments.ask("备案"), moments.ask("备案"), moments.ask("审查")] == [1, 1, 2]
    moments.now = 2
    assert [moments.ask("备案"), moments.ask("备案")] == [3, 3]
    later = time.monotonic() + 61
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert moments.ask("备案") == 4


def test_nothing_is_kept_of_a_moment_that_is_not_known_or_passes() -> None:
    moments = Moments()
    moments.now = None
    assert [moments.ask("备案"), moments.ask("备案")] == [1, 2]

    def passing() -> int:
        moments.now = (moments.now or 0) + 1
        return moments.find()

    assert moments.latest.of("审查", passing) == 3
    assert moments.ask("审查") == 4


def test_what_fails_is_not_kept() -> None:
    moments = Moments()
    with pytest.raises(ZeroDivisionError):
        moments.latest.of("备案", lambda: 1 // 0)
    assert moments.ask("备案") == 1


def test_what_was_asked_last_stays() -> None:
    moments = Moments()
    assert [moments.ask(words) for words in "abacab"] == [1, 2, 1, 3, 1, 4]


@pytest.fixture
def index(tmp_path: Path, analyzer: Analyzer) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex.open(tmp_path / "index", analyzer) as index:
        assert [one.error for one in index_files(list(find_files([FIRST])), index, None)] == [None]
        index.lexical(None, Filters(), 1)  # which brings the postings up with the catalogue
        yield index


def test_pages_and_counts_of_one_search_rank_once(index: EmbeddedIndex, analyzer: Analyzer) -> None:
    service, asked = SearchService(index, analyzer, None), []
    ranked = index.lexical
    index.lexical = lambda *given: asked.append(given) or ranked(*given)  # type: ignore[method-assign, func-returns-value]
    whole = [hit.id for hit in service.search("行政执法", Filters(), top=10).hits]
    once = len(asked)
    assert once
    pages = [service.search("行政执法", Filters(), top=5, offset=offset).hits for offset in (0, 5)]
    assert [hit.id for page in pages for hit in page] == whole
    service.facets("行政执法", Filters())
    assert len(asked) == once
    service.search("行政执法", Filters(kind=(ItemKind.TASK,)))
    service.search("行政执法", Filters(), plain=["行政执法"])
    assert len(asked) > once


def test_what_is_written_meanwhile_is_found(index: EmbeddedIndex, analyzer: Analyzer) -> None:
    service = SearchService(index, analyzer, None)
    before = service.search("从严备案审查", Filters(), top=50)
    list(index_files(list(find_files([SECOND])), index, None))
    after = service.search("从严备案审查", Filters(), top=50)
    assert {hit.notice.district for hit in before.hits} == {"青溪区"}
    assert {hit.notice.district for hit in after.hits} == {"青溪区", "临汐区"}
    assert index.remove(next(hit.notice.id for hit in after.hits if hit.notice.district == "临汐区"))
    assert service.search("从严备案审查", Filters(), top=50).hits == before.hits


def test_while_postings_are_behind_nothing_is_kept(index: EmbeddedIndex) -> None:
    assert index.moment is not None
    with index.loading():
        index.write(index.notice(index.notices(Filters(), 0, 1)[1][0].notice.id), "/again", None, None)
        assert index.moment is None
    index.lexical(None, Filters(), 1)
    assert index.moment is not None
