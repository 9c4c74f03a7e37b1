"""Embedded index and Elasticsearch side by side: python -m benchmarks.backends ADDRESS [ITEMS].

The same synthetic notices are written to both, analysed beforehand; ADDRESS is a server's, on which an index of the
benchmark's own is made and deleted. Vectors lie in clusters, as those of provisions do. `agreement` is the share of the first
ten hits that both have in common: of the vector leg, that is how much the graph finds of what a scan finds.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import TypeVar

import numpy as np

from analyzers.embedding import FloatArray
from analyzers.terms import Analyzer, Terms
from benchmarks.synthetic import notices, provision, sentence, vectors
from corpus.model import ParsedNotice
from indexer.analysis import ItemTerms, analyse_item
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters, YearRange
from indexer.index.protocol import Index

DIMENSION = 512
QUERIES = 50
CLUSTERS = 300
SPREAD = 0.7
WINDOW = 200
FIRST = 10
FILTERS = {
    "": Filters(),
    ", one district": Filters(district=("青溪区",)),
    ", seven years and a unit": Filters(year=(YearRange(2014, 2020),), unit=("财政局",)),
}

Written = tuple[ParsedNotice, list[ItemTerms], FloatArray | None]
Query = TypeVar("Query")
Result = TypeVar("Result")


def main() -> None:
    """Measure without vectors, then with."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("address")
    arguments.add_argument("items", type=int, nargs="?", default=20_000)
    given = arguments.parse_args()
    analyzer = Analyzer()
    prepared = [(one, [analyse_item(item, analyzer) for item in one.items]) for one in notices(given.items)]
    for with_vectors in (False, True):
        kind = f"{DIMENSION} dimensions" if with_vectors else "no vectors"
        print(f"{given.items} items, {kind}; times in ms, median (95th percentile) of {QUERIES}")
        print(f"{'':<34}{'embedded':>20}{'elasticsearch':>20}{'agreement':>12}")
        with tempfile.TemporaryDirectory() as folder:
            embedded = EmbeddedIndex.open(Path(folder) / "index", analyzer)
            elasticsearch = ElasticsearchIndex.open(f"{given.address}/benchmark", analyzer)
            try:
                _measure([embedded, elasticsearch], analyzer, list(_written(prepared, with_vectors)), with_vectors)
            finally:
                embedded.close()
                elasticsearch.close()
                _delete(given.address)


def _written(prepared: Sequence[tuple[ParsedNotice, list[ItemTerms]]], with_vectors: bool) -> Iterator[Written]:
    for number, (parsed, terms) in enumerate(prepared):
        yield parsed, terms, _clustered(len(parsed.items), number) if with_vectors else None


def _clustered(count: int, seed: int) -> FloatArray:
    """Vectors each near one of the clusters' centres, float32 [count, 512]."""
    centres = vectors(CLUSTERS, DIMENSION, 0)[np.random.default_rng(seed).integers(0, CLUSTERS, count)]
    found = centres + np.float32(SPREAD) * vectors(count, DIMENSION, seed + 1)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def _measure(both: Sequence[Index], analyzer: Analyzer, written: list[Written], with_vectors: bool) -> None:
    items = sum(len(parsed.items) for parsed, _, _ in written)
    rates = [f"{items / _timed(partial(_write, index, written))[0]:.0f}" for index in both]
    sizes = [f"{index.statistics().size_bytes / items:.0f}" for index in both]
    print(f"{'writing, items/s':<34}{rates[0]:>20}{rates[1]:>20}")
    print(f"{'bytes an item':<34}{sizes[0]:>20}{sizes[1]:>20}")
    chance = random.Random(2)
    short = [analyzer.analyse(sentence(chance, 4)) for _ in range(QUERIES)]
    long = [analyzer.analyse(provision(chance)) for _ in range(QUERIES)]
    asked = list(_clustered(QUERIES, 10_000_000))
    for name, filters in FILTERS.items():
        if with_vectors:
            _row(f"vector{name}", both, asked, partial(_nearest, filters))
        else:
            _row(f"4 words{name}", both, short, partial(_lexical, filters))
    if not with_vectors:
        _row("a whole provision", both, long, partial(_lexical, Filters()))
        _row("facets, 4 words", both, short, _facets)


def _write(index: Index, written: list[Written]) -> None:
    with index.loading():
        for parsed, terms, found in written:
            index.write(parsed, f"/{parsed.notice.id}", found, None if found is None else "random", terms)
    index.count(Filters())


def _lexical(filters: Filters, index: Index, query: Terms) -> list[str]:
    return [hit.item_id for hit in index.lexical(query, filters, WINDOW)[:FIRST]]


def _nearest(filters: Filters, index: Index, query: FloatArray) -> list[str]:
    return [hit.item_id for hit in index.nearest(query, filters, WINDOW)[:FIRST]]


def _facets(index: Index, query: Terms) -> list[str]:
    return [count.value for count in index.facets(query, [], Filters(), FIRST).fields["unit"]]


def _row(
    name: str, both: Sequence[Index], queries: Sequence[Query], search: Callable[[Index, Query], list[str]]
) -> None:
    cells, found = [], []
    for index in both:
        for query in queries[:5]:  # warm
            search(index, query)
        timed = [_timed(partial(search, index, query)) for query in queries]
        times = sorted(seconds * 1000 for seconds, _ in timed)
        cells.append(f"{median(times):.1f} ({times[int(len(times) * 0.95)]:.1f})")
        found.append([set(hits) for _, hits in timed])
    shared = [len(one & other) / max(len(one), len(other)) for one, other in zip(*found, strict=True) if one | other]
    print(f"{name:<34}{cells[0]:>20}{cells[1]:>20}{mean(shared):>12.3f}")


def _timed(call: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def _delete(address: str) -> None:
    from elasticsearch import Elasticsearch

    with Elasticsearch(address) as client:
        client.indices.delete(index="benchmark-1")


if __name__ == "__main__":
    main()
