from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from search_api.evaluation.evaluate import evaluate, searched_by, service_ranker
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.judgements import Judged, Judgement, Passage, Qrel, Target
from search_api.search import SearchService
from tests.contract.notices import item, notice


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    """Two notices with provisions on filing and on clearing up."""
    with EmbeddedIndex.open(tmp_path / "index", Analyzer()) as held:
        texts = ("健全备案审查制度,逐件登记。", "清理**过期**文件。", "健全备案审查制度,按季通报。")
        for notice_id, chosen in (("a", texts), ("b", texts[:1])):
            held.write(notice(notice_id, *(item(text) for text in chosen)), f"{notice_id}.txt", None, None)
        yield held


def test_item_is_found_by_the_beginning_of_its_folded_text_in_its_file(index: EmbeddedIndex) -> None:
    holdings = Holdings(index)
    cases: list[tuple[Target, str | None]] = [
        (Passage("a.txt", ("清理过期",)), "a-1"),
        (Passage("a.txt", ("没有", "健全 备案审查制度，按季")), "a-2"),
        (Passage("a.txt", ("健全备案",)), "a-0"),
        (Passage("b.txt", ("清理过期",)), None),
        (Passage("c.txt", ("清理过期",)), None),
        ("a-1", "a-1"),
        ("a-9", None),
    ]
    assert [holdings.find(target) for target, _ in cases] == [found for _, found in cases]


def test_judgements_without_a_held_item_are_told_apart(index: EmbeddedIndex) -> None:
    both, missing = Passage("a.txt", ("健全备案",)), Passage("c.txt", ("清理",))
    judgements = (Judgement(both, 3), Judgement("a-2", 1), Judgement(missing, 2))
    resolved = Holdings(index).resolve(Judged("q", "keyword", "备案", judgements=judgements))
    assert resolved.held == (Qrel("q", "a-0", 3), Qrel("q", "a-2", 3))
    assert resolved.absent == (("a-2", 1), ("清理…（c.txt）", 2))


def test_items_that_are_not_held_count_as_not_found(index: EmbeddedIndex) -> None:
    service, holdings = SearchService(index, Analyzer(), None), Holdings(index)
    held, absent = Judgement("a-1", 2), Judgement("z-1", 2)
    queries = [
        Judged("all held", "keyword", "清理过期文件", judgements=(held,)),
        Judged("half held", "keyword", "清理过期文件", judgements=(held, absent)),
        Judged("like a lost one", "similar", "", similar_to="z-1", judgements=(held,)),
        Judged("not judged", "keyword", "清理"),
    ]
    run = evaluate(queries, service_ranker(service, holdings, 100), holdings, searched_by(service, "1"), 100)
    values = {query.qid: query.values for query in run.queries}
    assert values["all held"] == {"nDCG@10": 1.0, "R@20": 1.0, "R@100": 1.0, "RR@10": 1.0}
    assert values["half held"]["R@20"] == 0.5
    assert values["half held"]["nDCG@10"] == pytest.approx(1 / (1 + 0.6309297))
    assert values["like a lost one"]["nDCG@10"] == 0.0
    assert values["not judged"] == {}
    assert [query.absent for query in run.queries] == [(), (("z-1", 2),), (), ()]
