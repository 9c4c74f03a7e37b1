"""From a document to a notice with its task items: a chain of small stages over the text with offsets.

lines → division (front, body, end) → metadata, place → outline → numbering → clauses → units, basis, deadlines → items
"""

from indexer.parsing.parse import parse

PARSER_VERSION = 1
"""To be raised whenever the stages read a notice differently: stored notices are then read again."""

__all__ = ["PARSER_VERSION", "parse"]
