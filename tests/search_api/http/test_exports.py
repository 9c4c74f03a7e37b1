from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from search_api.exports import Format
from search_api.http.app import create_app
from search_api.http.schemas import ComparisonAnswer
from search_api.settings import Serving, Settings
from tests.search_api.exports.reading import csv_rows, sheet_rows, word_rows
from tests.search_api.http.conftest import get

READ = {Format.CSV: csv_rows, Format.XLSX: sheet_rows, Format.DOCX: word_rows}


def export(client: TestClient, path: str, file_format: Format, **parameters: Any) -> list[list[Any]]:
    response = client.get(path, params={"format": str(file_format), **parameters})
    assert response.status_code == 200, response.text
    return READ[file_format](response.content)


def column(rows: list[list[Any]], name: str) -> list[Any]:
    place = rows[0].index(name)
    return [row[place] for row in rows[1:]]


@pytest.mark.parametrize("file_format", Format)
def test_export_has_the_hits_of_the_search_in_their_order(client: TestClient, file_format: Format) -> None:
    asked = {"q": "备案审查", "year": "2016-2022", "per_district": 2}
    hits = get(client, "/api/v1/search", top=100, **asked)["hits"]
    rows = export(client, "/api/v1/search/export", file_format, **asked)
    assert column(rows, "引文") == [hit["citation"] for hit in hits]


def test_export_takes_all_hits_unless_told_otherwise(client: TestClient) -> None:
    total = get(client, "/api/v1/search", kind="task", collapse=False)["total"]
    assert total > 100
    asked = {"kind": "task", "collapse": "false"}
    assert len(export(client, "/api/v1/search/export", Format.CSV, **asked)) == total + 1
    rows = export(client, "/api/v1/search/export", Format.CSV, **asked, top=5, offset=10)
    assert column(rows, "序号") == ["11", "12", "13", "14", "15"]


@pytest.mark.parametrize("file_format", Format)
def test_search_without_hits_is_a_file_without_rows(client: TestClient, file_format: Format) -> None:
    assert len(export(client, "/api/v1/search/export", file_format, q="备案", year="2049")) == 1


@pytest.mark.parametrize(
    ("file_format", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_file_is_saved_under_its_chinese_name(client: TestClient, file_format: str, media_type: str) -> None:
    response = client.get("/api/v1/search/export", params={"q": "备案\r\nX-Evil: 1审查", "format": file_format})
    assert response.headers["content-type"] == media_type
    assert "x-evil" not in response.headers
    disposition = response.headers["content-disposition"]
    ascii_name, _, name = disposition.partition("; filename*=UTF-8''")
    assert ascii_name == f'attachment; filename="xianli.{file_format}"'
    assert unquote(name) == f"条款对照表-备案X-Evil1审查-{date.today()}.{file_format}"


@pytest.mark.parametrize("file_format", Format)
def test_similar_items_are_exported(client: TestClient, file_format: Format) -> None:
    held = get(client, "/api/v1/search", q="从严备案审查")["hits"][0]["id"]
    hits = get(client, f"/api/v1/items/{held}/similar", top=7)["hits"]
    rows = export(client, f"/api/v1/items/{held}/similar/export", file_format, top=7)
    assert column(rows, "引文") == [hit["citation"] for hit in hits]
    assert ("不同之处" in rows[0]) == (file_format is not Format.DOCX)


def test_comparison_is_answered_and_exported(client: TestClient) -> None:
    ids = [hit["id"] for hit in get(client, "/api/v1/search", q="备案审查", top=3)["hits"]]
    answer = get(client, "/api/v1/compare", id=ids)
    assert [one["item"]["id"] for one in answer["items"]] == ids
    assert TypeAdapter(ComparisonAnswer).validate_python(answer).model_dump(mode="json") == answer
    for file_format in Format:
        rows = export(client, "/api/v1/compare/export", file_format, id=ids)
        [cited] = [row for row in rows if row[0] == "引文"]
        assert cited[1:4] == [one["citation"] for one in answer["items"]]


@pytest.mark.parametrize(
    ("path", "status", "code", "told"),
    [
        ("/api/v1/search/export?q=备案&format=pdf", 422, "bad_format", "csv、xlsx、docx"),
        ("/api/v1/search/export?q=备案&top=1001", 422, "invalid_parameter", "top：不能大于 1000"),
        ("/api/v1/search/export?q=备案&offset=1000", 422, "too_deep", "1000"),
        ("/api/v1/search/export", 422, "empty_query", "查询词"),
        ("/api/v1/search/export?q=备案&year=x", 422, "bad_filter", "x"),
        ("/api/v1/items/none-001/similar/export", 404, "not_found", "none-001"),
        ("/api/v1/compare", 422, "invalid_parameter", "id"),
        ("/api/v1/compare?id=a9f09fca2f54-005", 422, "bad_comparison", "现在给了 1 条"),
        ("/api/v1/compare?id=a9f09fca2f54-005&id=a9f09fca2f54-005", 422, "bad_comparison", "现在给了 1 条"),
        ("/api/v1/compare?id=a9f09fca2f54-005&id=none-001", 404, "not_found", "none-001"),
        ("/api/v1/compare/export?id=a9f09fca2f54-005&id=none-001", 404, "not_found", "none-001"),
        ("/api/v1/compare/export?" + "&".join(f"id=a-{n}" for n in range(7)), 422, "bad_comparison", "现在给了 7 条"),
    ],
)
def test_what_cannot_be_exported_or_compared_is_refused(
    client: TestClient, path: str, status: int, code: str, told: str
) -> None:
    response = client.get(path)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert told in response.json()["detail"]


def test_item_has_its_citation_in_every_form(client: TestClient) -> None:
    found = get(client, "/api/v1/items/a9f09fca2f54-005")
    assert found["citations"] == {
        "text": found["citation"],
        "gbt7714": f"{found['notice']['issuer']}. {found['notice']['title']}: 云青政办〔2018〕36号[A]. 2018: 二、（五）.",
        "in_text": f"《{found['notice']['title']}》（云青政办〔2018〕36号）第二部分第（五）项",
        "link": f"{found['citation']} http://testserver/items/a9f09fca2f54-005",
    }


def test_link_never_has_a_host_that_is_none(settings: Settings) -> None:
    with TestClient(create_app(settings, Serving(open_reading=True))) as client:
        found = client.get("/api/v1/items/a9f09fca2f54-005", headers={"host": "[bad"})
    assert found.status_code == 200
    assert found.json()["citations"]["link"].endswith(" http://testserver/items/a9f09fca2f54-005")
