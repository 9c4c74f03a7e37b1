"""Suggestions are the same on every backend."""

import time
from dataclasses import replace

from analyzers.terms import Analyzer
from corpus.model import Role
from indexer.index.protocol import Index
from search_api.search import SearchService
from search_api.suggestions import Suggestion, Suggestions
from tests.contract.notices import basis, item, notice, unit


def test_names_and_phrases_are_suggested_with_their_numbers_of_items(index: Index, analyzer: Analyzer) -> None:
    made = item("健全机制", "（一）推进行政执法公示", [unit("区司法局", Role.LEAD)], [basis("行政处罚法", "12")])
    for number in range(3):
        written = notice(f"n{number}", made, replace(made, text="落实责任"))
        index.write(written, f"/n{number}", None, None)
    suggestions = SearchService(index, analyzer, None).suggestions
    assert [(one.kind, one.count) for one in finished(suggestions, "司法")] == [("unit", 6)]
    assert [(one.text, one.count) for one in finished(suggestions, "xingzhengchu")] == [("行政处罚法", 6)]
    assert [(one.text, one.count) for one in finished(suggestions, "tjxzzf")] == [("推进行政执法公示", 6)]


def finished(suggestions: Suggestions, typed: str) -> list[Suggestion]:
    suggestions.prepare()
    end = time.monotonic() + 30
    while suggestions.making and time.monotonic() < end:
        time.sleep(0.01)
    return list(suggestions.suggest(typed))
