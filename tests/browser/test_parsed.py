from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from indexer.parsing import parse
from indexer.reading import read_document
from search_api.web.parsed import parsed_page
from tests.browser.conftest import SAMPLES, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a damaged notice, which has all that a page can show, as a file."""
    notice = SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"
    page = Path(tmp_path_factory.mktemp("parsed"), "page.html")
    page.write_text(parsed_page(parse(read_document(notice))), encoding="utf-8")
    return page.as_uri()


@pytest.fixture
def parsed(chromium: Browser, address: str) -> Iterator[Page]:
    """The page in a wide window, without JavaScript."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1300, "height": 800})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def test_number_leads_from_the_item_to_its_source_and_back(parsed: Page) -> None:
    parsed.locator("#i30 a.number").scroll_into_view_if_needed()
    expect(parsed.locator("#s30")).not_to_be_in_viewport()
    parsed.click("#i30 a.number")
    expect(parsed.locator("#s30")).to_be_in_viewport()
    expect(parsed.locator("#i30")).to_be_in_viewport()
    parsed.click("#s30")
    expect(parsed.locator("#i30:target")).to_be_in_viewport()


def test_item_and_its_source_are_highlighted_together(parsed: Page) -> None:
    background = "e => getComputedStyle(e).backgroundColor"
    card, words = parsed.locator("#i5"), parsed.locator(".b.text.i5").first
    before = card.evaluate(background), words.evaluate(background)
    parsed.click("#i5 a.number")
    assert card.evaluate(background) == words.evaluate(background)
    assert card.evaluate(background) not in before


def test_doubts_are_reached_with_the_keyboard(parsed: Page) -> None:
    summary = parsed.locator(".all summary")
    summary.focus()
    summary.press("Enter")
    link = parsed.locator(".all li a").nth(20)
    link.focus()
    link.press("Enter")
    expect(parsed.locator("a.flag:target")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "#i9", "#s9", "#d3", "#n3"])
def test_everything_is_readable_in_light_and_dark(chromium: Browser, address: str, scheme: str, place: str) -> None:
    page = chromium.new_page(color_scheme="dark" if scheme == "dark" else "light")
    try:
        page.goto(address + place)
        assert violations(page, "color-contrast") == []
    finally:
        page.close()


def test_page_fits_a_phone(chromium: Browser, address: str) -> None:
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    try:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        page.close()


def test_print_shows_all_of_both_sides(parsed: Page) -> None:
    parsed.emulate_media(media="print")
    for side in ("#source", "#items"):
        clipped = parsed.locator(side).evaluate("e => e.scrollHeight - e.clientHeight")
        assert clipped <= 1
