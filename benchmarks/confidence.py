"""How well the confidence of a parsed notice tells how rightly it was read: Spearman's rank correlation.

Each notice is damaged at random, in seven ways and five strengths, and parsed again. Its real error is what the parse
differs from that of the undamaged text: items are paired by their words, and each pair counts as much as its words, the
labels of its path and its units agree. Weights were tuned on half of the notices; the last column is over the others.

usage: confidence.py [FILE|FOLDER…]    (default: the samples)
"""

import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

from corpus.errors import ReadError
from corpus.model import Document, ParsedNotice, TaskItem
from indexer.confidence import assess
from indexer.parsing import parse
from indexer.reading import find_files, read_document

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
STRENGTHS = (0.06, 0.12, 0.25, 0.5, 1.0)
PAIRED = 0.4
"""Least likeness of words that makes two items the same one."""
NOISE = (
    "下载", "打印 关闭", "浏览次数：1234", "第 3 页 共 12 页", "【字体：大 中 小】", "扫一扫在手机打开当前页", "相关解读",
    "- 3 -", "l1 。 , 〕t", "上一篇：某局召开工作会议", "责任编辑：张三", "联系电话：0591-83650000", "政府信息公开指南",
    "ICP备案号 123456", "2018年政务要闻",
)  # fmt: skip

NUMERAL = "[一二三四五六七八九十]"

Damage = Callable[[str, float, random.Random], str]


def loses(pattern: str, most: float) -> Damage:
    """Damage that drops what `pattern` finds, each find with a chance of `most` at full strength."""

    def damage(text: str, strength: float, chance: random.Random) -> str:
        return re.sub(pattern, lambda found: "" if chance.random() < most * strength else found[0], text, flags=re.M)

    return damage


def breaks_pages(text: str, strength: float, chance: random.Random) -> str:
    """Tear lines in the middle of words, sometimes with a page number in between."""

    def torn(found: re.Match[str]) -> str:
        tear = chance.choice(("\n", "\n\n", "\n\n- 3 -\n\n"))
        return found[0] + tear if chance.random() < 0.02 * strength else found[0]

    return re.sub(r"(?<=[\u4e00-\u9fff])[\u4e00-\u9fff](?=[\u4e00-\u9fff])", torn, text)


def adds_noise(text: str, strength: float, chance: random.Random) -> str:
    """Put lines of a web page or of a bad scan between the lines."""
    return re.sub(r"\n+", lambda f: f[0] + (f"{chance.choice(NOISE)}\n" if chance.random() < strength else ""), text)


DAMAGES: dict[str, Damage] = {
    "characters lost": loses(r"\S", 0.1),
    "numerals of labels lost": loses(rf"(?:^|(?<=^[（(]))(?:{NUMERAL}|[0-9]+)|(?<=^[（(]{NUMERAL}){NUMERAL}", 0.8),
    "brackets lost": loses(r"[（）()〔〕《》]", 0.8),
    "line breaks lost": loses(r"\n+", 0.6),
    "page breaks in words": breaks_pages,
    "lines of noise": adds_noise,
}  # fmt: skip


def everything(text: str, strength: float, chance: random.Random) -> str:
    """All kinds of damage, each at a third of its strength."""
    for damage in [*DAMAGES.values()]:
        text = damage(text, strength / 3, chance)
    return text


@dataclass(frozen=True, slots=True)
class Trial:
    """One damaged notice: how it was damaged, what confidence it was given, and how wrongly it was really read."""

    name: str
    kind: str
    kept_aside: bool
    confidence: float
    error: float


