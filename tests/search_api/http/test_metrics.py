import re

from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.settings import Serving, Settings


def figures(client: TestClient) -> dict[str, float]:
    """What /metrics says, by name and labels."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    rows = re.findall(r"^(\S+?(?:\{.*\})?) (\S+)$", response.text, re.MULTILINE)
    return {name: float(value) for name, value in rows}


def test_figures_of_requests_searches_and_the_index(settings: Settings) -> None:
    with TestClient(create_app(settings, Serving(rate=0))) as client:
        before = figures(client)
        client.get("/api/v1/search", params={"q": "规范性文件备案审查"})
        client.get("/api/v1/search", params={"q": "zzzzzz"})
        for number in range(20):
            client.get(f"/api/v1/items/no-{number}")
            client.get(f"/nothing/{number}")
        client.request("BREW", "/nothing")
        after = figures(client)
    search = 'xianli_searches_total{mode="lexical",partial="false"}'
    assert after[search] - before[search] == 2
    assert after["xianli_searches_without_hits_total"] == 1
    requests = {name: value for name, value in after.items() if name.startswith("xianli_request_seconds_count")}
    assert requests['xianli_request_seconds_count{method="GET",route="/api/v1/search",status="200"}'] == 2
    assert requests['xianli_request_seconds_count{method="GET",route="/api/v1/items/{item_id}",status="404"}'] == 20
    assert requests['xianli_request_seconds_count{method="GET",route="none",status="404"}'] == 20
    assert any('method="other"' in name for name in requests)
    assert len(requests) < 8
    assert (after["xianli_index_open"], after["xianli_index_notices"], after["xianli_index_items"]) == (1, 20, 387)
    assert after["xianli_index_generation"] >= 1
    assert after["xianli_jobs"] == 0
    assert after["process_resident_memory_bytes"] > 1e6


def test_figures_without_an_index(settings: Settings) -> None:
    closed = TestClient(create_app(settings.model_copy(update={"index": "/nowhere"})))
    found = figures(closed)
    assert found["xianli_index_open"] == 0
    assert "xianli_index_items" not in found


def test_no_words_of_a_query_are_among_the_figures(client: TestClient) -> None:
    client.get("/api/v1/search", params={"q": "机密事项", "district": "青溪区"})
    assert "机密" not in client.get("/metrics").text
    assert "青溪区" not in client.get("/metrics").text
