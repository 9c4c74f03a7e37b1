"""How far a parsed notice can be trusted to be what the paper says: a figure from 0 to 1, and the doubts behind it.

Each doubt costs trust by its weight: confidence = exp(−Σ weight × measure), where the measure of a doubt says how much of
the notice it concerns. The figure is near to the F1 that the items would have against a faultless reading.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from math import exp

from corpus.model import ParsedNotice
from indexer.doubts import Doubt, find_doubts


@dataclass(frozen=True, slots=True)
class Assessment:
    """Confidence from 0 to 1, and the doubts in source order."""

    confidence: float
    doubts: tuple[Doubt, ...]


class Measure(Enum):
    """How much of a notice the doubts of one code concern."""

    ONCE = auto()
    """The notice as a whole: 1, however often it is said."""
    ITEMS = auto()
    """Their number to that of the items, at most 1."""
    LENGTH = auto()
    """The length of their places to that of the text."""


# Tuned on half of sixteen samples and five real notices, damaged at random: benchmarks/confidence.py.
WEIGHTS: dict[str, tuple[float, Measure]] = {
    # The notice as a whole
    "no_items": (3.0, Measure.ONCE),  # nothing to cite: a letter, or all numerals are lost
    "few_items": (1.2, Measure.ONCE),  # most labels were not seen
    "number_missing": (0.06, Measure.ONCE),  # the masthead was lost or taken for something else
    "number_damaged": (0.03, Measure.ONCE),  # a copy that lost these characters lost others too
    "issuer_missing": (0.04, Measure.ONCE),  # as for the number
    "date_missing": (0.04, Measure.ONCE),  # the signature was lost or taken for something else
    "date_damaged": (0.04, Measure.ONCE),  # as for a damaged number
    "place_missing": (0.04, Measure.ONCE),  # neither issuer nor title names a place
    "place_ambiguous": (0.02, Measure.ONCE),  # the district is right, its city is not known
    "province_inferred": (0.01, Measure.ONCE),  # mostly right
    "province_unknown": (0.01, Measure.ONCE),  # a city's name may be damaged
    "year_inferred": (0.01, Measure.ONCE),  # many titles bear no year
    "years_missing": (0.04, Measure.ONCE),  # neither title nor date was found
    "type_missing": (0.04, Measure.ONCE),  # the title was not found
    "outside": (1.5, Measure.LENGTH),  # provisions that were taken for something else
    # Numbering
    "section_start": (0.8, Measure.ITEMS),  # the labels before it were not seen
    "label_order": (0.7, Measure.ITEMS),  # a label is lost, or a number in the words was taken for one
    "label_inferred": (0.4, Measure.ITEMS),  # restored from a part of it; mostly right, but the copy is bad
    "label_lost": (0.15, Measure.ITEMS),  # nothing of it is printed; the line may be no heading at all
    "inner_label": (0.5, Measure.ITEMS),  # two items in one
    # Single items
    "no_units": (0.2, Measure.ITEMS),  # the unit clause was not seen, or there is none
    "no_basis": (0.15, Measure.ITEMS),  # likewise
    "no_heading": (0.1, Measure.ITEMS),  # the heading's end was not seen
    "own_heading": (0.2, Measure.ITEMS),  # a line broke off in the middle and was taken for a heading
    "unfinished": (0.15, Measure.ITEMS),  # the rest may be in the next item
    "broken_line": (0.2, Measure.ITEMS),  # a line that belongs elsewhere
    "frame_line": (0.2, Measure.ITEMS),  # words are right but for this line
    "unit_words": (0.3, Measure.ITEMS),  # the unit clause stayed in the words
    "odd_unit": (0.2, Measure.ITEMS),  # one name of several is wrong
    "unit_repaired": (0.1, Measure.ITEMS),  # mostly right, but the copy is bad
    "half_bracket": (0.4, Measure.ITEMS),  # clauses in brackets may be cut wrongly
    "odd_start": (0.3, Measure.ITEMS),  # the beginning is in the item before
    "cells": (0.7, Measure.LENGTH),  # a table in one item
    "long": (0.7, Measure.LENGTH),  # several items in one
    "short": (0.3, Measure.ITEMS),  # the rest is elsewhere
}
_OTHER = (0.1, Measure.ITEMS)
"""The weight of a warning that has no row."""


def assess(parsed: ParsedNotice) -> Assessment:
    """The confidence that a notice was read rightly, and what speaks against it."""
    doubts = find_doubts(parsed)
    by_code = defaultdict[str, list[Doubt]](list)
    for doubt in doubts:
        by_code[doubt.code].append(doubt)
    cost = sum(_cost(code, found, parsed) for code, found in by_code.items())
    return Assessment(exp(-cost), doubts)


def _cost(code: str, doubts: Iterable[Doubt], parsed: ParsedNotice) -> float:
    weight, measure = WEIGHTS.get(code, _OTHER)
    match measure:
        case Measure.ONCE:
            return weight
        case Measure.ITEMS:
            return weight * min(1.0, sum(1 for _ in doubts) / max(1, len(parsed.items)))
        case Measure.LENGTH:
            spans = (doubt.span for doubt in doubts if doubt.span)
            return weight * sum(span.end - span.start for span in spans) / max(1, len(parsed.document.text))
