"""Words and characters as rows with their sources: tab-separated, comments with the source and a head first."""

from functools import cache
from importlib import resources


@cache
def read_words(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a data file, without comments and head."""
    text = resources.files("search_api.understanding.data").joinpath(name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(tuple(line.split("\t")) for line in lines[1:])
