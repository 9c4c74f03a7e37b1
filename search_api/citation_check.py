"""Checking a citation: whether it leads to a held provision, word for word, and whether that says what is quoted from it.

Read are citations as `corpus.citation.cite` writes them, and near forms of them: half-width brackets, title or number left out,
a point for 、 in the place. Titles and numbers that contradict each other are told, never guessed around.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analyzers.folding import fold
from corpus.citation import Citation, cite
from corpus.errors import QueryError
from corpus.model import Notice, TaskItem
from indexer.index.keys import document_key, fold_key
from indexer.index.protocol import Index
from indexer.parsing.lines import FoldedText
from indexer.parsing.metadata import NUMBER, format_number
from search_api.understanding.holdings import HeldValues

LONGEST_CITATION = 1_000
LONGEST_QUOTATION = 20_000

_MOST_NOTICES = 20
_MOST_NEAR = 10
# 《title》（number） or 《title》（date); a place may begin with a bracket too: （四）.
_TITLE = re.compile(
    r"""《 (?P<title> (?: [^《》] | 《[^《》]*》 )* ) 》
    (?: \s* [（(] [^《》]*? (?: 号 | [0-9]{4}-[0-9]{2}-[0-9]{2} ) \s* [）)] )?""",
    re.X,
)
_NO_PART_OF_A_PLACE = re.compile(r"[、.,。，；;\s]")


class CitationState(StrEnum):
    """What a citation leads to: an item word for word, one that is cited otherwise, no more than a notice, nothing held."""

    EXACT = "exact"
    DIFFERS = "differs"
    NOTICE = "notice"
    NOT_HELD = "not_held"


class QuotationState(StrEnum):
    """Whether an item has the quoted words: exactly so, but for width, case and white space, or not."""

    VERBATIM = "verbatim"
    FOLDED = "folded"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """An item that is cited, with its right citation; `quotation` is None where nothing was quoted."""

    notice: Notice
    item: TaskItem
    citation: Citation
    quotation: QuotationState | None


@dataclass(frozen=True, slots=True)
class CitationCheck:
    """What became of a citation. `notes` say in Chinese what is wrong, one a line.

    `items`: those cited, more than one where a notice uses a label twice; for the state `notice` those that may be meant.
    """

    given: str
    state: CitationState
    notices: tuple[Notice, ...]
    items: tuple[CheckedItem, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    title: str
    document_number: str | None
    place: str


def check_citation(text: str, quotation: str, index: Index, held: HeldValues) -> CitationCheck:
    """Look up a citation. Raises QueryError where it names neither title nor number, or is too long."""
    given = text.strip()
    if len(given) > LONGEST_CITATION or len(quotation) > LONGEST_QUOTATION:
        raise QueryError(
            f"引文至多 {LONGEST_CITATION} 字，引用的文字至多 {LONGEST_QUOTATION} 字，请缩短。", code="query_too_long"
        )
    read = _read(given)
    notices, notes = named_notices(read.title, read.document_number, index, held)
    items = [item for notice in notices for item in _items(notice, quotation.strip(), index)]
    cited = [one for one in items if one.citation.text == given]
    if cited:
        return CitationCheck(given, CitationState.EXACT, notices, _quoted_first(cited), (*notes, *_doubts(cited)))
    cited = [one for one in items if read.place and _place(one) == read.place]
    if cited:
        right = [f"应写作：{one.citation.text}" for one in cited]
        return CitationCheck(
            given, CitationState.DIFFERS, notices, _quoted_first(cited), (*notes, *right, *_doubts(cited))
        )
    if not notices:
        return CitationCheck(given, CitationState.NOT_HELD, (), (), (*notes, "没有收录这份通知，无法核对。"))
    near = [one for one in items if read.place and _place(one).startswith(read.place)][:_MOST_NEAR]
    found = "引文没有写到哪一条。" if not read.place else "收录的通知里没有这一条。"
    if near:
        found = "引文只写到上一级，下面还有几条。"
    return CitationCheck(given, CitationState.NOTICE, notices, tuple(near), (*notes, found))


def _read(given: str) -> _Read:
    title = _TITLE.search(given)
    folded = FoldedText(title[0] if title else given)
    number = NUMBER.search(folded.text, folded.text.rfind("》") + 1)
    if number is None and not (title and title["title"].strip()):
        raise QueryError(
            "引文里既没有《标题》，也没有文号。请给出完整的引文，如《…工作要点》（…〔2018〕36号）三、（四）。",
            code="bad_citation",
        )
    rest = given[title.end() :] if title else given[folded.span(number.start(), number.end()).end :] if number else ""
    return _Read(title["title"] if title else "", format_number(number) if number else None, _place_key(rest))


def named_notices(
    title: str, document_number: str | None, index: Index, held: HeldValues
) -> tuple[tuple[Notice, ...], list[str]]:
    """The held notices that a title (may be empty) and a number name, and what is wrong with these, in Chinese."""
    key = document_key(title)
    numbered = [record.notice for record in index.records_by_number(document_number or "")]
    both = [notice for notice in numbered if key in _titles(notice)]
    if both or not key:
        return tuple(both or numbered)[:_MOST_NOTICES], []
    like = held.notices.like(FoldedText(title).text)
    titled = list(dict.fromkeys(notice for _, notice in like if key in _titles(notice)))
    if not document_number:
        return tuple(titled)[:_MOST_NOTICES], []
    notes = [f"收录的通知里，{one.document_number} 是《{one.title}》的文号。" for one in numbered]
    notes += [
        f"收录的《{one.title}》" + (f"文号是 {one.document_number}。" if one.document_number else "没有文号。")
        for one in titled
    ]
    return tuple(dict.fromkeys([*titled, *numbered]))[:_MOST_NOTICES], notes


def _titles(notice: Notice) -> set[str]:
    return {document_key(title) for title in (notice.title, notice.notice_title) if title}


def _items(notice: Notice, quotation: str, index: Index) -> Iterator[CheckedItem]:
    parsed = index.notice(notice.id)
    for item in parsed.items:
        yield CheckedItem(parsed.notice, item, cite(parsed.notice, item), _quotation(quotation, item.text))


def _quotation(quotation: str, text: str) -> QuotationState | None:
    if not quotation:
        return None
    if quotation in text:
        return QuotationState.VERBATIM
    return QuotationState.FOLDED if fold(quotation) in fold(text) else QuotationState.ABSENT


def _doubts(cited: Sequence[CheckedItem]) -> Iterator[str]:
    if len(cited) > 1:
        yield f"这份通知里有 {len(cited)} 条的引文相同，请对照条款文字。"
    states = {one.quotation for one in cited}
    if states == {QuotationState.ABSENT}:
        yield "引用的文字不在这一条里。"
    elif QuotationState.VERBATIM not in states and QuotationState.FOLDED in states:
        yield "引用的文字与原文只有全角半角、大小写或空白不同。"


def _quoted_first(cited: Sequence[CheckedItem]) -> tuple[CheckedItem, ...]:
    order = list(QuotationState)
    return tuple(sorted(cited, key=lambda one: order.index(one.quotation) if one.quotation else 0))


def _place(checked: CheckedItem) -> str:
    return _place_key(checked.citation.place)


def _place_key(place: str) -> str:
    return _NO_PART_OF_A_PLACE.sub("", fold_key(place))
