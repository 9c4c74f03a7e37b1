"""Lists that are read page by page."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from indexer.index.filters import Filters
from search_api.http.app import create_app
from search_api.opening import open_index
from tests.search_api.http.conftest import get, indexed

SEARCH, NOTICES = "/api/v1/search", "/api/v1/notices"


def pages(client: TestClient, path: str, **parameters: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    found = [get(client, path, **parameters)]
    while found[-1]["next"]:
        found.append(get(client, path, **parameters, cursor=found[-1]["next"]))
        assert len(found) < 200
    return found


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "行政执法", "top": 7},
        {"q": "行政执法", "top": 7, "collapse": "false"},
        {"q": "行政执法", "top": 3, "per_district": 2},
        {"district": ["青溪区", "鹭洲区"], "top": 20},
    ],
    ids=str,
)
def test_pages_of_a_search_are_the_list_that_offsets_give(client: TestClient, parameters: dict[str, Any]) -> None:
    found = pages(client, SEARCH, **parameters)
    assert len(found) > 2
    by_cursor = [hit["id"] for page in found for hit in page["hits"]]
    whole = [hit["id"] for low in range(0, 1000, 100) for hit in hits(client, parameters | {"top": 100, "offset": low})]
    assert by_cursor == whole
    assert not any(page["moved"] for page in found)


def hits(client: TestClient, parameters: dict[str, Any]) -> Any:
    return get(client, SEARCH, **parameters)["hits"]


def test_pages_of_notices_end_with_the_last_one(client: TestClient) -> None:
    found = pages(client, NOTICES, top=5)
    assert [len(page["notices"]) for page in found] == [5, 5, 5, 5]
    assert len({one["id"] for page in found for one in page["notices"]}) == found[0]["total"] == 20


def test_number_of_hits_may_change_between_pages(client: TestClient) -> None:
    first = get(client, SEARCH, q="行政执法", top=3)
    second = get(client, SEARCH, q="行政执法", top=8, cursor=first["next"])
    assert [hit["id"] for hit in first["hits"] + second["hits"]] == [
        hit["id"] for hit in get(client, SEARCH, q="行政执法", top=11)["hits"]
    ]


def test_a_search_is_paged_to_its_deepest_hit_and_no_further(client: TestClient) -> None:
    near = get(client, SEARCH, q="行政执法", collapse="false", top=10, offset=0)["next"]
    cursor = changed(near, offset=995)
    last = get(client, SEARCH, q="行政执法", collapse="false", top=10, cursor=cursor)
    assert last["next"] is None


@pytest.mark.parametrize(
    "other",
    [
        {"q": "行政复议"},
        {"q": "行政执法", "district": "青溪区"},
        {"q": "行政执法", "collapse": "false"},
        {"q": "行政执法", "per_district": 3},
        {"q": "行政执法", "plain": "*"},
    ],
    ids=str,
)
def test_cursor_of_another_search_is_refused(client: TestClient, other: dict[str, str]) -> None:
    cursor = get(client, SEARCH, q="行政执法", top=3)["next"]
    refused(client, SEARCH, **other, cursor=cursor)


def test_cursor_of_a_search_is_none_of_notices_and_excludes_an_offset(client: TestClient) -> None:
    cursor = get(client, SEARCH, q="行政执法", top=3)["next"]
    refused(client, NOTICES, cursor=cursor)
    refused(client, SEARCH, q="行政执法", cursor=cursor, offset=3)


DAMAGED = [
    "x",
    "=",
    "！",
    "e30",  # {}
    "bnVsbA",  # null
    "A" * 200,
    base64.urlsafe_b64encode(b'{"offset":-1,"generation":1,"asked":"x"}').decode(),
    base64.urlsafe_b64encode(b'{"offset":1e3,"generation":1,"asked":"x"}').decode(),
    base64.urlsafe_b64encode(b'{"offset":1,"generation":1,"asked":"x","more":1}').decode(),
    base64.urlsafe_b64encode(b'{"offset":99999999,"generation":1,"asked":"x"}').decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


@pytest.mark.parametrize("cursor", DAMAGED)
def test_damaged_cursor_is_refused(client: TestClient, cursor: str) -> None:
    refused(client, SEARCH, q="行政执法", cursor=cursor)
    refused(client, NOTICES, cursor=cursor)


def test_too_long_a_cursor_is_an_invalid_parameter(client: TestClient) -> None:
    response = client.get(SEARCH, params={"q": "行政执法", "cursor": "A" * 201})
    assert (response.status_code, response.json()["code"]) == (422, "invalid_parameter")


def test_after_a_change_pages_go_on_and_say_so(tmp_path: Path) -> None:
    settings = indexed(tmp_path, tmp_path / "model")
    with TestClient(create_app(settings)) as client:
        first = {path: get(client, path, q="行政执法", top=5)["next"] for path in (SEARCH, NOTICES)}
        index = open_index(settings, read_only=False)
        index.remove(index.notices(Filters(), 19, 1)[1][0].notice.id)
        index.close()
        for path, cursor in first.items():
            second = get(client, path, q="行政执法", top=5, cursor=cursor)
            assert second["moved"]
            assert second.get("hits") or second.get("notices")
            third = get(client, path, q="行政执法", top=5, cursor=second["next"])
            assert not third["moved"]


def changed(cursor: str, **values: int) -> str:
    """A cursor with other values."""
    read = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return base64.urlsafe_b64encode(json.dumps(read | values).encode()).decode().rstrip("=")


def refused(client: TestClient, path: str, **parameters: Any) -> None:
    response = client.get(path, params=parameters)
    assert (response.status_code, response.json()["code"]) == (422, "bad_cursor"), response.text
    assert "cursor" in response.json()["detail"]
