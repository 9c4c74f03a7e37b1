"""What a search was taken for, each part with the link that takes it back.

A filter that the user set is dropped. What was read out of the query (去年 → 年份：2025年) or is searched besides it (红头文件 →
规范性文件) is taken back by the same search with the text as `plain`; a text in `plain` is read again.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from analyzers.folding import fold
from search_api.results import Understood
from search_api.understanding import EVERYTHING, PartKind
from search_api.web.address import Address
from search_api.wording import FIELDS, shown


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of a search: `label` is what it is or was typed as, `action` what following `address` does to it."""

    kind: str
    label: str
    text: str
    action: str
    address: Address


@dataclass(frozen=True, slots=True)
class Correction:
    """A misspelt stretch of the query, what was searched instead, and the search for it as typed."""

    typed: str
    meant: str
    as_typed: Address


def chips(here: Address, understood: Understood) -> list[Chip]:
    """Filters, what was read out of the query, synonyms, and what is left as words."""
    return [*_filters(here), *_parts(here, understood), *_synonyms(here, understood), *_plain(here)]


def corrections(here: Address, understood: Understood) -> list[Correction]:
    """The stretches of the query whose spelling was corrected."""
    return [
        Correction(part.text, part.correction, here.leaving(part.text))
        for part in understood.parts
        if part.correction is not None
    ]


def other_notes(understood: Understood) -> list[str]:
    """What else was noted about the query: what looked like more than words, and did not become anything."""
    said = {part.note for part in understood.parts}
    return [note for note in understood.notes if note not in said]


def standing(plain: Collection[str], *queries: str) -> tuple[str, ...]:
    """The texts of `plain` that stand in one of the forms of a query; others belong to a query typed before."""
    folded = [fold(query) for query in queries]

    def stands(text: str) -> bool:
        return bool(text.strip()) and any(text in query for query in folded)

    return tuple(dict.fromkeys(text for text in plain if text == EVERYTHING or stands(fold(text))))


def _filters(here: Address) -> Iterator[Chip]:
    for name, value in here.filter_pairs:
        yield Chip("filter", FIELDS[name], shown(name, value), "去掉这个条件", here.dropping(name, value))


def _parts(here: Address, understood: Understood) -> Iterator[Chip]:
    for part in understood.parts:
        if part.applies and part.kind not in (PartKind.QUESTION, PartKind.SPELLING):
            action = f"不作理解，“{part.text}”按字面检索"
            yield Chip("read", f"{part.text} →", part.note, action, here.leaving(part.text))


def _synonyms(here: Address, understood: Understood) -> Iterator[Chip]:
    read = {fold(part.text) for part in understood.parts}  # taken back together with their synonyms
    for one in understood.synonyms:
        if one.phrase in read:
            continue
        action = f"只检索“{one.phrase}”，不检索同义的说法"
        yield Chip("synonym", f"{one.phrase} →", "、".join(one.expansions), action, here.leaving(one.phrase))


def _plain(here: Address) -> Iterator[Chip]:
    for text in here.plain:
        yield Chip("plain", "按字面", "全部" if text == EVERYTHING else text, "恢复理解和同义词", here.reading(text))
