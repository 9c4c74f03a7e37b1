"""The table of contents of a notice: its sections and items as a tree of headings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from corpus.model import Provenance, TaskItem
from search_api.answers import outline

_LONGEST_TITLE = 24
"""Characters of an item without a heading that stand for it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section, or the item `item_id`, with the headings below it.

    `number` is its place in the outline, from 0 on; `inferred`: its numeral is not printed.
    """

    number: int
    text: str
    inferred: bool
    item_id: str | None
    below: tuple["Heading", ...] = ()

    def holds(self, item_id: str) -> bool:
        """Whether an item is this one or lies below it."""
        return self.item_id == item_id or any(heading.holds(item_id) for heading in self.below)


def contents(items: Sequence[TaskItem]) -> tuple[Heading, ...]:
    """The headings of a notice, in the order of the source."""
    titles = {item.id: title(item) for item in items}
    entries = list(enumerate(outline(items)))
    return tuple(_tree(entries, titles))


def around(headings: Sequence[Heading], item_id: str) -> tuple[Heading, ...]:
    """The headings with only that branch unfolded which leads to an item: its sections, and what stands beside each."""
    return tuple(
        replace(heading, below=around(heading.below, item_id) if heading.holds(item_id) else ()) for heading in headings
    )


def title(item: TaskItem) -> str:
    """What an item is called in a list: its label and heading, or without a heading how its text begins."""
    if item.path[-1] != item.label:
        return item.path[-1]
    begins = item.text[:_LONGEST_TITLE].partition("。")[0]
    return f"{item.label}{begins}{'…' if len(begins) < len(item.text.rstrip('。')) else ''}"


def _tree(entries: Sequence[tuple[int, dict[str, Any]]], titles: dict[str, str]) -> Iterator[Heading]:
    """The headings of entries, of which each takes those deeper ones that follow it; the first is none of these."""
    tops = [at for at, (_, entry) in enumerate(entries) if entry["level"] == entries[0][1]["level"]]
    for at, following in pairwise([*tops, len(entries)]):
        number, entry = entries[at]
        item_id = entry["item_id"]
        yield Heading(
            number=number,
            text=titles[item_id] if item_id else f"{entry['label']}{entry['heading']}",
            inferred=entry["provenance"] == Provenance.INFERRED,
            item_id=item_id,
            below=tuple(_tree(entries[at + 1 : following], titles)),
        )
