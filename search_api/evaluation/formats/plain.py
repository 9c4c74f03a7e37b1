"""Plain text, one query a line, as a log or a notebook has them: queries without judgements."""

from search_api.evaluation.judgements import Judged, JudgementError
from search_api.filter_values import clean
from search_api.search import LONGEST_QUERY

_KIND = "query"


def read_query(line: str) -> Judged:
    """The query that is a line; its words are its id, too. Raises JudgementError."""
    query = clean(line).strip()
    if not query:
        raise JudgementError("检索词是空的")
    if len(query) > LONGEST_QUERY:
        raise JudgementError(f"检索词有 {len(query)} 字，超过 {LONGEST_QUERY} 字的上限")
    return Judged(query, _KIND, query)
