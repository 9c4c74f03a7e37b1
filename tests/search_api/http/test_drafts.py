"""Drafts compared over HTTP."""

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from search_api.http import drafts
from search_api.http.upload_schemas import DraftAnswer
from tests.search_api.http.conftest import SAMPLES
from tests.search_api.http.writing import archive, notice

DRAFT = (
    "一、规范文件备案\n文件印发之日起十五日内报送备案。（区司法局负责）\n二、按季度评查行政执法案卷。（区司法局负责）\n"
)


def test_each_provision_of_a_text_has_its_precedents(client: TestClient) -> None:
    response = client.post("/api/v1/drafts", json={"text": DRAFT}, params={"top": 2, "year": "2018"})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert len(answer["items"]) == 2
    for item in answer["items"]:
        assert 0 < len(item["hits"]) <= 2
        assert {hit["notice"]["plan_year_start"] for hit in item["hits"]} == {2018}
        assert all(hit["differences"] for hit in item["hits"])
    TypeAdapter(DraftAnswer).validate_python(answer)


def test_file_is_compared_with_other_notices_than_itself(client: TestClient) -> None:
    sample = SAMPLES / "石帆县2021年法治政府建设重点任务分工方案.docx"
    files = {"file": (sample.name, sample.read_bytes())}
    answer = client.post("/api/v1/drafts", files=files, params={"top": 1}).json()
    assert answer["items"]
    assert "石帆县2021年" in answer["title"]
    assert answer["title"] not in {hit["notice"]["title"] for item in answer["items"] for hit in item["hits"]}


def test_draft_without_numbers_is_compared_by_paragraph(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/drafts", json={"text": "文件印发之日起十五日内报送备案。\n按季度评查行政执法案卷。"}
    ).json()
    assert [item["path"] for item in answer["items"]] == [[], []]


def test_what_there_was_no_time_for_is_counted(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "SECONDS", 0.0)
    answer = client.post("/api/v1/drafts", json={"text": DRAFT}).json()
    assert (len(answer["items"]), answer["left_out"]) == (1, 1)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [(b"", 422, "empty"), (archive(a=notice()), 422, "several_files"), (b"\x89PNG\r\n\x1a\n\0\0", 422, "not_text")],
    ids=["empty", "archive", "picture"],
)
def test_what_cannot_be_read_is_refused(client: TestClient, content: bytes, status: int, code: str) -> None:
    response = client.post("/api/v1/drafts", files={"file": ("稿.docx", content)})
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_whole_draft_is_answered_with_its_references(client: TestClient) -> None:
    text = DRAFT.replace("\n二、", "依据《澜海省2018年法治政府建设工作计划》（澜政办〔2018〕99号）。\n二、")
    [named] = client.post("/api/v1/drafts", json={"text": text}).json()["references"]
    assert (named["state"], named["orders"]) == ("held", [1])
    assert "澜政办〔2018〕15号" in named["notes"][0]


def test_limits_of_the_parameters_hold(client: TestClient) -> None:
    for parameters, code in (({"top": 21}, "invalid_parameter"), ({"year": "去年"}, "bad_filter")):
        response = client.post("/api/v1/drafts", json={"text": DRAFT}, params=parameters)
        assert (response.status_code, response.json()["code"]) == (422, code)
