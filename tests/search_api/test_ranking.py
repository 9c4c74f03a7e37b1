"""Ranking: what comes first, what is raised, and what each leg adds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analyzers.embedding import FloatArray
from analyzers.lexicon.synonyms import Synonym, SynonymKind, SynonymTable
from analyzers.terms import Analyzer
from corpus.model import Role, TaskItem
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from search_api.expansion import synonym_table
from search_api.ranking import Ranker
from search_api.search import SearchService
from search_api.understanding import IndexHoldings, Reading
from tests.contract.notices import DIMENSION, MODEL, item, notice, unit, vector, vectors

Searched = Callable[..., SearchService]


class ByText:
    """A model whose vectors depend on the text alone: the same text is near, any other is not."""

    fingerprint = MODEL
    dimension = DIMENSION

    def encode_items(self, texts: list[str]) -> FloatArray:
        raise NotImplementedError

    def encode_query(self, text: str) -> FloatArray:
        return vector(text)


@pytest.fixture
def over(tmp_path: Path, analyzer: Analyzer) -> Iterator[Searched]:
    """Makes a search over one notice with the given items."""
    with EmbeddedIndex.open(tmp_path / "index", analyzer) as index:

        def service(*items: TaskItem, with_vectors: bool = False, embedder: ByText | None = None) -> SearchService:
            parsed = notice("a", *items)
            index.write(parsed, "a.txt", *((vectors(parsed), MODEL) if with_vectors else (None, None)))
            return SearchService(index, analyzer, embedder)

        yield service


def texts(service: SearchService, query: str, *plain: str) -> list[str]:
    return [hit.item.text for hit in service.search(query, Filters(), plain=plain).hits]


# What comes first


@pytest.mark.parametrize("district", ["临汐区", "青溪区", "蓝桥区"])
@pytest.mark.parametrize("named", ["number", "title"])
def test_items_of_a_notice_that_is_named_come_first(lexical: SearchService, named: str, district: str) -> None:
    _, records = lexical.index.notices(Filters(district=(district,)), 0, 1)
    held = records[0].notice
    name = held.document_number if named == "number" else f"《{held.title}》"
    hits = lexical.search(f"{name} 行政执法", Filters(), top=100, collapse=False).hits
    own = [hit.notice.id == held.id for hit in hits]
    assert own[0]
    assert own == sorted(own, reverse=True)
    assert not all(own), "others come behind"
    assert hits[0].score == 1.0


def test_notice_named_alone_is_listed_in_its_order(lexical: SearchService) -> None:
    _, records = lexical.index.notices(Filters(district=("临汐区",)), 0, 1)
    hits = lexical.search(records[0].notice.document_number or "", Filters(), top=100, collapse=False).hits
    assert [hit.id for hit in hits] == [one.id for one in lexical.index.notice(records[0].notice.id).items]


def test_literal_word_comes_before_its_synonym(over: Searched) -> None:
    synonyms = SynonymTable([Synonym("踢皮球", ("推诿",), SynonymKind.COLLOQUIAL, False, "通用")])
    service = over(item("坚决防止推诿问题"), item("坚决防止踢皮球问题"), item("公布清单")).with_synonyms(synonyms)
    assert texts(service, "踢皮球") == ["坚决防止踢皮球问题", "坚决防止推诿问题"]


# What is raised


@pytest.mark.parametrize(
    "boost",
    [Filters(unit=("市场监管局",)), Filters(role=(Role.LEAD,)), Filters(unit=("没有这个局",))],
    ids=["a unit", "a role", "a unit that nobody names"],
)
def test_boosts_raise_what_satisfies_them_and_drop_nothing(
    lexical: SearchService, analyzer: Analyzer, boost: Filters
) -> None:
    holdings = IndexHoldings(lexical.index, analyzer)
    ranker = Ranker(lexical.index, holdings, analyzer, None, synonym_table())
    words = "随机抽查"
    plain, boosted = (
        ranker.rank(Reading(words, words, Filters(), words, boosts=boosts)).hits for boosts in ((), (boost,))
    )
    before, after = ([hit.item_id for hit in hits] for hits in (plain, boosted))
    assert set(after) == set(before)
    satisfying = lexical.index.among(before, boost)
    assert all(after.index(one) <= before.index(one) for one in satisfying)
    assert [one for one in after if one in satisfying] == [one for one in before if one in satisfying]
    assert all(0.0 <= hit.score <= 1.0 for hit in boosted)


def test_item_of_the_unit_that_is_asked_for_comes_first(over: Searched) -> None:
    lead, other = unit("财政局", Role.LEAD), unit("教育局")
    service = over(
        item("落实经费保障", units=[other]),
        item("落实经费保障和装备保障", units=[lead]),
        item("节约经费", units=[other]),
    )
    assert texts(service, "经费保障")[0] == "落实经费保障"
    assert texts(service, "财政局牵头的经费保障")[0] == "落实经费保障和装备保障"


# What each leg adds


def test_search_is_lexical_without_a_model(over: Searched) -> None:
    service = over(item("健全备案审查制度"), item("清理文件"), with_vectors=True)
    (hit,) = service.search("备案审查", Filters()).hits
    assert service.mode == "lexical"
    assert hit.explanation.vector is None


def test_search_is_lexical_where_the_index_holds_no_vectors(over: Searched) -> None:
    service = over(item("健全备案审查制度"), embedder=ByText())
    assert service.mode == "lexical"
    assert service.search("备案审查", Filters()).hits[0].explanation.vector is None


def test_both_legs_take_part_where_there_are_vectors(over: Searched) -> None:
    service = over(item("健全备案审查制度"), item("清理文件"), with_vectors=True, embedder=ByText())
    (hit,) = service.search("健全备案审查制度", Filters(), plain=["*"]).hits
    assert service.mode == "hybrid"
    assert hit.explanation.lexical
    assert hit.explanation.vector
    assert hit.explanation.vector.score == pytest.approx(1.0, abs=0.01)


def test_synonym_is_found_where_no_word_matches(over: Searched) -> None:
    service = over(item("坚决防止推诿扯皮"), item("公布权责清单"))
    hit = service.search("踢皮球", Filters()).hits[0]
    assert hit.item.text == "坚决防止推诿扯皮"
    assert hit.explanation.matched == ()
    assert [(one.phrase, one.expansions) for one in hit.explanation.synonyms] == [("踢皮球", ("推诿",))]
    assert texts(service, "踢皮球", "踢皮球") == []


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
@pytest.mark.parametrize(
    "query",
    [
        "备案审查",
        "踢皮球",
        "市场监管局牵头的随机抽查",
        "老百姓告官怎么应对",
        "青溪区2018年",
        "法",
        "《实施方案》第12条",
    ],
)
def test_scores_lie_between_0_and_1_and_fall(query: str, mode: str, request: pytest.FixtureRequest) -> None:
    service: SearchService = request.getfixturevalue(mode)
    scores = [hit.score for hit in service.search(query, Filters(), top=100).hits]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores == sorted(scores, reverse=True)
