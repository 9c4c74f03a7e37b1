import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from search_api.http.app import create_app
from search_api.settings import Settings
from tests.contract.notices import item, notice

DISTRICTS = [f"{first}{second}区" for first in "青云松澄白蓝雁" for second in "溪杉湖岭榆桥回汀林"]
"""63, more than are listed one by one."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server over many districts of one city, and one of the same name elsewhere."""
    data: Path = tmp_path_factory.mktemp("holdings")
    with EmbeddedIndex.open(data / "index", Analyzer()) as index, index.loading():
        for at, name in enumerate(DISTRICTS):
            for year in (2016, 2018) if at else (2016,):
                one = notice(f"{at:04}{year}", item("清理文件。"), district=name, years=(year, year), number=None)
                index.write(one, f"{at}-{year}.txt", None, None)
        same = notice("same", item("清理文件。"), province="北岚省", city="朔原市", district="青溪区", number=None)
        index.write(same, "same.txt", None, None)
        own = notice("own", item("清理文件。"), province="北岚省", city="朔原市", district=None, number=None)
        index.write(own, "own.txt", None, None)
        lost = notice("lost", item("清理文件。"), province=None, city=None, district=None, years=None, number=None)
        index.write(lost, "lost.txt", None, None)
    with TestClient(
        create_app(Settings(data=data, index=str(data / "index"), model=data / "model")),
        base_url="http://127.0.0.1",
        client=("127.0.0.1", 50_000),
    ) as running:
        yield running


def page(client: TestClient, path: str) -> str:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    return response.text


def rows(text: str) -> dict[str, list[str]]:
    """What stands in each row, by its head."""
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', text, re.S)
    return {bare(head): [bare(cell) for cell in re.findall(r"<td.*?</td>", cells, re.S)] for head, cells in found}


def bare(text: str) -> str:
    return "".join(re.sub(r'<span class="spoken">.*?</span>|<[^>]+>', "", text).split())


def links(text: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', text)]


def test_many_places_are_summed_by_province(client: TestClient) -> None:
    text = page(client, "/holdings")
    assert rows(text) == {
        "北岚省": ["", "", "2", "2"],
        "澜海省": ["63", "缺62", "62", "125"],
        "合计": ["63", "", "64", "127"],
    }
    assert "收录 64 个区县和 1 个省市本级的 127 份通知，2016—2018 年；各地首尾年份之间缺 62 个年份。" in text


def test_notices_without_place_and_year_are_told(client: TestClient) -> None:
    text = page(client, "/holdings")
    assert "另有 1 份通知看不出地区" in text
    assert "有 1 份通知看不出年份" in text


def test_province_leads_to_its_cities_and_these_to_the_districts(client: TestClient) -> None:
    [province] = [link for link in links(page(client, "/holdings")) if link.startswith("/holdings?province=%E6%BE%9C")]
    cities = page(client, province)
    assert rows(cities)["云汀市"] == ["63", "缺62", "62", "125"]
    [city] = [link for link in links(cities) if "&city=" in link]
    districts = rows(page(client, city))
    assert len(districts) == len(DISTRICTS) + 1
    assert districts["云杉区"] == ["1", "缺", "1", "2"]
    assert districts["青溪区"] == ["1", "", "", "1"]


def test_cells_lead_to_the_provisions_of_that_place_and_year(client: TestClient) -> None:
    text = page(client, "/holdings?province=北岚省")
    assert rows(text) == {"市本级": ["1", "1"], "青溪区": ["1", "1"], "合计": ["2", "2"]}
    assert "/notices/own" in links(text)
    [search] = [link for link in links(text) if link.startswith("/?")]
    assert "朔原市" in page(client, search)
    assert page(client, search).count('<article class="hit"') == 1


def test_place_that_is_not_held_says_so(client: TestClient) -> None:
    text = page(client, "/holdings?province=<b>乌有省")
    assert "没有收录这里的通知" in text
    assert "<b>乌有省" not in text
