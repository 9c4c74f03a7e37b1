"""When nothing is found: what is missing, and which broader search finds something."""

import pytest

from corpus.model import Role
from indexer.index.filters import Filters, YearRange
from search_api.results import NoneFound
from search_api.search import SearchService


def asked(service: SearchService, query: str, filters: Filters) -> NoneFound:
    """What a search that finds nothing is told."""
    result = service.search(query, filters)
    assert result.hits == ()
    assert result.none_found
    return result.none_found


@pytest.mark.parametrize(
    ("filters", "missing"),
    [
        (Filters(district=("没有区",)), ["已收录的条款里没有区县为“没有区”的"]),
        (Filters(year=(YearRange(2031, 2031),)), ["已收录的条款里没有年份为“2031”的"]),
        (Filters(role=(Role.LEAD,), unit=("没有局",)), ["已收录的条款里没有责任单位为“没有局”的"]),
        (
            Filters(district=("没有区",), year=(YearRange(2031, 2031),)),
            ["已收录的条款里没有区县为“没有区”的", "已收录的条款里没有年份为“2031”的"],
        ),
        (Filters(district=("青溪区",), year=(YearRange(2016, 2016),)), ["所选条件各有条款，但没有同时符合的"]),
        (Filters(), []),
    ],
    ids=["district", "year", "unit", "two", "both held, but apart", "no filters"],
)
def test_what_is_not_held_is_said(lexical: SearchService, filters: Filters, missing: list[str]) -> None:
    query = "量子力学" if filters == Filters() else "备案审查"
    assert list(asked(lexical, query, filters).missing) == missing


def test_what_was_searched_is_said(lexical: SearchService) -> None:
    told = asked(lexical, "量子力学", Filters(district=("青溪区",)))
    assert (told.searched.notices, told.searched.districts, told.searched.years) == (2, ("青溪区",), (2018, 2022))
    everything = asked(lexical, "备案审查", Filters(district=("没有区",)))
    assert everything.searched.notices == lexical.index.statistics().notices


@pytest.mark.parametrize(
    ("query", "filters", "leaves_out"),
    [
        ("备案审查", Filters(district=("没有区",)), ["不限区县"]),
        ("备案审查", Filters(year=(YearRange(2031, 2031),)), ["不限年份"]),
        ("备案审查", Filters(district=("没有区",), year=(YearRange(2018, 2018),)), ["不限区县", "不限任何条件"]),
        ("备案审查", Filters(district=("没有区",), year=(YearRange(2031, 2031),)), ["不限任何条件"]),
        ("红烧肉的备案", Filters(), ["不含“红烧肉”"]),
        ("量子力学", Filters(district=("没有区",)), []),
        ("量子力学", Filters(), []),
    ],
    ids=[
        "without the district",
        "without the year",
        "without one, or without any",
        "without both",
        "a word alone",
        "nothing finds any",
        "one word alone is the same search",
    ],
)
def test_broader_searches_find_something(
    lexical: SearchService, query: str, filters: Filters, leaves_out: list[str]
) -> None:
    broader = asked(lexical, query, filters).broader
    assert [one.leaves_out for one in broader] == leaves_out
    assert all(lexical.search(one.words, one.filters).hits for one in broader)


def test_filters_alone_are_not_widened_to_no_search_at_all(lexical: SearchService) -> None:
    told = asked(lexical, "", Filters(district=("没有区",)))
    assert told.broader == ()
    several = asked(lexical, "", Filters(district=("没有区",), year=(YearRange(2018, 2018),)))
    assert [one.leaves_out for one in several.broader] == ["不限区县"]
