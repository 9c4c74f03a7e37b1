"""Similar provisions in groups: the best of each district, and what they have in common.

Names differ where the thing is the same: 区法制办 and the 司法局 that took over from it, 区财政局 and 县财政局, 《实施方案》 and
its full title. Two of them count as one when they have a key in common, see `indexer.index.keys`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from corpus.model import ResponsibleUnit, TaskItem
from indexer.index.keys import document_keys, fold_key, unit_keys
from search_api.districts import district
from search_api.results import Hit, Shared, SimilarGroups
from search_api.wording import ROLES

Trait = tuple[str, frozenset[str]]
"""What an item has, as shown to a reader, and the keys of it."""


def group_similar(hits: Sequence[Hit], asked: TaskItem | None = None) -> SimilarGroups:
    """Groups of hits, best first. With the item that was `asked` about, what they share with it; else with each other."""
    best = {district(hit.notice): hit for hit in reversed(hits)}
    return SimilarGroups(
        districts=tuple(hit.id for hit in hits if best[district(hit.notice)] is hit),
        units=_shared(hits, unit_traits, asked),
        basis=_shared(hits, article_traits, asked),
        targets=_shared(hits, target_traits, asked),
    )


def _shared(
    hits: Iterable[Hit], traits: Callable[[TaskItem], Iterator[Trait]], asked: TaskItem | None
) -> tuple[Shared, ...]:
    groups: list[tuple[str, frozenset[str], dict[str, None]]] = []
    if asked is not None:
        groups += [(value, keys, {}) for value, keys in traits(asked)]
    for hit in hits:
        for value, keys in traits(hit.item):
            group = next((group for group in groups if group[1] & keys), None)
            if group is not None:
                group[2][hit.id] = None
            elif asked is None:
                groups.append((value, keys, {hit.id: None}))
    least = 2 if asked is None else 1
    shared = [Shared(value, tuple(item_ids)) for value, _, item_ids in groups if len(item_ids) >= least]
    return tuple(sorted(shared, key=lambda one: -len(one.item_ids)))


def unit_traits(item: TaskItem) -> Iterator[Trait]:
    """The units of an item, each in its role, under its present name too."""
    for unit in item.units:
        keys = unit_keys(unit)
        if unit.successor:
            keys |= unit_keys(ResponsibleUnit(unit.successor, unit.successor, unit.role))
        yield f"{unit.canonical}（{ROLES[unit.role]}）", frozenset(f"{key} {unit.role}" for key in keys)


def article_traits(item: TaskItem) -> Iterator[Trait]:
    """The articles that an item rests on; of a document without articles the document."""
    for reference in item.basis:
        keys = document_keys(reference)
        for article in reference.articles:
            yield f"《{reference.document}》第{article}条", frozenset(f"{key} {article}" for key in keys)
        if not reference.articles:
            yield f"《{reference.document}》", keys


def target_traits(item: TaskItem) -> Iterator[Trait]:
    """The targets of an item."""
    for target in item.targets:
        yield target, frozenset({fold_key(target)})