def main(paths: list[Path]) -> None:
    """Print a row for each kind of damage and one over all."""
    trials = [trial for document in documents(paths) for trial in damaged(document)]
    print(f"{len(trials)} damaged notices\n")
    print("| damage | notices | mean error | Spearman, tuned on | Spearman, kept aside |\n|---|---:|---:|---:|---:|")
    for kind in [*dict.fromkeys(trial.kind for trial in trials), "all"]:
        row = [trial for trial in trials if kind in (trial.kind, "all")]
        figures = (correlation([t for t in row if t.kept_aside is aside]) for aside in (False, True))
        error = sum(trial.error for trial in row) / len(row)
        print(f"| {kind} | {len(row)} | {error:.2f} | {' | '.join(f'{figure:.2f}' for figure in figures)} |")


def documents(paths: list[Path]) -> Iterator[Document]:
    """The notices that have items and are plain text: damage would move what other formats tell of tables and pages."""
    for file in sorted((f for f in find_files(paths) if not isinstance(f, ReadError)), key=str):
        document = read_document(file.path)
        if parse(document).items and not (document.tables or document.frame or document.pages):
            yield document


def damaged(document: Document) -> Iterator[Trial]:
    """Every kind of damage in every strength."""
    reference, name = parse(document), document.source.file
    for kind, damage in {**DAMAGES, "everything": everything}.items():
        for strength in STRENGTHS:
            text = damage(document.text, strength, random.Random(f"{name} {kind} {strength}"))
            parsed = parse(replace(document, text=text))
            yield Trial(name, kind, is_kept_aside(name), assess(parsed).confidence, error_of(parsed, reference))


def is_kept_aside(name: str) -> bool:
    """Whether a notice was kept aside from tuning: about every second one, and the same ones when others are added."""
    return crc32(name.encode()) % 2 == 1


def error_of(parsed: ParsedNotice, reference: ParsedNotice) -> float:
    """1 − F1 over items, where a pair counts as much as its words, label and units agree."""
    wanted, found = [Words(item) for item in reference.items], [Words(item) for item in parsed.items]
    likely = sorted(
        ((one.likeness(other), i, j) for i, one in enumerate(wanted) for j, other in enumerate(found)), reverse=True
    )
    left, right, agreement = set[int](), set[int](), 0.0
    for likeness, i, j in likely:
        if likeness < PAIRED:
            break
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            agreement += (likeness + wanted[i].agreement(found[j])) / 3
    return 1 - 2 * agreement / (len(wanted) + len(found))


class Words:
    """An item for comparison: pairs of neighbouring characters of its words, the labels of its path, its units."""

    def __init__(self, item: TaskItem) -> None:
        bare = "".join(item.text.split())
        self.pairs = {bare[i : i + 2] for i in range(len(bare) - 1)} or {bare}
        self.labels = tuple(label.text for label in item.labels)
        self.units = {(unit.canonical, unit.role) for unit in item.units}

    def likeness(self, other: "Words") -> float:
        """Dice's coefficient of the words."""
        return 2 * len(self.pairs & other.pairs) / (len(self.pairs) + len(other.pairs))

    def agreement(self, other: "Words") -> float:
        """Of all labels, 0 or 1, and of the units, F1; 2 where both are the same."""
        total = len(self.units) + len(other.units)
        return (self.labels == other.labels) + (2 * len(self.units & other.units) / total if total else 1)


def correlation(trials: list[Trial]) -> float:
    """Spearman's rank correlation of confidence and 1 − error."""
    xs, ys = ranks([trial.confidence for trial in trials]), ranks([-trial.error for trial in trials])
    mean = (len(trials) + 1) / 2
    covariance = sum((x - mean) * (y - mean) for x, y in zip(xs, ys, strict=True))
    spread = (sum((x - mean) ** 2 for x in xs) * sum((y - mean) ** 2 for y in ys)) ** 0.5
    return float(covariance / spread) if spread else 0.0


def ranks(values: list[float]) -> list[float]:
    """Ranks from 1; equal values share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result, start = [0.0] * len(values), 0
    while start < len(order):
        stop = start
        while stop < len(order) and values[order[stop]] == values[order[start]]:
            stop += 1
        for position in order[start:stop]:
            result[position] = (start + stop + 1) / 2
        start = stop
    return result


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [SAMPLES])
