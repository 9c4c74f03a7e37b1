import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ITEM = "/items/a9f09fca2f54-017"


def test_item_stands_in_the_outline_of_its_notice(plain_page: Page) -> None:
    plain_page.goto(ITEM)
    contents = plain_page.get_by_role("navigation", name="在通知中的位置")
    expect(contents.locator("[aria-current=page]")).to_have_text("（十七）压实出庭应诉责任")
    expect(contents.get_by_role("link", name="一、厘清权责")).to_be_visible()
    expect(contents.get_by_role("link", name="做好机构改革")).to_have_count(0)
    contents.get_by_role("link", name="发挥行政调解作用").click()
    expect(plain_page.locator(".path")).to_contain_text("（十八）发挥行政调解作用")
    contents.get_by_role("link", name="四、规范执法").click()
    expect(plain_page.locator("h2:target")).to_contain_text("四、规范执法")
    expect(plain_page.locator("h2:target")).to_be_in_viewport()


def test_previous_and_next_item_lead_through_the_notice(plain_page: Page) -> None:
    plain_page.goto("/items/a9f09fca2f54-001")
    neighbours = plain_page.get_by_role("navigation", name="前后条款")
    expect(neighbours.get_by_role("link")).to_have_count(1)
    neighbours.get_by_role("link", name="下一条").click()
    expect(plain_page.locator(".path")).to_contain_text("（二）继续压减审批环节")
    neighbours.get_by_role("link", name="上一条").click()
    expect(plain_page.locator(".path")).to_contain_text("（一）做好机构改革的法治保障")


def test_unit_leads_to_all_that_it_leads_and_article_to_all_that_rest_on_it(plain_page: Page) -> None:
    plain_page.goto(ITEM)
    details = plain_page.locator(".provided .details")
    expect(details).to_contain_text("区法制办（现区司法局）")
    expect(details).to_contain_text("每年至少出庭一次")
    details.get_by_role("link", name="区法制办").click()
    expect(plain_page.locator(".chips")).to_contain_text("区法制办")
    expect(plain_page.locator(".hit").first).to_contain_text("法制办")
    plain_page.goto(ITEM)
    details.get_by_role("link", name="第31条").click()
    expect(plain_page.locator(".chips")).to_contain_text("31")
    expect(plain_page.locator(".hit").first).to_contain_text("第31")


@pytest.mark.parametrize(
    ("form", "copied"),
    [
        ("通用", "《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）六、（十七）"),
        ("文中引用", "《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）第六部分第（十七）项"),
        (
            "GB/T 7714",
            "云汀市青溪区人民政府办公室. 青溪区2018年法治政府建设工作安排: 云青政办〔2018〕36号[A]. 2018: 六、（十七）.",
        ),
        ("附链接", "《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）六、（十七） {site}" + ITEM),
    ],
)
def test_citation_is_copied_in_each_form(page: Page, site: str, form: str, copied: str) -> None:
    page.goto(ITEM)
    page.get_by_role("button", name=f"复制：{form}").click()
    page.wait_for_function("document.querySelector('.forms').textContent.includes('已复制')")
    assert page.evaluate("navigator.clipboard.readText()") == copied.format(site=site)


def test_differences_stand_side_by_side_and_below_each_other_on_a_phone(chromium: Browser, site: str) -> None:
    for width, beside in ((1280, True), (360, False)):
        page = chromium.new_page(base_url=site, viewport={"width": width, "height": 740})
        try:
            page.goto(ITEM)
            sides = page.locator("#similar .sides").first
            expect(sides.locator(".differs")).to_have_text("区政府")
            expect(sides.locator("ins")).to_have_text("同级政府")
            left, right = (sides.locator("> div").nth(at).bounding_box() for at in (0, 1))
            assert left
            assert right
            assert (left["y"] == right["y"]) is beside
        finally:
            page.close()


def test_similar_item_is_compared_with_this_one(plain_page: Page) -> None:
    plain_page.goto(ITEM)
    plain_page.locator("#similar .hit").first.get_by_role("link", name="与本条并排比较").click()
    expect(plain_page.locator("h1")).to_have_text("比较条款")
    expect(plain_page.locator(".compare-table thead th .place")).to_have_text(["青溪区", "澜海省"])


def test_print_leaves_out_what_only_a_screen_needs(plain_page: Page) -> None:
    plain_page.goto(ITEM)
    plain_page.emulate_media(media="print")
    expect(plain_page.locator("blockquote.provision")).to_be_visible()
    expect(plain_page.locator(".forms cite").first).to_be_visible()
    for left_out in (".contents", ".neighbours", ".copy >> nth=0", ".choose >> nth=0"):
        expect(plain_page.locator(left_out)).to_be_hidden()
