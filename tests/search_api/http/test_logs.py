import io
import json
import logging
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.http.logs import JsonLines, Log, TextLines
from search_api.http.request_log import route_of
from search_api.settings import Serving, Settings

HOSTILE = [
    "a\nERROR forged",
    "a\r\nforged",
    "\x1b[31mred\x1b[0m",
    "\x00",
    "\x9b2J",
    "\u202egnp.exe",
    "\u2066\u2069",
    "\u2028forged",
    "\u200b",
    "\ufeff",
    '" forged="1',
    "\ud800",
    "\U000e0041",
]


def record(message: str, **fields: Any) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "search_api.http", "levelname": "INFO", "levelno": 20, "msg": message})
    vars(made).update(fields)
    return made


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_in_a_request_can_forge_a_line_of_the_text_log(text: str) -> None:
    line = TextLines().format(record(text, path=text, q=text))
    assert line.isprintable()
    assert 'forged="1"' not in line.replace('q="', "").replace('path="', "") or text.startswith('"')
    assert line.count('"') % 2 == 0


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_every_line_of_the_json_log_is_one_document(text: str) -> None:
    line = JsonLines().format(record(text, path=text))
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert (found["message"], found["path"]) == (text, text)


def test_a_line_says_when_what_and_with_which_values() -> None:
    line = TextLines().format(
        record("request", created=1.5, method="GET", status=200, key=None, path="备案 审查", q='a"b')
    )
    assert line == '1970-01-01T00:00:01.500+00:00 INFO request method=GET status=200 path="备案 审查" q="a\'b"'


def test_the_lines_of_an_exception_cannot_pass_for_records() -> None:
    try:
        raise ValueError("x\n2026-01-01T00:00:00 ERROR forged\x1b[0m")
    except ValueError:
        lines = TextLines().format(record("failed", exc_info=sys.exc_info())).splitlines()
    assert lines[1].startswith("    Traceback")
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])
    assert "forged" in lines[-1]


def test_a_log_that_nobody_reads_holds_up_nobody() -> None:
    read_at_last = threading.Event()

    class Unread(io.StringIO):
        def write(self, text: str) -> int:
            read_at_last.wait()
            return super().write(text)

    stream = Unread()
    log = Log("text", stream)
    for number in range(20_000):  # would never come to an end if one of them waited
        log.emit(record("n", number=number))
    read_at_last.set()
    log.close()
    assert 10_000 <= len(stream.getvalue().splitlines()) < 20_000


def test_what_was_logged_is_written_before_the_end() -> None:
    stream = io.StringIO()
    log = Log("json", stream)
    for number in range(100):
        log.emit(record("n", number=number))
    log.close()
    assert [json.loads(line)["number"] for line in stream.getvalue().splitlines()] == list(range(100))


def asked(
    data: Path, caplog: pytest.LogCaptureFixture, path: str, headers: Any = None, **serving: Any
) -> dict[str, Any]:
    caplog.set_level(logging.INFO, "search_api")
    client = TestClient(create_app(Settings(data=data), Serving(**serving)), base_url="http://localhost")
    client.get(path, headers=headers)
    (line,) = [vars(found) for found in caplog.records if found.getMessage() == "request"]
    return line


def test_a_request_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    line = asked(tmp_path, caplog, "/api/v1/items/n1-001/similar?top=5")
    assert line["route"] == "/api/v1/items/{item_id}/similar"
    assert (line["method"], line["status"], line["path"], line["key"]) == ("GET", 503, None, None)
    assert line["ms"] > 0
    assert line["bytes"] > 100
    assert line["address"] == "testclient"


def test_words_of_a_query_are_logged_only_where_that_was_asked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = "/api/v1/search?q=机密事项&district=青溪区"
    assert "机密事项" not in str(asked(tmp_path, caplog, path))
    caplog.clear()
    assert asked(tmp_path, caplog, path, log_queries=True)["q"] == "机密事项"


def test_an_address_that_leads_nowhere_is_logged_short(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    line = asked(tmp_path, caplog, "/" + "%0a" * 500)
    assert line["route"] is None
    assert len(line["path"]) == 200


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("abc-123_X.y", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("a b", False),
        ("a\tb", False),
        ("é", False),
        ("<script>", False),
    ],
)
def test_the_id_of_a_request_is_kept_if_it_is_sane(tmp_path: Path, given: str, is_kept: bool) -> None:
    client = TestClient(create_app(Settings(data=tmp_path)), base_url="http://localhost")
    response = client.get("/nothing", headers={b"x-request-id": given.encode("latin-1")})
    answered = response.headers["x-request-id"]
    assert (answered == given) is is_kept
    assert response.json()["request_id"] == answered
    assert len(answered) >= 11


def test_an_error_that_nobody_foresaw_is_a_problem_with_headers_and_an_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(Settings(data=tmp_path))
    monkeypatch.setattr(app.state.live, "get", lambda: 1 / 0)
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)
    response = client.get("/api/v1/items/x")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("/items/a", {"item_id": "a"}, "/items/{item_id}"),
        ("/items/items", {"item_id": "items"}, "/items/{item_id}"),
        ("/api/v1/items/a/similar", {"item_id": "a"}, "/api/v1/items/{item_id}/similar"),
        ("/", {}, "/"),
    ],
)
def test_the_route_of_an_address(path: str, parameters: dict[str, str], expected: str) -> None:
    assert route_of({"path": path, "path_params": parameters, "endpoint": None}) == expected
