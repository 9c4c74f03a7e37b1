"""Parsed samples as files: a change of the parser shows as a diff that a reviewer reads."""

from pathlib import Path

import msgspec
import pytest

from indexer.parsing import parse
from indexer.reading import File, find_files, read_document

GOLDEN = Path(__file__).parent
SAMPLES = [file.path for file in find_files([GOLDEN.parents[1] / "corpus" / "samples"]) if isinstance(file, File)]


def as_golden(path: Path) -> str:
    parsed = parse(read_document(path))
    shown = {"notice": parsed.notice, "items": parsed.items, "warnings": parsed.warnings}
    data = msgspec.to_builtins(shown)
    data["blocks"] = [
        f"{block.kind} {block.span.start}-{block.span.end}" + (f" item {block.item_order}" if block.item_order else "")
        for block in parsed.blocks
    ]
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_is_parsed_as_its_golden_file_says(path: Path, pytestconfig: pytest.Config) -> None:
    golden = GOLDEN / f"{path.stem}.json"
    now = as_golden(path)
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(now, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == now


def test_every_golden_file_has_its_sample() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {path.stem for path in SAMPLES}
