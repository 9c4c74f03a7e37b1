"""Who may do what. The server has no index: what is allowed answers 503 `no_index`, or 200 where none is needed."""

import base64
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from search_api.http.access import needed_scope
from search_api.http.app import create_app
from search_api.http.keys import KeyStore, Scope
from search_api.settings import Serving, Settings

READING = ("GET", "/api/v1/openapi.json")
WRITING = ("DELETE", "/api/v1/notices/n1")
ALLOWED = (200, 503)
HERE = "http://127.0.0.1:8000"
ELSEWHERE = "http://xianli.example"

Serve = Callable[..., TestClient]


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    """A key of each scope, one that was revoked, and one of nobody."""
    store = KeyStore(tmp_path / "keys.sqlite")
    made = {scope.label: store.create(scope.label, scope, None)[1] for scope in Scope}
    made["revoked"] = store.create("revoked", Scope.ADMIN, None)[1]
    store.revoke("revoked")
    store.close()
    return made | {"wrong": "xl_" + "A" * 43}


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    """A client of a server without an index; the lifespan, which would look for one, does not run."""

    def start(base_url: str = HERE, **serving: Any) -> TestClient:
        app = create_app(Settings(data=tmp_path), Serving(**{"host_names": ()} | serving))
        return TestClient(app, base_url=base_url, client=("192.0.2.7", 50000))

    return start


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def basic(secret: str, user: str = "任何人") -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()}


def code(client: TestClient, route: tuple[str, str], **headers: str) -> tuple[int, str | None]:
    response = client.request(*route, headers=headers)
    found = response.json() if response.headers["content-type"] == "application/problem+json" else {}
    return response.status_code, found.get("code")


@pytest.mark.parametrize(
    ("serving", "base_url", "headers", "reading", "writing"),
    [
        # Listening on a loopback address: those at this machine read.
        ({}, HERE, {}, True, False),
        ({}, "http://localhost:8000", {}, True, False),
        ({}, "http://[::1]:8000", {}, True, False),
        ({"host": "::1"}, HERE, {}, True, False),
        ({"host": "localhost"}, HERE, {}, True, False),
        ({"allow_write": True}, HERE, {}, True, True),
        # Another name (DNS rebinding), a proxy's header, a trusted proxy: nobody at this machine.
        ({}, ELSEWHERE, {}, False, False),
        ({"host_names": ("xianli.example",)}, ELSEWHERE, {}, True, False),
        ({}, "http://127.0.0.1.evil.example", {}, False, False),
        ({"allow_write": True}, ELSEWHERE, {}, False, False),
        ({}, HERE, {"x-forwarded-for": "127.0.0.1"}, False, False),
        ({}, HERE, {"forwarded": "for=127.0.0.1"}, False, False),
        ({}, HERE, {"via": "1.1 proxy"}, False, False),
        ({"trusted_proxies": ("127.0.0.1",)}, HERE, {}, False, False),
        # Listening on another address: nobody, unless reading is open.
        ({"host": "0.0.0.0"}, HERE, {}, False, False),
        ({"host": "192.0.2.1", "allow_write": True}, HERE, {}, False, False),
        ({"host": "0.0.0.0", "open_reading": True}, ELSEWHERE, {}, True, False),
        ({"host": "not an address"}, HERE, {}, False, False),
    ],
)
def test_without_a_key(
    serve: Serve, serving: dict[str, Any], base_url: str, headers: dict[str, str], reading: bool, writing: bool
) -> None:
    client = serve(base_url, **serving)
    for route, allowed in ((READING, reading), (WRITING, writing)):
        status, said = code(client, route, **headers)
        assert (status in ALLOWED) == allowed, said
        if not allowed:
            assert (status, said) == (401, "key_required")


