"""Suggestions in the search box: the answers are made up here, all else is real."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = pytest.mark.browser

BOX = "input[type=search]"
FOUND = [
    {"text": "区法制办", "kind": "unit", "count": 32, "filters": {"unit": ["区法制办"]}},
    {"text": "法制审核", "kind": "phrase", "count": 9, "filters": {}},
    {"text": "县法制办", "kind": "unit", "count": 2, "filters": {"unit": ["县法制办"]}},
]


@pytest.fixture
def asked(page: Page) -> list[str]:
    """What suggestions were asked for, in order; each is answered with FOUND."""
    asked = list[str]()

    def answer(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query)["q"][0])
        route.fulfill(body=json.dumps(FOUND), content_type="application/json")

    page.route("**/api/v1/suggestions?*", answer)
    return asked


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="提示").get_by_role("option")


def test_typing_offers_what_the_holdings_say(page: Page) -> None:
    # They are made in the background once the server has started.
    while not page.request.get("/api/v1/suggestions", params={"q": "区法"}).json():
        page.wait_for_timeout(100)
    page.locator(BOX).press_sequentially("区法")
    expect(options(page).filter(has_text="区法制办").first).to_be_visible()


def test_list_is_grouped_by_kind_and_announced(page: Page, asked: list[str]) -> None:
    page.locator(BOX).press_sequentially("法制")
    expect(options(page)).to_have_text(["区法制办32 条", "县法制办2 条", "法制审核9 条"])
    expect(page.get_by_role("group", name="责任单位").get_by_role("option")).to_have_count(2)
    expect(page.get_by_role("combobox", name="检索词")).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#announcement")).to_contain_text("3 条提示")
    assert asked[-1] == "法制"


def test_arrows_move_around_the_list_and_enter_searches_with_the_filters(page: Page, asked: list[str]) -> None:
    box = page.locator(BOX)
    box.press_sequentially("法制")
    expect(options(page)).to_have_count(3)
    box.press("ArrowUp")
    expect(options(page).nth(2)).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(options(page).nth(2)).to_have_attribute("aria-selected", "false")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    chosen = options(page).nth(0).get_attribute("id")
    assert chosen
    expect(box).to_have_attribute("aria-activedescendant", chosen)
    box.press("Enter")
    expect(page.locator(".chips .filter")).to_contain_text("区法制办")
    expect(box).to_have_value("")


def test_phrase_becomes_the_query_and_filters_stay(page: Page, asked: list[str]) -> None:
    page.goto("/?q=备案&district=青溪区")
    page.fill(BOX, "法制")
    options(page).filter(has_text="法制审核").click()
    expect(page.locator(BOX)).to_have_value("法制审核")
    expect(page.locator(".chips .filter")).to_contain_text("青溪区")


def test_suggestion_is_taken_with_a_finger(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": 360, "height": 740}, has_touch=True)
    page = context.new_page()
    page.route(
        "**/api/v1/suggestions?*",
        lambda route: route.fulfill(body=json.dumps(FOUND), content_type="application/json"),
    )
    page.goto("/")
    page.locator(BOX).tap()
    page.locator(BOX).press_sequentially("法制")
    options(page).filter(has_text="县法制办").tap()
    expect(page.locator(".chips .filter")).to_contain_text("县法制办")
    context.close()


def test_enter_without_a_choice_searches_what_was_typed(page: Page, asked: list[str]) -> None:
    page.locator(BOX).press_sequentially("备案审查")
    expect(options(page)).to_have_count(3)
    page.locator(BOX).press("Enter")
    expect(page.locator("h1")).to_contain_text("备案审查")


def test_escape_and_leaving_close_the_list(page: Page, asked: list[str]) -> None:
    box = page.locator(BOX)
    box.press_sequentially("法制")
    expect(options(page)).to_have_count(3)
    box.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box).to_have_value("法制")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("办")
    expect(options(page)).to_have_count(3)
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)


def test_nothing_is_asked_or_sent_while_characters_are_composed(page: Page, asked: list[str]) -> None:
    page.focus(BOX)
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "bei'an", "selectionStart": 6, "selectionEnd": 6})
    page.dispatch_event(BOX, "keydown", {"key": "Enter", "isComposing": True})
    page.wait_for_timeout(400)
    assert asked == []
    assert urlsplit(page.url).query == ""
    session.send("Input.insertText", {"text": "备案"})
    expect(options(page)).to_have_count(3)
    assert asked == ["备案"]


def test_only_the_last_of_quick_keys_is_asked_for(page: Page, asked: list[str]) -> None:
    page.focus(BOX)
    page.locator(BOX).evaluate(
        """box => { for (const letter of "beian") { box.value += letter; box.dispatchEvent(new Event("input")); } }"""
    )
    expect(options(page)).to_have_count(3)
    assert asked == ["beian"]


def test_late_answer_to_what_was_typed_before_is_not_shown(page: Page) -> None:
    waiting = list[Route]()
    page.route("**/api/v1/suggestions?*", lambda route: waiting.append(route))
    box = page.locator(BOX)
    with page.expect_request("**/api/v1/suggestions?*"):
        box.press_sequentially("备")
    with page.expect_request("**/api/v1/suggestions?*"), page.expect_event("requestfailed") as given_up:
        box.press_sequentially("案")
    assert given_up.value == waiting[0].request
    while len(waiting) < 2:
        page.wait_for_timeout(20)
    waiting[1].fulfill(body=json.dumps(FOUND[:1]), content_type="application/json")
    expect(options(page)).to_have_text(["区法制办32 条"])


def test_refusal_leaves_the_search_as_it_is(chromium: Browser, site: str) -> None:
    page, refused = chromium.new_page(base_url=site), list[Route]()

    def refuse(route: Route) -> None:
        refused.append(route)
        route.fulfill(status=503)

    page.route("**/api/v1/suggestions?*", refuse)
    page.goto("/")
    box = page.locator(BOX)
    with page.expect_response("**/api/v1/suggestions?*"):
        box.press_sequentially("备案")
    box.press_sequentially("审查")
    page.wait_for_timeout(300)
    assert len(refused) == 1  # not asked again at once
    box.press("Enter")
    expect(page.locator(".hit").first).to_contain_text("备案审查")
    page.close()


def test_text_of_a_suggestion_is_no_markup(page: Page) -> None:
    hostile = [{"text": "<img src=x onerror=alert(1)>", "kind": "title", "count": 1, "filters": {}}]
    page.route(
        "**/api/v1/suggestions?*",
        lambda route: route.fulfill(body=json.dumps(hostile), content_type="application/json"),
    )
    page.locator(BOX).press_sequentially("图")
    expect(options(page)).to_have_text(["<img src=x onerror=alert(1)>1 条"])
    expect(page.locator(".suggestions img")).to_have_count(0)
