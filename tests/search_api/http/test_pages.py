import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.search_api.http.conftest import get


def page(client: TestClient, path: str) -> str:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    return response.text


def links(text: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', text)]


def chips(text: str, kind: str = r"\w+") -> dict[str, str]:
    """The links that take a part of the search back, by what the chips say."""
    found = re.findall(rf'<a class="{kind}" href="([^"]*)" title="[^"]*">(.*?)<span class="drop"', text)
    return {unescape(re.sub("<[^>]+>", "", label)): unescape(link) for link, label in found}


def asked(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query, keep_blank_values=True)


def test_start_page_says_what_is_held_and_offers_examples(client: TestClient) -> None:
    text = page(client, "/")
    assert "20 份通知" in text
    assert "387 条条款" in text
    assert "只按字词检索" in text
    examples = [link for link in links(text) if link.startswith("/?q=") and len(link) > 5]
    assert examples
    for example in examples:
        assert 'class="hit"' in page(client, example), example


def test_start_page_offers_districts_and_years_to_browse(client: TestClient) -> None:
    browsed = [parse_qs(urlsplit(link).query) for link in links(page(client, "/"))]
    assert {"district": ["白榆县"]} in browsed
    assert 'class="hit"' in page(client, "/?q=&district=白榆县")


def test_results_show_marks_citation_units_and_reason(client: TestClient) -> None:
    text = page(client, "/?q=从严备案审查")
    assert "<mark>备案审查</mark>" in text
    assert "《临汐区2017年法治政府建设工作要点》（望临政办发〔2017〕31号）二、（四）2" in text
    assert "<dt>牵头</dt><dd>区法制办</dd>" in text
    assert "字词第 1 名" in text


def test_facet_links_narrow_and_chips_widen(client: TestClient) -> None:
    narrower = [link for link in links(page(client, "/?q=备案审查&year=2018")) if "district=" in link]
    assert narrower
    query = parse_qs(urlsplit(narrower[0]).query)
    assert query["q"] == ["备案审查"]
    assert query["year"] == ["2018"]
    narrowed = page(client, narrower[0])
    dropped = [asked(link) for link in chips(narrowed, "filter").values()]
    assert {"q": ["备案审查"], "year": ["2018"]} in dropped
    assert {"q": ["备案审查"], "district": query["district"]} in dropped


READ = [
    ("青溪区 执法", "青溪区 →区县：青溪区", "青溪区"),
    ("2018年备案审查", "2018年 →年份：2018年", "2018年"),
    ("实施方案第11条 备案", "实施方案第11条 →依据条款：《实施方案》第11条", "实施方案第11条"),
    ("司法局 备案审查", "司法局 →司法局（含法制办）的条款优先", "司法局"),
    ("云政办〔2018〕22号 普法", "云政办〔2018〕22号 →", "云政办〔2018〕22号"),
]
SYNONYMS = [
    ("红头文件", "红头文件 →规范性文件", "红头文件"),
    ("法制办备案", "法制办 →司法局", "法制办"),
]


@pytest.mark.parametrize(
    ("query", "chip", "text", "kind"),
    [(*row, "read") for row in READ] + [(*row, "synonym") for row in SYNONYMS],
    ids=lambda value: str(value)[:20],
)
def test_what_was_understood_is_taken_back_and_restored(
    client: TestClient, query: str, chip: str, text: str, kind: str
) -> None:
    address = f"/?q={query}&kind=task&collapse=false"
    [link] = [link for label, link in chips(page(client, address), kind).items() if label.startswith(chip)]
    assert asked(link) == {"q": [query], "kind": ["task"], "plain": [text], "collapse": ["false"]}
    literal = page(client, link)
    assert not [label for label in chips(literal, "(?:read|synonym)") if label.startswith(f"{text} →")]
    [restored] = [link for label, link in chips(literal, "plain").items() if text in label]
    assert asked(restored) == asked(address)


def test_question_words_are_no_chip(client: TestClient) -> None:
    assert chips(page(client, "/?q=请问行政复议怎么写")) == {}


def test_unit_that_was_read_is_not_shown_again_as_a_synonym(client: TestClient) -> None:
    labels = [label for label in chips(page(client, "/?q=司法局 备案审查")) if label.startswith("司法局")]
    assert labels == ["司法局 →司法局（含法制办）的条款优先"]


def test_corrected_spelling_offers_the_search_as_typed(client: TestClient) -> None:
    text = page(client, "/?q=行政复义&year=2018")
    assert re.sub("<[^>]+>", "", text).count("已按“行政复议”检索，仍按原文“行政复义”检索") == 1
    [link] = [link for link in links(text) if "plain=" in link]
    assert asked(link) == {"q": ["行政复义"], "year": ["2018"], "plain": ["行政复义"]}
    literal = page(client, link)
    assert "已按" not in literal
    assert "按字面行政复义" in chips(literal)


def test_what_was_not_applied_is_noted(client: TestClient) -> None:
    text = page(client, "/?q=云政办〔2018〕5号 备案")
    assert '<p class="note">没有收录文号为“云政办〔2018〕5号”的文件' in text
    assert '<p class="note">区县' not in page(client, "/?q=青溪区 执法")


def test_plain_texts_stay_with_the_query_that_has_them(client: TestClient) -> None:
    kept = '<input type="hidden" name="plain" value="2018年">'
    assert kept in page(client, "/?q=2018年备案审查&plain=2018年")
    other = page(client, "/?q=备案审查&plain=2018年")
    assert kept not in other
    assert chips(other, "plain") == {}
    assert "按字面全部" in chips(page(client, "/?q=2018年备案审查&plain=*"))


def test_facets_pages_and_switches_keep_what_is_plain(client: TestClient) -> None:
    text = page(client, "/?q=2018年行政执法&plain=2018年&collapse=false")
    searches = [asked(link) for link in links(text) if link.startswith("/?q=")]
    assert any("district" in one for one in searches)
    assert any("offset" in one for one in searches)
    for one in searches:
        assert one.get("plain") == ["2018年"] or one == {"q": ["2018年行政执法"], "collapse": ["false"]}


def test_near_identical_provisions_are_folded_or_listed(client: TestClient) -> None:
    def shown(text: str) -> set[str]:
        return set(re.findall(r'<h2><a href="/items/([^"]+)">', text))

    folded = page(client, "/?q=压实出庭应诉责任")
    [link] = [link for link in links(folded) if "collapse=false" in link and "per_district" not in link]
    listed = page(client, link)
    assert shown(listed) - shown(folded)
    assert [one for one in links(listed) if asked(one) == {"q": ["压实出庭应诉责任"]}]
    assert '<input type="hidden" name="collapse" value="false">' in listed


def test_hit_says_who_uses_its_wording_and_leads_there(client: TestClient) -> None:
    text = page(client, "/?q=压实出庭应诉责任")
    found = re.search(r'<p class="used"><a href="(/items/[^"#]+)#wording">(.*?)</a>', text)
    assert found
    assert "2 个地区的 2 份通知用了几乎相同的文字，最早见于澜海省2018" in found[2]
    assert '<section id="wording">' in page(client, found[1])


def test_new_query_keeps_the_filters(client: TestClient) -> None:
    text = page(client, "/?q=备案审查&district=青溪区&role=牵头")
    assert '<input type="hidden" name="district" value="青溪区">' in text
    assert '<input type="hidden" name="role" value="lead">' in text


def test_pages_lead_to_all_hits(client: TestClient) -> None:
    path, found, turned = "/?q=行政执法", list[str](), 0
    while True:
        text = page(client, path)
        found += re.findall(r'<h2><a href="/items/([^"]+)">', text)
        following = re.search(r'<a href="([^"]+)" rel="next">', text)
        if following is None:
            break
        path, turned = following[1].replace("&amp;", "&"), turned + 1
    assert turned >= 1
    assert len(found) == len(set(found)) > 10


def test_no_hits_says_what_was_searched_and_what_to_try(client: TestClient) -> None:
    text = page(client, "/?q=zzzz&year=2018")
    assert "没有找到符合条件的条款" in text
    assert "检索了 3 份通知、59 条条款，青溪区，2018 年。" in text
    assert "去掉上面的一两个条件" in text


@pytest.mark.parametrize(
    ("address", "missing", "leaves_out"),
    [
        ("/?q=备案审查&district=鼓楼区", "已收录的条款里没有区县为“鼓楼区”的", "不限区县"),
        ("/?q=备案审查&district=青溪区&year=2025", "所选条件各有条款，但没有同时符合的", "不限年份"),
        ("/?q=白榆县 行政复议", "", "不限区县"),
        ("/?q=2018年 红头文件&district=白榆县&plain=红头文件&collapse=false", "", "不限区县"),
        ("/?q=量子力学天文观测望远镜 备案", "", "不含"),
        ("/?q=&district=青溪区&year=2025", "所选条件各有条款", "不限区县"),
    ],
)
def test_none_found_leads_to_broader_searches_that_find_something(
    client: TestClient, address: str, missing: str, leaves_out: str
) -> None:
    text = page(client, address)
    assert "没有找到符合条件的条款" in text
    assert missing in text
    assert "只留关键的词语" not in text
    offered = re.search(r'<ul class="broader">(.*?)</ul>', text, re.S)
    assert offered
    assert leaves_out in offered[1]
    for link in links(offered[1]):
        assert 'class="hit"' in page(client, link), link
        assert asked(link).get("collapse") == asked(address).get("collapse")


def test_item_page_marks_the_item_in_its_source_and_shows_similar_ones(client: TestClient) -> None:
    item = client.get("/api/v1/search", params={"q": "从严备案审查", "top": 1}).json()["hits"][0]["id"]
    text = page(client, f"/items/{item}")
    source = re.search(r'<div class="source">(.*?)</div>', text, re.S)
    assert source
    marked = re.search(r"<mark>(.*?)</mark>", source[1], re.S)
    assert marked
    assert marked[1].startswith("2.从严备案审查。")
    assert "其他地方的相近条款" in text
    assert 'class="hit"' in text


def test_notice_page_has_the_outline_and_the_doubts(client: TestClient) -> None:
    [notice] = client.get("/api/v1/notices", params={"district": "澄湖区"}).json()["notices"]
    text = page(client, f"/notices/{notice['id']}")
    assert text.count('<article class="entry') == notice["items"]
    assert "序号为推断" in text
    assert re.search(r"解析时有 \d+ 处存疑", text)
    assert f"/notices/{notice['id']}" in page(client, "/notices")


def test_item_page_says_who_uses_the_wording_how_others_differ_and_what_they_share(client: TestClient) -> None:
    text = page(client, "/items/a9f09fca2f54-017")
    wording, similar, units, targets = (
        part for part in re.split("<section", text) if re.match(' (id="[ws]|class="s)', part)
    )
    assert "最早见于澜海省2018" in wording
    assert '<span class="first">最早</span>' in wording
    assert "“区政府” → “同级政府”" in wording
    assert "<del>区政府</del>" in similar
    assert "<ins>同级政府</ins>" in similar
    assert re.search("与本条相同的文字约占 9[0-9]%", similar)
    assert "写法与本条不同" in similar
    assert "区法制办（牵头）" in units
    assert "每年至少出庭一次" in targets
    assert "/items/e1795ee9f212-017" in links(units)


def test_wording_that_nobody_else_uses_has_no_section(client: TestClient) -> None:
    [own] = [hit["id"] for hit in get(client, "/api/v1/search", q="从严备案审查", top=1)["hits"]]
    assert 'id="wording"' not in page(client, f"/items/{own}")


@pytest.mark.parametrize(
    "path", ["/?q={}", "/?q={0}&plain={0}", "/?q=备案&district={}", "/?q={}&year=x", "/items/{}", "/notices/{}"]
)
def test_what_the_user_sends_is_escaped(client: TestClient, path: str) -> None:
    attack = "\"'><script>alert(1)</script>"
    text = client.get(path.format(attack.replace("/", "%2F")), headers={"accept": "text/html"}).text
    assert "<html" in text
    assert "<script>alert" not in text
    assert "\"'>" not in text


def test_pages_have_no_inline_scripts_or_styles(client: TestClient) -> None:
    for path in ("/", "/?q=备案审查", "/notices"):
        text = page(client, path)
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)
        for link in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
            assert client.get(link).status_code == 200
