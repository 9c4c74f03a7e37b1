import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

BOX = "input[type=search]"
CITATION = "《临汐区2017年法治政府建设工作要点》（望临政办发〔2017〕31号）二、（四）2"


def ask(page: Page, query: str) -> None:
    page.fill(BOX, query)
    page.press(BOX, "Enter")


def test_search_shows_marked_hits_under_an_address_to_share(page: Page) -> None:
    ask(page, "从严备案审查")
    hit = page.locator(".hit").first
    expect(hit).to_contain_text("逐件出具备案审查结论")
    expect(hit.locator("mark").first).to_be_visible()
    expect(page.locator(BOX)).to_have_value("从严备案审查")
    shared = page.url
    page.goto("/")
    page.goto(shared)
    expect(page.locator(".hit").first).to_contain_text("逐件出具备案审查结论")


def test_filter_narrows_stays_with_the_next_query_and_is_dropped(page: Page) -> None:
    ask(page, "备案审查")
    page.locator(".facets").get_by_role("link", name="青溪区").click()
    expect(page.locator(".chips a")).to_have_count(1)
    for place in page.locator(".hit .place").all_inner_texts():
        assert place == "青溪区"
    ask(page, "行政复议")
    expect(page.locator(".chips a")).to_contain_text("青溪区")
    expect(page.locator(".hit .place").first).to_have_text("青溪区")
    page.locator(".chips a").click()
    expect(page.locator(".chips")).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("行政复议")


def test_copy_button_puts_the_citation_on_the_clipboard(page: Page) -> None:
    ask(page, "从严备案审查")
    button = page.locator(".hit").first.locator("button.copy")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == CITATION
    expect(button).to_have_text("复制引文")


def test_citation_is_copied_where_the_browser_offers_no_clipboard(page: Page) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    ask(page, "从严备案审查")
    button = page.locator(".hit").first.locator("button.copy")
    button.click()
    expect(button).to_have_text("已复制")
    page.fill(BOX, "")
    page.focus(BOX)
    page.keyboard.press("Control+V")
    expect(page.locator(BOX)).to_have_value(CITATION)


def test_slash_goes_to_the_search_box_and_can_be_typed_there(page: Page) -> None:
    page.keyboard.press("/")
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator(BOX)).to_have_value("a/b")


def test_from_hit_to_item_to_notice(page: Page) -> None:
    ask(page, "从严备案审查")
    page.locator(".hit h2 a").first.click()
    expect(page.locator("blockquote.provision")).to_contain_text("从严备案审查")
    expect(page.locator(".source mark")).to_be_visible()
    page.locator("h1 a").click()
    expect(page.locator(".entry:target")).to_contain_text("从严备案审查")
    expect(page.locator(".entry:target")).to_be_in_viewport()


def test_everything_but_copying_works_without_javascript(plain_page: Page) -> None:
    ask(plain_page, "备案审查")
    expect(plain_page.locator(".hit").first).to_contain_text("备案审查")
    expect(plain_page.locator("button.copy").first).to_be_hidden()
    plain_page.locator(".facets").get_by_role("link", name="2018").click()
    expect(plain_page.locator(".chips a")).to_contain_text("2018")
    plain_page.locator(".hit h2 a").first.click()
    expect(plain_page.locator("blockquote.provision")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/?q=备案审查", "/?q=zzzz", "/notices"])
def test_page_fits_a_phone(chromium: Browser, site: str, path: str) -> None:
    page = chromium.new_page(base_url=site, viewport={"width": 360, "height": 740})
    try:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        page.close()


def test_filters_open_on_a_phone_without_javascript(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": 360, "height": 740}, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/?q=备案审查")
        expect(page.locator(".facets")).to_be_hidden()
        page.locator("label.toggle-label").click()
        expect(page.locator(".facets")).to_be_visible()
    finally:
        context.close()


def test_dark_and_light_are_readable(chromium: Browser, site: str) -> None:
    for scheme in ("light", "dark"):
        page = chromium.new_page(base_url=site, color_scheme=scheme)
        try:
            page.goto("/?q=备案审查")
            ink, ground = (
                page.evaluate(f"getComputedStyle(document.querySelector('{where}')).{what}")
                for where, what in ((".fragment", "color"), (".hit", "backgroundColor"))
            )
            assert contrast(ink, ground) >= 7
        finally:
            page.close()


def contrast(one: str, other: str) -> float:
    """Contrast of two `rgb(…)` colours as WCAG 2 counts it."""
    low, high = sorted(luminance(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
