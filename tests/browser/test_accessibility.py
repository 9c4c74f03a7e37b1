"""Every page by the rules of WCAG 2.2 AA that a program can check (axe-core), in both colour schemes, wide and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import SAMPLES, violations
from tests.browser.pages import PAGES

pytestmark = pytest.mark.browser

WIDE: ViewportSize = {"width": 1200, "height": 900}
SCREENS = Path(__file__).parents[2] / "build" / "screens"
PHONE: ViewportSize = {"width": 360, "height": 740}


def assert_accessible(page: Page, name: str) -> None:
    """No rule is broken in a wide window; none that depends on colours in the dark, none on sizes on a phone.

    Pictures of the page as it is then are left in build/screens, to be looked at.
    """
    SCREENS.mkdir(parents=True, exist_ok=True)
    assert violations(page) == []
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast", "link-in-text-block") == []
    page.set_viewport_size(PHONE)
    page.screenshot(path=SCREENS / f"{name}-phone-dark.png", full_page=True)
    assert violations(page, "target-size", "scrollable-region-focusable", "color-contrast") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.emulate_media(media="print", color_scheme="light")
    page.set_viewport_size(WIDE)
    page.screenshot(path=SCREENS / f"{name}-print.png", full_page=True)


@pytest.fixture
def wide_page(chromium: Browser, site: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=site, color_scheme="light", viewport=WIDE, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_rule(wide_page: Page, name: str) -> None:
    wide_page.goto(PAGES[name])
    assert_accessible(wide_page, name)


def test_what_scripts_show_breaks_no_rule(wide_page: Page) -> None:
    wide_page.goto(PAGES["results"])
    for box in wide_page.locator(".choose input").all()[:2]:
        box.check()
    # Suggestions are made in the background once the server has started.
    while not wide_page.request.get("/api/v1/suggestions", params={"q": "行政"}).json():
        wide_page.wait_for_timeout(100)
    wide_page.fill("input[type=search]", "")
    wide_page.locator("input[type=search]").press_sequentially("行政")
    wide_page.get_by_role("listbox").wait_for()
    assert violations(wide_page) == []
    wide_page.keyboard.press("Escape")
    wide_page.locator("#show-keys").click()
    wide_page.get_by_role("dialog").wait_for()
    assert_accessible(wide_page, "keys")


def test_the_desk_of_a_draft_breaks_no_rule(wide_page: Page) -> None:
    wide_page.goto("/draft")
    wide_page.set_input_files("input[type=file]", SAMPLES / "青溪区2018年法治政府建设工作安排.txt")
    wide_page.locator("main form button[type=submit]").first.click()
    wide_page.wait_for_selector("#items")
    assert_accessible(wide_page, "desk")
