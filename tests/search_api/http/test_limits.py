import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from search_api.http import limits
from search_api.http.app import create_app
from search_api.http.keys import KeyStore
from search_api.http.keys import Scope as KeyScope
from search_api.http.limits import ConcurrencyLimit, TokenBuckets, WrongKeys, brings_files, network
from search_api.settings import Serving, Settings
from tests.event_loop import run

WRONG = {"authorization": "Bearer xl_" + "A" * 43}


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def client(data: Path, **serving: Any) -> TestClient:
    return TestClient(create_app(Settings(data=data), Serving(**serving)), base_url="http://localhost")


def test_a_bucket_gives_its_burst_then_its_rate(clock: Clock) -> None:
    buckets = TokenBuckets(rate=2.0, burst=3)
    assert [buckets.take("a").allowed for _ in range(5)] == [True, True, True, False, False]
    assert buckets.take("b").allowed
    clock.now += 0.5
    assert [buckets.take("a").allowed for _ in range(2)] == [True, False]
    clock.now += 1000
    taken = buckets.take("a")
    assert (taken.allowed, taken.left, taken.seconds) == (True, 2, 1)


def test_who_was_refused_is_told_when_the_next_token_is_there(clock: Clock) -> None:
    buckets = TokenBuckets(rate=0.1, burst=1)
    buckets.take("a")
    refused = buckets.take("a")
    assert (refused.allowed, refused.left, refused.seconds) == (False, 0, 10)
    clock.now += refused.seconds
    assert buckets.take("a").allowed


def test_a_flood_from_many_addresses_takes_no_more_memory(clock: Clock) -> None:
    buckets = TokenBuckets(rate=1.0, burst=1)
    for number in range(25_000):
        buckets.take(str(number))
    assert len(buckets) == 10_000


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("x" * 1000, "x" * 64),
    ],
)
def test_what_counts_as_one_client(address: str, expected: str) -> None:
    assert network(address) == expected


def test_requests_above_the_rate_are_put_off(tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "search_api")
    asked = client(tmp_path, rate=0.2)
    answers = [asked.get("/api/v1/openapi.json") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert [answers[0].headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")] == ["2", "1", "5"]
    refused = answers[2]
    assert refused.json()["code"] == "too_many_requests"
    assert (refused.headers["retry-after"], refused.headers["ratelimit-remaining"]) == ("5", "0")
    assert asked.get("/healthz").status_code == 200
    lines = [record for record in caplog.records if record.getMessage() == "request"]
    assert len(lines) == 3


def test_each_key_has_a_rate_of_its_own(tmp_path: Path, clock: Clock) -> None:
    store = KeyStore(tmp_path / "keys.sqlite")
    headers = [{"authorization": f"Bearer {store.create(name, KeyScope.READ, None)[1]}"} for name in ("a", "b")]
    asked = client(tmp_path, rate=0.1)
    assert [asked.get("/metrics", headers=one).status_code for one in (*headers, headers[0], {})] == [
        200,
        200,
        429,
        200,
    ]


def test_rate_0_is_no_limit(tmp_path: Path) -> None:
    asked = client(tmp_path, rate=0)
    answers = [asked.get("/static/page.css") for _ in range(50)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers


def test_ten_thousand_wrong_keys_are_slowed_down_and_logged_in_sum(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "search_api")
    store = KeyStore(tmp_path / "keys.sqlite")
    right = {"authorization": f"Bearer {store.create('right', KeyScope.READ, None)[1]}"}
    with TestClient(create_app(Settings(data=tmp_path), Serving(host="0.0.0.0"))) as asked:
        caplog.clear()
        answers = [asked.get("/api/v1/openapi.json", headers=WRONG) for _ in range(10_000)]
        statuses = [answer.status_code for answer in answers]
        assert (statuses.count(401), statuses.count(429)) == (10, 9990)
        assert set(statuses[:10]) == {401}
        assert answers[-1].headers["retry-after"] == "6"
        assert answers[-1].json()["code"] == "too_many_requests"
        assert asked.get("/api/v1/openapi.json", headers=right).status_code == 200  # of the same address
    lines = [(record.getMessage(), getattr(record, "times", None)) for record in caplog.records]
    assert len(lines) < 20
    assert [line for line in lines if line[0] == "wrong key"] == [("wrong key", 1), ("wrong key", 9999)]


async def _wrong_keys_of(addresses: int) -> WrongKeys:
    wrong = WrongKeys()
    for number in range(addresses):
        wrong.note(f"198.51.{number // 256}.{number % 256}")
    return wrong


def test_wrong_keys_from_many_addresses_are_logged_in_bounded_sums(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limits, "_CLIENTS", 100)
    wrong = run(_wrong_keys_of(1000))
    wrong.tally.report()
    assert len(caplog.records) == 101
    assert vars(caplog.records[-1])["address"] == "others"
    assert vars(caplog.records[-1])["times"] == 900


def test_more_requests_at_once_than_can_be_answered_are_asked_to_come_back() -> None:
    async def statuses_of_three() -> list[int]:
        waiting, statuses = asyncio.Event(), list[int]()

        async def slow(scope: Scope, receive: Receive, send: Send) -> None:
            await waiting.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        limited = ConcurrencyLimit(slow, most=2)
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
        running = [asyncio.create_task(limited(dict(scope), receive, send)) for _ in range(3)]
        await asyncio.sleep(0.01)
        waiting.set()
        await asyncio.gather(*running)
        await limited(dict(scope), receive, send)
        return statuses

    assert run(statuses_of_three()) == [503, 200, 200, 200]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/api/v1/notices", True),
        ("POST", "/api/v1/drafts", True),
        ("POST", "/draft", True),
        ("POST", "/drafting", False),
        ("POST", "/api/v1/similar", False),
        ("GET", "/draft", False),
    ],
)
def test_which_requests_bring_files(method: str, path: str, expected: bool) -> None:
    assert brings_files(method, path) is expected


def test_an_announced_body_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    asked = client(tmp_path, largest_body=1000, largest_upload=5000, allow_write=True)
    for path, size, refused in (
        ("/api/v1/similar", 1001, True),
        ("/api/v1/similar", 900, False),
        ("/api/v1/notices", 4000, False),
        ("/api/v1/notices", 5001, True),
    ):
        response = asked.post(path, content=b"x" * size, headers={"content-type": "application/json"})
        assert (response.status_code == 413) is refused
        assert not refused or response.json()["code"] == "body_too_large"
