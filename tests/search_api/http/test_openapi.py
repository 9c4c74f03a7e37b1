from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from search_api.http.codes import CODES


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    return client.get("/api/v1/openapi.json").json()


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_every_route_is_described_under_an_id_that_stays(document: Any) -> None:
    assert {name: operation["operationId"] for name, operation in operations(document)} == {
        "get /api/v1/search": "search",
        "post /api/v1/search": "search_by_post",
        "get /api/v1/search/export": "export_search",
        "get /api/v1/facets": "facets",
        "get /api/v1/suggestions": "suggestions",
        "post /api/v1/similar": "similar_text",
        "post /api/v1/drafts": "compare_draft",
        "get /api/v1/items/{item_id}": "get_item",
        "get /api/v1/items/{item_id}/similar": "similar_items",
        "get /api/v1/items/{item_id}/similar/export": "export_similar",
        "get /api/v1/items/{item_id}/wording": "get_wording",
        "get /api/v1/compare": "compare",
        "get /api/v1/compare/export": "export_comparison",
        "get /api/v1/notices": "list_notices",
        "post /api/v1/notices": "add_notices",
        "get /api/v1/notices/{notice_id}": "get_notice",
        "delete /api/v1/notices/{notice_id}": "delete_notice",
        "get /api/v1/jobs": "list_jobs",
        "get /api/v1/jobs/{job_id}": "get_job",
        "delete /api/v1/jobs/{job_id}": "cancel_job",
        "get /healthz": "healthz",
        "get /readyz": "readyz",
    }


def test_every_route_has_a_summary_a_described_tag_and_an_answer(document: Any) -> None:
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    for name, operation in operations(document):
        assert operation["summary"], name
        assert set(operation["tags"]) <= described, name
        answers = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
        for status, answer in answers.items():
            assert status == "204" or all(content["schema"] for content in answer["content"].values()), name
        assert answers, name


def test_document_is_openapi_3_with_references_that_lead_somewhere(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    found = list(references(document))
    assert found
    for reference in found:
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_operations_have_distinct_parameters(document: Any) -> None:
    for name, operation in operations(document):
        named = [(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", [])]
        assert len(named) == len(set(named)), name


def test_parameters_and_bodies_have_examples(document: Any) -> None:
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["name"] in ("top", "offset", "per_district", "collapse"):
                assert "default" in parameter["schema"], name
            else:
                assert parameter.get("example") is not None or parameter["schema"].get("examples"), (name, parameter)
        body = operation.get("requestBody", {"content": {}})["content"].get("application/json")
        assert body is None or schemas[body["schema"]["$ref"].rpartition("/")[2]]["examples"], name


def test_problems_are_described_by_code_with_their_media_type(document: Any) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if not status.startswith(("2", "3")):
                [(media_type, content)] = response["content"].items()
                assert media_type == "application/problem+json", (name, status)
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert {example["value"]["code"] for example in content["examples"].values()} <= CODES.keys()
                assert {example["value"]["status"] for example in content["examples"].values()} == {int(status)}


def test_filters_are_described_where_they_are_read(document: Any) -> None:
    described = dict(operations(document))
    for name, filters in {
        "get /api/v1/search": {"district", "city", "province", "year", "unit", "role", "basis", "type", "kind"},
        "get /api/v1/items/{item_id}/similar": {"district", "role", "basis", "kind"},
        "get /api/v1/notices": {"district", "city", "province", "year", "type"},
    }.items():
        assert filters <= {parameter["name"] for parameter in described[name]["parameters"]}
    for name in ("get /api/v1/search", "get /api/v1/facets"):
        assert "plain" in {parameter["name"] for parameter in described[name]["parameters"]}
    assert "unit" not in {parameter["name"] for parameter in described["get /api/v1/notices"]["parameters"]}
