import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.settings import Settings
from tests.search_api.http.conftest import indexed

PROBLEMS = [
    ("/api/v1/search", 422, "empty_query", "请输入查询词"),
    ("/api/v1/search?q=%20%20", 422, "empty_query", "请输入查询词"),
    ("/api/v1/search?q=" + "x" * 2001, 422, "query_too_long", "2001 字"),
    ("/api/v1/facets?q=" + "x" * 2001, 422, "query_too_long", "2001 字"),
    ("/api/v1/search?q=x&offset=991", 422, "too_deep", "1000"),
    ("/api/v1/search?q=x&top=0", 422, "invalid_parameter", "top：不能小于 1"),
    ("/api/v1/search?q=x&top=101", 422, "invalid_parameter", "top：不能大于 100"),
    ("/api/v1/search?q=x&top=ten", 422, "invalid_parameter", "top：应当是整数"),
    ("/api/v1/search?q=x&offset=-1", 422, "invalid_parameter", "offset：不能小于 0"),
    ("/api/v1/search?q=x&offset=" + "9" * 5000, 422, "invalid_parameter", "offset"),
    ("/api/v1/search?q=x&year=去年", 422, "bad_filter", "“去年”"),
    ("/api/v1/search?q=x&year=2020-2016", 422, "bad_filter", "“2020-2016”"),
    ("/api/v1/search?q=x&role=领导", 422, "bad_filter", "牵头（lead）"),
    ("/api/v1/search?q=x&kind=其他", 422, "bad_filter", "任务（task）"),
    ("/api/v1/search?q=x&basis=实施方案:甲", 422, "bad_filter", "实施方案:12"),
    ("/api/v1/search?q=x&district=" + "区" * 301, 422, "bad_filter", "300 个字"),
    ("/api/v1/search?q=x" + "".join(f"&unit={n}局" for n in range(101)), 422, "bad_filter", "100 个值"),
    ("/api/v1/search?q=x&plain=" + "区" * 301, 422, "invalid_parameter", "plain.0：不能超过 300 个字"),
    ("/api/v1/search?q=x" + "&plain=x" * 101, 422, "invalid_parameter", "plain：最多给 100 个值"),
    ("/api/v1/facets?q=x" + "&plain=x" * 101, 422, "invalid_parameter", "plain：最多给 100 个值"),
    ("/api/v1/search?q=x&collapse=maybe", 422, "invalid_parameter", "collapse：应当是 true 或 false"),
    ("/api/v1/notices?year=去年", 422, "bad_filter", "“去年”"),
    ("/api/v1/facets?role=x", 422, "bad_filter", "“x”"),
    ("/api/v1/items/没有-001", 404, "not_found", "没有-001"),
    ("/api/v1/items/没有-001/similar", 404, "not_found", "没有-001"),
    ("/api/v1/items/没有-001/wording", 404, "not_found", "没有-001"),
    ("/api/v1/notices/没有", 404, "not_found", "没有"),
    ("/api/v1/nothing", 404, "no_such_route", "openapi.json"),
    ("/nothing", 404, "no_such_route", "openapi.json"),
]


def check(response_text: str, status: int, content_type: str, expected_status: int, code: str, detail: str) -> None:
    document = json.loads(response_text)
    assert (status, content_type) == (expected_status, "application/problem+json")
    assert (document["status"], document["code"]) == (expected_status, code)
    assert document["type"] == f"urn:xianli:problem:{code}"
    assert document["title"]
    assert detail in document["detail"]
    assert any("\u4e00" <= character <= "\u9fff" for character in document["detail"])


@pytest.mark.parametrize(("path", "status", "code", "detail"), PROBLEMS, ids=lambda value: str(value)[:40])
def test_error_is_a_problem_document(client: TestClient, path: str, status: int, code: str, detail: str) -> None:
    response = client.get(path)
    check(response.text, response.status_code, response.headers["content-type"], status, code, detail)


