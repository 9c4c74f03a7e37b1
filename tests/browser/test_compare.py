import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

FIRST, SECOND, THIRD = "a9f09fca2f54-017", "e1795ee9f212-017", "a9f09fca2f54-005"
THREE = f"/compare?id={FIRST}&id={SECOND}&id={THIRD}"


def places(page: Page) -> list[str]:
    return page.locator(".compare-table thead .place").all_inner_texts()


def row(page: Page, name: str) -> Locator:
    return page.locator(".compare-table tbody tr", has=page.get_by_role("rowheader", name=name, exact=True))


def cells(page: Page, name: str) -> list[str]:
    return row(page, name).locator(".value").all_inner_texts()


def test_items_stand_side_by_side_with_what_differs_marked(plain_page: Page) -> None:
    plain_page.goto(THREE)
    assert places(plain_page) == ["青溪区", "澜海省", "青溪区"]
    texts = plain_page.locator(".texts td")
    expect(texts.nth(0).locator("ins, del")).to_have_count(0)
    expect(texts.nth(1).locator("ins")).to_have_text("同级政府")
    expect(texts.nth(1).locator("del")).to_have_text("区政府")
    expect(texts.nth(2)).to_contain_text("写法与第 1 条不同")
    assert cells(plain_page, "指标") == ["每年至少出庭一次", "每年至少出庭一次", "每季度通报一次"]
    expect(plain_page.locator(".shared-by-all")).to_contain_text("区法制办（牵头）")
    assert "自收到之日起三十日内" in cells(plain_page, "仅此条有")[2]


def test_another_item_becomes_the_base_and_one_is_taken_out(plain_page: Page) -> None:
    plain_page.goto(THREE)
    plain_page.get_by_role("link", name=re.compile("设为基准.*澜海省")).click()
    assert places(plain_page) == ["澜海省", "青溪区", "青溪区"]
    expect(plain_page.locator(".texts ins")).to_have_text("区政府")
    plain_page.get_by_role("link", name=re.compile("去掉.*澜海省")).click()
    assert places(plain_page) == ["青溪区", "青溪区"]


def test_comparison_is_exported(plain_page: Page) -> None:
    plain_page.goto(THREE)
    for name, suffix in (("DOCX", ".docx"), ("XLSX", ".xlsx"), ("CSV", ".csv")):
        with plain_page.expect_download() as download:
            plain_page.locator(".exports").get_by_role("link", name=name).click()
        assert download.value.suggested_filename.endswith(suffix)


def test_citation_is_copied(page: Page) -> None:
    page.goto(THREE)
    page.get_by_role("button", name="复制：澜海省2018的引文").click()
    page.wait_for_function("document.querySelector('.compare-table').textContent.includes('已复制')")
    assert page.evaluate("navigator.clipboard.readText()").startswith("《澜海省2018年法治政府建设工作计划》")


def test_page_without_items_says_how_to_choose_them(plain_page: Page) -> None:
    plain_page.goto("/compare")
    expect(plain_page.locator("main")).to_contain_text("还没有选条款")
    expect(plain_page.locator(".steps")).to_contain_text("勾选条款旁的“比较”")


def test_one_item_is_offered_what_is_like_it(plain_page: Page) -> None:
    plain_page.goto(f"/compare?id={FIRST}")
    plain_page.locator(".offered a").first.click()
    assert places(plain_page) == ["青溪区", "澜海省"]


def test_item_that_is_not_held_is_named_and_the_others_are_compared(plain_page: Page) -> None:
    plain_page.goto(f"/compare?id={FIRST}&id=<i>nix&id={SECOND}")
    expect(plain_page.get_by_role("alert")).to_contain_text("<i>nix")
    assert places(plain_page) == ["青溪区", "澜海省"]


def test_more_than_six_are_cut_and_told(plain_page: Page) -> None:
    plain_page.goto("/compare?" + "&".join(f"id=a9f09fca2f54-{at:03}" for at in range(1, 9)))
    assert len(places(plain_page)) == 6
    expect(plain_page.get_by_role("alert")).to_contain_text("其余 2 条没有列入")


def test_phone_shows_a_card_for_each_thing_compared(chromium: Browser, site: str) -> None:
    page = chromium.new_page(base_url=site, viewport={"width": 360, "height": 740})
    try:
        page.goto(THREE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        units = row(page, "单位")
        expect(units.locator(".which")).to_have_text(["1　青溪区2018", "2　澜海省2018", "3　青溪区2018"])
        tops = [cell.bounding_box() for cell in units.get_by_role("cell").all()]
        assert [box and round(box["x"]) for box in tops] == [tops[0] and round(tops[0]["x"])] * 3
    finally:
        page.close()
