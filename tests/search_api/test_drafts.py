from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.errors import QueryError
from corpus.model import Document, Source
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.parsing import parse
from indexer.pipeline import index_files
from indexer.reading import find_files, read_document
from search_api.draft_answers import draft_answer
from search_api.drafts import MOST_ITEMS, Draft, Similar, precedents, read_draft
from search_api.results import SearchResult
from search_api.search import SearchService

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
HELD = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"
EVERY = Filters()
ANALYZER = Analyzer()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchService]:
    """The real service over the text samples, without a model."""
    with EmbeddedIndex.open(tmp_path_factory.mktemp("index"), ANALYZER) as index:
        list(index_files(find_files(sorted(SAMPLES.glob("*.txt"))), index, None))
        yield SearchService(index, ANALYZER, None)


def best_of_three_districts(service: SearchService) -> Similar:
    return partial(service.similar_to_text, top=3, per_district=1)


def draft_of(text: str) -> Draft:
    return read_draft(Document(text, Source("draft.txt", "0" * 64)))


def test_numbered_draft_is_compared_provision_by_provision() -> None:
    document = read_document(HELD)
    draft, parsed = read_draft(document), parse(document)
    assert [item.text for item in draft.items] == [item.text for item in parsed.items]
    assert draft.items[0].path[-1] == "（一）做好机构改革的法治保障"
    assert (draft.notice_id, draft.title, draft.left_out) == (parsed.notice.id, parsed.notice.title, 0)


def test_draft_without_numbers_is_compared_by_paragraphs_and_long_ones_between_sentences() -> None:
    sentence = "各单位应当在决定作出之日起七个工作日内公开执法结果，并按季度汇总报送区司法局备查。"
    text = f"关于公开\n\n{sentence}\n  各镇街每半年组织一次执法人员培训。\n{sentence * 20}"
    draft = draft_of(text)
    assert [item.text for item in draft.items[:2]] == [sentence, "各镇街每半年组织一次执法人员培训。"]
    rest = draft.items[2:]
    assert "".join(item.text for item in rest) == sentence * 20
    assert all(len(item.text) <= 300 and item.text.endswith("。") for item in rest)
    assert [text[item.span.start : item.span.end] for item in draft.items] == [item.text for item in draft.items]


@pytest.mark.parametrize("text", ["", "\n \n", "关于公开"])
def test_text_that_says_nothing_has_no_provisions(text: str) -> None:
    assert draft_of(text).items == ()


def test_damaged_characters_do_not_get_into_the_search() -> None:
    [item] = draft_of("各镇街每半年组织一次\0执法人员\ud800培训。").items
    assert item.text == "各镇街每半年组织一次执法人员?培训。"


def test_provisions_beyond_the_limit_are_counted() -> None:
    paragraph = "各镇街每半年组织一次执法人员培训并考核。\n"
    draft = draft_of(paragraph * (MOST_ITEMS + 3))
    assert (len(draft.items), draft.left_out) == (MOST_ITEMS, 3)


def test_precedents_are_the_best_of_other_notices_with_their_differences(service: SearchService) -> None:
    draft = read_draft(read_document(HELD))
    found = list(precedents(draft, best_of_three_districts(service), EVERY))
    assert [one.item for one in found] == list(draft.items)
    for one in found:
        assert one.result is not None
        assert len(one.result.hits) <= 3
        assert draft.notice_id not in {hit.notice.id for hit in one.result.hits}
        places = [(hit.notice.city, hit.notice.district) for hit in one.result.hits]
        assert len(places) == len(set(places))
        for hit in one.result.hits:
            assert hit.differences[-1].left.end == len(one.item.text)
            assert hit.differences[-1].right.end == len(hit.item.text)


def test_provision_that_cannot_be_sought_does_not_stop_the_others(service: SearchService) -> None:
    def similar(text: str, filters: Filters) -> SearchResult:
        if "第二" in text:
            raise QueryError("太长", code="query_too_long")
        return service.similar_to_text(text, filters)

    draft = draft_of("第一批制度清理按期完成。\n第二批制度清理按期完成。\n第三批制度清理按期完成。")
    found = list(precedents(draft, similar, EVERY))
    assert [one.error and one.error.code for one in found] == [None, "query_too_long", None]
    answer = draft_answer(draft, found, "lexical")
    assert answer["items"][1]["hits"] == []
    assert answer["items"][1]["error"] == {"code": "query_too_long", "detail": "太长"}


def test_filters_hold_for_every_provision(service: SearchService) -> None:
    found = precedents(read_draft(read_document(HELD)), service.similar_to_text, Filters(district=("松岭县",)))
    assert {hit.notice.district for one in found if one.result for hit in one.result.hits} == {"松岭县"}


def test_answer_has_every_provision_with_hits_and_their_differences(service: SearchService) -> None:
    draft = read_draft(read_document(HELD))
    found = list(precedents(draft, best_of_three_districts(service), EVERY))
    answer = draft_answer(draft, found, "lexical")
    assert list(answer) == ["title", "items", "left_out", "mode", "partial"]
    assert len(answer["items"]) == len(draft.items)
    first = answer["items"][0]
    assert list(first) == ["order", "path", "text", "span", "total", "hits", "error"]
    assert set(first["hits"][0]["differences"]) == {"likeness", "segments", "phrases"}
