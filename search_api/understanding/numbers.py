"""Document numbers in a query, in any brackets and widths.

Real forms: `泉鲤政办〔2018〕74号`, `[2018]74号`, `(2018) 74 号`, `【2018】74`, `查一下国发（2015）36号`, `泉鲤政办2018年74号`.
"""

import re
from collections.abc import Iterator

from indexer.index.filters import BasisFilter, Filters
from indexer.index.keys import document_key
from search_api.understanding.holdings import Holdings
from search_api.understanding.questions import without_questions
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText

_YEAR_AND_SERIAL = r"(?P<year>(?:19|20)[0-9]{2})[〕）]第?(?P<serial>[0-9]{1,5})(?:号|(?![0-9条年月日]))"
_NUMBER = re.compile(rf"(?P<prefix>[\u4e00-\u9fff]{{0,14}})[〔（]{_YEAR_AND_SERIAL}")
# Without brackets it is a number only where a document has it.
_UNBRACKETED = re.compile(r"(?P<prefix>[\u4e00-\u9fff]{2,14})(?P<year>(?:19|20)[0-9]{2})年?第?(?P<serial>[0-9]{1,5})号")
# 泉鲤政办〔2018〕74号文件里关于普法的要求
_BEHIND = re.compile("(?:文件?)?(?:[里中内]的?)?(?:关于|有关)?")


def read_numbers(text: QueryText, held: Holdings) -> Iterator[Part]:
    """The document numbers of a query: items of the notice come first, then those that rest on the document."""
    for pattern in (_NUMBER, _UNBRACKETED):
        for match in list(pattern.finditer(text.open)):
            if (part := _known(text, match, held)) or (pattern is _NUMBER and (part := _unknown(text, match))):
                yield part


def _known(text: QueryText, match: re.Match[str], held: Holdings) -> Part | None:
    """A number that a document has, with the longest prefix that is known: 国发 of 请查国发〔2015〕36号."""
    starts = [*range(match.start("prefix"), match.end("prefix") - 1)]
    if not without_questions(match["prefix"]):  # 查一下(2018) 74 号
        starts = [match.end("prefix")]
    for start in starts:
        number = f"{text.open[start : match.end('prefix')]}〔{match['year']}〕{match['serial']}号"
        if found := _documents(number, held):
            behind = _BEHIND.match(text.open, match.end())
            end = behind.end() if behind else match.end()
            note = f"文号“{text.printed(start, match.end())}”：先列该文件的条款，再列以它为依据的条款"
            printed, span = text.printed(start, end), text.span(start, end)
            text.take(start, end)
            return Part(PartKind.NUMBER, printed, span, note, notices=found[0], documents=found[1])
    return None


def _unknown(text: QueryText, match: re.Match[str]) -> Part:
    typed = text.printed(*match.span())
    text.take(*match.span())
    note = f"没有收录文号为“{typed}”的文件，也没有条款以它为依据，改按字词检索"
    return Part(PartKind.NUMBER, typed, text.span(*match.span()), note, stays=True)


def _documents(number: str, held: Holdings) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The notices with a number, and the numbers under which items rest on it; None where nothing is held."""
    notices, key = held.values().notices, document_key(number)
    known = [key] if not number.startswith("〔") else [k for k in notices.numbers if k.endswith(key)]
    ids = tuple(notice for number_key in known for notice in notices.by_number.get(number_key, ()))
    numbers = tuple(notices.numbers.get(number_key, number) for number_key in known)
    if numbers and (ids or held.count(Filters(basis=tuple(map(BasisFilter, numbers))))):
        return ids, numbers
    return None
