import os
from pathlib import Path
from typing import NoReturn

import pytest

from corpus.errors import XianliError
from search_api.evaluation.files import write_whole


def test_interrupted_writing_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.json"
    write_whole(path, b"former")

    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert path.read_bytes() == b"former"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(XianliError, match=f"{tmp_path}.*无法写入"):
        write_whole(tmp_path / "none" / "run.json", b"new")
