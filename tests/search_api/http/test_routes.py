from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from search_api.http import schemas
from search_api.http.app import create_app
from tests.search_api.http.conftest import SAMPLES, get, indexed

HELD_ITEM = "从严备案审查"


def best_hit(client: TestClient) -> Any:
    return get(client, "/api/v1/search", q=HELD_ITEM)["hits"][0]


def test_search_answers_with_hits_facets_and_mode(client: TestClient) -> None:
    found = get(client, "/api/v1/search", q="备案审查", top=3)
    assert (found["query"], found["mode"], len(found["hits"])) == ("备案审查", "lexical", 3)
    assert found["total"] >= 3
    assert found["took_ms"] > 0
    hit = found["hits"][0]
    assert "备案审查" in hit["item"]["text"]
    assert hit["citation"] == hit["citation_parts"]["text"]
    assert hit["explanation"]["lexical"]["rank"] >= 1
    assert {"value": "青溪区", "count": 2}.keys() == found["facets"]["district"][0].keys()


@pytest.mark.parametrize(
    ("parameters", "path", "expected"),
    [
        ({"district": "青溪"}, ("notice", "district"), {"青溪区"}),
        ({"district": ["青溪区", "松岭县"]}, ("notice", "district"), {"青溪区", "松岭县"}),
        ({"district": "青溪区、松岭县"}, ("notice", "district"), {"青溪区", "松岭县"}),
        ({"year": "2018"}, ("notice", "plan_year_start"), {2018}),
        ({"type": "工作要点"}, ("notice", "doc_type"), {"工作要点"}),
        ({"kind": "result"}, ("item", "kind"), {"result"}),
    ],
)
def test_filter_keeps_only_what_satisfies_it(
    client: TestClient, parameters: dict[str, Any], path: tuple[str, str], expected: set[Any]
) -> None:
    hits = get(client, "/api/v1/search", q="规范性文件审查", top=50, **parameters)["hits"]
    assert {hit[path[0]][path[1]] for hit in hits} == expected


def test_filters_without_words_list_what_satisfies_them(client: TestClient) -> None:
    found = get(client, "/api/v1/search", district="白榆县", top=100)
    assert found["total"] == len(found["hits"]) == 19


def test_pages_follow_each_other(client: TestClient) -> None:
    whole = [hit["id"] for hit in get(client, "/api/v1/search", q="备案审查", top=6)["hits"]]
    second = [hit["id"] for hit in get(client, "/api/v1/search", q="备案审查", top=3, offset=3)["hits"]]
    assert second == whole[3:]


def test_facets_count_all_matches(client: TestClient) -> None:
    found = get(client, "/api/v1/facets", q="备案审查")
    assert sum(one["count"] for one in found["facets"]["kind"]) == found["total"] > 0


def test_facets_without_a_query_count_all_items(client: TestClient) -> None:
    found = get(client, "/api/v1/facets")
    assert found["total"] == 387
    assert found["facets"]["year"][0] != {"value": "2018", "count": 22}
    assert {one["value"] for one in found["facets"]["role"]} == {"lead", "participate", "responsible"}


def test_item_answers_with_the_exact_source(client: TestClient) -> None:
    found = get(client, f"/api/v1/items/{best_hit(client)['id']}")
    source = (SAMPLES / found["notice"]["source"]["file"]).read_text(encoding="utf-8")
    span = found["item"]["span"]
    assert found["source_text"] == source[span["start"] : span["end"]]
    assert found["citation"].startswith(f"《{found['notice']['title']}》")


def test_similar_leaves_the_own_notice_out(client: TestClient) -> None:
    own = best_hit(client)["item"]
    hits = get(client, f"/api/v1/items/{own['id']}/similar", top=50)["hits"]
    assert hits
    assert own["notice_id"] not in {hit["item"]["notice_id"] for hit in hits}


def test_similar_to_a_text_takes_filters_as_values_or_lists(client: TestClient) -> None:
    text = "文件印发之日起十五日内报送备案，备案机关发现与上位法抵触的，应当提出处理意见。"
    for filters in ({"year": 2018}, {"year": "2018"}, {"year": ["2018"], "district": []}):
        response = client.post("/api/v1/similar", json={"text": text, **filters})
        assert response.status_code == 200
        hits = response.json()["hits"]
        assert hits
        assert {hit["notice"]["plan_year_start"] for hit in hits} == {2018}


