"""How long the understanding of a query takes: python -m benchmarks.understanding [--notices FOLDER] [--items 20000].

Reads 200 varied queries over an index of the notices in FOLDER, the samples by default, and over one of made-up notices. Each query
is read once for the figures, after 200 others: what an index remembers of earlier queries counts, what it remembers of the
same one doesn't. Times are CPU milliseconds.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from analyzers.terms import Analyzer
from benchmarks.synthetic import SAMPLES, notices
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.understanding import IndexHoldings, understand

QUERIES = 200
WARM = 200

TOPICS = """
行政复议 双随机一公开 行政执法案卷评查 放管服 规范性文件备案 重大行政决策程序 法律顾问 执法全过程记录 领导干部学法 证明事项告知承诺
行政复义应诉 规犯性文件 普法责任制 公益诉讼 食品安全监管 让老百姓办事少跑腿 政务公开 合法性审查 人民调解 裁量基准
"""
FORMS = (
    "{topic}", "{place}{topic}", "{year}年{topic}", "{place}{year}年{topic}怎么写", "谁牵头{topic}", "司法局负责的{topic}",
    "监察局牵头的{topic}", "{document}第12条", "《{document}》", "{number}", "{title}", "近三年{place}的{topic}",
    "{topic} {place} {year}", "请问{topic}由哪个部门负责", "{topic}{other}", "哪些{topic}里有{other}",
)  # fmt: skip


def main() -> None:
    """Print a row for each index."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--notices", type=Path, default=SAMPLES)
    arguments.add_argument("--items", type=int, default=20_000)
    given = arguments.parse_args()
    analyzer = Analyzer()
    print(f"{'items':>8}{'names read, ms':>16}{'p50, ms':>10}{'p95, ms':>10}{'most, ms':>10}")
    with tempfile.TemporaryDirectory() as folder:
        real, made_up = Path(folder) / "real", Path(folder) / "made-up"
        with EmbeddedIndex.open(real, analyzer) as index:
            list(index_files(find_files([given.notices]), index, None))
        with EmbeddedIndex.open(made_up, analyzer) as index:
            for number, parsed in enumerate(notices(given.items)):
                index.write(parsed, f"/{number}", None, None)
        for path in (real, made_up):
            with EmbeddedIndex.open(path, analyzer, read_only=True) as index:
                _measure(index, analyzer)


def _measure(index: EmbeddedIndex, analyzer: Analyzer) -> None:
    held = IndexHoldings(index, analyzer)
    names = _timed(lambda: held.values().notices.like("法治政府建设"))
    queries = _queries(held)
    for query in queries[:WARM]:
        understand(query, Filters(), held)
    times = sorted(_timed(partial(understand, query, Filters(), held)) for query in queries[WARM:])
    p50, p95 = times[QUERIES // 2], times[QUERIES * 95 // 100]
    print(f"{held.values().total:>8}{names:>16.1f}{p50:>10.2f}{p95:>10.2f}{times[-1]:>10.2f}")


def _queries(held: IndexHoldings) -> list[str]:
    chance, values = random.Random(1), held.values()
    topics = TOPICS.split()
    numbers = [notice.document_number for notice in values.notices.notices if notice.document_number]
    return [
        chance.choice(FORMS).format(
            topic=chance.choice(topics),
            other=chance.choice(topics),
            place=chance.choice(list(values.places)),
            year=chance.randint(2012, 2025),
            document=chance.choice(list(values.titles)),
            number=chance.choice(numbers),
            title=chance.choice(values.notices.notices).title,
        )
        for _ in range(WARM + QUERIES)
    ]


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main()
