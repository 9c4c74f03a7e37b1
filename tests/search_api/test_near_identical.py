from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.model import ParsedNotice
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.shingles import NEAR_IDENTICAL, overlap, shingles
from search_api.near_identical import NearIdentical, usages
from search_api.search import SearchService
from tests.contract.notices import item, notice

UPPER = "健全行政执法案卷评查制度，每年组织评查不少于两次，评查结果在全区通报，并作为年度考核的依据，对评查中发现的共性问题发出整改建议书"
COPY = UPPER.replace("两次", "三次")
REWORDED = (
    "案卷评查由司法局牵头，每年组织两次，结果通报各执法单位，发现的问题逐项整改并纳入年度考核，整改不力的约谈负责人"
)
OTHER = "全面清理各类证明事项，凡没有法律法规依据的一律取消，并向社会公布取消和保留的证明事项清单"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedIndex]:
    with EmbeddedIndex.open(tmp_path_factory.mktemp("index"), Analyzer()) as held:
        for parsed in (
            notice("n1", item(UPPER), item(OTHER), date="2019-02-01", years=(2019, 2019)),
            notice("n2", item(COPY), district="云杉区", date="2018-06-01", years=(2018, 2018), number=None),
            notice(
                "n3", item(UPPER), item(COPY), district="云杉区", date="2020-06-01", years=(2020, 2020), number=None
            ),
            notice("n4", item(UPPER), district=None, date="2018-03-01", years=(2018, 2020), number=None),
            notice("n5", item(REWORDED), item("——"), district="松岭县", number=None),
            notice("n6", item(UPPER), district="松岭县", date=None, years=None, number=None),
        ):
            held.write(parsed, f"/{parsed.notice.id}", None, None)
        yield held


def test_copy_with_another_number_is_near_identical_and_a_rewording_is_not() -> None:
    assert overlap(shingles(UPPER), shingles(COPY)) >= NEAR_IDENTICAL > overlap(shingles(UPPER), shingles(REWORDED))


def test_usage_counts_districts_notices_and_items_over_the_whole_index(index: EmbeddedIndex) -> None:
    asked = index.items(["n1-0"])[0]
    used = usages([asked], index)["n1-0"]
    assert (used.districts, used.notices, used.items) == (4, 5, 6)
    assert not used.at_least


def test_wording_was_first_used_in_the_earliest_plan_year_then_date(index: EmbeddedIndex) -> None:
    used = usages(index.items(["n1-0"]), index)["n1-0"]
    assert (used.first.item_id, used.first.notice.id) == ("n4-0", "n4")
    assert used.members == ("n4-0", "n2-0", "n3-0", "n3-1", "n6-0")


def test_every_item_of_a_page_gets_its_usage(index: EmbeddedIndex) -> None:
    asked = ["n1-0", "n1-1", "n2-0", "n5-0", "n5-1"]
    used = usages(index.items(asked), index)
    assert {item_id: one.items for item_id, one in used.items()} == {"n1-0": 6, "n1-1": 1, "n2-0": 6, "n5-0": 1}
    assert used["n1-1"].members == ()
    assert used["n1-1"].first.item_id == "n1-1"
    assert usages([], index) == {}


def test_usage_agrees_with_all_pairs_compared_word_for_word(tmp_path: Path) -> None:
    copies = [UPPER[:at] + "甲乙丙丁戊"[: 1 + at % 5] + UPPER[at + at % 4 :] for at in range(0, len(UPPER), 2)]
    parsed = notice("n1", *(item(text) for text in (UPPER, *copies)))
    with EmbeddedIndex.open(tmp_path / "index", Analyzer()) as held:
        held.write(parsed, "/n1", None, None)
        used = usages(parsed.items[:1], held)["n1-0"]
    asked = shingles(UPPER)
    wanted = {other.id for other in parsed.items if overlap(asked, shingles(other.text)) >= NEAR_IDENTICAL}
    assert 10 < len(wanted) < len(parsed.items)
    assert used.items == len(wanted)


def test_later_hits_of_a_page_fold_into_the_first_of_their_wording() -> None:
    parsed: ParsedNotice = notice(
        "n1", *(item(text) for text in (COPY, OTHER, UPPER, REWORDED, "", OTHER, "")), date=None
    )
    page = NearIdentical()
    assert [page.first(held) for held in parsed.items] == ["n1-0", "n1-1", "n1-0", "n1-3", "n1-4", "n1-1", "n1-6"]


def test_short_provision_folds_only_into_the_same_words() -> None:
    page = NearIdentical()
    texts = ("加强组织领导", "加强组织领导。", "加强组织领导力", "强化组织领导")
    items = [replace(item(text), id=str(number)) for number, text in enumerate(texts)]
    assert [page.first(held) for held in items] == ["0", "0", "2", "3"]


def test_a_page_is_filled_from_deeper_ranks_where_copies_of_one_wording_come_first(tmp_path: Path) -> None:
    with EmbeddedIndex.open(tmp_path / "index", Analyzer()) as many:
        for number in range(300):
            many.write(notice(f"c{number:03}", item(UPPER), number=None), f"/c{number}", None, None)
        for number, text in enumerate((REWORDED, OTHER)):
            many.write(notice(f"d{number}", item(text), number=None), f"/d{number}", None, None)
        service = SearchService(many, Analyzer(), None)
        page = service.search("行政执法案卷评查结果", Filters(), top=2)
        assert [hit.item.text for hit in page.hits] == [UPPER, REWORDED]
        rest = service.search("行政执法案卷评查结果", Filters(), top=2, offset=1)
        assert rest.hits[0].id == page.hits[1].id
