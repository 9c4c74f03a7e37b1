"""Templates, and the functions that they call. What is put into a template is escaped, and printable."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from search_api import wording
from search_api.differences import likeness, phrases
from search_api.filter_values import write_filters
from search_api.printable import printable
from search_api.results import Highlight
from search_api.web.compared import marked, stretches
from search_api.web.contents import title
from search_api.web.static_files import static_address


def _shown(value: Any) -> Any:
    # Markup was escaped by the template that made it, of text that had come this way.
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    finalize=_shown,
)


def render(template: str, **values: Any) -> str:
    """A page as HTML."""
    return _templates.get_template(template).render(values)


def segments(highlight: Highlight) -> Iterator[tuple[str, bool]]:
    """A fragment cut at its marks: each piece, and whether it is marked."""
    at = 0
    for start, end in highlight.marks:
        yield highlight.text[at:start], False
        yield highlight.text[start:end], True
        at = end
    yield highlight.text[at:], False


_templates.globals.update(
    basis=wording.basis,
    blocks=wording.BLOCKS,
    changes=wording.CHANGES,
    kinds=wording.KINDS,
    fields=wording.FIELDS,
    item_title=title,
    likeness=likeness,
    marked=marked,
    phrases=phrases,
    place=wording.place,
    reasons=wording.reasons,
    references=wording.references,
    searched=wording.searched,
    segments=segments,
    shown=wording.shown,
    static=static_address,
    stretches=stretches,
    timing=wording.timing,
    units_by_role=wording.units_by_role,
    used=wording.wording,
    write_filters=write_filters,
    years=wording.years,
)
