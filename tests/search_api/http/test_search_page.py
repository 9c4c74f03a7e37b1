"""The search page: lists of filters, headings over the hits, files to take along, errors, and what a browser keeps."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.settings import Settings

BROWSER = {"accept": "text/html"}


def page(client: TestClient, path: str, status: int = 200) -> str:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == status, response.text
    return response.text


def facets(text: str) -> dict[str, dict[str, tuple[str, int, bool]]]:
    """Of each list its values with their link, their count, and whether they are set."""
    lists = dict[str, dict[str, tuple[str, int, bool]]]()
    for name, inside in re.findall(r'<section class="of-(\w+)".*?>(.*?)</section>', text, re.S):
        found = re.findall(
            r'<a href="([^"]*)"( class="chosen"[^>]*)?><span>(.*?)</span><span class="count">(\d+)</span>', inside
        )
        lists[name] = {
            unescape(value): (unescape(link), int(count), bool(chosen)) for link, chosen, value, count in found
        }
    return lists


def hits(text: str) -> list[str]:
    return re.findall(r'<h[23]><a href="/items/([^"]+)">', text)


def asked(link: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link).query, keep_blank_values=True)


def test_another_value_of_a_field_can_be_added(client: TestClient) -> None:
    all_districts = facets(page(client, "/?q=备案审查"))["district"]
    narrowed = facets(page(client, all_districts["青溪区"][0]))["district"]
    assert {value: count for value, (_, count, _) in narrowed.items()} == {
        value: count for value, (_, count, _) in all_districts.items()
    }
    assert [value for value, (_, _, chosen) in narrowed.items() if chosen] == [next(iter(narrowed))] == ["青溪区"]
    assert asked(narrowed["松岭县"][0])["district"] == ["青溪区", "松岭县"]
    both = facets(page(client, narrowed["松岭县"][0]))["district"]
    assert [value for value, (_, _, chosen) in both.items() if chosen] == list(both)[:2] == ["青溪区", "松岭县"]


def test_every_value_leads_to_at_least_as_many_hits_as_it_says(client: TestClient) -> None:
    for name, choices in facets(page(client, "/?q=备案审查")).items():
        for value, (link, count, _) in choices.items():
            total = re.search(r"共 (\d+) 条", page(client, link))
            assert total
            assert int(total[1]) >= count, (name, value)  # among fewer items, weaker matches count too


def test_lists_that_narrow_nothing_are_left_out(client: TestClient) -> None:
    lists = facets(page(client, "/?q=青溪区备案审查"))
    assert "district" not in lists
    assert "year" in lists
    assert "city" not in facets(page(client, "/?q=备案审查&district=青溪区"))
    assert "district" in facets(page(client, "/?q=备案审查&district=青溪区"))


def test_where_nothing_is_found_other_values_are_offered(client: TestClient) -> None:
    lists = facets(page(client, "/?q=备案审查&district=青溪区&year=2025"))
    assert lists.keys() == {"district", "year"}
    for choices in lists.values():
        for link, _, _ in choices.values():
            assert hits(page(client, link)), link


def test_years_are_listed_newest_first(client: TestClient) -> None:
    years = list(facets(page(client, "/?q=备案审查"))["year"])
    assert years == sorted(years, reverse=True)


def test_long_list_shows_the_first_and_has_the_others_at_hand(client: TestClient) -> None:
    text = page(client, "/?q=备案审查")
    unit = re.search(r'<section class="of-unit" data-look-through="责任单位">(.*?)</section>', text, re.S)
    assert unit
    first, more = unit[1].split("<details>")
    assert first.count("<li>") == 8
    assert f"更多（{more.count('<li>')}）" in more


def test_basis_of_a_list_is_searched_for(client: TestClient) -> None:
    [(link, _, _)] = facets(page(client, "/?q=备案审查"))["basis"].values()
    text = page(client, link)
    assert len(hits(text)) == text.count("<dt>依据</dt>") > 0


@pytest.mark.parametrize(("grouping", "at_least"), [("district", 5), ("notice", 5)])
def test_headings_rearrange_the_hits_of_a_page(client: TestClient, grouping: str, at_least: int) -> None:
    plain, under = page(client, "/?q=备案审查"), page(client, f"/?q=备案审查&group={grouping}")
    assert sorted(hits(under)) == sorted(hits(plain))
    assert hits(under)[0] == hits(plain)[0]
    assert sum(map(int, re.findall(r"本页 (\d+) 条", under))) == len(hits(plain))
    groups = under.split('<section class="group')[1:]
    assert len(groups) > at_least
    for group in groups:
        of = {hit[:12] for hit in hits(group)} if grouping == "notice" else set(re.findall('"place">(.*?)<', group))
        assert len(of) == 1


def test_heading_of_a_notice_leads_to_it_with_its_number(client: TestClient) -> None:
    group = page(client, "/?q=从严备案审查&group=notice").split('<section class="group')[1]
    assert "临汐区2017年法治政府建设工作要点</a></h2>" in group
    assert "望临政办发〔2017〕31号" in group


def test_headings_stay_with_the_next_page_and_query(client: TestClient) -> None:
    text = page(client, "/?q=备案审查&group=notice")
    following = re.search(r'<a href="([^"]+)" rel="next">', text)
    assert following
    assert asked(unescape(following[1]))["group"] == ["notice"]
    assert '<input type="hidden" name="group" value="notice">' in text


def test_unknown_heading_is_an_error(client: TestClient) -> None:
    page(client, "/?q=备案审查&group=province", 422)


@pytest.mark.parametrize("file_format", ["docx", "xlsx", "csv"])
def test_list_is_to_be_had_as_a_file(client: TestClient, file_format: str) -> None:
    text = page(client, "/?q=2018年备案审查&plain=2018年&district=青溪区&collapse=false&group=notice&offset=1")
    [link] = [
        unescape(link)
        for link in re.findall(r'href="(/api/v1/search/export[^"]*)"', text)
        if link.endswith(f"format={file_format}")
    ]
    assert asked(link) == {
        "q": ["2018年备案审查"],
        "plain": ["2018年"],
        "district": ["青溪区"],
        "collapse": ["false"],
        "format": [file_format],
    }
    response = client.get(link)
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nowhere", 404, "找不到"),
        ("/items/none", 404, "找不到"),
        ("/?q=备案&year=x", 422, "参数有误"),
        (f"/?q={'备' * 2001}", 422, "参数有误"),
    ],
)
def test_error_that_stays_is_told_with_the_ways_out(client: TestClient, path: str, status: int, told: str) -> None:
    text = page(client, path, status)
    assert f"<h1>{told}</h1>" in text
    assert "再试一次" not in text
    assert '<a href="/">回到首页</a>' in text


def test_server_that_has_no_index_offers_to_try_again(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path))) as client:
        response = client.get("/?q=备案", headers=BROWSER)
    assert response.status_code == 503
    assert '<a href="">再试一次</a>' in response.text
    assert f"<code>{response.headers['x-request-id']}</code>" in response.text
    assert 'value="备案"' in response.text


def test_files_are_kept_for_good_under_the_address_of_their_content(client: TestClient) -> None:
    text = page(client, "/")
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', text)
    assert len(addresses) >= 5
    for address in addresses:
        assert "immutable" in client.get(address).headers["cache-control"]
        bare, version = address.split("?v=")
        assert client.get(bare).headers["cache-control"] == "no-cache"
        former = client.get(f"{bare}?v={version[::-1]}")
        assert former.headers["cache-control"] == "no-cache"
        again = client.get(bare, headers={"if-none-match": former.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_page_of_a_pasted_provision_is_sent_compressed(client: TestClient) -> None:
    pasted = "全面推行行政执法公示制度、执法全过程记录制度、重大执法决定法制审核制度，" * 12
    answer = client.get("/", params={"q": pasted}, headers={"accept": "text/html", "accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 50_000 < len(answer.content)
    assert "content-encoding" not in client.get("/", params={"q": "备案审查"}).headers
