"""Errors in the language that the client prefers."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from search_api.http.codes import CODES
from search_api.http.languages import preferred_language

PROJECT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("de", "zh"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("en-US,en;q=0.9,zh-CN;q=0.8", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh;q=0.5,en;q=0.5", "zh"),
        ("zh;q=0.5, en ; q=0.7", "en"),
        ("en;q=0", "zh"),
        ("en;q=x", "zh"),
        ("en;level=1", "zh"),
        (",;=,en", "en"),
        ("english", "zh"),
    ],
)
def test_english_is_spoken_where_it_is_preferred_to_chinese(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/v1/search", "empty_query"),
        ("/api/v1/search?q=x&year=去年", "bad_filter"),
        ("/api/v1/items/none", "not_found"),
        ("/api/v1/nothing", "no_such_route"),
        ("/api/v1/search?q=x&top=0", "invalid_parameter"),
    ],
)
def test_english_problem_keeps_the_chinese_detail(client: TestClient, path: str, code: str) -> None:
    chinese = client.get(path)
    english = client.get(path, headers={"accept-language": "en"})
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-CN", "en")
    assert english.headers["vary"] == "Accept-Language"
    found = english.json()
    assert (found["code"], found["title"], found["detail"]) == (code, CODES[code].title, CODES[code].detail)
    assert found["detail_zh"] == chinese.json()["detail"]
    assert found["status"] == CODES[code].status == english.status_code
    assert "detail_zh" not in chinese.json()


def test_english_value_errors_are_those_of_each_parameter(client: TestClient) -> None:
    errors = client.get("/api/v1/search?q=x&top=0", headers={"accept-language": "en"}).json()["errors"]
    assert errors == [{"parameter": "top", "detail": "Input should be greater than or equal to 1"}]


def test_codes_of_files_and_requests_are_told_in_english() -> None:
    raised = {
        code
        for package in ("indexer/reading", "search_api/http")
        for file in (PROJECT / package).rglob("*.py")
        if file.name != "keys.py"  # of which only the command line tells
        for code in re.findall(r'\bcode="([a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert raised
    assert raised <= CODES.keys()
