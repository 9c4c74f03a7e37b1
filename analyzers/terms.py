"""The two term streams of a text: words in search mode, and character unigrams + bigrams.

Both backends index these terms as they are, split at white space, so they rank alike.
"""

import re
from dataclasses import dataclass
from operator import add
from threading import Lock

from analyzers.folding import fold
from analyzers.lexicon.words import domain_words, words_digest
from analyzers.segmentation import Segmenter, load_segmenter

VERSION = "1"
"""Bump it whenever the same text gives other terms (folding, segmentation, grams): an index remembers the version that
it was built with. A change of the domain dictionary needs no bump, its digest is part of `Analyzer.version`."""

LONGEST_TERM = 64
"""Characters kept of a run of Latin letters and digits: encoded data in a web copy is no term (Elasticsearch would cut
it at 255 and tantivy not at all)."""

# What a word may stretch over. The plus sign is part of words such as 互联网+.
_BLOCK = re.compile(r"[^\W_](?:[^\W_]|\+)*")
_RUN = re.compile(r"(?P<latin>[a-z0-9]+)|[^\W_a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a text in order, repeated as often as they occur. `grams` holds unigrams and bigrams of characters."""

    words: tuple[str, ...]
    grams: tuple[str, ...]


class Analyzer:
    """Cuts texts into terms. Threads may share one. The dictionary is loaded at the first use, in 0.07 s."""

    def __init__(self) -> None:
        self._segmenter: Segmenter | None = None
        self._loading = Lock()

    @property
    def version(self) -> str:
        """Identifies everything that decides on the terms: what two analyses with the same version give is the same."""
        return f"{VERSION}-{words_digest()}"

    def analyse(self, text: str) -> Terms:
        """The terms of `text`, folded. A term has no white space and at least one letter or digit."""
        folded = fold(text)
        return Terms(words=_words(folded, self._loaded()), grams=_grams(folded))

    def cut(self, folded: str) -> list[str]:
        """The words of folded text in order, none inside another; put together they are the text."""
        return self._loaded().cut(folded)

    def _loaded(self) -> Segmenter:
        with self._loading:
            if self._segmenter is None:
                self._segmenter = load_segmenter(domain_words())
        return self._segmenter


def _words(folded: str, segmenter: Segmenter) -> tuple[str, ...]:
    words: list[str] = []
    for block in _BLOCK.findall(folded):
        words += segmenter.cut_for_search(block)
    return tuple(word[:LONGEST_TERM] for word in words if word != "+")


def _grams(folded: str) -> tuple[str, ...]:
    """Each character followed by its bigram with the next one, or the whole run for Latin letters and digits."""
    grams: list[str] = []
    for run in _RUN.finditer(folded):
        characters = run[0]
        if run["latin"]:
            grams.append(characters[:LONGEST_TERM])
            continue
        alternating = [""] * (2 * len(characters) - 1)
        alternating[::2] = characters
        alternating[1::2] = map(add, characters, characters[1:])
        grams += alternating
    return tuple(grams)
