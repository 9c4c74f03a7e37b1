"""Matching: how much of a query items have, and which of the ranked ones count as found."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.lexicon.synonyms import SynonymKind
from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from search_api.expansion import Expanded
from search_api.fusion import Fused
from search_api.matching import Wanted, coverage, found, matched_expansions, matched_words, rarity
from search_api.search import SearchService
from tests.contract.notices import item, notice

TEXTS = ("健全备案审查制度", "健全政务公开制度", "健全法律顾问制度", "坚决防止推诿")

OTHER_FIELDS = (
    "红烧肉的做法",
    "番茄炒蛋怎么做",
    "清蒸鲈鱼要蒸几分钟",
    "糖醋排骨",
    "世界杯足球赛规则",
    "足球越位规则",
    "马拉松训练计划",
    "量子力学",
    "薛定谔方程",
    "光合作用",
    "贝多芬交响曲",
    "手机电池更换",
    "小猫不吃饭怎么办",
    "汽车保养",
    "股票怎么开户",
    "花生油价格",
)
# One word of each is held, and words are all that there is to judge by.
OTHER_FIELDS_BY_CHANCE = ("比特币价格", "篮球三分球", "元素周期表", "去日本旅游签证")


@pytest.fixture
def index(tmp_path: Path, analyzer: Analyzer) -> Iterator[Index]:
    with EmbeddedIndex.open(tmp_path / "index", analyzer) as opened:
        opened.write(notice("a", *(item(text) for text in TEXTS)), "a.txt", None, None)
        yield opened


def wanted(query: str, analyzer: Analyzer) -> Wanted:
    """A query in which 踢皮球 stands for 推诿."""
    expanded = Expanded("踢皮球", ("推诿",), SynonymKind.COLLOQUIAL)
    phrases = {"踢皮球": frozenset(analyzer.analyse("踢皮球").words)}
    return (
        Wanted(analyzer.analyse(query), (expanded,), phrases) if "踢皮球" in query else Wanted(analyzer.analyse(query))
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("备案审查", ("备案", "审查", "备案审查")),
        ("备案的审查", ("备案", "审查")),
        ("备案，备案", ("备案",)),
        ("法", ("法",)),
        ("", ()),
    ],
    ids=["words and those inside", "no single characters beside words", "each once", "single character", "nothing"],
)
def test_words_of_a_query(query: str, words: tuple[str, ...], analyzer: Analyzer) -> None:
    assert Wanted(analyzer.analyse(query)).words == words


def test_what_a_text_matches(analyzer: Analyzer) -> None:
    sought = wanted("踢皮球和备案", analyzer)
    assert matched_words(sought, "健全备案审查制度") == ("备案",)
    assert matched_expansions(sought, "健全备案审查制度") == ()
    assert matched_expansions(sought, "坚决防止推诿") == sought.expanded


def test_rare_words_tell_more_than_common_ones(index: Index, analyzer: Analyzer) -> None:
    rarities = rarity(wanted("红烧肉的备案制度", analyzer), index)
    assert rarities["红烧肉"] > rarities["备案"] > rarities["制度"] > 0
    assert rarity(wanted("", analyzer), index) == {}


@pytest.mark.parametrize("word", ["c++", "5g", "法", "互联网+", "𠮷"])
def test_every_word_has_a_rarity(word: str, index: Index, analyzer: Analyzer) -> None:
    assert all(value > 0 for value in rarity(wanted(word, analyzer), index).values())


@pytest.mark.parametrize(
    ("query", "least", "most"),
    [
        ("备案审查", 1.0, 1.0),
        ("踢皮球", 1.0, 1.0),
        ("踢皮球的备案", 0.5, 0.9),
        ("红烧肉制度", 0.01, 0.2),
        ("红烧肉", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
    ids=["all words", "in other words", "some words", "a common word of rare ones", "nothing", "no words"],
)
def test_coverage_is_the_share_of_what_the_words_tell(
    query: str, least: float, most: float, index: Index, analyzer: Analyzer
) -> None:
    sought = wanted(query, analyzer)
    items = index.items([f"a-{number}" for number in range(len(TEXTS))])
    assert least <= coverage(sought, items, rarity(sought, index)) <= most
    assert coverage(sought, [], rarity(sought, index)) == 0.0


def hit(item_id: str, *, bm25: float | None = None, cosine: float | None = None) -> Fused:
    return Fused(item_id, 0.5, None if bm25 is None else (1, bm25), None if cosine is None else (1, cosine))


@pytest.mark.parametrize(
    ("ranking", "covered", "ids"),
    [
        ([], 1.0, []),
        ([hit("a", bm25=8.0), hit("b", bm25=2.0), hit("c", bm25=1.9)], 1.0, ["a", "b"]),
        ([hit("a", bm25=8.0)], 0.1, []),
        ([hit("a", bm25=8.0, cosine=0.7), hit("b", bm25=8.0, cosine=0.3)], 1.0, ["a", "b"]),
        ([hit("a", bm25=8.0, cosine=0.7), hit("b", bm25=8.0, cosine=0.3)], 0.3, ["a"]),
        ([hit("a", cosine=0.7), hit("b", cosine=0.6), hit("c", cosine=0.5)], 0.0, ["a", "b"]),
        ([hit("a", cosine=0.45), hit("b", bm25=8.0, cosine=0.3)], 0.3, []),
        ([hit("a", cosine=0.45), hit("b", bm25=8.0, cosine=0.3)], 0.6, ["a", "b"]),
    ],
    ids=[
        "nothing ranked",
        "a share of the best score",
        "few of the words, without vectors",
        "words covered: both legs",
        "words not covered: vectors alone",
        "near the best",
        "neither words nor vectors are near",
        "the words are enough",
    ],
)
def test_what_counts_as_found(ranking: list[Fused], covered: float, ids: list[str]) -> None:
    assert [one.item_id for one in found(ranking, covered, in_other_words=False)] == ids


def test_less_of_the_best_score_is_enough_for_other_words() -> None:
    ranking = [hit("a", bm25=8.0), hit("b", bm25=1.5), hit("c", bm25=1.4)]
    assert [one.item_id for one in found(ranking, 1.0, in_other_words=True)] == ["a", "b"]


@pytest.mark.parametrize("query", OTHER_FIELDS)
def test_query_from_another_field_finds_nothing_by_words(query: str, lexical: SearchService) -> None:
    assert lexical.search(query, Filters()).total == 0


@pytest.mark.parametrize("query", [*OTHER_FIELDS, *OTHER_FIELDS_BY_CHANCE[1:]])
def test_query_from_another_field_finds_nothing_by_words_and_vectors(query: str, hybrid: SearchService) -> None:
    assert hybrid.search(query, Filters()).total == 0


@pytest.mark.parametrize("query", OTHER_FIELDS_BY_CHANCE)
def test_word_that_is_held_by_chance_finds_little(query: str, lexical: SearchService) -> None:
    assert 0 < len(lexical.search(query, Filters(), top=100).hits) <= 0.2 * lexical.index.statistics().items


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
@pytest.mark.parametrize(
    "query",
    ["备案审查", "让老百姓办事少跑腿", "第一次犯小错可以不罚钱", "政府欠企业的钱要还清", "检查太多影响企业做生意"],
)
def test_query_of_the_field_in_everyday_words_finds_some(query: str, mode: str, request: pytest.FixtureRequest) -> None:
    service: SearchService = request.getfixturevalue(mode)
    assert service.search(query, Filters()).total > 0
