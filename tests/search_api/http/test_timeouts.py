"""Slow clients and slow answers, and being told to stop: middleware by itself, then a real server on a real socket."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from search_api.http.timeouts import TimeLimit
from tests.event_loop import run
from tests.search_api.cli.conftest import SCRIPT, environment

Limited = Callable[..., list[Message]]


def through_limit(
    app: Any, body: list[Message], headers: tuple[tuple[bytes, bytes], ...] = (), seconds: float = 0.1
) -> list[Message]:
    """What a client is sent when `app` may take so many seconds, and the client sends `body` and then nothing more."""
    sent: list[Message] = []

    async def receive() -> Message:
        if body:
            return body.pop(0)
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/v1/similar", "query_string": b"", "headers": list(headers)}
    run(TimeLimit(app, seconds)(scope, receive, send))
    return sent


async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    await asyncio.sleep(60)


WITH_BODY = ((b"content-length", b"10"),)
PART: Message = {"type": "http.request", "body": b"12345", "more_body": True}
END: Message = {"type": "http.request", "body": b"67890", "more_body": False}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        ([PART], WITH_BODY, 408, "body_too_slow"),
        ([], ((b"transfer-encoding", b"chunked"),), 408, "body_too_slow"),
        ([PART, END], WITH_BODY, 504, "timeout"),
        ([{"type": "http.request", "body": b"", "more_body": False}], (), 504, "timeout"),
    ],
)
def test_what_takes_too_long_is_ended(body: list[Message], headers: Any, status: int, code: str) -> None:
    start, content = through_limit(reads_all, body, headers)
    assert start["status"] == status
    assert (b"connection", b"close") in start["headers"]
    assert json.loads(content["body"])["code"] == code


def test_an_answer_that_has_begun_is_given_the_time_again() -> None:
    async def slow_answer(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.6)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.6)
        await send({"type": "http.response.body", "body": b"x"})

    assert [message["type"] for message in through_limit(slow_answer, [], seconds=1)] == [
        "http.response.start",
        "http.response.body",
    ]


def test_a_timeout_of_what_is_inside_is_not_taken_for_ours() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise TimeoutError("of the index")

    with pytest.raises(TimeoutError, match="of the index"):
        through_limit(failing, [])


@contextmanager
def served(data: Path, *options: str, **variables: str) -> Iterator[tuple[int, "subprocess.Popen[str]", Path]]:
    """The port of a real server, its process, and the file with its log."""
    log = data.parent / f"log-{time.monotonic_ns()}"
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [SCRIPT, "serve", "--port", "0", *options], env=environment(data) | variables, stderr=stderr, text=True
        )
    try:
        found = None
        while found is None:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
            found = re.search(r"http://\S+:(\d+)/ ", log.read_text())
        assert ask(int(found[1]), b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").startswith(
            b"HTTP/1.1 200"
        )
        yield int(found[1]), process, log
    finally:
        process.kill()
        process.wait()


def ask(port: int, *parts: bytes, seconds: float = 30) -> bytes:
    """What a server answers to bytes, until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        answered = b""
        for part in parts:
            connection.sendall(part)
        while received := connection.recv(65536):
            answered += received
        return answered


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A server without an index that waits a second for requests."""
    data = tmp_path_factory.mktemp("served") / "data"
    with served(data, "--log-format", "json", "--log-queries", XIANLI_REQUEST_SECONDS="1") as (port, _, log):
        yield port, log


@pytest.mark.slow
def test_a_head_that_never_ends_is_cut_off(server: tuple[int, Path]) -> None:
    port, _ = server
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(ConnectionResetError, BrokenPipeError):
            for number in range(200):
                time.sleep(0.1)
                connection.sendall(b"X-%d: y\r\n" % number)
    assert 8 < time.monotonic() - started < 15


@pytest.mark.slow
def test_connections_that_say_nothing_are_cut_off(server: tuple[int, Path]) -> None:
    port, _ = server
    with socket.create_connection(("127.0.0.1", port), timeout=15) as connection:
        assert connection.recv(1) == b""


def test_a_slow_body_is_answered_and_the_connection_closed(server: tuple[int, Path]) -> None:
    port, _ = server
    head = b"POST /api/v1/similar HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    answered = ask(port, head, b'{"text": "')
    assert answered.startswith(b"HTTP/1.1 408")
    assert b'"code":"body_too_slow"' in answered


HOSTILE = [
    (b"GET /%0d%0aSet-Cookie:%20a=b HTTP/1.1", (404,)),
    (b"GET /api/v1/items/%0d%0aX-Injected:%201 HTTP/1.1", (404, 503)),
    (b"GET /notices/%0d%0aX-Injected:%201/ HTTP/1.1", (404, 307, 503)),
    (b"GET /../../../../etc/passwd HTTP/1.1", (404,)),
    (b"GET /static/../../settings.py HTTP/1.1", (404,)),
    (b"GET /static/%2e%2e/%2e%2e/settings.py HTTP/1.1", (404,)),
    (b"GET /static/..%5c..%5csettings.py HTTP/1.1", (404,)),
    (b"GET /static//etc/passwd HTTP/1.1", (404,)),
    (b"GET /items/..%2f..%2fetc%2fpasswd HTTP/1.1", (404, 503)),
    (b"GET /api/v1/notices/..%2f..%2faudit.jsonl HTTP/1.1", (404, 503)),
    (b"GET /api/v1/jobs/..%2fkeys.sqlite HTTP/1.1", (401,)),
    (b"GET //evil.example/ HTTP/1.1", (404,)),
    (b"GET /notices// HTTP/1.1", (404, 307, 503)),
    (b"GET http://evil.example/healthz HTTP/1.1", (400, 404, 200)),
    (b"GET /%00 HTTP/1.1", (404,)),
    (b"GET /?q=%e2%80%ae%00%1b%5b31m%0aforged HTTP/1.1", (422, 503)),
    (b"GET /api/v1/search?q=%e2%80%ae%1b%5b31m%0a&request_id=forged HTTP/1.1", (422, 503)),
    (b"FOO / HTTP/1.1", (401, 405)),
    (b"GET / HTTP/9.9", (400, 503)),
    (b"\x16\x03\x01\x02\x00\x01\x00", (400,)),
]


@pytest.mark.parametrize(("line", "statuses"), HOSTILE, ids=lambda value: ascii(value)[:50])
def test_a_hostile_request_is_refused_without_harm(
    server: tuple[int, Path], line: bytes, statuses: tuple[int, ...]
) -> None:
    port, _ = server
    answered = ask(port, line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    head, _, body = answered.partition(b"\r\n\r\n")
    assert int(head.split()[1]) in statuses, answered[:300]
    names = {field.partition(b":")[0].lower() for field in head.split(b"\r\n")[1:]}
    assert not names & {b"x-injected", b"set-cookie"}
    location = re.search(rb"(?mi)^location: (.*)$", head)
    assert location is None or location[1].startswith((b"http://localhost/", b"/"))
    assert b"root:" not in body
    assert head.split()[1] != b"400" or json.loads(body)["code"] == "bad_request"


@pytest.mark.parametrize(
    "header",
    [
        b"X-Request-Id: a\x0bb",
        b"X-Request-Id: \x1b[31m",
        b"X-Request-Id: %0d%0aSet-Cookie: a=b",
        b"X-Forwarded-For: 127.0.0.1\x7f",
        b"Host: localhost\r\nHost: evil.example",
        b"Host: evil.example/\\",
        b"Accept-Language: " + b"zh," * 10_000,
        b"If-None-Match: " + b'"x",' * 10_000,
        b"Authorization: Bearer " + b"x" * 100_000,
        b"Cookie: " + b"a=b;" * 10_000,
        b"X: " + b"y" * 300_000,
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999999",
        b"Content-Length: 1\r\nContent-Length: 2",
        b" folded: x",
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_hostile_header_is_refused_or_ignored(server: tuple[int, Path], header: bytes) -> None:
    port, _ = server
    try:
        answered = ask(
            port, b"GET /api/v1/search?q=x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + b"\r\n\r\n"
        )
    except ConnectionError:
        return  # cut off while it was still sending
    head = answered.partition(b"\r\n\r\n")[0]
    assert int(head.split()[1]) in (400, 401, 408, 413, 503), answered[:300]
    assert b"set-cookie" not in head.lower()
    assert b"\x1b" not in answered


def test_the_log_of_all_that_is_one_document_a_line(server: tuple[int, Path]) -> None:
    port, log = server
    ask(port, b"GET /last HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    deadline = time.monotonic() + 10
    while "/last" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    lines = log.read_text().splitlines()[1:]  # the first says where the page is
    documents = [json.loads(line) for line in lines]
    assert documents[-1]["path"] == "/last"
    assert not [document for document in documents if document["level"] == "ERROR"]
    assert all(line.isascii() and line.isprintable() for line in lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_the_server_answers_what_it_has_and_ends(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path / "data") as (port, process, log):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            body = b'{"text": "' + b"x" * 100 + b'"}'
            connection.sendall(
                b"POST /api/v1/similar HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body)
            )
            time.sleep(0.3)
            process.send_signal(number)
            time.sleep(0.3)
            connection.sendall(body)
            assert connection.recv(100).startswith(b"HTTP/1.1 503")  # there is no index
        assert process.wait(10) == (0 if number is signal.SIGTERM else 130)
        assert "Traceback" not in log.read_text()


@pytest.mark.slow
def test_told_to_stop_the_server_does_not_wait_for_who_is_not_ready(tmp_path: Path) -> None:
    with (
        served(tmp_path / "data") as (port, process, _),
        socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
    ):
        connection.sendall(b"POST /api/v1/similar HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
        time.sleep(0.3)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(12) == 0
        assert time.monotonic() - started < 10
