import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

HOSTILE = [
    "AND",
    "OR NOT",
    "+备案 -审查",
    'text:"备案"~3',
    "备案^1e999",
    "/(a+)+$/",
    "[* TO *]",
    "(((((((((((",
    '"',
    "\\",
    "'; DROP TABLE items; --",
    "😀👩‍👩‍👧‍👦🇨🇳",
    "\x00",
    "备\x00案",
    "\u202e审查\u202c",
    "\ufeff备案\u200b",
    "a\u0300" * 300,
    "备" * 2000,
    "9" * 2000,
    "第" * 500 + "条",
    "《" * 1000 + "》" * 1000,
    "实施方案第0条",
    "实施方案第99999条",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "%s%n%d",
    "   \t\r\n\u3000",
    "\U0010ffff",
]

# The fixture is the same running application for every example.
EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:40])
def test_hostile_query_is_answered(client: TestClient, query: str) -> None:
    for path in ("/api/v1/search", "/api/v1/facets", "/"):
        assert client.get(path, params={"q": query}).status_code in (200, 422)
    assert client.get("/api/v1/search", params={"q": "备案", "unit": query, "basis": query}).status_code in (200, 422)
    assert client.post("/api/v1/similar", json={"text": query}).status_code in (200, 422)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_hostile_plain_text_is_answered(client: TestClient, text: str) -> None:
    for path in ("/api/v1/search", "/api/v1/facets", "/"):
        parameters = {"q": f"青溪区 备案{text[:50]}", "plain": [text, "青溪区"]}
        response = client.get(path, params=parameters, headers={"accept": "text/html"})
        assert response.status_code == (422 if len(text) > 300 else 200)
        assert "<script>" not in response.text or response.headers["content-type"] == "application/json"


def test_a_hundred_plain_texts_are_answered(client: TestClient) -> None:
    plain = ["青溪区", *("备" * 30 + str(number) for number in range(99))]
    found = client.get("/api/v1/search", params={"q": "青溪区 备案", "plain": plain}).json()
    assert found["understood"]["parts"] == []


@pytest.mark.parametrize("name", ["%00", "%ED%A0%80", "..%2F..%2Fetc", "%F0%9F%98%80", "x" * 5000, "-", "a-001%00"])
def test_hostile_id_is_not_found(client: TestClient, name: str) -> None:
    for path in ("/api/v1/items/{}", "/api/v1/items/{}/similar", "/api/v1/notices/{}", "/items/{}", "/notices/{}"):
        assert client.get(path.format(name)).status_code == 404


@pytest.mark.parametrize("raw", [b"%ff%fe", b"%00", b"%ED%A0%80", b"%", b"%zz", b"+%2B&q=&q=x", b"x&top=%00"])
def test_damaged_encoding_is_answered(client: TestClient, raw: bytes) -> None:
    assert client.get(f"/api/v1/search?q={raw.decode()}").status_code in (200, 422)


@pytest.mark.parametrize("text", [r'"\ud800"', r'"备案\udfff审查"', r'"\u0000"', r'"\ud83d"'])
def test_lone_surrogates_and_nul_in_json_are_answered(client: TestClient, text: str) -> None:
    for body in (f'{{"text": {text}}}', f'{{"text": "备案", "unit": {text}}}', f'{{"text": "备案", {text}: 1}}'):
        response = client.post("/api/v1/similar", content=body, headers={"content-type": "application/json"})
        assert response.status_code in (200, 422)
        response.json()


@EXAMPLES
@given(query=st.text(max_size=200))
def test_any_query_is_answered(client: TestClient, query: str) -> None:
    response = client.get("/api/v1/search", params={"q": query})
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert response.json()["code"] == "empty_query"


@EXAMPLES
@given(
    values=st.dictionaries(st.sampled_from(["district", "year", "unit", "role", "basis", "kind"]), st.text(max_size=60))
)
def test_any_filter_is_answered(client: TestClient, values: dict[str, str]) -> None:
    response = client.get("/api/v1/search", params={"q": "备案", **values})
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert response.json()["code"] == "bad_filter"


@EXAMPLES
@given(plain=st.lists(st.text(max_size=60), max_size=5))
def test_any_plain_texts_are_answered(client: TestClient, plain: list[str]) -> None:
    assert client.get("/", params={"q": "青溪区 红头文件", "plain": plain}).status_code == 200


@EXAMPLES
@given(text=st.text(st.characters(), max_size=200))
def test_any_text_is_compared(client: TestClient, text: str) -> None:
    body = json.dumps({"text": text}).encode()
    response = client.post("/api/v1/similar", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (200, 422)
