"""Notices made up at random, for measuring: clauses of the samples put together anew, with rarer words among them.

The clauses bring the words and characters that every notice has; the others are drawn from jieba's dictionary by their
frequency, and bring the long tail. Both together are what makes some terms common and most rare, as in real text.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

import numpy as np

from analyzers.embedding import FloatArray
from corpus.model import (
    BasisReference,
    Block,
    BlockKind,
    Document,
    ItemKind,
    Label,
    Notice,
    ParsedNotice,
    ResponsibleUnit,
    Role,
    Source,
    Span,
    TaskItem,
)
from indexer.parsing import parse
from indexer.reading import read_document

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
ITEMS_PER_NOTICE = 20
NOISE = 0.7
"""Length of what moves an item's vector away from that of a sample: cosines of about 0.8."""

_VOCABULARY = """
法治政府 建设 行政 执法 公示 制度 全过程 记录 重大 决策 合法性 审核 规范性文件 备案 清理 双随机 一公开 放管服 改革
权力清单 责任清单 行政复议 应诉 负责人 出庭 政务公开 依法 普法 责任制 培训 考核 督察 队伍 监督 机制 完善 推进 落实
加强 健全 开展 提高 严格 规范 公正 文明 信用 体系 市场 监管 食品 安全 环境 保护 社会 矛盾 化解 人民调解 公共 法律 服务
领导干部 学法 述法 年度 报告 公开 征求 意见 专家 论证 风险 评估 集体 讨论 法律顾问 裁量 基准 案卷 评查 证件 管理
综合 执法 基层 街道 乡镇 平台 信息化 数据 共享 互联网 政务服务 审批 简化 流程 时限 压缩 证明 事项 告知 承诺
"""
_AGENCIES = """
司法局 财政局 教育局 民政局 公安局 审计局 市场监管局 生态环境局 政府办 委宣传部 委编办 人社局 住建局 城管局
"""
_WORDS = _VOCABULARY.split()
_UNITS = _AGENCIES.split()
_FREQUENCIES = [1 / rank for rank in range(1, len(_WORDS) + 1)]
_PLACES = [f"{first}{second}区" for first in "青云临松澄白蓝雁" for second in "溪杉汐岭湖榆桥回"]
_DOCUMENTS = ("法治政府建设实施纲要", "优化营商环境条例", "重大行政决策程序暂行条例", "行政复议法", "行政处罚法")
_ROLES = tuple(Role)


def notices(items: int, seed: int = 1, first: int = 0) -> Iterator[ParsedNotice]:
    """Notices of 20 items each, `items` of them together, the same for the same seed; numbered from `first` on."""
    chance = random.Random(seed)
    for number in range(-(-items // ITEMS_PER_NOTICE)):
        yield _notice(first + number, min(ITEMS_PER_NOTICE, items - number * ITEMS_PER_NOTICE), chance)


def vectors(count: int, dimension: int, seed: int) -> FloatArray:
    """Random L2-normalised vectors, float32 [count, dimension]."""
    found = np.random.default_rng(seed).standard_normal((count, dimension), dtype=np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def near(samples: FloatArray, count: int, seed: int) -> FloatArray:
    """L2-normalised vectors, each near one of `samples`, float32 [count, d]."""
    chance = np.random.default_rng(seed)
    noise = chance.standard_normal((count, samples.shape[1]), dtype=np.float32)
    moved = samples[chance.integers(len(samples), size=count)] + NOISE * noise / np.sqrt(np.float32(samples.shape[1]))
    found: FloatArray = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return found


def sentence(chance: random.Random, words: int) -> str:
    """So many words, common ones more often."""
    return "".join(chance.choices(_WORDS, _FREQUENCIES, k=words))


def provision(chance: random.Random, least: int = 3, most: int = 9) -> str:
    """The text of a provision of so many clauses, 15 characters each on average, half of them with a rarer word."""
    clauses = []
    words, weights = _dictionary()
    for clause in chance.choices(_clauses(), k=chance.randint(least, most)):
        if chance.random() < 0.5:
            place = chance.randint(0, len(clause))
            clause = clause[:place] + chance.choices(words, cum_weights=weights)[0] + clause[place:]
        clauses.append(clause)
    return "，".join(clauses) + "。"


@cache
def sample_texts() -> tuple[str, ...]:
    """The texts of the items of all samples that are plain text."""
    parsed = [parse(read_document(path)) for path in sorted(SAMPLES.glob("*.txt"))]
    return tuple(item.text for notice in parsed for item in notice.items)


@cache
def _clauses() -> tuple[str, ...]:
    clauses = (clause.strip() for text in sample_texts() for clause in re.split("[，。；：、\\n]", text))
    return tuple(clause for clause in clauses if len(clause) > 3)


@cache
def _dictionary() -> tuple[list[str], list[int]]:
    """Words of jieba's dictionary of two and more characters, and their frequencies summed up."""
    package = find_spec("jieba")
    assert package is not None
    assert package.origin is not None
    rows = Path(package.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    pairs = [(word, int(frequency)) for word, frequency, *_ in map(str.split, rows) if len(word) > 1]
    return [word for word, _ in pairs], list(accumulate(frequency for _, frequency in pairs))


def _notice(number: int, items: int, chance: random.Random) -> ParsedNotice:
    place, year = _PLACES[number % len(_PLACES)], 2012 + number % 14
    title = f"{place}{year}年第{number}号法治政府建设工作要点"
    notice = Notice(
        id=f"n{number:06d}",
        title=title,
        notice_title=None,
        document_number=f"政办〔{year}〕{number}号",
        issuer=f"{place}人民政府办公室",
        date_issued=f"{year}-03-{1 + number % 28:02d}",
        province="澜海省",
        city="云汀市",
        district=place,
        plan_year_start=year,
        plan_year_end=year,
        doc_type="工作要点",
        aliases=(),
        source=Source(f"{number}.txt", f"{number:064x}"),
    )
    made = tuple(_item(notice.id, order, chance) for order in range(items))
    text = "\n".join(item.text for item in made)
    blocks = (Block(BlockKind.TEXT, Span(0, len(text)), 0),)
    return ParsedNotice(notice, made, blocks, (), Document(text, notice.source))


def _item(notice_id: str, order: int, chance: random.Random) -> TaskItem:
    label = f"（{order + 1}）"
    units = tuple(
        ResponsibleUnit(name, f"区{name}", chance.choice(_ROLES))
        for name in chance.sample(_UNITS, chance.randint(1, 4))
    )
    basis = BasisReference(chance.choice(_DOCUMENTS), None, (str(chance.randint(1, 60)),), "")
    return TaskItem(
        id=f"{notice_id}-{order:03d}",
        notice_id=notice_id,
        order=order,
        kind=ItemKind.TASK,
        label=label,
        path=(f"一、{sentence(chance, 4)}", f"{label}{provision(chance, 1, 1)}"),
        labels=(Label("一、"), Label(label)),
        heading=None,
        text=provision(chance),
        units=units,
        units_raw=None,
        schedule=None,
        deadlines=(),
        targets=(),
        basis=(basis,),
        mentions=(),
        span=Span(0, 0),
    )