@pytest.mark.parametrize(
    ("key", "reading", "writing"),
    [
        ("read", None, (403, "not_allowed")),
        ("write", None, None),
        ("admin", None, None),
        ("revoked", (401, "bad_key"), (401, "bad_key")),
        ("wrong", (401, "bad_key"), (401, "bad_key")),
    ],
)
@pytest.mark.parametrize("form", [bearer, basic])
def test_with_a_key(
    serve: Serve, secrets: dict[str, str], form: Any, key: str, reading: tuple[int, str], writing: tuple[int, str]
) -> None:
    client = serve(ELSEWHERE, host="0.0.0.0")
    for route, refused in ((READING, reading), (WRITING, writing)):
        found = code(client, route, **form(secrets[key]))
        assert found == refused if refused else found[0] in ALLOWED


def test_a_read_key_does_not_write_where_the_machine_may_write_without_one(
    serve: Serve, secrets: dict[str, str]
) -> None:
    assert code(serve(allow_write=True), WRITING, **bearer(secrets["read"])) == (403, "not_allowed")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic !!!",
        "Basic //8=",
        "Negotiate abc",
        "Bearer xl_é",
        "bearer\tx",
        "Basic " + "A" * 9999,
    ],
)
def test_what_is_no_key_is_a_wrong_one(serve: Serve, value: str) -> None:
    headers = {b"authorization": value.encode("latin-1")}
    response = serve().get("/api/v1/openapi.json", headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "bad_key")


def test_two_keys_at_once_are_refused(serve: Serve, secrets: dict[str, str]) -> None:
    given = [("authorization", f"Bearer {secrets['read']}"), ("authorization", f"Bearer {secrets['write']}")]
    assert serve().get("/api/v1/openapi.json", headers=given).json()["code"] == "bad_key"


def test_who_has_no_key_is_told_how_to_give_one_and_a_browser_asks_for_it(serve: Serve) -> None:
    client = serve(ELSEWHERE, host="0.0.0.0")
    for path, accept, kind in (
        ("/api/v1/search?q=x", "*/*", "application/problem+json"),
        ("/", "text/html", "text/html; charset=utf-8"),
    ):
        response = client.get(path, headers={"accept": accept})
        assert (response.status_code, response.headers["content-type"]) == (401, kind)
        assert response.headers.get_list("www-authenticate") == [
            'Bearer realm="xianli"',
            'Basic realm="xianli", charset="UTF-8"',
        ]
        assert "密钥" in response.text


def test_what_has_nothing_of_the_holdings_needs_no_key(serve: Serve) -> None:
    client = serve(ELSEWHERE, host="0.0.0.0")
    assert client.get("/healthz").status_code == 200
    assert client.get("/static/page.css").status_code == 200
    assert client.get("/static/../api/v1/openapi.json").status_code in (401, 404)
    assert client.get("/static/%2e%2e/%2e%2e/settings.py").status_code == 404


def test_figures_are_not_part_of_open_reading(serve: Serve, secrets: dict[str, str]) -> None:
    opened = serve(ELSEWHERE, host="0.0.0.0", open_reading=True)
    assert code(opened, ("GET", "/metrics")) == (401, "key_required")
    assert code(opened, ("GET", "/metrics"), **bearer(secrets["read"]))[0] == 200
    assert code(serve(), ("GET", "/metrics"))[0] == 200


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": HERE}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": HERE}, True),
        ({"origin": "https://app.example", "sec-fetch-site": "cross-site"}, True),  # in the list of origins
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "http://127.0.0.1:9999"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
    ],
)
def test_another_site_cannot_have_a_browser_change_something(
    serve: Serve, headers: dict[str, str], allowed: bool
) -> None:
    client = serve(allow_write=True, cors_origins=("https://app.example",))
    status, said = code(client, WRITING, **headers)
    assert (status in ALLOWED) == allowed
    assert allowed or (status, said) == (403, "cross_site")


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/api/v1/search", Scope.READ),
        ("HEAD", "/notices", Scope.READ),
        ("GET", "/nothing", Scope.READ),
        ("POST", "/api/v1/search", Scope.READ),
        ("POST", "/api/v1/similar", Scope.READ),
        ("POST", "/api/v1/drafts", Scope.READ),
        ("POST", "/draft/export", Scope.READ),
        ("POST", "/api/v1/searchers", Scope.WRITE),
        ("POST", "/api/v1/notices", Scope.WRITE),
        ("DELETE", "/api/v1/notices/n", Scope.WRITE),
        ("GET", "/api/v1/jobs", Scope.WRITE),
        ("GET", "/api/v1/jobs/j", Scope.WRITE),
        ("DELETE", "/api/v1/jobs/j", Scope.WRITE),
        ("PATCH", "/nothing", Scope.WRITE),
        ("GET", "/healthz", None),
        ("GET", "/healthz/x", Scope.READ),
        ("GET", "/static/page.css", None),
    ],
)
def test_what_a_request_needs(method: str, path: str, needed: Scope | None) -> None:
    assert needed_scope(method, path) == needed


