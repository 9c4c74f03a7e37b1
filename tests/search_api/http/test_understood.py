"""What an answer says of the query: what was read out of it, what was searched besides, why nothing was found."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.search_api.http.conftest import get


def search(client: TestClient, query: str, **parameters: Any) -> Any:
    return get(client, "/api/v1/search", q=query, **parameters)


@pytest.mark.parametrize(
    ("query", "kind", "text", "note", "filters"),
    [
        ("青溪区 执法", "place", "青溪区", "区县：青溪区", {"district": ["青溪区"]}),
        ("2018年备案审查", "year", "2018年", "年份：2018年", {"year": ["2018"]}),
        (
            "实施方案第11条 备案",
            "document",
            "实施方案第11条",
            "依据条款：《实施方案》第11条",
            {"basis": ["实施方案:11"]},
        ),
        ("司法局 备案审查", "unit", "司法局", "司法局（含法制办）的条款优先", {}),
        ("请问行政复议", "question", "请问", "问句用语“请问”不参与检索", {}),
        ("行政复义", "spelling", "行政复义", "已按“行政复议”检索（原输入“行政复义”）", {}),
    ],
)
def test_part_of_the_query_is_read_and_taken_back(
    client: TestClient, query: str, kind: str, text: str, note: str, filters: dict[str, list[str]]
) -> None:
    understood = search(client, query)["understood"]
    [part] = understood["parts"]
    assert (part["kind"], part["text"], part["note"]) == (kind, text, note)
    assert query[part["span"]["start"] : part["span"]["end"]] == text
    assert understood["filters"] == filters
    for plain in (text, "*"):
        literal = search(client, query, plain=plain)["understood"]
        assert (literal["parts"], literal["filters"], literal["words"]) == ([], {}, query)


def test_corrected_query_is_told_and_searched(client: TestClient) -> None:
    corrected, typed = search(client, "行政复义"), search(client, "行政复义", plain="行政复义")
    meant = search(client, "行政复议")
    assert (corrected["query"], corrected["understood"]["query"]) == ("行政复义", "行政复议")
    assert [hit["id"] for hit in corrected["hits"]] == [hit["id"] for hit in meant["hits"]]
    assert typed["understood"]["query"] == "行政复义"
    assert typed["total"] != corrected["total"]


def test_synonym_finds_what_the_query_does_not_say_until_it_is_plain(client: TestClient) -> None:
    found = search(client, "红头文件", top=50)
    assert found["understood"]["synonyms"] == [
        {"phrase": "红头文件", "expansions": ["规范性文件"], "kind": "abbreviation"}
    ]
    best = found["hits"][0]
    assert "规范性文件" in best["item"]["text"]
    assert "红头文件" not in best["item"]["text"]
    assert best["explanation"]["synonyms"][0]["phrase"] == "红头文件"
    assert "规范性文件" in [h["text"][a:b] for h in best["highlights"] for a, b in h["marks"]]
    for plain in ("红头文件", "*"):
        literal = search(client, "红头文件", top=50, plain=plain)
        assert literal["understood"]["synonyms"] == []
        assert literal["total"] < found["total"]


def test_several_plain_texts_are_all_left_as_words(client: TestClient) -> None:
    understood = search(client, "青溪区2018年 红头文件", plain=["青溪区", "红头文件"])["understood"]
    assert [part["text"] for part in understood["parts"]] == ["2018年"]
    assert (understood["words"], understood["synonyms"]) == ("青溪区 红头文件", [])


def test_facets_count_what_the_search_finds(client: TestClient) -> None:
    for parameters in ({}, {"plain": "青溪区"}, {"plain": ["青溪区", "红头文件"]}):
        query = {"q": "青溪区 红头文件", **parameters}
        facets, found = (get(client, f"/api/v1/{route}", **query) for route in ("facets", "search"))
        assert (facets["total"], facets["facets"]) == (found["total"], found["facets"])


def test_filter_that_the_user_sets_is_not_read_out_of_the_query(client: TestClient) -> None:
    found = search(client, "青溪区 备案", district="松岭县")
    assert found["understood"]["filters"] == {}
    assert {hit["notice"]["district"] for hit in found["hits"]} == {"松岭县"}


@pytest.mark.parametrize(
    ("parameters", "notices", "missing", "broader"),
    [
        (
            {"q": "备案审查", "district": "鼓楼区"},
            20,
            ["已收录的条款里没有区县为“鼓楼区”的"],
            [("备案审查", {}, "不限区县")],
        ),
        (
            {"q": "备案审查", "district": "青溪区", "year": "2025"},
            20,
            ["所选条件各有条款，但没有同时符合的"],
            [
                ("备案审查", {"year": ["2025"]}, "不限区县"),
                ("备案审查", {"district": ["青溪区"]}, "不限年份"),
                ("备案审查", {}, "不限任何条件"),
            ],
        ),
        ({"q": "白榆县 行政复议"}, 1, [], [("行政复议", {}, "不限区县")]),
        ({"q": "zzzz", "year": "2018"}, 3, [], []),
    ],
)
def test_none_found_tells_what_was_searched_and_what_finds_something(
    client: TestClient,
    parameters: dict[str, str],
    notices: int,
    missing: list[str],
    broader: list[tuple[str, dict[str, list[str]], str]],
) -> None:
    found = get(client, "/api/v1/search", **parameters)
    told = found["none_found"]
    assert (found["total"], found["hits"]) == (0, [])
    assert told["searched"]["notices"] == notices
    assert told["missing"] == missing
    assert [(one["words"], one["filters"], one["leaves_out"]) for one in told["broader"]] == broader
    for one in told["broader"]:
        assert search(client, one["words"], **one["filters"])["hits"]


def test_broader_search_finds_something_although_it_is_read_anew(client: TestClient) -> None:
    parameters = {"district": "白榆县", "plain": "红头文件"}
    told = search(client, "2018年 红头文件", **parameters)["none_found"]
    assert told["broader"]
    for one in told["broader"]:
        assert search(client, one["words"], **one["filters"])["hits"]


def test_none_found_is_told_only_where_there_is_none(client: TestClient) -> None:
    assert search(client, "备案审查")["none_found"] is None
    assert search(client, "备案审查", offset=900)["none_found"] is None
