"""Understanding of a query: what in its words means more than words.

Each stage reads one kind of thing and blanks it for those after it; then what was read is checked against the holdings,
so that a wrong reading costs nothing: a filter that would leave nothing is not applied, and its words are searched.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date

from corpus.model import Span
from indexer.index.filters import Filters
from search_api.understanding.document_types import read_types
from search_api.understanding.documents import read_documents, read_titles
from search_api.understanding.holdings import Holdings
from search_api.understanding.numbers import read_numbers
from search_api.understanding.places import read_places
from search_api.understanding.questions import read_questions
from search_api.understanding.reading import Exact, Part, PartKind, Reading, joined
from search_api.understanding.spelling import read_spelling
from search_api.understanding.text import QueryText
from search_api.understanding.units import read_units
from search_api.understanding.years import read_years

EVERYTHING = "*"
"""Among `plain`: nothing is to be read."""

LONGEST_READ = 100
"""Characters of a query that is read: a longer one is a provision, and its places and years are part of its words."""

# Filters from the most certain to the least.
_CERTAINTY = (PartKind.DOCUMENT, PartKind.PLACE, PartKind.YEAR, PartKind.TYPE)
# What may be left over between parts, and asks for nothing by itself.
_LEFT_OVER = frozenset("的之在和与及或由对里中内")
# What a list of provisions may be asked for as.
_WHATEVER = re.compile("事项|工作|任务|条款|内容|措施|职责|规定|要求|所有|全部")
_JOINTS = frozenset("、，,；;和与及 ")


def understand(
    query: str, filters: Filters, held: Holdings, plain: Collection[str] = (), *, today: date | None = None
) -> Reading:
    """Read a query. `filters` are those that the user set: they stay as they are, and nothing is read into their fields.

    Texts in `plain` are left as words wherever they stand, `*` leaves all of them. `today` is what 去年 is counted from.
    """
    if EVERYTHING in plain or len(query) > LONGEST_READ or not query.strip():
        return Reading(query, query, filters, query)
    text = QueryText(query, plain)
    stages = _stages(text, held, today or date.today())
    found = [part for part in stages if not _concerns(part.filters, filters)]
    parts, notes = _settled(found, filters, held)
    parts += [*read_questions(text), *read_spelling(text, held)]
    parts = _listed(query, sorted(parts, key=lambda part: part.span), filters, held)
    return _reading(query, filters, parts, notes)


def _stages(text: QueryText, held: Holdings, today: date) -> Iterator[Part]:
    yield from read_numbers(text, held)
    yield from read_documents(text, held)
    yield from read_titles(text, held)
    yield from read_places(text, held)
    yield from read_years(text, today)
    yield from read_types(text, held)
    yield from read_units(text)


def _concerns(read: Filters, asked: Filters) -> bool:
    """Whether a field that was read is one that the user has set."""
    return any(getattr(read, name) and getattr(asked, name) for name in Filters.__slots__)


def _settled(found: Sequence[Part], filters: Filters, held: Holdings) -> tuple[list[Part], list[str]]:
    """The parts that apply, filters only as far as they leave something, and notes on those that don't."""
    parts = [part for part in found if part.applies and not part.restricts]
    notes = [part.note for part in found if not part.applies]
    restricting = sorted((part for part in found if part.restricts), key=lambda part: _CERTAINTY.index(part.kind))
    if not restricting or held.count(joined([filters, *(part.filters for part in restricting)])):
        return parts + restricting, notes
    applied = filters
    for part in restricting:
        narrowed = joined([applied, part.filters])
        if held.count(narrowed):
            applied = narrowed
            parts.append(part)
        else:
            among = "符合其他条件的条款里" if applied != Filters() and held.count(part.filters) else "已收录的条款里"
            notes.append(f"{among}没有符合“{part.text}”的，改按字词检索")
    return parts, notes


def _listed(query: str, parts: list[Part], filters: Filters, held: Holdings) -> list[Part]:
    """The parts, with a unit as a filter where nothing else is asked for: 财政局牵头的事项 wants a list."""
    charged = [part for part in parts if any(boost.unit for boost in part.boosts) and not part.stays]
    if len(charged) != 1 or _WHATEVER.sub("", _words(query, parts)).strip():
        return parts
    unit = charged[0]
    wanted = joined([filters, *(part.filters for part in parts), unit.boosts[-1]])
    if _concerns(unit.boosts[-1], filters) or not held.count(wanted):
        return parts
    whatever = [_blank(query, match.span()) for match in _WHATEVER.finditer(query)]
    listed = replace(unit, note=unit.note.replace("的条款优先", "的条款"), filters=unit.boosts[-1], boosts=())
    return sorted([listed if part is unit else part for part in parts] + whatever, key=lambda part: part.span)


def _blank(query: str, span: tuple[int, int]) -> Part:
    return Part(PartKind.QUESTION, query[slice(*span)], Span(*span), f"问句用语“{query[slice(*span)]}”不参与检索")


def _reading(query: str, filters: Filters, parts: Sequence[Part], notes: Sequence[str]) -> Reading:
    exact = Exact(
        tuple(dict.fromkeys(notice for part in parts for notice in part.notices)),
        tuple(dict.fromkeys(document for part in parts for document in part.documents)),
    )
    read = joined(part.filters for part in parts)
    if not (words := _words(query, parts)) and read == Filters() and exact == Exact():
        parts = [replace(part, stays=True) for part in parts if part.kind is not PartKind.QUESTION]
        words = _words(query, parts)
    return Reading(
        query=_written(query, [part for part in parts if part.correction is not None]),
        words=words,
        filters=joined([filters, read]),
        sentence=_words(query, [part for part in parts if part.kind is not PartKind.QUESTION]) or words,
        read=read,
        boosts=tuple(dict.fromkeys(boost for part in parts for boost in part.boosts)),
        exact=exact,
        parts=tuple(parts),
        notes=(*(part.note for part in parts if part.kind is not PartKind.QUESTION), *notes),
    )


def _words(query: str, parts: Sequence[Part]) -> str:
    """What remains of the query; empty where nothing remains that asks for anything."""
    written = _written(query, parts)
    if not any(part.applies and not part.stays for part in parts):
        return written
    return " ".join(written.split()) if set(filter(str.isalnum, written)) - _LEFT_OVER else ""


def _written(query: str, parts: Sequence[Part]) -> str:
    """The query with each part corrected or, where it doesn't stay, taken out with the 的 behind it and what joins two."""
    pieces, at = list[str](), 0
    for part in parts:
        if part.stays and part.correction is None:
            continue
        between = query[at : part.span.start]
        joins = at and part.correction is None and _JOINTS.issuperset(between)
        pieces += ["" if joins else between, " " if part.correction is None else part.correction]
        at = part.span.end
        if part.correction is None and query[at:].lstrip().startswith("的"):
            at = query.index("的", at) + 1
    return "".join([*pieces, query[at:]])
