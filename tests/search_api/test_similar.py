from dataclasses import replace

import pytest

from corpus.citation import cite
from corpus.model import BasisReference, ParsedNotice, ResponsibleUnit, Role, TaskItem
from search_api.results import Explanation, Hit
from search_api.similar import group_similar
from tests.contract.notices import basis, item, notice, unit

FORMER = ResponsibleUnit("区法制办", "区法制办", Role.LEAD, successor="区司法局")
PLAN = BasisReference("关于加快法治建设的实施方案", None, ("12",), "《实施方案》第12条")
ASKED = replace(item("公示", units=[FORMER, unit("县财政局")], basis=[PLAN]), targets=("不少于２次",))


def hit(parsed: ParsedNotice, place: int = 0) -> Hit:
    held = parsed.items[place]
    return Hit(held.id, 1.0, parsed.notice, held, cite(parsed.notice, held), (), Explanation(None, None, ()))


def targeted(held: TaskItem, *targets: str) -> TaskItem:
    return replace(held, targets=targets)


FIRST = notice(
    "a",
    targeted(item("公示", units=[unit("县司法局", Role.LEAD)], basis=[basis("实施方案", "12", "13")]), "不少于2次"),
    item("清单", units=[unit("区财政局", Role.LEAD)]),
)
SECOND = notice("b", item("记录", units=[unit("区财政局"), unit("市司法局", Role.LEAD)]), district="云杉区")
THIRD = notice("c", item("审核", units=[unit("区财政局")], basis=[basis("实施方案", "7")]), district="松岭县")
HITS = (hit(FIRST), hit(SECOND), hit(FIRST, 1), hit(THIRD))


def test_best_hit_of_each_district_in_the_order_of_rank() -> None:
    assert group_similar(HITS).districts == ("a-0", "b-0", "c-0")


def test_what_hits_share_with_the_item_asked_about() -> None:
    groups = group_similar(HITS, ASKED)
    assert [(one.value, one.item_ids) for one in groups.units] == [
        ("区法制办（牵头）", ("a-0", "b-0")),
        ("县财政局（负责）", ("b-0", "c-0")),
    ]
    assert [(one.value, one.item_ids) for one in groups.basis] == [("《关于加快法治建设的实施方案》第12条", ("a-0",))]
    assert [(one.value, one.item_ids) for one in groups.targets] == [("不少于２次", ("a-0",))]


def test_what_hits_share_with_each_other_without_an_item() -> None:
    groups = group_similar(HITS)
    assert [(one.value, one.item_ids) for one in groups.units] == [
        ("县司法局（牵头）", ("a-0", "b-0")),
        ("区财政局（负责）", ("b-0", "c-0")),
    ]
    assert (groups.basis, groups.targets) == ((), ())


@pytest.mark.parametrize("asked", [None, ASKED])
def test_no_hits_make_no_groups(asked: TaskItem | None) -> None:
    groups = group_similar((), asked)
    assert (groups.districts, groups.units, groups.basis, groups.targets) == ((), (), (), ())
