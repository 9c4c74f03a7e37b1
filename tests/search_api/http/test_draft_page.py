"""The page of the draft desk over HTTP."""

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from httpx2 import Response
from starlette.testclient import TestClient

from search_api.http.access import needed_scope
from search_api.http.keys import Scope
from search_api.http.limits import brings_files
from tests.search_api.http.conftest import SAMPLES
from tests.search_api.http.writing import archive

DRAFT = (
    "甲溪区2018年法治政府建设工作要点\n一、领导干部带头学法。区政府常务会议会前学法每季度不少于1次。（区司法局负责）\n"
    "二、<script>alert(1)</script>办理\u202e备案\x07。\n"
)


def send(client: TestClient, file: tuple[str, bytes] | None = None, **fields: str) -> Response:
    """The form as a browser sends it: with an empty file where none was chosen."""
    parts: list[tuple[str, Any]] = [(name, (None, value)) for name, value in fields.items()]
    return client.post("/draft", files=[*parts, ("file", file or ("", b""))])


def test_form_says_what_becomes_of_a_draft(client: TestClient) -> None:
    shown = client.get("/draft").text
    assert "读完即删" in shown
    assert "20 MB" in shown


def test_pasted_draft_is_answered_and_its_text_is_shown_as_text(client: TestClient) -> None:
    response = send(client, text=DRAFT)
    assert response.status_code == 200
    assert "甲溪区2018年法治政府建设工作要点" in response.text
    assert "牵头或负责" in response.text
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    assert "\u202e" not in response.text
    assert "style=" not in response.text


def test_file_is_answered(client: TestClient) -> None:
    sample = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"
    response = send(client, (sample.name, sample.read_bytes()))
    assert response.status_code == 200
    assert "逐条对照（22 条）" in response.text


def test_text_of_the_answer_leads_to_the_same_document_for_word(client: TestClient) -> None:
    response = send(client, text=DRAFT, format="docx", province="澜海省")
    assert response.status_code == 200
    assert "xianli.docx" in response.headers["content-disposition"]
    document = Document(BytesIO(response.content))
    assert "甲溪区2018年" in document.paragraphs[0].text


def test_filters_hold(client: TestClient) -> None:
    response = send(client, text=DRAFT, district="松岭县")
    assert response.status_code == 200
    assert "松岭县" in response.text
    assert "青溪区" not in response.text
    assert 'name="district" value="松岭县"' in response.text


@pytest.mark.parametrize(
    ("file", "fields", "told"),
    [
        (None, {"text": " \n"}, "请粘贴文稿，或选择一个文件"),
        (None, {"text": "太短"}, "没有找到可以比对的条款"),
        (None, {"text": DRAFT, "year": "去年"}, "无法识别"),
        (("稿.docx", b"\x89PNG\r\n\x1a\n\0\0"), {"text": ""}, "稿.docx"),
        (("稿.zip", archive(a=DRAFT.encode())), {"text": ""}, "一次只能给一份文件"),
    ],
    ids=["nothing", "no provision", "filter", "picture", "archive"],
)
def test_what_is_wrong_is_said_beside_the_form_which_keeps_the_text(
    client: TestClient,
    file: tuple[str, bytes] | None,
    fields: dict[str, str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    response = send(client, file, **fields)
    assert response.status_code == 422
    assert told in response.text
    if fields["text"] == DRAFT:
        assert "领导干部带头学法" in response.text
    assert list(tmp_path.iterdir()) == []


def test_asking_the_desk_is_reading_and_may_bring_files() -> None:
    assert needed_scope("POST", "/draft") == Scope.READ
    assert brings_files("POST", "/draft")


def test_form_of_another_site_is_refused(client: TestClient) -> None:
    response = client.post("/draft", data={"text": DRAFT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, response.json()["code"]) == (403, "cross_site")
