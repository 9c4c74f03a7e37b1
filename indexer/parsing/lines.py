"""The source text folded for pattern matching, line by line, with the way back to the source.

Web copies fold punctuation to half width, scans keep it in full width, and one notice can mix both; letters are spaced
out in mastheads. The folded text has one form of each: full-width brackets, comma and colon, ASCII digits, 〔〕 for every
square bracket, no white space and no Markdown marks. Characters map one to one, so offsets lead back.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from corpus.model import Span

_FORMS = {
    "（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "！": "!", "？": "?",
    "〔": "[［【﹝", "〕": "]］】﹞", "〈": "<＜", "〉": ">＞", "-": "－–—―~～", ".": "．", "%": "％", "+": "＋",
    "。": "｡",
}  # fmt: skip
_FOLD = {ord(twin): form for form, twins in _FORMS.items() for twin in twins}
_FOLD |= {ord("０") + i: str(i) for i in range(10)}
_FOLD |= {ord(full) + i: chr(ord(half) + i) for full, half in (("Ａ", "A"), ("ａ", "a")) for i in range(26)}
# A heading mark opens a line and is followed by white space; bold marks come in pairs of stars.
_MARKUP = re.compile(r"^[ \t\u3000]*#{1,6}(?=\s)|\*\*", re.M)
_WHITE = re.compile(r"[^\S\n]+")
_KEPT = re.compile(r"[\S\n]+")
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00ad"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of folded text; `start` and `end` are offsets into the folded text."""

    text: str
    start: int
    end: int


class FoldedText:
    """A text in folded form. `text` keeps line breaks; offsets of this class are into it unless called raw."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.markup = [Span(m.start(), m.end()) for m in _MARKUP.finditer(raw)]
        bare = _MARKUP.sub(lambda m: " " * len(m.group()), raw)
        for mark in _INVISIBLE:
            bare = bare.replace(mark, " ")
        self.offsets = [i for run in _KEPT.finditer(bare) for i in range(run.start(), run.end())]
        self.text = _WHITE.sub("", bare).translate(_FOLD)
        self.lines = self._cut()

    def _cut(self) -> list[Line]:
        lines, start = [], 0
        for text in self.text.split("\n"):
            if text:
                lines.append(Line(text, start, start + len(text)))
            start += len(text) + 1
        return lines

    def span(self, start: int, end: int) -> Span:
        """The stretch of the raw text from the first to the last character of a folded one."""
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    def spans(self, start: int, end: int) -> list[Span]:
        """The same stretch, cut where Markdown marks lie inside."""
        whole = self.span(start, end)
        spans, at = [], whole.start
        if self.markup:
            for mark in self.markup[bisect_left(self.markup, Span(whole.start, 0)) :]:
                if mark.start >= whole.end:
                    break
                spans.append(Span(at, mark.start))
                at = mark.end
        spans.append(Span(at, whole.end))
        return [span for span in spans if self.raw[span.start : span.end].strip()]

    def printed(self, start: int, end: int) -> str:
        """The words of a stretch as the source prints them, without Markdown marks and surrounding white space."""
        if start >= end:
            return ""
        return "".join(self.raw[span.start : span.end] for span in self.spans(start, end)).strip()
