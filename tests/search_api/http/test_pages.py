import re
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient


def page(client: TestClient, path: str) -> str:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    return response.text


def links(text: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', text)]


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
    chips = re.search(r'<p class="chips">(.*?)</p>', narrowed, re.S)
    assert chips
    dropped = [parse_qs(urlsplit(link).query) for link in links(chips[1])]
    assert {"q": ["备案审查"], "year": ["2018"]} in dropped
    assert {"q": ["备案审查"], "district": query["district"]} in dropped


def test_filter_that_was_read_from_the_query_can_be_dropped(client: TestClient) -> None:
    text = page(client, "/?q=实施方案第11条 备案&year=2018")
    assert "实施方案:11（由检索词理解）" in text
    chips = re.search(r'<p class="chips">(.*?)</p>', text, re.S)
    assert chips
    assert {"q": ["备案"], "year": ["2018"]} in [parse_qs(urlsplit(link).query) for link in links(chips[1])]


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


def test_no_hits_says_what_to_try(client: TestClient) -> None:
    text = page(client, "/?q=zzzz&year=2018")
    assert "没有找到符合条件的条款" in text
    assert "去掉上面的一两个条件" in text


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


@pytest.mark.parametrize("path", ["/?q={}", "/?q=备案&district={}", "/?q={}&year=x", "/items/{}", "/notices/{}"])
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