def test_every_route_that_changes_something_needs_to_be_allowed_to_write(serve: Serve) -> None:
    paths = serve().get("/api/v1/openapi.json").json()["paths"]
    unsafe = {
        (method.upper(), path)
        for path, methods in paths.items()
        for method in methods
        if method not in ("get", "parameters") and needed_scope(method.upper(), path) is not Scope.WRITE
    }
    assert {method for method, _ in unsafe} <= {"POST"}
    assert all(path.split("/")[3] in ("search", "similar", "drafts", "compare") for _, path in unsafe)


def test_origins_in_the_list_may_ask_and_others_may_not(serve: Serve) -> None:
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "authorization"}
    client = serve(cors_origins=("https://app.example",))
    allowed = client.options("/api/v1/search", headers={"origin": "https://app.example"} | asked)
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-credentials" not in allowed.headers
    refused = client.options("/api/v1/search", headers={"origin": "https://evil.example"} | asked)
    assert "access-control-allow-origin" not in refused.headers
    assert (
        "access-control-allow-origin" not in serve().get("/healthz", headers={"origin": "https://app.example"}).headers
    )


def test_a_trusted_proxy_is_believed_and_another_is_not(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "search_api")
    headers = {"x-forwarded-for": "198.51.100.9", "x-forwarded-proto": "https"}
    trusted = serve(trusted_proxies=("192.0.2.0/24",)).get("/healthz", headers=headers)
    other = serve(trusted_proxies=("203.0.113.1",)).get("/healthz", headers=headers)
    assert "max-age" in trusted.headers["strict-transport-security"]
    assert "strict-transport-security" not in other.headers
    assert [record.address for record in caplog.records] == ["198.51.100.9", "192.0.2.7"]  # type: ignore[attr-defined]


def test_a_key_is_in_no_log_and_in_no_answer(
    serve: Serve, secrets: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = serve(ELSEWHERE, host="0.0.0.0", log_queries=True)
    answers = [
        client.request(method, path, headers=form(secret) | {"accept": accept})
        for secret in secrets.values()
        for form in (bearer, basic)
        for accept in ("text/html", "application/json")
        for method, path in (READING, WRITING, ("GET", "/"), ("GET", "/nothing"), ("POST", "/api/v1/similar"))
    ]
    said = "".join(answer.text + str(answer.headers) for answer in answers) + "".join(
        f"{record.getMessage()}{vars(record)}{record.exc_text}" for record in caplog.records
    )
    for secret in secrets.values():
        assert secret not in said
        assert secret[3:] not in said
    assert all(answer.status_code != 500 for answer in answers)


def test_keys_that_cannot_be_read_open_nothing(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "keys.sqlite").write_bytes(b"damaged" * 1000)
    assert code(serve(), READING, **bearer("xl_" + "A" * 43)) == (503, "keys")
    assert code(serve(), READING)[0] == 200
