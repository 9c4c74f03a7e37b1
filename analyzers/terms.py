"""The two term streams of a text: jieba words and character unigrams + bigrams."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a text in order, repeated as often as they occur. `grams` holds unigrams and bigrams of characters."""

    words: tuple[str, ...]
    grams: tuple[str, ...]


class Analyzer:
    """Cuts texts into terms. Loading the dictionary takes about half a second and happens at the first use."""

    def __init__(self, cache_folder: Path | None = None) -> None:
        self._cache_folder = cache_folder

    def analyse(self, text: str) -> Terms:
        """The terms of `text`, folded."""
        raise NotImplementedError
