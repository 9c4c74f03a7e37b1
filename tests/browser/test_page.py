from time import sleep

import pytest
from playwright.sync_api import Browser, Page, Route, expect

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
    expect(page.locator(".chips .filter")).to_have_count(1)
    for place in page.locator(".hit .place").all_inner_texts():
        assert place == "青溪区"
    ask(page, "行政复议")
    expect(page.locator(".chips .filter")).to_contain_text("青溪区")
    expect(page.locator(".hit .place").first).to_have_text("青溪区")
    page.locator(".chips .filter").click()
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
    expect(plain_page.locator(".chips .filter")).to_contain_text("2018")
    plain_page.locator(".hit h2 a").first.click()
    expect(plain_page.locator("blockquote.provision")).to_be_visible()


def test_what_was_understood_is_taken_back_and_restored_by_its_chip(plain_page: Page) -> None:
    ask(plain_page, "青溪区 红头文件")
    read, synonym, plain = (plain_page.locator(f".chips .{kind}") for kind in ("read", "synonym", "plain"))
    expect(read).to_contain_text("区县：青溪区")
    expect(synonym).to_contain_text("规范性文件")
    synonym.click()
    expect(synonym).to_have_count(0)
    expect(plain).to_contain_text("红头文件")
    plain.click()
    expect(synonym).to_have_count(1)
    expect(plain).to_have_count(0)
    read.click()
    expect(read).to_have_count(0)
    expect(plain).to_contain_text("青溪区")
    expect(plain_page.locator(BOX)).to_have_value("青溪区 红头文件")
    ask(plain_page, "2018年 红头文件")
    expect(plain).to_have_count(0)
    expect(read).to_contain_text("年份：2018年")


def test_corrected_spelling_is_taken_back(page: Page) -> None:
    ask(page, "行政复义")
    expect(page.locator(".correction")).to_contain_text("已按“行政复议”检索")
    expect(page.locator(".hit mark").first).to_have_text("行政复议")
    page.get_by_role("link", name="仍按原文“行政复义”检索").click()
    expect(page.locator(".correction")).to_have_count(0)
    expect(page.locator(".chips .plain")).to_contain_text("行政复义")


def test_same_wording_is_listed_and_folded_again(plain_page: Page) -> None:
    ask(plain_page, "压实出庭应诉责任")
    copy = plain_page.locator(".hit h2 a[href='/items/a9f09fca2f54-017']")
    switch = plain_page.get_by_role("group", name="文字几乎相同的条款")
    expect(switch.locator("[aria-current]")).to_have_text("同文合并")
    expect(copy).to_have_count(0)
    switch.get_by_role("link", name="全部列出").click()
    expect(switch.locator("[aria-current]")).to_have_text("全部列出")
    expect(copy).to_have_count(1)
    switch.get_by_role("link", name="同文合并").click()
    expect(copy).to_have_count(0)


def test_several_values_of_a_field_are_chosen(plain_page: Page) -> None:
    ask(plain_page, "备案审查")
    districts = plain_page.locator(".facets .of-district")
    for name in ("青溪区", "松岭县"):
        districts.get_by_role("link", name=name).click()
    expect(districts.locator("[aria-current]")).to_have_count(2)
    assert set(plain_page.locator(".hit .place").all_inner_texts()) == {"青溪区", "松岭县"}
    districts.get_by_role("link", name="青溪区").click()
    expect(districts.locator("[aria-current]")).to_have_count(1)
    expect(plain_page.locator(".chips .filter")).to_have_text("区县松岭县×")


def test_long_list_of_filters_is_looked_through_by_typing(page: Page) -> None:
    ask(page, "备案审查")
    units = page.locator(".facets .of-unit")
    expect(units.locator("li:visible")).to_have_count(8)
    box = page.get_by_label("在责任单位中查找")
    box.fill("法制")
    assert all("法制" in name for name in units.locator("li:visible").all_inner_texts())
    expect(units.get_by_role("link", name="县司法局法制股")).to_be_visible()
    box.fill("")
    expect(units.locator("li:visible")).to_have_count(8)


def test_rest_of_a_list_opens_without_javascript(plain_page: Page) -> None:
    ask(plain_page, "备案审查")
    units = plain_page.locator(".facets .of-unit")
    expect(units.get_by_label("查找")).to_have_count(0)
    units.locator("summary").click()
    assert units.locator("li:visible").count() > 15


def test_hits_stand_under_districts_and_under_notices(plain_page: Page) -> None:
    ask(plain_page, "备案审查")
    grouping = plain_page.get_by_role("group", name="排列")
    expect(grouping.locator("[aria-current]")).to_have_text("逐条")
    grouping.get_by_role("link", name="按区县").click()
    expect(plain_page.locator(".group > h2").first).to_have_text("临汐区本页 2 条")
    grouping.get_by_role("link", name="按通知").click()
    expect(grouping.locator("[aria-current]")).to_have_text("按通知")
    plain_page.locator(".group > h2 a").first.click()
    expect(plain_page.locator("h1")).to_have_text("临汐区2017年法治政府建设工作要点")


