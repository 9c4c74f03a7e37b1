"""What the close precedents of a provision have in common: units, deadlines, targets, basis articles.

Each statement names the precedents that it was counted from. Names differ where the thing is the same: 区法制办 and the 司法局 that took
over from it, 2018年12月底前 and 12月底前 of another year; two count as one when they have a key in common (`indexer.index.keys`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.model import BasisReference, ResponsibleUnit, Role, TaskItem
from indexer.index.keys import document_keys, fold_key, unit_keys
from search_api.drafting.draft import DraftItem, references_in
from search_api.similar import Trait

FEWEST = 3
"""Close precedents from which something usual can be told."""
_MOST = 5
"""Values of one sort that are worth telling, most frequent first."""
_LEAST = 2
"""Precedents that must agree on a unit, deadline or target."""

# 2018年12月底前 in a plan of 2018 is 12月底前 in any other; 年底前 and 12月31日前 are the same day.
_YEAR = re.compile(r"^(?:到|至|于)?(?:20[0-9]{2}年|今年|本年|当年)?(?=.)")
_YEAR_END = re.compile(r"(?:12月(?:底|末|31日)|年[底末])前?")


@dataclass(frozen=True, slots=True)
class Usual:
    """What several precedents have, and their item ids, the closest first.

    `value` is as the closest of them prints it, or as the draft does where its provision has it too (`in_draft`).
    """

    value: str
    item_ids: tuple[str, ...]
    in_draft: bool


@dataclass(frozen=True, slots=True)
class Usuals:
    """What is usual. `charged` are units that lead or are responsible, `supporting` those that take part.

    `basis`: what precedents rest on or name and the draft does not.
    """

    charged: tuple[Usual, ...] = ()
    supporting: tuple[Usual, ...] = ()
    deadlines: tuple[Usual, ...] = ()
    targets: tuple[Usual, ...] = ()
    basis: tuple[Usual, ...] = ()


def usuals(draft: DraftItem, precedents: Sequence[TaskItem]) -> Usuals:
    """What is usual among close precedents, the closest first; nothing where there are too few."""
    if len(precedents) < FEWEST:
        return Usuals()
    own = draft.parsed
    references = own.basis + own.mentions if own else references_in(draft.text)
    # A draft that names an article of a document names the document.
    named = [*_named(references), *((f"《{one.document}》", document_keys(one)) for one in references)]
    basis = _counted(precedents, lambda item: _named(item.basis + item.mentions), named, least=1)
    return Usuals(
        charged=_usual(precedents, lambda item: _units(item, Role.LEAD, Role.RESPONSIBLE), own),
        supporting=_usual(precedents, lambda item: _units(item, Role.PARTICIPATE), own),
        deadlines=_usual(precedents, _deadlines, own),
        targets=_usual(precedents, _targets, own),
        basis=tuple(one for one in basis if not one.in_draft)[:_MOST],
    )


def _usual(
    precedents: Sequence[TaskItem], traits: Callable[[TaskItem], Iterable[Trait]], own: TaskItem | None
) -> tuple[Usual, ...]:
    return _counted(precedents, traits, list(traits(own)) if own else [], least=_LEAST)[:_MOST]


def _counted(
    precedents: Sequence[TaskItem],
    traits: Callable[[TaskItem], Iterable[Trait]],
    own: Sequence[Trait],
    least: int,
) -> tuple[Usual, ...]:
    """The traits that at least `least` precedents have, most of them first; equal ones in the order of closeness."""
    groups: list[tuple[str, set[str], dict[str, None]]] = []
    for item in precedents:
        for value, trait in traits(item):
            group = next((group for group in groups if group[1] & trait), None)
            if group is None:
                groups.append((value, set(trait), {item.id: None}))
            else:
                group[1].update(trait)
                group[2][item.id] = None
    found = []
    for value, keys, ids in groups:
        if len(ids) >= least:
            printed = next((name for name, mine in own if mine & keys), None)
            found.append(Usual(printed or value, tuple(ids), printed is not None))
    return tuple(sorted(found, key=lambda one: -len(one.item_ids)))


def _units(item: TaskItem, *roles: Role) -> Iterator[Trait]:
    """Units in one of these roles under their present names, without the level: 市委组织部 leads there what 组织部 does here."""
    for unit in item.units:
        if unit.role in roles:
            present = unit.successor or unit.canonical
            keys = unit_keys(ResponsibleUnit(present, present, unit.role))
            levelless = min((key for key in keys if fold_key(present).endswith(key)), key=len, default=present)
            yield present[-len(levelless) :], keys | unit_keys(unit)


def _deadlines(item: TaskItem) -> Iterator[Trait]:
    for deadline in dict.fromkeys(item.deadlines):
        bare = _YEAR_END.sub("12月底前", _YEAR.sub("", deadline))
        yield bare, frozenset({fold_key(bare)})


def _targets(item: TaskItem) -> Iterator[Trait]:
    for target in dict.fromkeys(item.targets):
        yield target, frozenset({fold_key(target)})


def _named(references: Iterable[BasisReference]) -> Iterator[Trait]:
    """Documents with each of their articles; of one without articles the document."""
    for reference in references:
        keys = document_keys(reference)
        for article in reference.articles:
            yield f"《{reference.document}》第{article}条", frozenset(f"{key} {article}" for key in keys)
        if not reference.articles:
            yield f"《{reference.document}》", keys
