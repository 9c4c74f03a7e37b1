"""Speed of the analysis: `python benchmarks/analysis.py [--model FOLDER] [--text FILE]`.

Prints how long a fresh process needs for its first terms and its first vector, and what one core does after that. Cold
starts are the best of five, with files in the page cache; the text is FILE, or a made-up passage, repeated.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.folding import fold, fold_with_offsets
from analyzers.terms import Analyzer

ROOT = Path(__file__).parent.parent
PASSAGE = (
    "（四）深化行政审批制度改革，全面推行行政执法公示制度、执法全过程记录制度、重大执法决定法制审核制度。"
    "各街道办事处、区直各有关部门要于 2018 年 12 月底前将权责清单报区政府法制办备案，妥善化解矛盾纠纷。\n"
)
FIRST_TERMS = """
import time; start = time.perf_counter()
from analyzers.terms import Analyzer
Analyzer().analyse("深化行政审批制度改革，推行三项制度")
print(time.perf_counter() - start)
"""
FIRST_VECTOR = """
import sys, time; start = time.perf_counter()
from pathlib import Path
from analyzers.embedding.onnx import OnnxEmbedder
OnnxEmbedder(Path(sys.argv[1])).encode_query("深化行政审批制度改革")
print(time.perf_counter() - start)
"""
COLD_STARTS = 5
REPEATS = 20
MEGABYTE = 1_000_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--model", type=Path, help="folder of the embedding model")
    arguments.add_argument("--text", type=Path, help="UTF-8 text to analyse")
    given = arguments.parse_args()
    text = given.text.read_text(encoding="utf-8") if given.text else PASSAGE
    measure_terms(text * (MEGABYTE // len(text.encode()) + 1))
    if given.model:
        measure_vectors(text, given.model)


def measure_terms(text: str) -> None:
    """Print the figures of folding and terms for `text`."""
    size = len(text.encode()) / MEGABYTE
    report("first terms, fresh process", f"{cold_start(FIRST_TERMS) * 1000:.0f} ms")
    report("folding", f"{size / seconds(lambda: fold(text)):.1f} MB/s")
    report("folding with offsets", f"{size / seconds(lambda: fold_with_offsets(text)):.1f} MB/s")
    analyzer = Analyzer()
    terms = analyzer.analyse(text)
    lines = text.splitlines()
    taken = seconds(lambda: [analyzer.analyse(line) for line in lines])
    report("analysis", f"{size / taken:.2f} MB/s, {(len(terms.words) + len(terms.grams)) / taken:,.0f} terms/s")


def measure_vectors(text: str, model: Path) -> None:
    """Print the figures of the embedder for the beginning of `text`."""
    report("first vector, fresh process", f"{cold_start(FIRST_VECTOR, str(model)) * 1000:.0f} ms")
    embedder = OnnxEmbedder(model)
    for length in (30, 300):
        beginning = (text * (length // len(text) + 1))[:length]
        embedder.encode_query(beginning)
        taken = seconds(partial(embedder.encode_items, [beginning] * REPEATS)) / REPEATS
        report(f"vector of {length} characters", f"{taken * 1000:.1f} ms")


def cold_start(program: str, *arguments: str) -> float:
    """Seconds that `program` says it took, at best."""
    command = [sys.executable, "-c", program, *arguments]
    return min(float(subprocess.check_output(command, cwd=ROOT, text=True)) for _ in range(COLD_STARTS))


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(what: str, figure: str) -> None:
    print(f"{what:28} {figure}")


if __name__ == "__main__":
    main()
