"""Document types in a query, where they say in which notices to look: 2018年工作要点里的行政复议. 实施方案 alone says nothing."""

import re
from collections.abc import Iterator

from indexer.index.filters import Filters
from search_api.understanding.holdings import Holdings
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import QueryText

_WITHIN = r"(?:[里内]面?|中)(?:的|关于|有关|对|涉及|规定|提到)|类(?:文件|通知)?[的里中]?"
_SHORTEST = 4
"""Characters of a type's name: shorter ones, 规定 and 意见, are words of every other query."""


def read_types(text: QueryText, held: Holdings) -> Iterator[Part]:
    """The document types of a query that notices are of and that are followed by 里的, 中的 or 类."""
    names = sorted(name for name in held.values().doc_types if len(name) >= _SHORTEST)
    pattern = re.compile(rf"(?P<type>{'|'.join(map(re.escape, names))})(?:{_WITHIN})")
    for match in list(pattern.finditer(text.open)) if names else ():
        start, end = match.span()
        if text.ends_at(start) or text.open[start - 1] in "的在":
            note = f"文种：{match['type']}"
            filters = Filters(doc_type=(match["type"],))
            yield Part(PartKind.TYPE, text.printed(start, end), text.span(start, end), note, filters=filters)
            text.take(start, end)
