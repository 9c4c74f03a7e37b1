"""Notices and queries with script, markup, control characters and marks of direction: shown as text on every page."""

from collections.abc import Iterator
from unicodedata import category
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import serving

pytestmark = pytest.mark.browser

MARKUP = "<script>window.hit=1</script><img src=x onerror=window.hit=2><b>粗</b>\"'&amp;{{7*7}}"
STEERING = "\u202e\u2066\x1b[31m\x07"
LONG = "健全行政复议案件审理机制，提高办案质量，畅通申请渠道，方便群众。" * 300
NOTICE = f"""青溪区人民政府办公室关于印发《青溪区2030年法治政府建设工作要点》的通知
青政办〔2030〕7号
青溪区2030年法治政府建设工作要点

一、总体要求{MARKUP}
（一）加强{STEERING}行政执法案卷评查{MARKUP}。每年组织不少于两次案卷评查{STEERING}，评查结果纳入考核。（责任单位：区司法局{MARKUP}）
（二）完善行政复议。{LONG}（责任单位：区司法局）
"""
OTHER = f"""白榆县2031年法治政府建设工作要点

一、重点任务
（一）加强行政执法案卷评查{MARKUP}。每年组织不少于三次案卷评查，评查结果纳入考核。（责任单位：县司法局）
（二）完善行政复议。{LONG}（责任单位：县司法局）
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / 'a"onmouseover=hit()<b>.txt').write_text(NOTICE, encoding="utf-8")
    (folder / "b.txt").write_text(OTHER, encoding="utf-8")
    with serving(folder / "data", folder) as address:
        yield address


@pytest.fixture
def page(chromium: Browser, hostile: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=hostile)
    page, said = context.new_page(), list[str]()
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("console", lambda entry: said.append(entry.text) if entry.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def harmless(page: Page) -> str:
    """The text of a page, after it was found that nothing of a notice or a query became markup."""
    assert page.evaluate("window.hit") is None
    assert page.locator("main img, main b, main script").count() == 0
    shown = page.locator("body").inner_text() + page.title()
    assert [ascii(one) for one in shown if category(one) in ("Cc", "Cf") and one not in "\n\t"] == []
    assert "49" not in shown
    return shown


def test_every_page_of_a_hostile_notice_shows_its_text(page: Page, hostile: str) -> None:
    found = page.request.get("/api/v1/search", params={"q": "行政执法案卷评查"}).json()["hits"]
    items = [hit["id"] for hit in found]
    notices = [hit["notice"]["id"] for hit in found]
    assert len(set(notices)) == 2
    for path in (
        "/",
        "/?q=行政执法案卷评查",
        "/?q=行政执法案卷评查&group=notice",
        *(f"/items/{item}" for item in items),
        *(f"/notices/{notice}" for notice in notices),
        "/notices",
        "/holdings",
        f"/compare?id={items[0]}&id={items[1]}",
    ):
        page.goto(path)
        shown = harmless(page)
        assert "<script>window.hit=1</script>" in shown or path in ("/", "/notices", "/holdings"), path


@pytest.mark.parametrize(
    "query", [MARKUP, f"案卷{STEERING}评查{MARKUP}", "\u202e" * 50 + "评查", "</title></textarea>"]
)
def test_a_hostile_query_stays_a_query(page: Page, query: str) -> None:
    for parameters in (f"q={quote(query)}", f"q=评查&unit={quote(query)}", f"q={quote(query)}&plain={quote(query)}"):
        page.goto(f"/?{parameters}")
        harmless(page)


def test_a_hostile_draft_is_shown_as_text(page: Page) -> None:
    page.goto("/draft")
    page.locator("textarea").fill(NOTICE)
    page.locator("textarea").locator("xpath=ancestor::form").locator("button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("案卷评查")
    harmless(page)
