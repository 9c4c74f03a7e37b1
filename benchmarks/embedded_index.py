"""Build rate, cold open and latencies of the embedded index: python -m benchmarks.embedded_index [ITEMS]."""

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from analyzers.terms import Analyzer
from benchmarks.synthetic import notices, sentence, vectors
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters, YearRange

Query = TypeVar("Query")

DIMENSION = 512
QUERIES = 30


def main() -> None:
    """Build an index in a folder of its own, measure it, delete it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("items", type=int, nargs="?", default=20_000)
    items = arguments.parse_args().items
    folder = Path(tempfile.mkdtemp(prefix="xianli-benchmark-"))
    try:
        _measure(folder / "index", items)
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path, items: int) -> None:
    analyzer = Analyzer()
    analyzer.analyse("法治政府")
    print(f"{items} items, {DIMENSION} dimensions; times in ms, median (worst) of {QUERIES}")
    seconds = _timed(lambda: _build(folder, analyzer, items))
    print(f"{'build':<34}{items / seconds:10.0f} items/s")
    print(f"{'analysis alone':<34}{items / _timed(lambda: _analyse(analyzer, items)):10.0f} items/s")
    opened = _timed(lambda: EmbeddedIndex.open(folder, analyzer, read_only=True).close())
    print(f"{'cold open':<34}{opened * 1000:10.1f}")
    with EmbeddedIndex.open(folder, analyzer, read_only=True) as index:
        print(f"{'size':<34}{index.statistics().size_bytes / items:10.0f} bytes/item")
        _measure_searches(index, analyzer)


def _build(folder: Path, analyzer: Analyzer, items: int) -> None:
    with EmbeddedIndex.open(folder, analyzer) as index:
        for number, parsed in enumerate(notices(items)):
            index.write(parsed, f"/{number}", vectors(len(parsed.items), DIMENSION, number), "random")


def _analyse(analyzer: Analyzer, items: int) -> None:
    for parsed in notices(items):
        for item in parsed.items:
            analyzer.analyse(item.text)
            analyzer.analyse("\n".join(item.path))


def _measure_searches(index: EmbeddedIndex, analyzer: Analyzer) -> None:
    chance = random.Random(2)
    short = [analyzer.analyse(sentence(chance, 4)) for _ in range(QUERIES)]
    long = [analyzer.analyse(sentence(chance, 60)) for _ in range(QUERIES)]
    asked = list(vectors(QUERIES, DIMENSION, 3))
    every = Filters()
    district = Filters(district=("青溪区",))
    years = Filters(year=(YearRange(2014, 2020),), unit=("财政局",))
    _row("lexical, 4 words", short, lambda query: index.lexical(query, every, 100))
    _row("lexical, 60 words", long, lambda query: index.lexical(query, every, 100))
    _row("lexical, 4 words, one district", short, lambda query: index.lexical(query, district, 100))
    _row("vector", asked, lambda query: index.nearest(query, every, 100))
    _row("vector, one district", asked, lambda query: index.nearest(query, district, 100))
    _row("vector, seven years and a unit", asked, lambda query: index.nearest(query, years, 100))
    _row("facets, all items", asked, lambda _: index.facets(None, [], every, 20))
    _row("facets, 4 words", short, lambda query: index.facets(query, [], every, 20))
    _row("facets, 60 words", long, lambda query: index.facets(query, [], every, 20))


def _row(name: str, queries: Sequence[Query], search: Callable[[Query], object]) -> None:
    times = [_timed(partial(search, query)) * 1000 for query in queries]
    print(f"{name:<34}{median(times):10.1f} ({max(times):.1f})")


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
