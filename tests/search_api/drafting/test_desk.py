from pathlib import Path

import pytest

from corpus.errors import QueryError
from indexer.index.filters import Filters
from indexer.reading import read_document
from search_api.drafting.answers import desk_answer
from search_api.drafting.closeness import CLOSE, Closeness
from search_api.drafting.desk import Desk, complete, item_desk, item_desks
from search_api.drafting.draft import Draft, read_draft
from search_api.drafting.references import ReferenceState
from search_api.results import SearchResult
from search_api.search import SearchService
from tests.search_api.conftest import SAMPLES
from tests.search_api.drafting.conftest import Hold, draft_from, notice_text

HELD = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"
EVERY = Filters()
# Invented provisions, each about something of its own.
CASES = "组织行政执法案卷评查，每年评查案卷不少于80卷，评查结果逐案反馈并通报。"
TRAINING = "举办执法人员业务培训班，新录用人员先培训后上岗，全年学习不少于40学时。"
MEDIATION = "在交通、医患、消费领域设立调解室，调解不成的引导当事人提起诉讼。"
HEARINGS = "单位正职每年至少出庭应诉一次，不能出庭的由分管副职出庭并书面说明理由。"
DISTRICTS = ("丙区", "丁区", "戊区", "己区", "庚区")


def desk_of(draft: Draft, service: SearchService, wanted: Filters = EVERY) -> Desk:
    return complete(draft, list(item_desks(draft, service, wanted)), service)


def plans(*items: str) -> list[str]:
    """Plans of five districts with the same provisions."""
    return [notice_text(*items, district=name, number=number) for number, name in enumerate(DISTRICTS, 1)]


def test_precedents_are_the_closest_of_other_notices_one_of_each_district(lexical: SearchService) -> None:
    draft = read_draft(read_document(HELD))
    desk = desk_of(draft, lexical)
    assert [one.item for one in desk.items] == list(draft.items)
    for one in desk.items:
        hits = [each.hit for each in one.precedents]
        assert draft.notice.id not in {hit.notice.id for hit in hits}
        places = [(hit.notice.city, hit.notice.district) for hit in hits]
        assert len(places) == len(set(places))
        near = [each.closeness for each in one.precedents]
        assert near == sorted(near, reverse=True)
        assert all(each.closeness >= CLOSE for each in one.close)
        assert all(hit.differences[-1].left.end == len(one.item.text) for hit in hits)


def test_every_statement_names_precedents_that_have_it(lexical: SearchService) -> None:
    desk = desk_of(read_draft(read_document(HELD)), lexical)
    told = [(one, usual) for one in desk.items for usual in one.usual.charged]
    assert told
    for one, usual in told:
        close = {each.hit.id: each.hit.item for each in one.close}
        for item_id in usual.item_ids:
            units = close[item_id].units
            assert any(usual.value in f"{unit.canonical}{unit.successor}" for unit in units), (usual, units)


def test_copies_in_other_districts_count_one_by_one(hold: Hold) -> None:
    service = hold(*plans(f"{CASES}（区司法局负责）"))
    [one] = desk_of(draft_from(notice_text(CASES)), service).items
    assert len(one.close) == len(DISTRICTS)
    assert one.can_tell
    assert [(usual.value, len(usual.item_ids)) for usual in one.usual.charged] == [("司法局", 5)]


def test_filters_hold_for_every_provision(lexical: SearchService) -> None:
    draft = read_draft(read_document(HELD))
    desk = desk_of(draft, lexical, Filters(district=("松岭县",)))
    assert {each.hit.notice.district for one in desk.items for each in one.precedents} == {"松岭县"}


def test_provision_that_cannot_be_sought_is_told(lexical: SearchService) -> None:
    def similar(text: str, filters: Filters) -> SearchResult:
        raise QueryError("太长", code="query_too_long")

    [item] = draft_from("各镇街每半年组织一次执法人员培训。").items
    closeness = Closeness(lexical.holdings, lexical.analyzer)
    found = item_desk(item, similar, EVERY, closeness)
    assert (found.error and found.error.code, found.precedents, found.can_tell) == ("query_too_long", (), False)


def test_provision_that_most_comparable_notices_have_is_missing_with_its_sources(hold: Hold) -> None:
    service = hold(*plans(CASES, TRAINING, MEDIATION))
    desk = desk_of(draft_from(notice_text(CASES, TRAINING)), service)
    assert len(desk.gaps.comparable) == len(DISTRICTS)
    [gap] = desk.gaps.missing
    assert {one.notice.district for one in gap.provisions} == set(DISTRICTS)
    assert all("调解室" in one.item.text for one in gap.provisions)
    assert all(one.citation.item_id == one.item.id for one in gap.provisions)


@pytest.mark.parametrize(
    "own",
    [
        (CASES, TRAINING, MEDIATION),
        (CASES, TRAINING, "交通、医患和消费领域都要有调解室，调解不成的，引导当事人到法院起诉。"),
    ],
    ids=["same words", "other words"],
)
def test_provision_that_the_draft_has_is_not_missing(hold: Hold, own: tuple[str, ...]) -> None:
    desk = desk_of(draft_from(notice_text(*own)), hold(*plans(CASES, TRAINING, MEDIATION)))
    assert desk.gaps.can_tell
    assert desk.gaps.missing == ()


