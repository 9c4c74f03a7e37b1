"""A comparison as a table: a column for each provision, a row for each thing in which they are compared."""

from collections.abc import Callable, Iterator
from datetime import date

from corpus.model import Role
from search_api.comparison import Compared, Comparison, Feature
from search_api.differences import REWORDED, Change, Segment, likeness
from search_api.exports.table import Cell, Column, Mark, Note, Run, Table, provenance
from search_api.wording import ROLES, basis, place, timing, units_by_role, years

KIND = "条款比较表"


def comparison_table(comparison: Comparison, generation: int, day: date) -> Table:
    """The provisions side by side; their texts are marked where they differ from the first."""
    return Table(
        kind=KIND,
        subject=comparison.items[0].citation.text,
        columns=(Column("项目", 12), *(Column(_head(at, one), 40) for at, one in enumerate(comparison.items, 1))),
        rows=_rows(comparison),
        notes=tuple(_notes(comparison, generation, day)),
    )


def _rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    first = comparison.items[0].item.text
    yield "条款", *(_marked(first, one.item.text, one.differences) for one in comparison.items)
    values: tuple[tuple[str, Callable[[Compared], str]], ...] = (
        *((f"{word}单位", _units(Role(role))) for role, word in ROLES.items()),
        ("时限", lambda one: timing(one.item)),
        ("量化指标", lambda one: "、".join(one.item.targets)),
        ("依据", lambda one: basis(one.item)),
        ("引文", lambda one: one.citation.text),
    )
    for name, value in values:
        yield name, *(value(one) for one in comparison.items)
    yield "仅此条有", *(_listed(comparison.only(at)) for at in range(len(comparison.items)))


def _notes(comparison: Comparison, generation: int, day: date) -> Iterator[Note]:
    yield "各条都有", _listed(comparison.shared) or "单位、时限、指标、依据都没有相同的"
    yield (
        "标记",
        "与第 1 条相比：加粗并加下划线的文字是多出或改写的，加删除线的文字是第 1 条有而本条没有的；写法完全不同的不加标记。",
    )
    yield from provenance(generation, day)


def _head(at: int, one: Compared) -> str:
    return " ".join(filter(None, (f"{at}.", place(one.notice), years(one.notice))))


def _units(role: Role) -> Callable[[Compared], str]:
    return lambda one: "、".join(units_by_role(one.item).get(ROLES[role], ()))


def _listed(features: tuple[Feature, ...]) -> str:
    return "；".join(feature.value for feature in features)


def _marked(left: str, right: str, segments: tuple[Segment, ...]) -> tuple[Run, ...]:
    """`right` with what it adds to `left` and what it lacks; without marks where the two are too unlike."""
    if not segments or likeness(segments) < REWORDED:
        return (Run(right),)
    return tuple(run for segment in segments for run in _runs(left, right, segment) if run.text)


def _runs(left: str, right: str, segment: Segment) -> Iterator[Run]:
    gone, come = left[segment.left.start : segment.left.end], right[segment.right.start : segment.right.end]
    if segment.change is Change.EQUAL:
        yield Run(come)
    elif segment.change is Change.MOVED:  # shown where it stands now
        yield Run(come, Mark.ADDED)
    else:
        yield Run(gone, Mark.MISSING)
        yield Run(come, Mark.ADDED)