@pytest.mark.parametrize(
    ("body", "status", "code", "detail"),
    [
        (b"{", 422, "invalid_parameter", "不是合法的 JSON"),
        (b"", 422, "invalid_parameter", "缺少"),
        (b"[]", 422, "invalid_parameter", "应当是一个 JSON 对象"),
        (b"{}", 422, "invalid_parameter", "text：缺少这个参数"),
        (b'{"text": 1}', 422, "invalid_parameter", "text：应当是文字"),
        (b'{"text": "x", "top": 101}', 422, "invalid_parameter", "top：不能大于 100"),
        (b'{"text": "x", "collapse": "maybe"}', 422, "invalid_parameter", "collapse：应当是 true 或 false"),
        (b'{"text": "x", "distict": "x"}', 422, "invalid_parameter", "distict：没有这个参数"),
        (b'{"text": "x", "role": "x"}', 422, "bad_filter", "“x”"),
        (b'{"text": " "}', 422, "empty_query", "请粘贴"),
        (json.dumps({"text": "备" * 50_001}).encode(), 422, "query_too_long", "50001 字"),
        (json.dumps({"text": "x" * 1_000_000}).encode(), 413, "body_too_large", "太大"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_body_is_a_problem_document(client: TestClient, body: bytes, status: int, code: str, detail: str) -> None:
    response = client.post("/api/v1/similar", content=body, headers={"content-type": "application/json"})
    check(response.text, response.status_code, response.headers["content-type"], status, code, detail)


def test_body_without_announced_length_is_cut_off_too(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(20):
            yield b"x" * 100_000

    response = client.post("/api/v1/similar", content=parts(), headers={"content-type": "application/json"})
    check(response.text, response.status_code, response.headers["content-type"], 413, "body_too_large", "太大")


def test_wrong_method_is_a_problem_that_names_the_right_ones(client: TestClient) -> None:
    response = client.delete("/api/v1/search")
    check(response.text, response.status_code, response.headers["content-type"], 405, "method_not_allowed", "不支持")
    assert "GET" in response.headers["allow"]


def test_fifty_thousand_characters_are_compared(client: TestClient) -> None:
    assert client.post("/api/v1/similar", json={"text": "备案审查" * 12_500}).status_code == 200


def test_server_without_an_index_says_what_to_do_and_finds_one_made_later(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path, model=tmp_path / "model"))) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/api/v1/search?q=备案", "/api/v1/facets", "/api/v1/notices", "/api/v1/items/x"):
            response = client.get(path)
            check(
                response.text, response.status_code, response.headers["content-type"], 503, "no_index", "xianli index"
            )
        page = client.get("/", headers={"accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "xianli index" in page.text
        indexed(tmp_path, tmp_path / "model")
        assert client.get("/readyz").json()["notices"] == 20


def test_server_with_synonyms_that_cannot_be_read_says_which(settings: Settings, tmp_path: Path) -> None:
    unreadable = settings.model_copy(update={"synonyms": tmp_path / "没有.tsv"})
    with TestClient(create_app(unreadable)) as client:
        response = client.get("/api/v1/search?q=备案")
        check(response.text, response.status_code, response.headers["content-type"], 503, "lexicon", "没有.tsv")


def test_browser_gets_errors_as_pages_and_programs_as_problems(client: TestClient) -> None:
    for path, status in (
        ("/notices/没有", 404),
        ("/nothing", 404),
        ("/?q=" + "x" * 2001, 422),
        ("/?year=去年", 422),
        ("/?q=x" + "&plain=x" * 101, 422),
    ):
        page = client.get(path, headers={"accept": "text/html,*/*"})
        assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert client.get(path).headers["content-type"] == "application/problem+json"
    assert (
        client.get("/api/v1/x", headers={"accept": "text/html"}).headers["content-type"] == "application/problem+json"
    )