def test_provision_of_fewer_than_half_is_not_missing(hold: Hold) -> None:
    texts = plans(CASES, TRAINING)
    texts[0] = notice_text(CASES, TRAINING, HEARINGS, district=DISTRICTS[0], number=1)
    texts[1] = notice_text(CASES, TRAINING, HEARINGS, district=DISTRICTS[1], number=2)
    assert desk_of(draft_from(notice_text(CASES, TRAINING)), hold(*texts)).gaps.missing == ()


def test_nothing_is_missing_where_too_few_notices_compare(hold: Hold) -> None:
    service = hold(*plans(CASES, TRAINING, MEDIATION)[:3])
    desk = desk_of(draft_from(notice_text(CASES, TRAINING)), service)
    assert (len(desk.gaps.comparable), desk.gaps.can_tell, desk.gaps.missing) == (3, False, ())


@pytest.mark.parametrize("change", [("工作要点", "情况报告"), ("2018", "2009")], ids=["other family", "far years"])
def test_notices_of_other_sorts_and_years_do_not_compare(hold: Hold, change: tuple[str, str]) -> None:
    texts = [text.replace(*change) for text in plans(CASES, TRAINING, MEDIATION)]
    assert desk_of(draft_from(notice_text(CASES, TRAINING)), hold(*texts)).gaps.comparable == ()


def test_nothing_is_missing_from_a_draft_that_was_not_looked_at_whole(hold: Hold) -> None:
    service = hold(*plans(CASES, TRAINING, MEDIATION))
    draft = draft_from(notice_text(CASES, TRAINING))
    desk = complete(draft, list(item_desks(draft, service, EVERY))[:1], service)
    assert (desk.left_out, desk.gaps.missing) == (1, ())


REFERENCES = [
    # what the draft names, where it is known from, words of the note
    ("《丙区2018年工作要点》（丙政办〔2018〕1号）", ReferenceState.HELD, ""),
    ("《丙区2018年工作要点》（丙政办〔2018〕9号）", ReferenceState.HELD, "文号是 丙政办〔2018〕1号"),
    ("《甲市规划》（丁政办〔2018〕2号）", ReferenceState.HELD, "丁政办〔2018〕2号 是《丁区2018年工作要点》的文号"),
    ("《甲市备案办法》第三条", ReferenceState.NAMED, ""),
    ("《甲市备案办法》第三十条", ReferenceState.NAMED, "没有引用过更靠后的第 30 条"),
    ("《甲市备案办法》（甲政〔2010〕5号）", ReferenceState.NAMED, "这份文件的文号是 甲政〔2012〕7号"),
    ("《没有人听说过的规定》第三条", ReferenceState.NOT_HELD, ""),
]


@pytest.mark.parametrize(("named", "state", "note"), REFERENCES)
def test_references_are_held_against_what_is_known(hold: Hold, named: str, state: ReferenceState, note: str) -> None:
    preamble = "按照《甲市备案办法》（甲政〔2012〕7号）（以下简称《办法》），制定本要点。\n一、"
    texts = plans("清理文件。（区司法局负责）（依据《办法》第三条、第八条）", "公开文件。（区政府办负责）")
    service = hold(*(text.replace("一、", preamble, 1) for text in texts))
    [checked] = desk_of(draft_from(notice_text(f"按照{named}清理文件。")), service).references
    assert (checked.state, bool(checked.notes)) == (state, bool(note)), checked
    assert note in "".join(checked.notes)


def test_held_document_with_fewer_articles_is_told(hold: Hold) -> None:
    draft = draft_from(notice_text("按照《丙区2018年工作要点》第二条、第九条清理文件。"))
    [checked] = desk_of(draft, hold(*plans("清理文件。", "公开文件。"))).references
    assert checked.notes == ("收录的《丙区2018年工作要点》只有 2 条条款，请核对有没有第 9 条。",)


def test_documents_that_others_only_mention_are_known_too(hold: Hold) -> None:
    service = hold(*plans("全面落实《中华人民共和国档案管理法》，清理文件。", "公开文件。"))
    draft = draft_from(notice_text("落实《中华人民共和国档案管理法》。"))
    [checked] = desk_of(draft, service).references
    assert (checked.state, checked.cited) == (ReferenceState.NAMED, len(DISTRICTS))
    assert all("档案管理法" in one.item.text for one in checked.citing)


def test_draft_that_is_held_is_no_witness_for_itself(hold: Hold) -> None:
    text = notice_text("清理文件。（依据《甲市备案办法》第三条）", "公开文件。")
    [checked] = desk_of(draft_from(text), hold(text)).references
    assert checked.state is ReferenceState.NOT_HELD


def test_answer_has_every_provision_and_the_whole_draft(lexical: SearchService) -> None:
    draft = read_draft(read_document(HELD))
    answer = desk_answer(desk_of(draft, lexical), top=2)
    assert list(answer) == [
        "title", "items", "comparable", "missing", "references", "left_out", "mode", "partial",
    ]  # fmt: skip
    assert len(answer["items"]) == len(draft.items)
    for item in answer["items"]:
        assert len(item["hits"]) <= 2
        counted = {one["id"] for one in item["counted"]}
        for values in item["usual"].values():
            assert all(set(value["item_ids"]) <= counted for value in values)


def test_families_name_only_known_document_types() -> None:
    from indexer.parsing.metadata import DOC_TYPES
    from search_api.drafting.missing import family

    known = {name for _, name in DOC_TYPES}
    rows = (Path(__file__).parents[3] / "search_api/drafting/families.tsv").read_text(encoding="utf-8").splitlines()
    types = [row.split("\t")[0] for row in rows[2:]]
    assert set(types) <= known
    assert (family("工作要点"), family("讲话"), family(None)) == ("yearly_plan", "讲话", None)
