from dataclasses import replace
from pathlib import Path

import pytest

from indexer.index.protocol import ScoredItem
from search_api.evaluation.comparison import Move, compare_rankings, compare_runs
from search_api.evaluation.measures import Values
from search_api.evaluation.runs import Answer, QueryRun, Run, RunError, Searched, load_run, save_run, table
from search_api.evaluation.significance import paired_difference

SEARCHED = Searched("lexical", None, "1", 5, 229)


def ranking(letters: str) -> tuple[ScoredItem, ...]:
    return tuple(ScoredItem(letter, 1 / rank) for rank, letter in enumerate(letters, 1))


def query(qid: str, hits: str, values: Values, kind: str = "keyword", digest: str = "same") -> QueryRun:
    return QueryRun(qid, kind, f"问 {qid}", digest, Answer(ranking(hits)), {"a": 2}, (), values)


def run(*queries: QueryRun) -> Run:
    return Run("2020-01-02T03:04:05+00:00", 100, 2, SEARCHED, queries)


def test_ranking_change_names_what_came_went_and_moved() -> None:
    change = compare_rankings(ranking("abcd"), ranking("acbe"))
    assert change.came == ("e",)
    assert change.went == ("d",)
    assert change.moved == (Move("c", 3, 2), Move("b", 2, 3))


@pytest.mark.parametrize(
    ("before", "after", "overlap"),
    [
        ("", "", 1.0),
        ("abc", "abc", 1.0),
        ("abc", "xyz", 0.0),
        ("abc", "", 0.0),
        # agreement 0, 1 at the depths 1, 2, weighted 1, 0.9
        ("ab", "ba", 0.9 / 1.9),
        # agreement 1, 1/2
        ("ab", "a", (1 + 0.9 / 2) / 1.9),
    ],
)
def test_overlap_weighs_the_first_ranks_most(before: str, after: str, overlap: float) -> None:
    assert compare_rankings(ranking(before), ranking(after)).overlap == pytest.approx(overlap)


def test_only_the_first_hits_are_compared() -> None:
    change = compare_rankings(ranking("abc"), ranking("abd"), depth=2)
    assert (change.came, change.went, change.overlap) == ((), (), 1.0)


def test_runs_are_compared_over_the_queries_that_are_the_same_in_both() -> None:
    before = run(
        query("1", "abc", {"nDCG@10": 0.5}),
        query("2", "abc", {"nDCG@10": 0.5}),
        query("reworded", "abc", {"nDCG@10": 0.5}),
        query("dropped", "abc", {"nDCG@10": 0.5}),
        query("s", "abc", {"nDCG@10": 0.5}, kind="similar"),
    )
    after = run(
        query("1", "abd", {"nDCG@10": 0.6}),
        query("2", "xyz", {"nDCG@10": 0.1}),
        query("reworded", "abc", {"nDCG@10": 0.9}, digest="other"),
        query("s", "abc", {"nDCG@10": 0.5}, kind="similar"),
    )
    comparison = compare_runs(before, after)
    assert [change.after.qid for change in comparison.changes] == ["2", "1", "s"]
    assert comparison.not_compared == ("reworded", "dropped")
    difference = comparison.differences["all queries"]["nDCG@10"]
    assert difference.queries == 2
    assert difference.growth == pytest.approx(-0.15)
    assert comparison.differences["all similar"]["nDCG@10"].verdict == "没有差别"


def test_queries_without_judgements_are_compared_by_their_hits() -> None:
    comparison = compare_runs(run(query("1", "abc", {})), run(query("1", "bac", {})))
    assert comparison.differences == {}
    assert comparison.changes[0].ranking.overlap < 1


@pytest.mark.parametrize(
    ("growth", "verdict"),
    [
        ([0.0] * 30, "没有差别"),
        ([0.1] * 10, "太少"),
        ([0.1, 0.12] * 15, "显著提高"),
        ([-0.1, -0.12] * 15, "显著下降"),
        ([0.1, -0.1, 0.01] * 10, "不显著"),
    ],
)
def test_verdict_heeds_the_number_of_queries_and_chance(growth: list[float], verdict: str) -> None:
    before = [0.5] * len(growth)
    assert verdict in paired_difference(before, [0.5 + one for one in growth]).verdict


def test_probability_by_randomisation_is_exact_for_few_queries() -> None:
    difference = paired_difference([0.1, 0.2, 0.3, 0.4], [0.2, 0.4, 0.6, 0.8])
    assert difference.p_randomisation == pytest.approx(2 / 2**4)  # all four up, or all four down
    assert difference.p_t == pytest.approx(0.030466, abs=1e-5)
    # 2.802 standard deviations of the differences (0.1291), over the root of their number
    assert difference.detectable == pytest.approx(0.18087, abs=1e-4)


def test_one_query_alone_says_nothing() -> None:
    difference = paired_difference([0.1], [0.9])
    assert (difference.p_randomisation, difference.p_t, difference.detectable) == (1.0, None, None)
    assert "太少" in difference.verdict


def test_table_has_each_type_then_all_queries_then_all_similar() -> None:
    rows = table(
        run(
            query("1", "a", {"nDCG@10": 1.0, "R@20": 1.0}, kind="question"),
            query("2", "a", {"nDCG@10": 0.0}, kind="keyword"),
            query("3", "a", {}, kind="keyword"),
            query("4", "a", {"nDCG@10": 0.25}, kind="similar"),
        )
    )
    assert [(row.name, row.queries) for row in rows] == [
        ("keyword", 1),
        ("question", 1),
        ("similar", 1),
        ("all queries", 2),
        ("all similar", 1),
    ]
    assert rows[3].values == {"nDCG@10": 0.5, "R@20": 1.0}


def test_saved_run_is_loaded_as_it_was_and_replaces_the_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("former", encoding="utf-8")
    made = run(query("1", "abc", {"nDCG@10": 0.5}))
    save_run(made, path)
    assert load_run(path) == made
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_is_no_run_of_this_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    for content in (b"{}", b"no json", b"\xff\xfe"):
        path.write_bytes(content)
        with pytest.raises(RunError, match="xianli eval --save"):
            load_run(path)
    save_run(replace(run(), format=99), path)
    with pytest.raises(RunError, match="第 99 版"):
        load_run(path)
    with pytest.raises(RunError, match="无法读取"):
        load_run(tmp_path / "none.json")
