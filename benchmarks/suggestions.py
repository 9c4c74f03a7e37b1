"""What suggestions cost: python -m benchmarks.suggestions [--items 100000] [--index FOLDER].

An index of made-up notices without vectors is built in FOLDER, or used again where it is there. Times are milliseconds on the wall,
one request after the other. Searches are timed while the suggestions are made in the background, and when they are there.
"""

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analyzers.terms import Analyzer
from benchmarks.synthetic import notices
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from search_api.search import SearchService

_TYPED = {
    "one character": list("法行政工重执监公"),
    "a word": ["法治", "行政", "司法", "规范", "政务", "监督", "青溪", "财政"],
    "several words": ["法治政府建设", "行政执法公示", "重大行政决策", "规范性文件备案", "青溪区2018年", "优化营商环境"],
    "initials": ["f", "x", "xz", "xzzf", "fzzf", "gfxwj", "yhysh", "sfj"],
    "pinyin": ["fa", "xing", "fazhi", "xingzheng", "xingzhengzhifa", "guifanxingwenjian", "sifaju"],
    "nothing of the kind": ["量子计算", "zzzz", "龘", "qqqqq"],
}
_RUNS = 20
_QUERIES = ["行政执法公示", "规范性文件备案", "重大行政决策程序", "领导干部学法", "双随机一公开"]


def main() -> None:
    """Build the index where it is not there, and print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--items", type=int, default=100_000)
    arguments.add_argument("--index", type=Path)
    given = arguments.parse_args()
    with TemporaryDirectory(prefix="xianli-benchmark-") as temporary:
        folder, analyzer = given.index or Path(temporary) / "index", Analyzer()
        if not folder.exists():
            with EmbeddedIndex.open(folder, analyzer) as index, index.loading():
                for number, parsed in enumerate(notices(given.items)):
                    index.write(parsed, f"/{number}", None, None)
        with EmbeddedIndex.open(folder, analyzer, read_only=True) as index:
            _measure(SearchService(index, analyzer, None))


def _measure(service: SearchService) -> None:
    held, suggestions = service.index.statistics(), service.suggestions
    service.search(_QUERIES[0], Filters())
    before, started, names = _megabytes(), time.perf_counter(), 0.0
    suggestions.prepare()
    meanwhile = []
    while suggestions.making:
        meanwhile += _searches(service)
        if not names and suggestions.suggest(next(iter(_TYPED["a word"]))):
            names = time.perf_counter() - started
    made = time.perf_counter() - started
    print(
        f"{held.notices} notices, {held.items} items: names after {names:.1f} s, all after {made:.1f} s while searching"
    )
    print(f"memory at its most: {_megabytes() - before:.0f} MB more")
    print(f"\n{'ms':24}{'p50':>8}{'p95':>8}{'worst':>8}{'found':>8}")
    for kind, inputs in _TYPED.items():
        times = [_timed(partial(suggestions.suggest, typed)) for _ in range(_RUNS) for typed in inputs]
        _print(kind, times, sum(bool(suggestions.suggest(typed)) for typed in inputs) / len(inputs))
    _print("search meanwhile", meanwhile)
    _print("search afterwards", [one for _ in range(_RUNS) for one in _searches(service)])


def _searches(service: SearchService) -> list[float]:
    # A text that does not stand in the query changes nothing, but what was found before is not used again.
    run = (str(time.perf_counter_ns()),)
    return [_timed(partial(service.search, query, Filters(), plain=run)) for query in _QUERIES]


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _print(kind: str, times: list[float], found: float | None = None) -> None:
    share = "" if found is None else f"{found:8.0%}"
    print(f"{kind:24}{np.percentile(times, 50):8.2f}{np.percentile(times, 95):8.2f}{max(times):8.2f}{share}")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
