import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.browser


def test_cell_leads_to_the_provisions_of_the_district_and_year(page: Page) -> None:
    page.goto("/holdings")
    row = page.get_by_role("row", name="青溪区")
    row.get_by_role("link", name="青溪区 2018 年").click()
    expect(page.locator(".chips")).to_contain_text("青溪区")
    expect(page.locator(".chips")).to_contain_text("2018")
    expect(page.locator(".hit .place").first).to_have_text("青溪区")


def test_missing_years_are_told_by_a_word_and_a_pattern(plain_page: Page) -> None:
    plain_page.goto("/holdings")
    gaps = plain_page.get_by_role("row", name="青溪区").locator(".gap")
    assert [text.strip() for text in gaps.all_inner_texts()] == ["缺"] * 3
    assert "gradient" in gaps.first.evaluate("e => getComputedStyle(e).backgroundImage")
    expect(plain_page.locator(".summary")).to_contain_text("缺 16 个年份")


def test_table_is_one_for_a_screen_reader(plain_page: Page) -> None:
    plain_page.goto("/holdings")
    table = plain_page.get_by_role("table", name="各地区各年收录的通知份数")
    expect(table.get_by_role("columnheader", name="2018")).to_be_visible()
    expect(table.get_by_role("rowheader", name="青溪区")).to_be_visible()


def test_table_scrolls_on_a_phone_with_the_places_in_view(chromium: Browser, site: str) -> None:
    page = chromium.new_page(base_url=site, viewport={"width": 360, "height": 740})
    try:
        page.goto("/holdings")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.locator(".scroll").evaluate("e => { e.scrollLeft = e.scrollWidth; }")
        expect(page.get_by_role("rowheader", name="石帆县")).to_be_in_viewport(ratio=1)
    finally:
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_shade_is_readable(chromium: Browser, site: str, scheme: str) -> None:
    page = chromium.new_page(base_url=site, color_scheme="dark" if scheme == "dark" else "light")
    try:
        page.goto("/holdings")
        for shade in range(6):
            page.locator(".matrix td a").evaluate_all(
                f"all => all.forEach((a) => {{ a.parentElement.className = 'shade-{shade}'; }})"
            )
            assert violations(page, "color-contrast") == []
    finally:
        page.close()
