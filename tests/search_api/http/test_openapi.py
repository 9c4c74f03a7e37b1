from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient


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


def test_every_route_of_the_api_is_described(document: Any) -> None:
    assert {name for name, _ in operations(document)} == {
        "get /api/v1/search",
        "get /api/v1/facets",
        "post /api/v1/similar",
        "get /api/v1/items/{item_id}",
        "get /api/v1/items/{item_id}/similar",
        "get /api/v1/items/{item_id}/wording",
        "get /api/v1/notices",
        "get /api/v1/notices/{notice_id}",
        "get /healthz",
        "get /readyz",
    }
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["responses"]["200"]["content"]["application/json"]["schema"], name


def test_document_is_openapi_3_with_references_that_lead_somewhere(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    found = list(references(document))
    assert found
    for reference in found:
        part = document
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]


def test_operations_have_distinct_ids_and_parameters(document: Any) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for name, operation in operations(document):
        named = [(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", [])]
        assert len(named) == len(set(named)), name


def test_parameters_bodies_and_documents_have_examples(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["SimilarRequest"]["examples"]
    assert schemas["SearchAnswer"]["properties"]["query"]["examples"]
    for name, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["name"] in ("top", "offset", "per_district", "collapse"):
                assert "default" in parameter["schema"], name
            else:
                assert parameter.get("example") or parameter["schema"].get("examples"), (name, parameter["name"])


def test_problems_are_described_with_their_media_type(document: Any) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if status != "200":
                assert list(response["content"]) == ["application/problem+json"], (name, status)


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
