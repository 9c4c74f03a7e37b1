import json
import stat
import threading
from pathlib import Path

import pytest

from corpus.errors import StorageError
from search_api.http.audit import AuditLog, Auditor


def auditor(path: Path, key: str | None = "收录", request_id: str = "r1") -> Auditor:
    return Auditor(AuditLog(path), key, "192.0.2.1", "POST", request_id)


def test_a_line_says_who_did_what_with_which_outcome(tmp_path: Path) -> None:
    path = tmp_path / "data" / "audit.jsonl"
    auditor(path).record("通知.docx", "added")
    auditor(path, None).record("n1", "removed")
    first, second = map(json.loads, path.read_text().splitlines())
    assert first.pop("time").startswith("20")
    assert first == {
        "key": "收录",
        "address": "192.0.2.1",
        "method": "POST",
        "target": "通知.docx",
        "outcome": "added",
        "request_id": "r1",
    }
    assert (second["key"], second["target"], second["outcome"]) == ("", "n1", "removed")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a\nb", "\u202e", "\x00", "\ud800", "x" * 5000, '"}'])
def test_a_name_cannot_break_a_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "audit.jsonl"
    auditor(path).record(name, "added")
    (line,) = path.read_bytes().splitlines()
    assert line.isascii()
    assert json.loads(line)["target"] == name[:300]


def test_threads_append_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    shared = auditor(path)

    def append() -> None:
        for _ in range(20):
            shared.record("n" * 300, "added")

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 80


def test_a_log_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").mkdir()
    with pytest.raises(StorageError, match=r"audit\.jsonl") as refused:
        auditor(tmp_path / "audit.jsonl").record("n", "added")
    assert refused.value.code == "audit"
