"""Styles of a Word document: which lists, hidden text and tables of contents paragraphs get from them."""

import re
from dataclasses import dataclass, field
from typing import Any

from indexer.reading.docx_xml import child, is_on, value

_CONTENTS = re.compile(r"toc ?[0-9]|目录 ?[0-9]", re.I)
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of its paragraphs: their list and level, whether they are hidden or lines of contents."""

    name: str = ""
    based_on: str = ""
    list: str | None = None
    level: int | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by id. `lists` are the lists that numbering styles name, `default` the style of plain paragraphs."""

    by_id: dict[str, Style] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    default: str = ""

    def chain(self, style: str) -> list[tuple[str, Style]]:
        """A style and those that it is based on."""
        found: list[tuple[str, Style]] = []
        while style in self.by_id and len(found) < _DEEPEST:
            found.append((style, self.by_id[style]))
            style = self.by_id[style].based_on
        return found

    def is_hidden(self, style: str) -> bool:
        """Whether text of this style is hidden."""
        return next((s.hidden for _, s in self.chain(style) if s.hidden is not None), False)

    def is_contents(self, style: str) -> bool:
        """Whether paragraphs of this style are lines of a table of contents."""
        return any(_CONTENTS.fullmatch(s.name) for _, s in self.chain(style))


def read_styles(part: Any) -> Styles:
    """The styles that styles.xml defines."""
    styles = Styles()
    if part is None:
        return styles
    default = ""
    for element in part.iterchildren("{*}style"):
        key = value(element, "styleId")
        numbered = child(child(element, "pPr"), "numPr")
        level = value(child(numbered, "ilvl"), "val")
        styles.by_id[key] = Style(
            name=value(child(element, "name"), "val"),
            based_on=value(child(element, "basedOn"), "val"),
            list=value(child(numbered, "numId"), "val") or None,
            level=int(level) if level in "012345678" and level else None,
            hidden=is_on(child(child(element, "rPr"), "vanish")),
        )
        if value(element, "type") == "numbering" and (number := styles.by_id[key].list):
            styles.lists[key] = number
        if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true", "on"):
            default = key
    return Styles(styles.by_id, styles.lists, default)