def test_list_is_taken_along_as_a_file(plain_page: Page) -> None:
    ask(plain_page, "备案审查")
    plain_page.locator(".export summary").click()
    with plain_page.expect_download() as download:
        plain_page.get_by_role("link", name="Word 对照表").click()
    assert download.value.suggested_filename.endswith(".docx")


def test_slow_search_says_so_until_the_answer_is_there(page: Page) -> None:
    def answer_late(route: Route) -> None:
        sleep(1)
        route.continue_()

    page.route("**/?q=*", answer_late)
    page.evaluate(
        """() => new MutationObserver(() => sessionStorage.said =
        `${document.documentElement.className}: ${document.getElementById("announcement").textContent}`)
        .observe(document.getElementById("announcement"), { childList: true })"""
    )
    ask(page, "备案审查")
    expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate("sessionStorage.said") == "js searching: 正在检索……"
    expect(page.locator("html.searching")).to_have_count(0)
    expect(page.locator("#announcement")).to_have_text("")


def test_print_has_the_hits_with_citations_and_nothing_to_click(page: Page) -> None:
    ask(page, "备案审查")
    page.emulate_media(media="print")
    expect(page.locator(".hit").first).to_contain_text(CITATION)
    for control in (".top", ".facets", ".tools", ".copy", ".choose", ".pages", "footer", "#compare"):
        expect(page.locator(control).first).to_be_hidden()
    assert page.locator(".hit").first.evaluate("e => getComputedStyle(e).breakInside") == "avoid"


def test_skip_link_leads_past_the_filters_to_the_hits(page: Page) -> None:
    ask(page, "备案审查")
    page.locator("body").evaluate("e => document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#hits")).to_be_focused()


def test_none_found_leads_to_a_broader_search(plain_page: Page) -> None:
    plain_page.goto("/?q=备案审查&district=青溪区&year=2025")
    nothing = plain_page.locator(".nothing")
    expect(nothing).to_contain_text("检索了 20 份通知、387 条条款")
    expect(nothing).to_contain_text("没有同时符合的")
    nothing.get_by_role("link", name="不限年份").click()
    expect(plain_page.locator(".hit .place").first).to_have_text("青溪区")
    expect(plain_page.locator(".chips .filter")).to_have_count(1)


def test_from_the_usage_of_a_hit_to_who_uses_the_wording(plain_page: Page) -> None:
    ask(plain_page, "压实出庭应诉责任")
    plain_page.locator(".used a").first.click()
    users = plain_page.locator("#wording")
    expect(users).to_be_in_viewport()
    expect(users).to_contain_text("即本条")
    users.locator("li a").first.click()
    expect(plain_page.locator("#wording .first")).to_have_text("最早")
    expect(plain_page.locator("#wording .phrase")).to_have_text("改写“区政府” → “同级政府”")


def test_differences_are_marked_without_colour_and_read_aloud(plain_page: Page) -> None:
    plain_page.goto("/items/a9f09fca2f54-017")
    compared = plain_page.locator("#similar .hit .compared").first
    changed = compared.locator(".changed")
    expect(changed.locator("del")).to_have_text("区政府")
    expect(changed.locator("ins")).to_have_text("同级政府")
    expect(changed).to_have_text("〔改写：区政府改为同级政府〕")
    decoration = "e => getComputedStyle(e).textDecorationLine"
    assert changed.locator("del").evaluate(decoration) == "line-through"
    assert changed.locator("ins").evaluate(decoration) == "underline"
    assert changed.locator(".spoken").first.evaluate("e => e.offsetWidth") <= 1


def test_what_similar_items_share_leads_to_them(plain_page: Page) -> None:
    plain_page.goto("/items/a9f09fca2f54-017")
    group = plain_page.locator(".shared", has_text="责任单位和职责相同的相近条款")
    leading = group.locator("dl > div", has_text="区法制办（牵头）")
    leading.get_by_role("link").first.click()
    expect(plain_page.locator(".details").first).to_contain_text("法制办")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?q=备案审查",
        "/?q=zzzz",
        "/?q=青溪区2018年 行政复义 红头文件&plain=2018年",
        f"/?q={'备' * 90} 青溪区&plain={'备' * 90}",
        "/?q=备案审查&district=青溪区&year=2025",
        "/?q=备案审查&group=notice",
        "/?q=备案&year=x",
        "/items/a9f09fca2f54-017",
        "/notices",
    ],
)
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
