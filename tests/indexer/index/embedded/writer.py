"""A process that writes to an index and can be killed: python -m tests.indexer.index.embedded.writer FOLDER FIRST COUNT HOW.

It writes versions FIRST, FIRST + 1, … COUNT times, then closes the index, or with HOW "killed" kills itself before.
"""

import os
import signal
import sys
from pathlib import Path

from analyzers.terms import Analyzer
from corpus.model import ParsedNotice
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from tests.contract.notices import MODEL, item, notice, vectors

NOTICES = 12
ITEMS = 4


def version(number: int) -> ParsedNotice:
    """The notice that is written as version `number`; every twelfth version is of the same notice."""
    notice_id = f"n{number % NOTICES}"
    texts = [f"通用的条目{order}" if order == 0 else f"第{number}版的条目{order}行政执法" for order in range(ITEMS)]
    return notice(notice_id, *(item(text) for text in texts), number=f"第{number}版")


def main(folder: Path, first: int, count: int, how: str) -> None:
    """Write versions; commit the postings now and then, remove a notice now and then."""
    analyzer = Analyzer()
    with EmbeddedIndex.open(folder, analyzer) as index:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for number in range(first, first + count):
            parsed = version(number)
            index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
            if number % 7 == 0:
                index.lexical(analyzer.analyse("行政执法"), Filters(), 3)
            if number % 17 == 0:
                index.remove(f"n{(number + 5) % NOTICES}")
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
