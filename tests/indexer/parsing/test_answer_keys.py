"""The parser against answer keys made by hand, where they are beside the project."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from indexer.parsing import parse
from indexer.reading import read_document

SHARED = Path(__file__).parents[4] / "shared"
KEYS = sorted((SHARED / "gold").glob("[0-9]*.json"))
LEAST = {"items": 0.98, "units": 0.97, "basis": 0.98, "deadlines": 0.9, "targets": 0.9}
LEAST_SHARES = {"labels": 0.97, "paths": 0.97, "kinds": 0.97, "notice": 1.0}


@pytest.mark.skipif(not KEYS, reason="the answer keys are not beside the project")
@pytest.mark.parametrize("key", KEYS, ids=lambda path: path.stem)
def test_real_notice_is_read_as_its_answer_key_says(key: Path, tmp_path: Path) -> None:
    parsed = parse(read_document(SHARED / "notices" / f"{key.stem}.txt"))
    found = tmp_path / "parsed.json"
    found.write_bytes(msgspec.json.encode({"notice": parsed.notice, "items": parsed.items, "warnings": []}))
    command = [sys.executable, str(SHARED / "gold" / "score_parse.py"), str(key), str(found), "--show"]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    words = report.splitlines()[-1].split()
    f1 = {name: float(words[i + 2]) for i, name in enumerate(words) if name in LEAST and words[i + 1] == "F1"}
    shares = {name: words[i + 1].split("/") for i, name in enumerate(words) if name in LEAST_SHARES}
    assert set(f1) == set(LEAST), report
    assert all(f1[name] >= least for name, least in LEAST.items()), report
    assert all(int(a) >= least * int(b) for name, least in LEAST_SHARES.items() for a, b in [shares[name]]), report
    assert json.loads(found.read_text(encoding="utf-8"))["notice"]["source"]["file"] == f"{key.stem}.txt"
