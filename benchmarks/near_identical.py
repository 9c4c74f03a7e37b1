"""Near-identical provisions: how sharp the bands and sketches are, and what they and the comparison of texts cost.

usage: near_identical.py [ITEMS] [--notices FILE|FOLDER…]    (20,000 synthetic items; real notices are compared in pairs)
"""

import argparse
import random
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np

from analyzers.terms import Analyzer
from benchmarks.synthetic import notices, sentence
from corpus.errors import ReadError
from corpus.model import ParsedNotice, TaskItem
from indexer.index.embedded import EmbeddedIndex
from indexer.parsing import parse
from indexer.reading import find_files, read_document
from indexer.shingles import NEAR_IDENTICAL, estimated_overlap, near_identical, overlap, shingles, wording
from search_api.differences import compare
from search_api.near_identical import NearIdentical, usages

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
PLACES = ("青溪区", "云杉区", "临汐区", "白鹭新区", "松岭县")
WIDE = 3_000
"""Items that use the most copied wording."""
WIDE_ORDERS = 3
"""It stands among the first items of a notice."""
PAGE = 10


def main() -> None:
    """Print one table after another."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("items", type=int, nargs="?", default=20_000)
    arguments.add_argument("--notices", type=Path, nargs="*", default=[])
    given = arguments.parse_args()
    if given.notices:
        _real_pairs(given.notices)
    _letters_of_a_shingle()
    _sharpness()
    _differences()
    folder = Path(tempfile.mkdtemp(prefix="xianli-benchmark-"))
    try:
        _costs(folder, given.items)
    finally:
        shutil.rmtree(folder)


def edited(text: str, edits: int, chance: random.Random) -> str:
    """A copy as another district makes it: so many phrases of a few characters replaced, added or left out."""
    for _ in range(edits):
        at, length = chance.randrange(len(text)), chance.randint(1, 4)
        put = chance.choice(("", sentence(chance, 1), sentence(chance, 1)[:length]))
        text = text[:at] + put + text[at + (0 if put and chance.random() < 0.3 else length) :]
    return text


def _real_pairs(paths: list[Path]) -> None:
    parsed = [parse(read_document(file.path)) for file in find_files(paths) if not isinstance(file, ReadError)]
    items = [(shingles(item.text), item.notice_id) for one in parsed for item in one.items]
    found = [overlap(a, b) for (a, of_a), (b, of_b) in combinations(items, 2) if of_a != of_b]
    print(f"{len(items)} items of {len(parsed)} notices, {len(found)} pairs of different notices")
    print("  " + ", ".join(f"{sum(one >= level for one in found)} reach {level}" for level in (0.5, 0.7, 0.85)) + "\n")


def _letters_of_a_shingle() -> None:
    """How many copies with one place name of three letters and one year changed reach the threshold."""
    chance = random.Random(1)
    print("| letters of a copied item | 2-grams | 3-grams | 4-grams |\n|---:|---:|---:|---:|")
    for words in (8, 15, 30, 60, 120):
        texts = [sentence(chance, words) for _ in range(300)]
        copies = [(f"{PLACES[0]}2023年{text}", f"{PLACES[i % 4 + 1]}2024年{text}") for i, text in enumerate(texts)]
        shares = (sum(_jaccard(*pair, n) >= NEAR_IDENTICAL for pair in copies) / len(copies) for n in (2, 3, 4))
        length = sum(len(one) for one, _ in copies) / len(copies)
        print(f"| {length:.0f} | {' | '.join(f'{share:.2f}' for share in shares)} |")
    print()


def _jaccard(one: str, other: str, letters: int) -> float:
    a, b = ({text[i : i + letters] for i in range(len(text) - letters + 1)} for text in (one, other))
    return len(a & b) / len(a | b)


def _sharpness() -> None:
    """Copies with more and more edits, in bins of their true overlap."""
    chance = random.Random(2)
    bins = defaultdict[float, list[tuple[bool, float, float]]](list)
    for _ in range(40_000):
        text = sentence(chance, chance.choice((15, 30, 60)))
        copy = edited(text, chance.randint(1, 12), chance)
        true = overlap(shingles(text), shingles(copy))
        level = min(LEVELS, key=lambda one: abs(one - true))
        if abs(level - true) < 0.01:
            one, other = wording(text), wording(copy)
            guess = float(estimated_overlap(one.sketch, np.frombuffer(other.sketch, np.uint64)[None])[0])
            bins[level].append((bool({*one.bands} & {*other.bands}), guess - true, guess))
    print("| overlap | pairs | meet in a band | expected | error of the estimate, standard deviation |")
    print("|---:|---:|---:|---:|---:|")
    for level in LEVELS:
        pairs = bins[level]
        met = sum(meets for meets, _, _ in pairs) / len(pairs)
        error = float(np.std([difference for _, difference, _ in pairs]))
        print(f"| {level} | {len(pairs)} | {met:.3f} | {1 - (1 - level**6) ** 12:.3f} | {error:.3f} |")
    print()


def _differences() -> None:
    """Time to compare two provisions: one and its copy with an edit every 25 characters, and two that have little in common."""
    chance, cut = random.Random(3), Analyzer().cut
    print("| characters | a copy, ms CPU | another text |\n|---:|---:|---:|")
    for clauses in (9, 220):
        texts = ["，".join(sentence(chance, 8) for _ in range(clauses)) for _ in range(20)]
        compare(texts[0], texts[1], cut)
        copies = sorted(_timed(partial(compare, text, edited(text, len(text) // 25, chance), cut)) for text in texts)
        others = sorted(_timed(partial(compare, *pair, cut)) for pair in pairwise(texts))
        print(f"| {len(texts[0])} | {copies[10]:.1f} | {others[10]:.1f} |")
    print()


def _with_copies(items: int) -> Iterator[ParsedNotice]:
    """Notices in which every second item is a copy of one of a few hundred upper ones, the first of them everywhere."""
    chance = random.Random(4)
    upper = [sentence(chance, 40) for _ in range(300)]
    wide = 0
    for parsed in notices(items):
        made: list[TaskItem] = []
        for item in parsed.items:
            if wide < WIDE and item.order < WIDE_ORDERS:
                wide += 1
                text = edited(upper[0], wide % 3, chance)
            else:
                text = edited(chance.choice(upper), chance.randint(0, 6), chance) if item.order % 2 else item.text
            made.append(replace(item, text=text))
        yield replace(parsed, items=tuple(made))


def _costs(folder: Path, count: int) -> None:
    written = list(_with_copies(count))
    items = [item for parsed in written for item in parsed.items]
    start = time.process_time()
    for item in items:
        wording(item.text)
    print(f"{len(items)} items, CPU time")
    print(f"  bands and sketch            {_milliseconds(start) / len(items):8.3f} ms an item")
    with EmbeddedIndex.open(folder / "index", Analyzer()) as index:
        start = time.process_time()
        for parsed in written:
            index.write(parsed, f"/{parsed.notice.id}", None, None)
        index.sharing(("none",), 1)
        print(f"  whole build                 {_milliseconds(start) / len(items):8.3f} ms an item")
        print(f"  size                        {index.statistics().size_bytes / len(items):8.0f} bytes an item")
        _queries(index, items)


def _queries(index: EmbeddedIndex, items: Sequence[TaskItem]) -> None:
    chance = random.Random(5)
    wide = usages(items[:1], index)[items[0].id]
    copied = {item.id for item in items if item.order < WIDE_ORDERS}
    usual = [item for item in items if item.id not in copied]
    pages = [chance.sample(usual, PAGE) for _ in range(50)]
    users = sorted(one.items for page in pages for one in usages(page, index).values())
    times = sorted(_timed(partial(usages, page, index)) for page in pages)
    print(f"  usage, page of {PAGE}           {times[25]:8.2f} ms, worst of 50 {times[-1]:.2f} (each wording in "
          f"{sum(users) / len(users):.0f} items on average, {users[-1]} at most)")  # fmt: skip
    print(f"  usage, {wide.items} items          {_timed(partial(usages, items[:1], index)):8.2f} ms")
    print(f"  folding a page              {sorted(_timed(partial(_fold, page)) for page in pages)[25]:8.2f} ms")
    _agreement(index, items, chance.sample(usual, 200))


def _agreement(index: EmbeddedIndex, items: Sequence[TaskItem], asked: Sequence[TaskItem]) -> None:
    """Items found as near-identical against all pairs compared word for word."""
    sets = [(item.id, shingles(item.text)) for item in items]
    wanted = found = both = 0
    for item in asked:
        mine = shingles(item.text)
        true = {other for other, held in sets if near_identical(mine, held)}
        got = {item.id, *usages([item], index)[item.id].members}
        wanted, found, both = wanted + len(true), found + len(got), both + len(true & got)
    print(f"  {len(asked)} items, {wanted} near-identical: recall {both / wanted:.4f}, precision {both / found:.4f}")


def _fold(page: Sequence[TaskItem]) -> None:
    seen = NearIdentical()
    for item in page:
        seen.first(item)


def _timed(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return _milliseconds(start)


def _milliseconds(start: float) -> float:
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