def test_similar_shows_at_most_five_of_a_district_unless_asked_otherwise(client: TestClient) -> None:
    def most(**more: int) -> int:
        body = {"text": "政府 工作 责任 制度 行政 执法 监督 法治", "top": 100, **more}
        hits = client.post("/api/v1/similar", json=body).json()["hits"]
        places = [(hit["notice"]["province"], hit["notice"]["city"], hit["notice"]["district"]) for hit in hits]
        return max(places.count(place) for place in places)

    assert most() == 5
    assert most(per_district=2) == 2
    assert most(per_district=0) > 5


def test_notices_are_listed_by_filter_and_page(client: TestClient) -> None:
    found = get(client, "/api/v1/notices", top=100)
    assert found["total"] == len(found["notices"]) == 20
    assert sum(notice["items"] for notice in found["notices"]) == 387
    dates = [notice["date_issued"] for notice in found["notices"] if notice["date_issued"]]
    assert dates == sorted(dates, reverse=True)
    second = get(client, "/api/v1/notices", top=2, offset=2)["notices"]
    assert [n["id"] for n in second] == [n["id"] for n in found["notices"][2:4]]
    assert get(client, "/api/v1/notices", district="临汐区", year="2022")["total"] == 1


def test_notice_has_items_outline_and_warnings(client: TestClient) -> None:
    [listed] = get(client, "/api/v1/notices", district="青溪区", year="2018")["notices"]
    found = get(client, f"/api/v1/notices/{listed['id']}")
    assert [entry["level"] for entry in found["outline"][:3]] == [1, 2, 2]
    in_outline = [entry["item_id"] for entry in found["outline"] if entry["item_id"]]
    assert in_outline == [item["id"] for item in found["items"]]
    assert len(in_outline) == listed["items"]
    assert all(warning["code"] and warning["message"] for warning in found["warnings"])


def test_server_lives_and_is_ready(client: TestClient) -> None:
    assert get(client, "/healthz") == {"status": "ok"}
    ready = get(client, "/readyz")
    assert (ready["mode"], ready["notices"], ready["items"], ready["vectors"]) == ("lexical", 20, 387, 0)
    assert ready["fingerprint"] is None


def test_answers_are_what_the_schemas_say(client: TestClient) -> None:
    hit = best_hit(client)
    for path, model in (
        ("/api/v1/search?q=实施方案第11条", schemas.SearchPage),
        ("/api/v1/search?q=备案审查", schemas.SearchPage),
        ("/api/v1/search?q=青溪区2018年 行政复义 红头文件", schemas.SearchPage),
        ("/api/v1/search?q=备案审查&district=青溪区&year=2025", schemas.SearchPage),
        ("/api/v1/facets?q=备案审查", schemas.FacetsAnswer),
        (f"/api/v1/items/{hit['id']}", schemas.ItemAnswer),
        (f"/api/v1/items/{hit['id']}/similar", schemas.SearchAnswer),
        ("/api/v1/items/a9f09fca2f54-017/similar", schemas.SearchAnswer),
        ("/api/v1/items/a9f09fca2f54-017/wording", schemas.WordingAnswer),
        (f"/api/v1/notices/{hit['notice']['id']}", schemas.NoticeAnswer),
        ("/api/v1/notices", schemas.NoticesAnswer),
        ("/healthz", schemas.Health),
        ("/readyz", schemas.Readiness),
    ):
        read = TypeAdapter(model).validate_python(get(client, path))
        assert TypeAdapter(model).dump_python(read, mode="json") == get_without_time(client, path, read)


def get_without_time(client: TestClient, path: str, read: Any) -> Any:
    answer = get(client, path)
    return answer | {"took_ms": read.took_ms} if "took_ms" in answer else answer


def test_headers_forbid_inline_scripts_and_other_origins(client: TestClient) -> None:
    for path in ("/", "/api/v1/search?q=备案", "/nothing", "/static/page.js"):
        headers = client.get(path, headers={"origin": "https://example.org"}).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_hybrid_answers_explain_both_legs(tmp_path: Path, model_folder: Path) -> None:
    with TestClient(create_app(indexed(tmp_path, model_folder))) as client:
        ready = get(client, "/readyz")
        assert (ready["mode"], ready["vectors"]) == ("hybrid", 387)
        assert ready["fingerprint"]
        found = get(client, "/api/v1/search", q="备案审查")
        assert found["mode"] == "hybrid"
        assert found["hits"][0]["explanation"]["vector"]["score"] > 0
