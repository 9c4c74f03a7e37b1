"""Batches that are brought into the index while clients ask how far they are."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from indexer.pipeline import Outcome
from search_api.http import job_queue
from search_api.http.job_store import Job, JobState, JobStore
from search_api.http.upload_schemas import JobAnswer, JobsAnswer
from search_api.http.writing import Writer
from tests.search_api.http.conftest import get
from tests.search_api.http.writing import archive, notice, send, serving

BATCH = {f"n{number}": notice(year=2010 + number, number=number) for number in range(1, 6)}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as running:
        yield running


def ended(client: TestClient, address: str, seconds: float = 30.0) -> Any:
    """A job when nothing more happens to it."""
    end = time.monotonic() + seconds
    while (job := get(client, address))["state"] in ("waiting", "running", "cancelling"):
        assert time.monotonic() < end, job
        time.sleep(0.05)
    return job


def test_archive_is_stored_as_a_job(client: TestClient) -> None:
    accepted = send(client, ("汇编.zip", archive(**BATCH, bad=b"")))
    assert accepted.status_code == 202, accepted.text
    assert accepted.json()["total"] == 6
    job = ended(client, accepted.headers["location"])
    assert (job["state"], job["done"], job["error"]) == ("done", 6, None)
    outcomes = {one["path"].rpartition("/")[2]: one for one in job["outcomes"]}
    assert {name: one["status"] for name, one in outcomes.items()} == {
        **{f"{name}.txt": "added" for name in BATCH},
        "bad.txt": "failed",
    }
    assert outcomes["bad.txt"]["error"]["code"] == "empty"
    assert all("/汇编.zip/" in one["path"] for one in job["outcomes"])
    assert get(client, "/api/v1/notices")["total"] == 5
    TypeAdapter(JobAnswer).validate_python(job)
    [listed] = TypeAdapter(JobsAnswer).validate_python(get(client, "/api/v1/jobs")).jobs
    assert listed.id == job["id"]


def test_several_files_are_a_job(client: TestClient) -> None:
    accepted = send(client, *((f"{name}.txt", content) for name, content in BATCH.items()))
    assert accepted.status_code == 202
    assert ended(client, accepted.headers["location"])["state"] == "done"
    assert get(client, "/api/v1/notices")["total"] == 5


def test_jobs_are_done_in_turn_and_listed_newest_first(client: TestClient) -> None:
    ids = []
    for name, content in BATCH.items():
        ids.append(send(client, ("一份.zip", archive(**{name: content}))).json()["id"])
    finished = [ended(client, f"/api/v1/jobs/{job}")["finished"] for job in ids]
    assert finished == sorted(finished)
    assert [job["id"] for job in get(client, "/api/v1/jobs")["jobs"]] == ids[::-1]
    assert [job["id"] for job in get(client, "/api/v1/jobs", top=2)["jobs"]] == ids[:2:-1]


def test_cancelled_job_keeps_what_it_has_stored(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = Event(), Event()
    writer: Writer = client.app.state.writer  # type: ignore[attr-defined]
    add = writer.add

    def slowly(*given: Any) -> Iterator[Outcome]:
        for outcome in add(*given):
            yield outcome
            reached.set()
            go_on.wait(20)

    monkeypatch.setattr(writer, "add", slowly)
    address = send(client, ("汇编.zip", archive(**BATCH))).headers["location"]
    assert reached.wait(20)
    waiting = send(client, ("另一批.zip", archive(x=notice(year=2030)))).headers["location"]
    assert get(client, waiting)["state"] == "waiting"
    assert client.delete(waiting).json()["state"] == "cancelled"
    assert client.delete(address).json()["state"] == "cancelling"
    go_on.set()
    job = ended(client, address)
    assert get(client, "/api/v1/notices")["total"] == job["done"]
    assert (job["state"], job["done"]) == ("cancelled", 2)
    assert client.delete(address).json() == job
    assert get(client, waiting)["outcomes"] == []


def test_after_a_restart_jobs_are_remembered_and_unfinished_ones_interrupted(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        done = send(client, ("一份.zip", archive(a=notice()))).headers["location"]
        ended(client, done)
        held = get(client, done)
    left = Job("0123456789ab", JobState.RUNNING, 3, "2026-03-02T08:15:00Z")
    JobStore(tmp_path).save(left)
    with serving(tmp_path) as client:
        assert get(client, done) == held
        assert get(client, "/api/v1/jobs/0123456789ab")["state"] == "interrupted"
        assert client.delete("/api/v1/jobs/0123456789ab").json()["state"] == "interrupted"


def test_server_that_stops_interrupts_what_waits(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        addresses = [send(client, (f"{number}.zip", archive(**BATCH))).headers["location"] for number in range(4)]
    with serving(tmp_path) as client:
        states = [get(client, address)["state"] for address in addresses]
    assert set(states) <= {"done", "interrupted"}
    assert "interrupted" in states


def test_unknown_job_is_not_found(client: TestClient) -> None:
    for response in (client.get("/api/v1/jobs/none"), client.delete("/api/v1/jobs/none")):
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert get(client, "/api/v1/jobs") == {"jobs": []}


def test_too_many_waiting_jobs_are_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queue, "_MOST_WAITING", 0)
    refused = send(client, ("汇编.zip", archive(**BATCH)))
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")


def test_damaged_record_of_jobs_is_a_problem(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite").write_bytes(b"no database at all" * 100)
    response = client.get("/api/v1/jobs")
    assert (response.status_code, response.json()["code"]) == (503, "index")
    assert "jobs.sqlite" in json.loads(response.text)["detail"]
