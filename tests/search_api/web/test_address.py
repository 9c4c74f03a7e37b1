from urllib.parse import parse_qsl, urlsplit

import pytest

from search_api.web.address import Address
from search_api.web.grouping import Grouping

HERE = Address("去年 备案", {"year": ["2018"], "district": ["青溪区", "松岭县"]}, ("去年",), 1, False, 20)
KEPT = [("year", "2018"), ("district", "青溪区"), ("district", "松岭县"), ("plain", "去年")]
LISTED = [("per_district", "1"), ("collapse", "false")]


def pairs(address: Address) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(str(address)).query, keep_blank_values=True)


def test_address_says_all_that_the_page_shows() -> None:
    assert pairs(HERE) == [("q", "去年 备案"), *KEPT, *LISTED, ("offset", "20")]
    assert pairs(Address("备案")) == [("q", "备案")]


def test_headings_are_kept_and_change_nothing_else() -> None:
    under = HERE.grouped(Grouping.NOTICE)
    assert pairs(under) == [("q", "去年 备案"), *KEPT, *LISTED, ("group", "notice"), ("offset", "20")]
    assert under.kept_pairs == [*KEPT, *LISTED, ("group", "notice")]
    assert pairs(under.grouped(Grouping.NONE)) == pairs(HERE)


def test_file_has_the_whole_list_without_headings() -> None:
    exported = urlsplit(HERE.grouped(Grouping.NOTICE).export("xlsx"))
    assert exported.path == "/api/v1/search/export"
    assert parse_qsl(exported.query) == [("q", "去年 备案"), *KEPT, *LISTED, ("format", "xlsx")]


def test_all_but_the_query_and_the_place_stays_with_another_query() -> None:
    assert HERE.kept_pairs == [*KEPT, *LISTED]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (HERE.adding("year", "2020"), [("year", "2018"), ("year", "2020"), *KEPT[1:], *LISTED]),
        (HERE.dropping("district", "青溪区"), [KEPT[0], *KEPT[2:], *LISTED]),
        (HERE.dropping("year", "2018"), [*KEPT[1:], *LISTED]),
        (HERE.leaving("备案"), [*KEPT, ("plain", "备案"), *LISTED]),
        (HERE.reading("去年"), [*KEPT[:3], *LISTED]),
        (HERE.spread(0), [*KEPT, LISTED[1]]),
        (HERE.folding(True), [*KEPT, LISTED[0]]),
        (HERE.at(30), [*KEPT, *LISTED, ("offset", "30")]),
    ],
)
def test_step_changes_one_thing_and_begins_the_list_anew(address: Address, expected: list[tuple[str, str]]) -> None:
    assert pairs(address) == [("q", "去年 备案"), *expected]
