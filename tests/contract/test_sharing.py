"""Items that share wording are found by their bands, on every backend."""

import pytest

from indexer.index.protocol import Index
from indexer.shingles import estimated_overlap, wording
from tests.contract.notices import item, notice

WORDING = "健全行政执法案卷评查制度，每年组织评查不少于两次，评查结果在全区通报"
OTHER = "全面清理各类证明事项，凡没有法律法规依据的一律取消，并向社会公布清单"
NOTICES = (
    notice("a", item(WORDING), item(OTHER)),
    notice("b", item(WORDING.replace("，", "、")), number=None),
    notice("c", item("。"), item(WORDING + "。"), number=None),
)


def write(index: Index) -> None:
    for parsed in NOTICES:
        index.write(parsed, f"/{parsed.notice.id}", None, None)


def test_items_with_a_band_are_found_with_their_notices_by_id(index: Index) -> None:
    write(index)
    found = index.sharing(wording(WORDING).bands, 10)
    assert (found.item_ids, found.notice_ids) == (("a-0", "b-0", "c-1"), ("a", "b", "c"))
    assert found.sketches.shape == (3, 8)
    assert estimated_overlap(wording(WORDING).sketch, found.sketches).tolist() == [1.0, 1.0, 1.0]
    assert index.sharing(wording(WORDING).bands[3:4], 10).item_ids == ("a-0", "b-0", "c-1")


def test_at_most_so_many_are_found_the_first_by_id(index: Index) -> None:
    write(index)
    assert index.sharing(wording(WORDING).bands, 2).item_ids == ("a-0", "b-0")
    assert index.sharing(wording(WORDING).bands, 0).item_ids == ()


@pytest.mark.parametrize("bands", [(), ("没有",), wording("没有任何条款这样写过").bands])
def test_bands_of_nobody_find_nothing(index: Index, bands: tuple[str, ...]) -> None:
    write(index)
    found = index.sharing(bands, 10)
    assert (found.item_ids, found.notice_ids, len(found.sketches)) == ((), (), 0)


def test_removed_and_rewritten_items_are_not_found(index: Index) -> None:
    write(index)
    index.remove("a")
    index.write(notice("b", item(OTHER), number=None), "/b", None, None)
    assert index.sharing(wording(WORDING).bands, 10).item_ids == ("c-1",)
    assert index.sharing(wording(OTHER).bands, 10).item_ids == ("b-0",)


def test_records_of_several_notices(index: Index) -> None:
    write(index)
    found = {record.notice.id: record for record in index.records(["c", "a", "没有"])}
    assert found == {notice_id: index.record(notice_id) for notice_id in ("a", "c")}
    assert index.records([]) == []


def test_order_of_writing_makes_no_difference(index: Index) -> None:
    write(index)
    first = index.sharing(wording(WORDING).bands, 2)
    for parsed in NOTICES[:2]:
        index.write(parsed, f"/{parsed.notice.id}", None, None)
    again = index.sharing(wording(WORDING).bands, 2)
    assert (again.item_ids, again.sketches.tolist()) == (first.item_ids, first.sketches.tolist())
