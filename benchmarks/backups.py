"""How long copying, backup and restoring take: python -m benchmarks.backups ITEMS [ADDRESS REPOSITORY].

ADDRESS is that of an index on Elasticsearch, under a prefix that holds nothing yet; it is left there, with a snapshot in
REPOSITORY.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analyzers.terms import Analyzer
from benchmarks.synthetic import ITEMS_PER_NOTICE, notices, vectors
from indexer.copying import copy_index
from indexer.index.elasticsearch import ElasticsearchIndex, snapshots
from indexer.index.elasticsearch.access import Access
from indexer.index.embedded.backup import back_up, restore
from indexer.index.embedded.versions import VersionedIndex

DIMENSION = 512
MODEL = "random"


def main(items: int, address: str | None, repository: str | None) -> None:
    """Print the table."""
    analyzer = Analyzer()
    print(f"{items} items, {DIMENSION} dimensions: seconds, CPU seconds")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        with VersionedIndex.open(base / "index", analyzer) as index:
            for number, parsed in enumerate(notices(items)):
                index.write(parsed, f"/{number}", vectors(ITEMS_PER_NOTICE, DIMENSION, number), MODEL)
        size = index_size(base / "index") / 1e6
        row("backup of a folder", lambda: back_up(base / "index", base / "backup.zip"))
        row("restore into a folder", lambda: restore(base / "backup.zip", base / "restored", analyzer))
        print(f"{'folder, backup in MB':<38}{size:8.1f} {(base / 'backup.zip').stat().st_size / 1e6:8.1f}")
        copy(base / "index", base / "copy", analyzer)
        if address and repository:
            copy_there_and_back(base, address, analyzer)
            place = snapshots.Place(repository, "measured")
            row("backup into a repository", lambda: snapshots.back_up(address, Access(), analyzer.version, place))
            row(
                "restore from a repository",
                lambda: snapshots.restore(f"{address}-restored", Access(), analyzer.version, place),
            )


def copy(source: Path, target: Path, analyzer: Analyzer) -> None:
    """From a folder into a folder, twice."""
    with (
        VersionedIndex.open(source, analyzer, read_only=True) as read,
        VersionedIndex.open(target, analyzer) as written,
    ):
        row("copy, folder to folder", lambda: copy_index(read, written))
        row("again", lambda: copy_index(read, written))


def copy_there_and_back(base: Path, address: str, analyzer: Analyzer) -> None:
    """From a folder to Elasticsearch, twice, and back."""
    with (
        VersionedIndex.open(base / "index", analyzer, read_only=True) as read,
        ElasticsearchIndex.open(address, analyzer) as written,
        VersionedIndex.open(base / "back", analyzer) as back,
    ):
        row("copy, folder to Elasticsearch", lambda: copy_index(read, written))
        row("again", lambda: copy_index(read, written))
        row("copy, Elasticsearch to folder", lambda: copy_index(written, back))


def index_size(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def row(name: str, job: Callable[[], object]) -> None:
    """Do a job and print how long it took, and how much of that this process computed."""
    start, computed = time.perf_counter(), time.process_time()
    job()
    print(f"{name:<38}{time.perf_counter() - start:8.1f} {time.process_time() - computed:8.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), *(sys.argv[2:4] if len(sys.argv) > 3 else (None, None)))
