import time

import pytest

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.filters import BasisFilter, Filters
from search_api.search import SearchService
from search_api.suggestions import Suggestion, SuggestionKind, Suggestions, SuggestionTable

UNIT, DOCUMENT, PHRASE, TITLE = (
    SuggestionKind.UNIT,
    SuggestionKind.DOCUMENT,
    SuggestionKind.PHRASE,
    SuggestionKind.TITLE,
)
TABLE = (
    Suggestion("区司法局", UNIT, 90),
    Suggestion("行政处罚法", DOCUMENT, 60),
    Suggestion("行政执法公示", PHRASE, 50),
    Suggestion("重大行政决策", PHRASE, 40),
    Suggestion("人民调解", PHRASE, 30),
    Suggestion("甲区2018年《行政执法》工作要点", TITLE, 20),
    Suggestion("12345热线", PHRASE, 10),
)


@pytest.fixture(scope="module")
def table(analyzer: Analyzer) -> SuggestionTable:
    return SuggestionTable(TABLE, analyzer)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("行政", ["行政处罚法", "行政执法公示", "重大行政决策", "甲区2018年《行政执法》工作要点"]),
        ("行政执", ["行政执法公示", "甲区2018年《行政执法》工作要点"]),
        ("《行政", ["行政处罚法", "行政执法公示", "重大行政决策", "甲区2018年《行政执法》工作要点"]),
        ("司法", ["区司法局"]),
        ("甲区２０１８", ["甲区2018年《行政执法》工作要点"]),
        ("行 政 处", ["行政处罚法"]),
        ("政执法", []),
        ("xingzhengchu", ["行政处罚法"]),
        ("xing zheng'chu", ["行政处罚法"]),
        ("XZZF", ["行政执法公示", "甲区2018年《行政执法》工作要点"]),
        ("tiaojie", ["人民调解"]),  # 调 alone is diào
        ("zdxz", ["重大行政决策"]),
        ("123", ["12345热线"]),
        ("rexian", ["12345热线"]),
        ("甲区2018年《行政执法》工作要点", ["甲区2018年《行政执法》工作要点"]),
        ("甲区2018年《行政执法》工作安排", []),
        ("", []),
        ("  《", []),
        ("\0", []),
        ("xz" * 500, []),
    ],
)
def test_a_word_begins_as_typed(table: SuggestionTable, typed: str, expected: list[str]) -> None:
    assert [one.text for one in table.matching(typed, 8)] == expected


def test_most_used_come_first_and_no_more_than_asked_for(table: SuggestionTable) -> None:
    assert [one.text for one in table.matching("行政", 2)] == ["行政处罚法", "行政执法公示"]


def test_a_name_is_suggested_once_with_its_filters(analyzer: Analyzer) -> None:
    document = Suggestion("行政处罚法", DOCUMENT, 1, Filters(basis=(BasisFilter("行政处罚法"),)))
    table = SuggestionTable([document, Suggestion("行政处罚法", PHRASE, 5)], analyzer)
    assert table.matching("行政", 8) == (document,)


def made(suggestions: Suggestions, typed: str) -> tuple[Suggestion, ...]:
    """What is suggested when all has been made in the background."""
    end = time.monotonic() + 30
    while suggestions.making and time.monotonic() < end:
        time.sleep(0.01)
    return suggestions.suggest(typed, 20)


def test_samples_give_units_documents_phrases_and_titles(lexical: SearchService) -> None:
    lexical.suggestions.prepare()
    assert {one.kind for one in made(lexical.suggestions, "xz")} >= {PHRASE, TITLE}
    [unit] = [one for one in made(lexical.suggestions, "司法局") if one.text == "区司法局"]
    assert unit.kind == UNIT
    assert unit.count == lexical.index.count(unit.filters) > 0
    [title] = [one for one in made(lexical.suggestions, "青溪区2018") if one.kind == TITLE]
    assert title.text.startswith("青溪区2018年")
    assert made(lexical.suggestions, "sfj")


def test_asking_does_not_wait_for_what_is_made(lexical: SearchService, analyzer: Analyzer) -> None:
    suggestions = SearchService(lexical.index, analyzer, None).suggestions
    started = time.perf_counter()
    assert suggestions.suggest("行政") == ()
    assert time.perf_counter() - started < 1
    assert made(suggestions, "行政")


def test_an_index_that_does_not_answer_is_tried_again(
    lexical: SearchService, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise StorageError("索引没有回答")

    suggestions = SearchService(lexical.index, analyzer, None).suggestions
    with monkeypatch.context() as patched:
        patched.setattr(type(lexical.index), "notices", fails)
        suggestions.prepare()
        assert made(suggestions, "行政") == ()
    assert "suggestions could not be made" in caplog.text
    later = time.monotonic() + 1000
    monkeypatch.setattr("search_api.suggestions.time.monotonic", lambda: later)
    suggestions.prepare()
    monkeypatch.undo()
    assert made(suggestions, "行政")
