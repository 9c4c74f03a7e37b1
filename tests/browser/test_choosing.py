"""Choosing provisions for a comparison; the comparison itself has its own tests."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SEARCH = "/?q=备案审查"


def bar(page: Page) -> Locator:
    return page.locator("#compare")


def choose(page: Page, place: int) -> str:
    box = page.locator(".choose input").nth(place)
    box.click()
    return str(box.get_attribute("value"))


def compared(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query)["id"]


def test_choice_is_kept_over_pages_and_compared_in_its_order(page: Page) -> None:
    page.goto(SEARCH)
    expect(bar(page)).to_be_hidden()
    chosen = [choose(page, 3)]
    expect(bar(page)).to_contain_text("已选 1 条，再选一条")
    expect(bar(page).get_by_role("button", name="比较")).to_be_disabled()
    page.get_by_role("link", name="下一页").click()
    expect(bar(page)).to_contain_text("已选 1 条")
    chosen += [choose(page, 1), choose(page, 0)]
    page.go_back()
    expect(page.locator(".choose input").nth(3)).to_be_checked()
    bar(page).get_by_role("button", name="比较").click()
    page.wait_for_url("**/compare?*")
    assert compared(page) == chosen


def test_no_more_than_six_are_chosen(page: Page) -> None:
    page.goto(SEARCH)
    for place in range(7):
        choose(page, place)
    expect(page.locator(".choose input:checked")).to_have_count(6)
    expect(page.locator(".choose input").nth(6)).not_to_be_checked()
    expect(bar(page)).to_contain_text("最多 6 条")
    expect(page.locator("#announcement")).to_contain_text("最多比较 6 条")


def test_choice_is_dropped_one_by_one_or_all_at_once(page: Page) -> None:
    page.goto(SEARCH)
    choose(page, 0)
    choose(page, 1)
    choose(page, 0)
    expect(bar(page)).to_contain_text("已选 1 条")
    bar(page).get_by_role("button", name="清空").click()
    expect(bar(page)).to_be_hidden()
    page.reload()
    expect(page.locator(".choose input:checked")).to_have_count(0)


def test_what_a_comparison_shows_is_what_is_chosen(page: Page) -> None:
    page.goto(SEARCH)
    first, _, third = (choose(page, place) for place in range(3))
    page.goto(f"/compare?id={first}&id={third}&id=gone")
    page.goto(SEARCH)
    expect(bar(page)).to_contain_text("已选 2 条")
    checked = [box.get_attribute("value") for box in page.locator(".choose input:checked").all()]
    assert checked == [first, third]
    page.goto("/compare")
    page.goto(SEARCH)
    expect(bar(page)).to_contain_text("已选 2 条")


def test_choice_of_one_page_is_sent_without_javascript(plain_page: Page) -> None:
    plain_page.goto(SEARCH)
    expect(bar(plain_page)).to_contain_text("勾选二至六条，并排比较")
    expect(bar(plain_page).get_by_role("button", name="清空")).to_be_hidden()
    chosen = [choose(plain_page, 0), choose(plain_page, 2)]
    bar(plain_page).get_by_role("button", name="比较").click()
    plain_page.wait_for_url("**/compare?*")
    assert compared(plain_page) == chosen
