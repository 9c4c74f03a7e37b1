import time
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from search_api.http.schemas import SuggestionsAnswer
from tests.search_api.http.conftest import get

PATH = "/api/v1/suggestions"


def suggested(client: TestClient, **parameters: Any) -> Any:
    """What is suggested when it has been made."""
    end = time.monotonic() + 30
    get(client, PATH, q="x")
    while client.app.state.live.get().suggestions.making and time.monotonic() < end:  # type: ignore[attr-defined]
        time.sleep(0.01)
    return get(client, PATH, **parameters)


def test_suggestions_are_what_the_schema_says(client: TestClient) -> None:
    found = suggested(client, q="司法")
    assert found
    read = TypeAdapter(SuggestionsAnswer).validate_python(found)
    assert TypeAdapter(SuggestionsAnswer).dump_python(read, mode="json") == found


def test_filters_of_a_suggestion_find_as_many_items_as_it_says(client: TestClient) -> None:
    for typed in ("区司法局", "行政"):
        for one in suggested(client, q=typed, top=20):
            if one["filters"]:
                assert get(client, "/api/v1/search", **one["filters"])["total"] == one["count"]


def test_number_of_suggestions_is_kept(client: TestClient) -> None:
    assert len(suggested(client, q="xz")) == 8
    assert len(suggested(client, q="xz", top=3)) == 3
    assert suggested(client, q="") == []


@pytest.mark.parametrize("typed", ["<script>", "\0", "\u202e行政", "'; DROP TABLE items; --", "行" * 300, "😀"])
def test_hostile_beginnings_are_answered(client: TestClient, typed: str) -> None:
    assert isinstance(suggested(client, q=typed), list)


def test_too_long_a_beginning_is_refused(client: TestClient) -> None:
    assert client.get(PATH, params={"q": "行" * 301}).json()["code"] == "invalid_parameter"
