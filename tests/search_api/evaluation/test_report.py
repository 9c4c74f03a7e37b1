from pathlib import Path

from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.index.protocol import ScoredItem
from search_api.evaluation.comparison import compare_runs
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.measures import Values
from search_api.evaluation.report import report_page
from search_api.evaluation.runs import Answer, QueryRun, Run, Searched
from tests.contract.notices import item, notice

HOSTILE = "$x_{ --> <script>alert(1)</script>\n&amp; 备案"


def run(*queries: QueryRun) -> Run:
    return Run("2020-01-02T03:04:05+00:00", 100, 2, Searched("lexical", None, "1", 1, 3), queries)


def query(qid: str, hits: tuple[str, ...], values: Values, words: str = "备案审查") -> QueryRun:
    ranking = tuple(ScoredItem(item_id, 0.5) for item_id in hits)
    return QueryRun(qid, "keyword", words, qid, Answer(ranking), {"a-0": 3, "a-1": 2}, (("没有的条款", 2),), values)


def page(tmp_path: Path, now: Run, before: Run | None = None) -> str:
    with EmbeddedIndex.open(tmp_path / "index", Analyzer()) as index:
        index.write(notice("a", *map(item, ("健全备案审查", "清理文件", "政务公开"))), "a.txt", None, None)
        return report_page(now, compare_runs(before, now) if before else None, Holdings(index))


def test_badly_answered_query_is_shown_with_its_hits_and_what_it_missed(tmp_path: Path) -> None:
    shown = page(
        tmp_path, run(query("q1", ("a-1", "gone-1"), {"nDCG@10": 0.3}), query("q2", ("a-0",), {"nDCG@10": 1.0}))
    )
    bad = shown.split("没有查好的查询")[1]
    found, missed = bad.split("判断为相关、前 10 条里没有的")
    assert "清理文件" in found
    assert "gone-1" in found
    assert "健全备案审查" in missed
    assert "没有的条款（2 级，不在库中）" in missed
    assert "<b>q2" not in bad


def test_queries_that_moved_are_shown_with_what_came_and_went(tmp_path: Path) -> None:
    before, after = query("q", ("a-1",), {"nDCG@10": 0.3}), query("q", ("a-0",), {"nDCG@10": 0.9})
    shown = page(tmp_path, run(after), run(before)).split("与以前的结果比较")[1]
    came, went = shown.split("新进前 10")[1].split("出了前 10")
    assert "健全备案审查" in came
    assert "清理文件" in went
    assert "+0.600" in shown


def test_whatever_a_query_holds_is_text_on_the_page(tmp_path: Path) -> None:
    now = run(query("q", (), {"nDCG@10": 0.0}, HOSTILE))
    shown = page(tmp_path, now, run(query("q", (), {"nDCG@10": 0.5}, HOSTILE)))
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 2
    assert "<!--" not in shown


def test_run_without_judgements_makes_a_page_without_plots(tmp_path: Path) -> None:
    shown = page(tmp_path, run(query("q", ("a-0",), {})))
    assert "没有判断、未计入的查询 1 个" in shown
    assert "<svg" not in shown
