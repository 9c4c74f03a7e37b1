"""Speed of parsing: megabytes of UTF-8 text a second on one core, best of ten runs over each notice.

usage: parsing.py [FOLDER]    (default: the samples)
"""

import sys
import time
from pathlib import Path

from corpus.model import Document
from indexer.parsing import parse
from indexer.reading import read_document

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
RUNS = 10


def main(folder: Path) -> None:
    """Print a row a notice and the total."""
    total_bytes, total_seconds = 0, 0.0
    print("| notice | items | kB | MB/s |\n|---|---:|---:|---:|")
    for path in sorted(folder.glob("*.[tm][xd]*")):
        document = read_document(path)
        size = len(document.text.encode())
        seconds = min(_seconds(document) for _ in range(RUNS))
        print(f"| {path.stem} | {len(parse(document).items)} | {size / 1e3:.0f} | {size / 1e6 / seconds:.2f} |")
        total_bytes, total_seconds = total_bytes + size, total_seconds + seconds
    print(f"| all | | {total_bytes / 1e3:.0f} | {total_bytes / 1e6 / total_seconds:.2f} |")


def _seconds(document: Document) -> float:
    started = time.process_time()
    parse(document)
    return time.process_time() - started


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES)
