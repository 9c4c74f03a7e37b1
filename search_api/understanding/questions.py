"""Words by which a query asks and that no provision answers with: 请问, 哪些, 什么时候, 的规定是什么.

They are left out where anything else remains. 谁执法谁普法 is a principle, and asks nobody.
"""

import re
from collections.abc import Iterator
from functools import cache

from search_api.understanding.data import read_words
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText


def read_questions(text: QueryText) -> Iterator[Part]:
    """The question words of a query."""
    for start, end in _found(text.open, text.text):
        typed = text.printed(start, end)
        yield Part(PartKind.QUESTION, typed, text.span(start, end), f"问句用语“{typed}”不参与检索")
        text.take(start, end)


def without_questions(text: str) -> str:
    """Folded text without question words, marks and blanks."""
    left = list(text)
    for start, end in _found(text, text):
        left[start:end] = [""] * (end - start)
    return "".join(character for character in left if character.isalnum())


def _found(text: str, whole: str) -> list[tuple[int, int]]:
    who = whole.count("谁") == 1
    return [match.span() for match in _pattern().finditer(text) if who or "谁" not in match[0]]


@cache
def _pattern() -> re.Pattern[str]:
    """All question words, the longest first; those marked `end` only before a mark or the end."""
    rows = sorted(read_words("questions.tsv"), key=lambda row: -len(row[0]))
    return re.compile("|".join(re.escape(word) + (r"(?=\W*$)" if place == "end" else "") for word, place, _ in rows))
