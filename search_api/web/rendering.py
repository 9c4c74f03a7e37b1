"""Templates, and the functions that they call. Everything that is put into a template is escaped."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from search_api import wording
from search_api.differences import likeness, phrases
from search_api.filter_values import write_filters
from search_api.results import Highlight
from search_api.web.compared import marked

_FOLDER = Path(__file__).parent

STATIC_FOLDER = _FOLDER / "static"

_templates = Environment(
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
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
    likeness=likeness,
    marked=marked,
    phrases=phrases,
    place=wording.place,
    reasons=wording.reasons,
    references=wording.references,
    searched=wording.searched,
    segments=segments,
    shown=wording.shown,
    timing=wording.timing,
    units_by_role=wording.units_by_role,
    used=wording.wording,
    write_filters=write_filters,
    years=wording.years,
)
