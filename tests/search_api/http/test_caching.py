"""Answers that the client has already are not sent again."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.search_api.http.writing import notice, send, serving

ITEM, NOTICE = "a9f09fca2f54-017", "a9f09fca2f54"
PATHS = [
    f"/api/v1/items/{ITEM}",
    f"/api/v1/items/{ITEM}/similar",
    f"/api/v1/items/{ITEM}/wording",
    f"/api/v1/notices/{NOTICE}",
    "/api/v1/notices?district=青溪区",
    "/api/v1/facets?q=备案",
    "/api/v1/search?q=备案",
]


@pytest.mark.parametrize("path", PATHS)
def test_same_answer_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "private, no-cache"
    for held in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = client.get(path, headers={"if-none-match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "private, no-cache"
    for other in ('"other"', 'W/"other"', "", tag[:-2]):
        assert client.get(path, headers={"if-none-match": other}).status_code == 200


def test_different_questions_have_different_tags(client: TestClient) -> None:
    tags = [client.get(path).headers["etag"] for path in (*PATHS, "/api/v1/search?q=备案&top=3")]
    assert len(set(tags)) == len(tags)


def test_changed_holdings_change_the_tags_of_what_they_change(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        held = send(client, ("要点.txt", notice())).headers["location"]
        paths = (held, "/api/v1/search?q=清理文件", "/api/v1/facets?q=清理文件", "/api/v1/notices")
        tags = {path: client.get(path).headers["etag"] for path in paths}
        send(client, ("另一份.txt", notice(year=2019)))
        answers = {path: client.get(path, headers={"if-none-match": tag}) for path, tag in tags.items()}
        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200) | {held: 304}


def test_tags_are_the_same_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        held = send(client, ("要点.txt", notice())).headers["location"]
        tag = client.get(held).headers["etag"]
    with serving(tmp_path) as client:
        assert client.get(held, headers={"if-none-match": tag}).status_code == 304


def test_problems_have_no_tag(client: TestClient) -> None:
    response = client.get("/api/v1/items/none", headers={"if-none-match": "*"})
    assert response.status_code == 404
    assert "etag" not in response.headers
