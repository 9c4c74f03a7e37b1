"""What a search costs, whole and in parts: python -m benchmarks.query_cost MODEL [--items 100000] [--index FOLDER] [--save FILE].

An index of made-up notices is built in FOLDER, or used again where it is there. Item vectors are those of the samples'
items, each moved a little at random; queries are embedded for real. Times are CPU milliseconds of the whole process, the
least of several runs a query, on one thread. `--save` writes the ids found, to compare rankings before and after a change.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np

from analyzers.embedding import Embedder
from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.terms import Analyzer
from benchmarks.synthetic import near, notices, provision, sample_texts
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import BasisFilter, Filters, YearRange
from search_api.highlight import highlight
from search_api.matching import Wanted
from search_api.search import SearchService

Result = TypeVar("Result")

WINDOW = 200
PAGE = 10
RUNS = 5

_KEYWORDS = """
行政执法公示 行政复议 放管服 双随机一公开 规范性文件备案 法律顾问 权力清单 负责人出庭应诉 普法责任制 人民调解 案卷评查 信用体系
证明事项告知承诺 法治政府建设 政务公开 裁量基准 执法全过程记录 公平竞争审查 重大行政决策程序 领导干部学法 司法局 述法 听证 12345热线
"""
QUESTIONS = (
    "谁负责清理规范性文件？",
    "重大行政决策怎样听取公众意见",
    "哪些区要求行政机关负责人出庭应诉率达到百分之百",
    "怎样减少老百姓办事要交的证明材料",
    "审批时限压缩到几个工作日",
    "执法人员没有证件能不能上街执法",
    "乡镇和街道的执法权由谁来协调监督",
    "老百姓告官怎么应对",
    "What about 营商环境?",
    "基层人民调解员的报酬从哪里出，由财政保障吗",
)
FILTERED = (
    ("行政执法公示", Filters(district=("青溪区",))),
    ("行政执法", Filters(year=(YearRange(2016, 2020),))),
    ("法治督察", Filters(unit=("司法局",))),
    ("食品安全", Filters(unit=("市场监管局",), year=(YearRange(2018, 2018),))),
    ("行政处罚裁量", Filters(basis=(BasisFilter("行政处罚法", "12"),))),
    ("依法行政培训", Filters(city=("云汀市",))),
    ("", Filters(district=("青溪区",))),
    ("", Filters(doc_type=("工作要点",))),
)


def main() -> None:
    """Build the index where it is not there, and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("--items", type=int, default=100_000)
    arguments.add_argument("--index", type=Path)
    arguments.add_argument("--save", type=Path)
    given = arguments.parse_args()
    embedder, analyzer = OnnxEmbedder(given.model), Analyzer()
    with TemporaryDirectory(prefix="xianli-benchmark-") as temporary:
        folder = given.index or Path(temporary) / "index"
        if not folder.exists():
            _build(folder, analyzer, embedder, given.items)
        with EmbeddedIndex.open(folder, analyzer, read_only=True) as index:
            found = _measure(index, analyzer, embedder)
    if given.save:
        given.save.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def queries() -> list[tuple[str, Filters]]:
    """62 queries: keywords, questions, pasted provisions, and searches with filters."""
    chance = random.Random(11)
    pasted = [provision(chance, 14, 24) for _ in range(20)]
    return [*((query, Filters()) for query in (*_KEYWORDS.split(), *QUESTIONS, *pasted)), *FILTERED]


def _build(folder: Path, analyzer: Analyzer, embedder: Embedder, items: int) -> None:
    samples = embedder.encode_items(list(sample_texts()))
    with EmbeddedIndex.open(folder, analyzer) as index:
        for number, parsed in enumerate(notices(items)):
            index.write(parsed, f"/{number}", near(samples, len(parsed.items), number), embedder.fingerprint)


def _measure(index: EmbeddedIndex, analyzer: Analyzer, embedder: Embedder) -> list[list[str]]:
    service = SearchService(index, analyzer, embedder)
    times: dict[str, list[float]] = {}
    found, runs = [], count()
    for query, filters in queries():
        # A text that does not stand in the query changes nothing, but what was found before is not used again.
        result, milliseconds = _timed(lambda: service.search(query, filters, plain=(f"run {next(runs)}",)))  # noqa: B023
        times.setdefault("search", []).append(milliseconds)
        found.append([hit.id for hit in result.hits])
        for part, took in _parts(index, analyzer, embedder, query, filters).items():
            times.setdefault(part, []).append(took)
    print(f"{index.statistics().items} items, {len(found)} queries; CPU ms, least of {RUNS}")
    print(f"{'':24}{'p50':>8}{'p95':>8}{'worst':>8}")
    for part, values in times.items():
        print(f"{part:24}{np.percentile(values, 50):8.1f}{np.percentile(values, 95):8.1f}{max(values):8.1f}")
    return found


def _parts(
    index: EmbeddedIndex, analyzer: Analyzer, embedder: Embedder, query: str, filters: Filters
) -> dict[str, float]:
    times: dict[str, float] = {}
    terms, times["analysis"] = _timed(lambda: analyzer.analyse(query))
    asked = terms if terms.grams else None
    vector, times["embedding"] = _timed(lambda: embedder.encode_query(query))
    lexical, times["lexical leg"] = _timed(lambda: index.lexical(asked, filters, WINDOW))
    if asked:
        nearest, times["vector leg"] = _timed(lambda: index.nearest(vector, filters, WINDOW))
    ids = [hit.item_id for hit in ([*lexical, *nearest] if asked else [])]
    _, times["facets"] = _timed(lambda: index.facets(asked, ids, filters, 50))
    page, times["reading of a page"] = _timed(lambda: index.items([hit.item_id for hit in lexical[:PAGE]]))
    _, times["highlights of a page"] = _timed(lambda: [highlight(item.text, Wanted(terms)) for item in page])
    return times


def _timed(call: Callable[[], Result]) -> tuple[Result, float]:
    """What a call gives, and the least CPU milliseconds that it took."""
    least = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        result = call()
        least = min(least, time.process_time() - start)
    return result, least * 1000


if __name__ == "__main__":
    main()
