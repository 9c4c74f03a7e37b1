import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SEARCH = "/?q=备案审查"


def title(page: Page, place: int) -> Locator:
    return page.locator(".hit").nth(place).locator("h2 a")


def test_j_and_k_move_over_the_hits_and_enter_opens(page: Page) -> None:
    page.goto(SEARCH)
    page.keyboard.press("j")
    expect(title(page, 0)).to_be_focused()
    for _ in range(6):
        page.keyboard.press("j")
    expect(title(page, 6)).to_be_focused()
    expect(page.locator(".hit").nth(6)).to_be_in_viewport(ratio=0.95)
    page.keyboard.press("k")
    expect(title(page, 5)).to_be_focused()
    address = title(page, 5).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page.locator("blockquote.provision")).to_be_visible()
    assert address
    assert page.url.endswith(address)


def test_arrows_scroll_until_a_hit_is_current(page: Page) -> None:
    page.goto(SEARCH)
    page.keyboard.press("ArrowDown")
    expect(title(page, 0)).not_to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(title(page, 1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(title(page, 0)).to_be_focused()


def test_hits_under_headings_are_reached_too(page: Page) -> None:
    page.goto(f"{SEARCH}&group=district")
    page.keyboard.press("j")
    expect(page.locator(".hit").first.locator("h3 a")).to_be_focused()


def test_c_copies_the_citation_of_the_current_hit_and_says_so(page: Page) -> None:
    page.goto(SEARCH)
    page.keyboard.press("c")
    expect(page.locator("#announcement")).to_have_text("先用 j 或 k 选一条")
    page.keyboard.press("j")
    page.keyboard.press("j")
    citation = page.locator(".hit").nth(1).locator("cite").inner_text()
    page.keyboard.press("c")
    expect(page.locator("#announcement")).to_contain_text(f"已复制：{citation}")
    assert page.evaluate("navigator.clipboard.readText()") == citation
    expect(title(page, 1)).to_be_focused()


def test_x_chooses_the_current_hit_for_comparison(page: Page) -> None:
    page.goto(SEARCH)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".hit").first.locator(".choose input")).to_be_checked()
    page.keyboard.press("x")
    expect(page.locator(".choose input:checked")).to_have_count(0)


def test_question_mark_shows_the_keys_and_escape_hides_them(page: Page) -> None:
    page.goto(SEARCH)
    keys = page.get_by_role("dialog", name="快捷键")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("j")
    expect(title(page, 0)).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="快捷键").click()
    keys.get_by_role("button", name="关闭").click()
    expect(keys).to_be_hidden()


def test_letters_can_be_switched_off_for_good(page: Page) -> None:
    page.goto(SEARCH)
    page.keyboard.press("?")
    page.get_by_label("使用字母和符号键").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(title(page, 0)).not_to_be_focused()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_keys_are_letters_in_the_search_box(page: Page) -> None:
    page.goto("/")
    page.focus("input[type=search]")
    page.keyboard.type("jkcx?/")
    expect(page.locator("input[type=search]")).to_have_value("jkcx?/")
    expect(page.get_by_role("dialog")).to_be_hidden()
