"""Both backends at a size: python -m benchmarks.scaling MODEL ITEMS [--index FOLDER|ADDRESS]… [--no-vectors].

Notices are made up (see benchmarks.synthetic); item vectors are those of the samples' items, each moved a little at random;
queries are embedded for real. What is written is made and analysed beforehand, so that writing is all that is timed: storing and
indexing until the last item can be found. Searches are whole ones (understanding, both legs, fusion, facets, near-identical
wording, citations), one after the other, each query once unmeasured before. The indexes are left, and used again where they are there.
"""

import argparse
import pickle
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import numpy as np

from analyzers.embedding import FloatArray
from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.terms import Analyzer
from benchmarks.query_cost import queries
from benchmarks.synthetic import ITEMS_PER_NOTICE, near, notices, sample_texts
from corpus.model import ParsedNotice
from indexer.analysis import ItemTerms, analyse_item
from indexer.index.filters import Filters
from search_api.opening import open_index
from search_api.search import SearchService
from search_api.settings import Settings

CHUNK = 5_000
FIRST = 10
ROUNDS = 3
LONGEST_TYPED = 60

Prepared = list[tuple[ParsedNotice, list[ItemTerms]]]


def main() -> None:
    """Write what is not there, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("items", type=int)
    arguments.add_argument("--index", action="append", required=True)
    arguments.add_argument("--no-vectors", action="store_true")
    arguments.add_argument(
        "--prepared", type=Path, help="folder for what is made beforehand, used again where it is there"
    )
    given = arguments.parse_args()
    analyzer, embedder = Analyzer(), OnnxEmbedder(given.model)
    samples = None if given.no_vectors else embedder.encode_items(list(sample_texts()))
    with TemporaryDirectory(prefix="xianli-benchmark-") as temporary:
        chunks = list(_prepared(given.prepared or Path(temporary), given.items))
        found = []
        for place in given.index:
            _fill(Settings(index=place), chunks, samples, embedder.fingerprint)
            _settle(place)
            index = open_index(Settings(index=place), read_only=True)
            service = SearchService(index, analyzer, None if samples is None else embedder)
            found.append(_measure(place, service))
            index.close()
    for place, hits in zip(given.index[1:], found[1:], strict=True):
        both = [(set(one), set(other)) for one, other in zip(found[0], hits, strict=True)]
        shared = mean(len(one & other) / max(len(one), len(other), 1) for one, other in both)
        print(f"first {FIRST} hits of {place} and {given.index[0]}: {shared:.3f} the same")


def _prepared(folder: Path, items: int) -> Iterator[Path]:
    """Files with notices and their terms, CHUNK items each, made where they are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor() as pool:
        yield from pool.map(partial(_prepare, folder), range(-(-items // CHUNK)))


def _prepare(folder: Path, number: int) -> Path:
    path = folder / f"{number:06d}.pickle"
    if not path.exists():
        analyzer = Analyzer()
        made = notices(CHUNK, seed=number + 1, first=number * CHUNK // ITEMS_PER_NOTICE)
        prepared: Prepared = [(one, [analyse_item(item, analyzer) for item in one.items]) for one in made]
        path.write_bytes(pickle.dumps(prepared))
    return path


def _fill(settings: Settings, chunks: Sequence[Path], samples: FloatArray | None, fingerprint: str) -> None:
    """Write what is not held yet, and say how fast."""
    index = open_index(settings, read_only=False)
    held, seconds, items = index.statistics().items, 0.0, 0
    with index.loading():
        for number, chunk in list(enumerate(chunks))[held // CHUNK :]:
            prepared: Prepared = pickle.loads(chunk.read_bytes())
            vectors = [
                None if samples is None else near(samples, len(parsed.items), number * CHUNK + order)
                for order, (parsed, _) in enumerate(prepared)
            ]
            started = time.perf_counter()
            for (parsed, terms), found in zip(prepared, vectors, strict=True):
                index.write(parsed, f"/{parsed.notice.id}", found, None if found is None else fingerprint, terms)
                items += len(parsed.items)
            seconds += time.perf_counter() - started
    started = time.perf_counter()
    index.count(Filters())
    index.close()
    if items:
        print(
            f"{settings.index}: {items} items written, {items / (seconds + time.perf_counter() - started):.0f} items/s"
        )


def _measure(place: str, service: SearchService) -> list[list[str]]:
    """Print what searches take, and return the ids of their first hits."""
    held = service.index.statistics()
    print(f"{place}: {held.items} items, {held.size_bytes / held.items:.0f} bytes an item, {service.mode}")
    asked = queries()
    hits = [[hit.id for hit in service.search(query, filters, top=FIRST).hits] for query, filters in asked]
    times: dict[str, list[float]] = {}
    own, server = time.process_time(), _server(place)
    for number, (query, filters) in enumerate(asked * ROUNDS):
        started = time.perf_counter()
        # A text that does not stand in the query changes nothing, but what was found before is not used again.
        service.search(query, filters, top=FIRST, plain=(f"run {number}",))
        took = (time.perf_counter() - started) * 1000
        for kind in ("all", _kind(query, filters)):
            times.setdefault(kind, []).append(took)
    searches = len(asked) * ROUNDS
    print(f"  {'ms':14}{'p50':>8}{'p95':>8}{'worst':>8}")
    for kind, values in times.items():
        print(f"  {kind:14}{np.percentile(values, 50):8.1f}{np.percentile(values, 95):8.1f}{max(values):8.1f}")
    print(f"  CPU ms a search: {(time.process_time() - own) / searches * 1000:.1f} here", end="")
    if server:
        after = _server(place)
        print(
            f", {(after['cpu_ms'] - server['cpu_ms']) / searches:.1f} of the server; its heap {after['heap_mb']:.0f} MB",
            end="",
        )
    print()
    return hits


def _settle(place: str) -> None:
    """Wait until an Elasticsearch has joined its segments, and say how long that took."""
    if not place.startswith("http"):
        return
    from elasticsearch import Elasticsearch

    started = time.perf_counter()
    server, _, prefix = place.rpartition("/")
    with Elasticsearch(server) as client:
        while client.indices.stats(index=prefix, metric="merge")["_all"]["total"]["merges"]["current"]:
            time.sleep(1)
    print(f"{place}: segments joined after {time.perf_counter() - started:.0f} s more")


def _kind(query: str, filters: Filters) -> str:
    if filters != Filters():
        return "with filters"
    return "pasted" if len(query) > LONGEST_TYPED else "typed"


def _server(place: str) -> dict[str, float]:
    """CPU time and heap in use of the nodes of an Elasticsearch; nothing for a folder."""
    if not place.startswith("http"):
        return {}
    from elasticsearch import Elasticsearch

    with Elasticsearch(place.rpartition("/")[0]) as client:
        nodes = client.nodes.stats(metric=["process", "jvm"])["nodes"].values()
    return {
        "cpu_ms": sum(node["process"]["cpu"]["total_in_millis"] for node in nodes),
        "heap_mb": sum(node["jvm"]["mem"]["heap_used_in_bytes"] for node in nodes) / 1e6,
    }


if __name__ == "__main__":
    main()
