"""The lines of a text file."""

from collections.abc import Iterator
from pathlib import Path

from search_api.evaluation.judgements import JudgementError


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1; raises JudgementError when there is no such text."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise JudgementError(f"{path}：不是 UTF-8 文本。请另存为 UTF-8 后重试。") from error
    except OSError as error:
        raise JudgementError(f"{path}：无法读取（{error.strerror or error}）。请检查路径和权限。") from error
    # Not splitlines, which also cuts at separators that may stand inside a JSON string.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")
