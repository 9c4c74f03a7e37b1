"""Folding: the one form in which texts and queries are compared.

NFKC, caseless, without what a web page or a scan put between the characters: zero-width characters, markdown `**`, and
white space next to a Chinese character (`行 政 调 解` → 行政调解, `鲤城区 2018 年` → 鲤城区2018年). White space between
Latin words stays, and so does a blank line, because it ends a paragraph.
"""

import re
import unicodedata
from functools import lru_cache

_ZERO_WIDTH = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
# Dropped before anything else, so that a letter and its accent meet again.
_DROPPED = re.compile(rf"[*＊﹡](?:[{_ZERO_WIDTH}]*[*＊﹡])+|[{_ZERO_WIDTH}]+")
# Ideographs, 〇 々 and the punctuation of Chinese print.
_CHINESE = "\u3001-\u3003\u3005-\u3011\u3014-\u301b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# What notices are made of nearly all of the time: each folds to one character, whatever stands beside it.
_PLAIN = re.compile("[\n !-)+-~\u3001-\u3003\u3007-\u3011\u3014-\u301b\u4e00-\u9fff\uff01-\uff09\uff0b-\uff5d“”‘’·—]*")
# Nearly all that notices are made of: each of these folds to one character, whatever stands beside it.
_PLAIN = re.compile("[\n !-)+-~\u3001-\u3003\u3007-\u3011\u3014-\u301b\u4e00-\u9fff\uff01-\uff09\uff0b-\uff5d“”‘’·—]*")
_WHITE_SPACE = re.compile(rf"(?<=[{_CHINESE}])\s+|\s+(?=[{_CHINESE}])")


def fold(text: str) -> str:
    """The folded form of `text`; folding it again changes nothing."""
    folded = _casefold(_DROPPED.sub("", text))
    return _WHITE_SPACE.sub(lambda found: found[0] if _ends_paragraph(found[0]) else "", folded)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded form of `text`, and for each of its characters the index in `text` of the character it came from."""
    characters: list[str] = []
    offsets: list[int] = []
    if _PLAIN.fullmatch(text):
        characters.extend(_casefold(text))
        offsets.extend(range(len(text)))
    else:
        for start, cluster in _clusters(text):
            folded = _casefold_cluster(cluster)
            characters.extend(folded)
            offsets.extend([start] * len(folded))
    joined = "".join(characters)
    for found in reversed(list(_WHITE_SPACE.finditer(joined))):
        if not _ends_paragraph(found[0]):
            del characters[found.start() : found.end()]
            del offsets[found.start() : found.end()]
    return "".join(characters), offsets


def _clusters(text: str) -> list[tuple[int, str]]:
    """Stretches of `text` that normalise on their own (a letter with its accents), with their start in `text`."""
    clusters: list[tuple[int, str]] = []
    position = 0
    for dropped in [*_DROPPED.finditer(text), None]:
        stop = dropped.start() if dropped else len(text)
        for index in range(position, stop):
            if clusters and _joins(text[index]):
                start, cluster = clusters[-1]
                clusters[-1] = start, cluster + text[index]
            else:
                clusters.append((index, text[index]))
        position = dropped.end() if dropped else stop
    return clusters


@lru_cache(maxsize=8192)
def _joins(character: str) -> bool:
    """Whether normalisation may merge `character` with the one before it: accents, Hangul vowels and finals."""
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.category(first).startswith("M") or "\u1160" <= first <= "\u11ff"


def _casefold(text: str) -> str:
    # casefold and not lower: it looks at one character at a time, so both functions above agree (lower has two sigmas).
    # It takes letters apart (ß → ss), which may then take up the accent that follows.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


# One of a few thousand characters, nearly always.
_casefold_cluster = lru_cache(maxsize=8192)(_casefold)


def _ends_paragraph(white_space: str) -> bool:
    return white_space.count("\n") > 1
