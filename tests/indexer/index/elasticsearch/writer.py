"""A process that writes to an index and can be killed: python -m tests.indexer.index.elasticsearch.writer ADDRESS FIRST LAST.

It writes versions FIRST to LAST while loading, says so a line each, and ends.
"""

import sys

from analyzers.terms import Analyzer
from corpus.model import ParsedNotice
from indexer.index.elasticsearch import ElasticsearchIndex
from tests.contract.notices import MODEL, item, notice, unit, vectors

NOTICES = 12
ITEMS = 4


def version(number: int) -> ParsedNotice:
    """The notice that is written as version `number`; every twelfth version is of the same notice."""
    texts = [f"第{number}版的条目{order}行政执法" for order in range(ITEMS)]
    items = (item(text, units=[unit(f"第{number}版")]) for text in texts)
    return notice(f"n{number % NOTICES}", *items, number=f"第{number}版")


def main(address: str, first: int, last: int) -> None:
    """Write versions, five at a time."""
    with ElasticsearchIndex.open(address, Analyzer()) as index:
        for start in range(first, last + 1, 5):
            with index.loading():
                for number in range(start, min(start + 5, last + 1)):
                    parsed = version(number)
                    index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
                    sys.stdout.write(f"{number}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
