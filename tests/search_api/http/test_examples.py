"""The examples in the OpenAPI document: real answers over the samples, which `--update-golden` makes anew."""

import json
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from starlette.testclient import TestClient

from search_api.http import openapi, schemas, upload_schemas
from tests.search_api.http.conftest import indexed
from tests.search_api.http.test_jobs import ended
from tests.search_api.http.writing import archive, notice, send, serving

ITEM, NOTICE = "a9f09fca2f54-017", "a9f09fca2f54"
FILE = Path(str(files("search_api.http").joinpath(openapi.EXAMPLES)))
MODELS: dict[str, dict[str, Any]] = {
    "search": {"200": schemas.SearchPage},
    "search_by_post": {"200": schemas.SearchPage},
    "facets": {"200": schemas.FacetsAnswer},
    "suggestions": {"200": schemas.SuggestionsAnswer},
    "similar_text": {"200": schemas.SearchAnswer},
    "similar_items": {"200": schemas.SearchAnswer},
    "compare_draft": {"200": upload_schemas.DraftAnswer},
    "compare": {"200": schemas.ComparisonAnswer},
    "get_item": {"200": schemas.ItemAnswer},
    "get_wording": {"200": schemas.WordingAnswer},
    "list_notices": {"200": schemas.NoticesAnswer},
    "get_notice": {"200": schemas.NoticeAnswer},
    "add_notices": {
        "200": upload_schemas.ParseAnswer,
        "201": upload_schemas.UploadAnswer,
        "202": upload_schemas.JobAnswer,
    },
    "list_jobs": {"200": upload_schemas.JobsAnswer},
    "get_job": {"200": upload_schemas.JobAnswer},
    "cancel_job": {"200": upload_schemas.JobAnswer},
    "healthz": {"200": schemas.Health},
    "readyz": {"200": schemas.Readiness},
}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    indexed(tmp_path, tmp_path / "model")
    with serving(tmp_path) as running:
        yield running


def suggested(client: TestClient, seconds: float = 30.0) -> Any:
    """Suggestions, which are made in the background after the start."""
    end = time.monotonic() + seconds
    while not (found := client.get("/api/v1/suggestions?q=区司法局&top=3").json()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def made(client: TestClient) -> dict[str, dict[str, Any]]:
    """The answers by operation and status."""

    def got(path: str) -> dict[str, Any]:
        return {"200": client.get(path).json()}

    def posted(path: str, body: dict[str, Any]) -> dict[str, Any]:
        return {"200": client.post(path, json=body).json()}

    draft = "一、文件印发之日起十五日内报送备案。（区司法局负责）"
    reading = {
        "search": got("/api/v1/search?q=规范性文件备案审查&top=1"),
        "search_by_post": posted("/api/v1/search", {"q": "规范性文件备案审查", "district": ["青溪区"], "top": 1}),
        "facets": got("/api/v1/facets?q=备案&district=青溪区"),
        "suggestions": {"200": suggested(client)},
        "similar_text": posted("/api/v1/similar", {"text": "文件印发之日起十五日内报送备案。", "top": 1}),
        "similar_items": got(f"/api/v1/items/{ITEM}/similar?top=1"),
        "compare_draft": posted("/api/v1/drafts?top=1", {"text": draft}),
        "compare": got(f"/api/v1/compare?id={ITEM}&id=e1795ee9f212-017"),
        "get_item": got(f"/api/v1/items/{ITEM}"),
        "get_wording": got(f"/api/v1/items/{ITEM}/wording"),
        "list_notices": got("/api/v1/notices?district=青溪区&top=1"),
        "healthz": got("/healthz"),
        "readyz": got("/readyz"),
    }
    parsed = send(client, ("要点.txt", notice()), dry_run=True).json()
    added = send(client, ("要点.txt", notice()))
    accepted = send(client, ("汇编.zip", archive(a=notice(year=2019), b=b"")))
    job = ended(client, accepted.headers["location"])
    return reading | {
        "get_notice": got(added.headers["location"]),
        "add_notices": {"200": parsed, "201": added.json(), "202": accepted.json()},
        "list_jobs": got("/api/v1/jobs"),
        "get_job": {"200": job},
        "cancel_job": {"200": job},
    }


def test_examples_are_answers_as_the_schemas_describe_them(client: TestClient, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        FILE.write_text(json.dumps(made(client), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    examples = json.loads(FILE.read_text(encoding="utf-8"))
    assert {name: set(answers) for name, answers in examples.items()} == {
        name: set(models) for name, models in MODELS.items()
    }
    for name, models in MODELS.items():
        for status, model in models.items():
            assert issubclass(model, BaseModel)
            TypeAdapter(model).validate_python(examples[name][status])


def test_answers_in_json_have_an_example(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                content = response.get("content", {}).get("application/json")
                assert content is None or content["example"], (operation["operationId"], status)
