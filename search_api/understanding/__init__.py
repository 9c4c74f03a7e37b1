"""Understanding of queries: what their words mean besides words."""

from search_api.understanding.holdings import Counts, Holdings, IndexHoldings
from search_api.understanding.reading import Exact, Part, PartKind, Reading
from search_api.understanding.understand import EVERYTHING, LONGEST_READ, understand

__all__ = [
    "EVERYTHING",
    "LONGEST_READ",
    "Counts",
    "Exact",
    "Holdings",
    "IndexHoldings",
    "Part",
    "PartKind",
    "Reading",
    "understand",
]
