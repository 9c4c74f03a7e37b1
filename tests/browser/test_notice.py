import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

NOTICE = "/notices/a9f09fca2f54"
DOUBTED = "/notices/4a209140ec2b"


def test_contents_stay_in_view_and_lead_to_sections_and_items(plain_page: Page) -> None:
    plain_page.goto(DOUBTED)
    contents = plain_page.get_by_role("navigation", name="目录")
    contents.get_by_role("link", name="二、完善政府职能").click()
    expect(plain_page.locator("h2:target")).to_contain_text("二、完善政府职能")
    expect(contents.get_by_role("heading")).to_be_in_viewport()
    contents.get_by_role("link", name="推动编制向一线倾斜").click()
    expect(plain_page.locator(".entry:target")).to_contain_text("推动编制向一线倾斜")
    expect(plain_page.locator(".entry:target")).to_be_in_viewport()


def test_what_is_being_read_is_marked_among_the_contents(page: Page) -> None:
    page.goto(DOUBTED)
    entry = page.locator(".entry", has_text="推动编制向一线倾斜").last
    entry.evaluate("e => e.scrollIntoView()")
    here = page.locator(".contents [aria-current=location]")
    expect(here).to_contain_text("推动编制向一线倾斜")
    expect(here).to_be_in_viewport()


def test_items_of_a_notice_are_chosen_and_compared_without_javascript(plain_page: Page) -> None:
    plain_page.goto(NOTICE)
    for at in (4, 16):
        plain_page.locator(".entry").nth(at).get_by_role("checkbox").check()
    plain_page.locator("#compare button[type=submit]").click()
    expect(plain_page.locator(".compare-table thead .place")).to_have_text(["青溪区", "青溪区"])


def test_other_years_of_the_same_place_are_linked(plain_page: Page) -> None:
    plain_page.goto(NOTICE)
    plain_page.locator(".others").get_by_role("link", name="2022年度").click()
    expect(plain_page.locator("h1")).to_contain_text("2022年度")
    expect(plain_page.locator(".others")).to_contain_text("青溪区2018年法治政府建设工作安排")


def test_doubt_shows_the_line_of_the_source_and_is_reached_from_its_item(plain_page: Page) -> None:
    plain_page.goto(DOUBTED)
    doubt = plain_page.locator(".doubts li").first
    expect(doubt).to_be_hidden()
    plain_page.locator("a.doubt").first.click()
    expect(plain_page.locator(".doubts li:target")).to_be_visible()
    expect(plain_page.locator(".doubts li:target .excerpt")).to_contain_text("行")
    plain_page.locator(".doubts").get_by_role("link", name="到条款").first.click()
    expect(plain_page.locator(".outline :target")).to_be_in_viewport()
    line = plain_page.locator(".doubts .line").first.inner_text().split()[1]
    plain_page.locator("summary", has_text="来源文件的全文").click()
    source = plain_page.locator(".source").inner_text().split("\n")
    excerpt = plain_page.locator(".doubts .excerpt mark").first.inner_text()
    assert excerpt.strip() in source[int(line) - 1]


def test_item_of_a_notice_is_cited_opened_and_chosen(page: Page) -> None:
    page.goto(NOTICE)
    entry = page.locator(".entry").nth(1)
    entry.locator("button.copy").click()
    expect(entry.locator("button.copy")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()").endswith("（云青政办〔2018〕36号）一、（二）")
    expect(entry.get_by_role("checkbox")).to_be_visible()
    entry.get_by_role("link").first.click()
    expect(page.locator("blockquote.provision")).to_contain_text("压减审批环节")


def test_notices_are_narrowed_without_javascript_and_the_choice_is_shown(plain_page: Page) -> None:
    plain_page.goto("/notices")
    expect(plain_page.locator(".notices > li")).to_have_count(20)
    plain_page.get_by_label("年份").select_option("2018")
    plain_page.get_by_label("文种").select_option("工作安排")
    plain_page.get_by_role("button", name="筛选").click()
    expect(plain_page.locator(".notices > li")).to_have_count(1)
    expect(plain_page.locator(".notices > li")).to_contain_text("云青政办〔2018〕36号")
    expect(plain_page.locator(".notices > li")).to_contain_text("22 条")
    expect(plain_page.get_by_label("年份")).to_have_value("2018")
    plain_page.get_by_role("link", name="清除条件").click()
    expect(plain_page.locator(".notices > li")).to_have_count(20)


def test_notices_are_those_of_the_newest_first(plain_page: Page) -> None:
    plain_page.goto("/notices")
    dates = plain_page.locator(".notices time").all_inner_texts()
    assert dates == sorted(dates, reverse=True)
    assert len(dates) > 15


def test_districts_offered_are_those_of_the_city_that_was_chosen(plain_page: Page) -> None:
    plain_page.goto("/notices?city=望潮市")
    assert plain_page.get_by_label("区县").locator("option").all_inner_texts() == ["全部", "临汐区", "蓝桥区"]


@pytest.mark.parametrize("path", [NOTICE, DOUBTED, "/notices", "/notices?year=2018"])
def test_pages_fit_a_phone(chromium: Browser, site: str, path: str) -> None:
    page = chromium.new_page(base_url=site, viewport={"width": 360, "height": 740})
    try:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        page.close()
