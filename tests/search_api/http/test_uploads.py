"""Notices sent to a running server: real files, real index, real processes that read them."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from analyzers.terms import Analyzer
from corpus.model import ParsedNotice
from indexer import preparation
from indexer.index.embedded import EmbeddedIndex
from indexer.pipeline import index_files
from indexer.reading import find_files
from indexer.workers import Limits
from search_api.http import writing as writing_module
from search_api.http.upload_schemas import ParseAnswer, UploadAnswer
from search_api.http.uploads import shown_name
from search_api.opening import open_index
from search_api.settings import Settings
from tests.search_api.http.conftest import SAMPLES, get, indexed
from tests.search_api.http.writing import archive, notice, send, serving


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as running:
        yield running


def titles(client: TestClient) -> list[str]:
    return sorted(one["title"] for one in get(client, "/api/v1/notices", top=100)["notices"])


def test_uploaded_notice_is_found_at_once(client: TestClient) -> None:
    response = send(client, ("要点.txt", notice()))
    assert response.status_code == 201, response.text
    answer = response.json()
    assert (answer["status"], answer["items"]) == ("added", 2)
    assert response.headers["location"] == f"/api/v1/notices/{answer['notice']['id']}"
    assert get(client, response.headers["location"])["notice"] == answer["notice"]
    assert get(client, "/api/v1/search", q="清理文件")["total"] >= 1
    assert answer["notice"]["source"]["file"] == "要点.txt"
    TypeAdapter(UploadAnswer).validate_python(answer)


def test_pasted_text_is_stored_under_its_name(client: TestClient) -> None:
    response = client.post("/api/v1/notices", json={"text": notice().decode(), "name": "粘贴.txt"})
    assert response.status_code == 201, response.text
    assert response.json()["notice"]["source"]["file"] == "粘贴.txt"


def test_the_same_file_again_changes_nothing(client: TestClient) -> None:
    first = send(client, ("要点.txt", notice())).json()
    again = send(client, ("要点.txt", notice()))
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")
    assert again.json()["notice"] == first["notice"]
    other_name = send(client, ("工作要点（终稿）.txt", notice()))
    assert (other_name.status_code, other_name.json()["status"]) == (200, "duplicate")


def test_files_of_one_name_and_different_notices_are_both_held(client: TestClient) -> None:
    for district in ("乙区", "丙区"):
        assert send(client, ("工作要点.txt", notice(district=district))).status_code == 201
    assert len(titles(client)) == 2


def test_corrected_copy_replaces_the_one_that_was_uploaded(client: TestClient) -> None:
    held = send(client, ("要点.txt", notice())).json()["notice"]["id"]
    corrected = send(client, ("要点.txt", notice(first="清理全部文件。")))
    assert (corrected.status_code, corrected.json()["status"]) == (200, "replaced")
    assert corrected.json()["notice"]["id"] == held
    assert "清理全部文件。" in [item["text"] for item in get(client, f"/api/v1/notices/{held}")["items"]]


def test_texts_that_do_not_say_whose_they_are_do_not_replace_each_other(client: TestClient) -> None:
    for title in ("", "2026年法治政府建设工作要点\n"):
        first, second = (f"{title}一、{text}\n二、清理文件。" for text in ("公开文件。", "备案文件。"))
        held = client.post("/api/v1/notices", json={"text": first})
        assert held.status_code == 201, held.text
        refused = client.post("/api/v1/notices", json={"text": second})
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        assert client.get(held.headers["location"]).json()["items"][0]["text"] == "公开文件。"


def test_upload_does_not_replace_a_file_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "要点.txt").write_bytes(notice())
    index = open_index(Settings(data=tmp_path, index=str(tmp_path / "index"), model=None), read_only=False)
    try:
        list(index_files(find_files([tmp_path / "要点.txt"]), index, None))
    finally:
        index.close()
    with serving(tmp_path) as client:
        refused = send(client, ("要点.txt", notice(first="清理全部文件。")))
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_document_number_of_another_upload_is_refused(client: TestClient) -> None:
    send(client, ("要点.txt", notice()))
    other = notice().replace("工作要点".encode(), "平安建设要点".encode())
    refused = send(client, ("要点.txt", other))
    assert (refused.status_code, refused.json()["code"]) == (409, "number_in_use")
    assert len(titles(client)) == 1


def test_dry_run_answers_with_the_parse_and_stores_nothing(client: TestClient, tmp_path: Path) -> None:
    response = send(client, ("要点.txt", notice()), dry_run=True)
    assert response.status_code == 200, response.text
    answer = response.json()
    assert [item["text"] for item in answer["items"]] == ["清理文件。", "公开文件。"]
    assert 0 < answer["confidence"] <= 1
    assert answer["blocks"]
    TypeAdapter(ParseAnswer).validate_python(answer)
    assert not (tmp_path / "index").exists()


def test_dry_run_of_a_sample_has_its_doubts(client: TestClient) -> None:
    sample = SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"
    answer = send(client, (sample.name, sample.read_bytes()), dry_run=True).json()
    assert {doubt["code"] for doubt in answer["doubts"]} >= {warning["code"] for warning in answer["warnings"]}
    assert answer["confidence"] < 1


@pytest.mark.parametrize(
    "name", ["石帆县2021年法治政府建设重点任务分工方案.docx", "云汀市2022年行政执法监督工作计划.pdf"]
)
def test_word_and_pdf_are_read(client: TestClient, name: str) -> None:
    response = send(client, (name, (SAMPLES / name).read_bytes()))
    assert response.status_code == 201, response.text


def test_place_given_by_hand_is_that_of_the_notice(client: TestClient) -> None:
    answer = send(client, ("要点.txt", notice()), place="福建省福州市鼓楼区").json()
    assert [answer["notice"][field] for field in ("province", "city", "district")] == ["福建省", "福州市", "鼓楼区"]


@pytest.mark.parametrize(
    ("content", "parameters", "status", "code"),
    [
        (b"", {}, 422, "empty"),
        ("没有序号的文字。".encode(), {}, 422, "no_items"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, {}, 422, "not_text"),
        (b"PK\x03\x04" + b"\0" * 100, {}, 422, "damaged"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", {}, 422, "damaged"),
        (b"x" * 20_000_001, {}, 413, "too_large"),
        (notice(), {"place": "没有这个地方"}, 422, "bad_place"),
        (notice(), {"place": "地" * 101}, 422, "invalid_parameter"),
        (notice(), {"dry_run": "maybe"}, 422, "invalid_parameter"),
        (archive(a=notice()), {"dry_run": True}, 422, "several_files"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_stored_is_refused(
    client: TestClient, content: bytes, parameters: dict[str, Any], status: int, code: str
) -> None:
    response = send(client, ("要点.txt", content), **parameters)
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    assert "/tmp" not in response.text


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 422, "invalid_parameter"),
        (b"{}", "application/json", 422, "invalid_parameter"),
        (b'{"text": "x", "more": 1}', "application/json", 422, "invalid_parameter"),
        (json.dumps({"text": "\ud800一、清理文件。"}).encode(), "application/json", 422, "invalid_parameter"),
        (b"x", "text/plain", 415, "unsupported_media_type"),
        (b"", "", 415, "unsupported_media_type"),
        (b"x", "multipart/form-data", 400, "bad_request"),
        (b"x", "multipart/form-data; boundary=b", 400, "bad_request"),
        (b"--b--\r\n", "multipart/form-data; boundary=b", 422, "invalid_parameter"),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            422,
            "invalid_parameter",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            422,
            "invalid_parameter",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bodies_of_other_kinds_are_refused(
    client: TestClient, body: bytes, content_type: str, status: int, code: str
) -> None:
    response = client.post("/api/v1/notices", content=body, headers={"content-type": content_type})
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\通知\\要点.docx", "要点.docx"),
        ("a\x00b\u202etxt.exe", "abtxt.exe"),
        ("..", "未命名.txt"),
        ("", "未命名.txt"),
        ("要" * 300 + ".docx", "要" * 115 + ".docx"),
        ("<script>.txt", "<script>.txt"),
    ],
)
def test_names_are_shown_without_folders_and_control_characters(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_nothing_that_was_sent_stays_in_the_temporary_folder(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    send(client, ("要点.txt", notice()))
    send(client, ("要点.txt", b""))
    send(client, ("要点.txt", notice()), dry_run=True)
    client.post("/api/v1/drafts", json={"text": "一、清理文件。"})
    assert list(folder.iterdir()) == []


def test_a_file_that_takes_too_long_is_given_up(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing_module, "LIMITS", Limits(seconds=0.01, memory=3_000_000_000))
    started = time.monotonic()
    refused = send(client, ("要点.txt", notice()))
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert time.monotonic() - started < 10
    monkeypatch.undo()
    assert send(client, ("要点.txt", notice())).status_code == 201


def test_busy_while_another_process_writes(client: TestClient, tmp_path: Path) -> None:
    send(client, ("要点.txt", notice()))
    other = EmbeddedIndex.open(tmp_path / "index", Analyzer())
    try:
        other.write(_parsed(tmp_path), "/other", None, None)
        refused = send(client, ("另一份.txt", notice(year=2019)))
        assert (refused.status_code, refused.json()["code"]) == (503, "busy")
        assert int(refused.headers["retry-after"]) > 0
    finally:
        other.close()
    assert send(client, ("另一份.txt", notice(year=2019))).status_code == 201


def _parsed(folder: Path) -> ParsedNotice:
    path = folder / "other.txt"
    path.write_bytes(notice(year=2020))
    [file] = find_files([path])
    prepared = preparation.attempt(preparation.Request(file), Analyzer())  # type: ignore[arg-type]
    assert isinstance(prepared, preparation.Prepared)
    assert prepared.parsed
    return prepared.parsed


def test_deleted_notice_is_gone_and_can_be_sent_again(client: TestClient) -> None:
    held = send(client, ("要点.txt", notice())).headers["location"]
    deleted = client.delete(held)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert client.get(held).status_code == 404
    assert get(client, "/api/v1/search", q="清理文件")["total"] == 0
    gone = client.delete(held)
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert send(client, ("要点.txt", notice())).status_code == 201


def test_deleting_makes_no_index(client: TestClient, tmp_path: Path) -> None:
    refused = client.delete("/api/v1/notices/a9f09fca2f54")
    assert (refused.status_code, refused.json()["code"]) == (503, "no_index")
    assert not (tmp_path / "index").exists()


def test_uploads_are_embedded_where_the_index_has_vectors(tmp_path: Path, model_folder: Path) -> None:
    indexed(tmp_path, model_folder)
    with serving(tmp_path) as without:
        assert get(without, "/readyz")["mode"] == "lexical"
    from search_api.http.app import create_app
    from search_api.settings import Serving

    settings = Settings(data=tmp_path, index=str(tmp_path / "index"), model=model_folder)
    app = create_app(settings, Serving(allow_write=True, rate=0))
    with TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50_000)) as client:
        before = get(client, "/readyz")
        assert send(client, ("要点.txt", notice())).status_code == 201
        after = get(client, "/readyz")
        assert (after["items"], after["vectors"]) == (before["items"] + 2, before["vectors"] + 2)


def test_writes_are_noted_with_who_asked(client: TestClient, tmp_path: Path) -> None:
    held = send(client, ("要点.txt", notice())).headers["location"]
    send(client, ("要点.txt", b""))
    client.delete(held)
    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert [(line["address"], line["method"], line["outcome"]) for line in lines] == [
        ("127.0.0.1", "POST", "added"),
        ("127.0.0.1", "POST", "empty"),
        ("127.0.0.1", "DELETE", "removed"),
    ]
    assert lines[0]["target"].endswith("/要点.txt")
