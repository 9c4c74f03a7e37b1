import pytest

from indexer.index.protocol import ScoredItem
from search_api.evaluation.judgements import Qrel
from search_api.evaluation.measures import Measures, means, relevance_limit

# 2^3 - 1 = 7, 2^2 - 1 = 3, 1; discounts 1, 1/log2(3), 1/2.
LOG3 = 1.5849625007211562
IDEAL = 7 + 3 / LOG3 + 1 / 2

CASES = [
    ("best first", "abc", {"nDCG@10": 1.0, "R@20": 1.0, "R@100": 1.0, "RR@10": 1.0}),
    ("worst first", "cba", {"nDCG@10": (1 + 3 / LOG3 + 7 / 2) / IDEAL, "R@20": 1.0, "R@100": 1.0, "RR@10": 0.5}),
    ("one found", "xb", {"nDCG@10": 3 / LOG3 / IDEAL, "R@20": 0.5, "R@100": 0.5, "RR@10": 0.5}),
    ("too deep", "x" * 10 + "a", {"nDCG@10": 0.0, "R@20": 0.5, "R@100": 0.5, "RR@10": 0.0}),
    ("nothing found", "", {"nDCG@10": 0.0, "R@20": 0.0, "R@100": 0.0, "RR@10": 0.0}),
]


def ranking(letters: str) -> list[ScoredItem]:
    """Items named by letters, each x another one, all with the same score."""
    return [ScoredItem(f"{letter}{rank}" if letter == "x" else letter, 0.5) for rank, letter in enumerate(letters)]


@pytest.mark.parametrize(("hits", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_measures_follow_their_formulas_and_the_order_of_the_ranking(hits: str, expected: dict[str, float]) -> None:
    qrels = [Qrel("q", item_id, grade) for item_id, grade in zip("abcd", (3, 2, 1, 0), strict=True)]
    assert Measures(100, 2).of(qrels, {"q": ranking(hits)}) == {"q": pytest.approx(expected)}


def test_query_without_a_relevant_item_has_ndcg_alone() -> None:
    qrels = [Qrel("weak", "a", 1), Qrel("strong", "a", 2), Qrel("none", "a", 0)]
    values = Measures(100, 2).of(qrels, {qid: ranking("a") for qid in ("weak", "strong", "none")})
    assert values.keys() == {"weak", "strong"}
    assert values["weak"] == {"nDCG@10": 1.0}
    assert means(values.values())["R@20"] == 1.0


def test_measures_that_look_deeper_than_the_rankings_are_left_out() -> None:
    values = Measures(20, 1).of([Qrel("q", "a", 1)], {"q": ranking("a")})
    assert list(values["q"]) == ["nDCG@10", "R@20", "RR@10"]


def test_relevance_starts_at_two_where_grades_are_told_apart() -> None:
    assert [relevance_limit(grades) for grades in ([1, 1, 0], [1, 3], [])] == [1, 2, 1]
