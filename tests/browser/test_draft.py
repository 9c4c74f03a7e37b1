"""The draft desk in Chromium."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SAMPLES, violations

pytestmark = pytest.mark.browser

DRAFT = (
    "甲溪区2018年法治政府建设工作要点\n按照《澜海省2018年法治政府建设工作计划》（澜政办〔2018〕99号），制定本要点。\n"
    "一、领导干部带头学法。区政府常务会议会前学法每季度不少于1次，各单位班子集中学法每年不少于4次。（区司法局负责）\n"
    "二、把随机抽查做实。同一企业同一年度由两个以上部门检查的，合并为一次联合检查，检查结果向社会公示。\n"
    "三、养好小区里的猫和狗。\n"
)


def compare(page: Page, text: str = DRAFT) -> None:
    page.goto("/draft")
    page.get_by_label("草稿文字").fill(text)
    page.get_by_role("button", name="比对", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("甲溪区2018年法治政府建设工作要点")


def test_draft_is_compared_without_scripts(plain_page: Page) -> None:
    compare(plain_page)
    reference = plain_page.locator(".reference.doubted")
    expect(reference).to_contain_text("与收录的不符")
    expect(reference).to_contain_text("文号是 澜政办〔2018〕15号")
    first = plain_page.locator("#item-1")
    expect(first.locator(".usual")).to_contain_text("司法局")
    expect(plain_page.locator("#item-3")).to_contain_text("没有足够相近的先例")


def test_file_is_compared(page: Page) -> None:
    page.goto("/draft")
    page.get_by_label("或选择文件").set_input_files(SAMPLES / "青溪区2018年法治政府建设工作安排.txt")
    page.get_by_role("button", name="比对", exact=True).click()
    expect(page.locator(".drafted")).to_have_count(22)


def test_number_beside_a_statement_opens_and_leads_to_its_precedent(page: Page) -> None:
    compare(page)
    item = page.locator("#item-1")
    expect(item.locator(".precedents ol")).to_be_hidden()
    link = item.locator(".usual .sources a").first
    target = (link.get_attribute("href") or "").removeprefix("#")
    link.click()
    expect(page.locator(f"#{target}")).to_be_in_viewport()
    expect(page.locator(f"#{target} cite")).to_be_visible()


def test_contents_lead_to_each_provision(page: Page) -> None:
    compare(page)
    links = page.get_by_role("navigation", name="目录").locator("ol a")
    expect(links).to_have_count(3)
    links.nth(2).click()
    expect(page.locator("#item-3")).to_be_in_viewport()


@pytest.mark.parametrize("from_answer", [False, True], ids=["form", "answer"])
def test_word_document_is_had_without_scripts(plain_page: Page, tmp_path: Path, from_answer: bool) -> None:
    if from_answer:
        compare(plain_page)
    else:
        plain_page.goto("/draft")
        plain_page.get_by_label("草稿文字").fill(DRAFT)
    with plain_page.expect_download() as download:
        plain_page.get_by_role("button", name="导出 Word").click()
    download.value.save_as(tmp_path / "对照.docx")
    assert download.value.suggested_filename.startswith("写稿对照-甲溪区2018年")
    assert len(Document(str(tmp_path / "对照.docx")).tables[-1].rows) == 4


def test_empty_form_is_answered_beside_the_form(plain_page: Page) -> None:
    plain_page.goto("/draft")
    plain_page.get_by_role("button", name="比对", exact=True).click()
    expect(plain_page.get_by_role("alert")).to_contain_text("请粘贴文稿")


def test_what_is_unfolded_breaks_no_rule_of_accessibility(page: Page) -> None:
    compare(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast") == []


def test_desk_fits_a_phone(chromium: Browser, site: str) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": 360, "height": 740})
    page = context.new_page()
    compare(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("h1").bounding_box()["y"] < page.locator(".contents").bounding_box()["y"]  # type: ignore[index]
    context.close()
