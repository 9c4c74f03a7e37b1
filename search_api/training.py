"""Training a model on the holdings, and keeping it only when the vector leg ranks better with it than before."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from analyzers.embedding import Embedder
from analyzers.embedding.choice import ModelChoice, is_transformer, open_model
from analyzers.terms import Analyzer
from corpus.errors import ModelError, XianliError
from indexer.index.embedded import EmbeddedIndex
from indexer.index.protocol import Index
from indexer.reindexing import copy_notices
from indexer.training.examples import Example, all_texts, find_examples, split
from indexer.training.fitting import Plan, Report, fit
from indexer.training.ranking import ndcg, ndcg_of_pairs
from search_api.evaluation.formats import read_queries
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.judgements import SIMILAR, Judged
from search_api.evaluation.legs import Legs
from search_api.opening import open_index
from search_api.settings import Settings

Scores = dict[str, float]
"""nDCG@10 of the vector leg by what it was measured on; the last is what decides."""

_DEPTH = 10
_FEWEST = 50
"""Examples below which a model would learn these by heart and nothing else."""
_ALL = "全部"


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training: how many examples there were, the scores, and whether the model was kept."""

    examples: int
    before: Scores
    after: Scores
    kept: bool


def train_model(
    settings: Settings,
    base: Path,
    out: Path,
    judgements: Path | None,
    plan: Plan,
    report: Report,
    say: Callable[[str], None],
) -> Trained:
    """Train the model in `base` on the index and write it to `out` if it wins on `judgements`, or on held-out pairs.

    `say` is told in Chinese what is being done. Raises ModelError, StorageError, and XianliError for too few notices.
    """
    _check_folders(base, out)
    analyzer = Analyzer()
    index = open_index(settings, read_only=True)
    try:
        say("正在从已收录的条款中找训练用的文字对……")
        examples = list(find_examples(index, analyzer, plan.seed))
        parts = split(examples)
        training = examples if judgements else parts.training
        if len(training) < _FEWEST or not (judgements or parts.held_out):
            raise XianliError(
                f"已收录的通知太少：只有 {len(training)} 对可训练的文字（至少 {_FEWEST} 对，另需留出几份通知评测）。"
                "请先收录更多地方的通知。",
                code="too_few",
            )
        scored = _Evaluation(index, analyzer, judgements, parts.held_out, settings.device)
        say(f"共 {len(training)} 对。正在评测训练前的模型……")
        before = scored.scores(base)
        work = out.parent / f"{out.name}.training"
        say("正在训练……")
        model = fit(base, training, plan, work, settings.device, report)
        fresh = work / "model"
        shutil.rmtree(fresh, ignore_errors=True)
        model.save(str(fresh), create_model_card=False)
        say("正在评测训练后的模型……")
        after = scored.scores(fresh)
    finally:
        index.close()
    kept = after[_ALL] > before[_ALL]
    if kept:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(out)
    shutil.rmtree(work, ignore_errors=True)
    return Trained(len(training), before, after, kept)


class _Evaluation:
    """Scores models on judged queries, or without them on held-out pairs."""

    def __init__(
        self,
        index: Index,
        analyzer: Analyzer,
        judgements: Path | None,
        held_out: Sequence[Example],
        device: str | None,
    ) -> None:
        self._index = index
        self._analyzer = analyzer
        self._held_out = held_out
        self._device = device
        self._judged: tuple[Judged, ...] = ()
        if judgements:
            read = read_queries(judgements)
            if read.errors:
                raise read.errors[0]
            self._judged = read.queries

    def scores(self, folder: Path) -> Scores:
        """nDCG@10 with the model in a folder."""
        embedder = open_model(ModelChoice(folder), self._device)
        if not self._judged:
            return {_ALL: ndcg_of_pairs(embedder, self._held_out, all_texts(self._index))}
        with tempfile.TemporaryDirectory() as beside, EmbeddedIndex.open(Path(beside), self._analyzer) as index:
            for _ in copy_notices(self._index, index, embedder):
                pass
            return self._scores(index, embedder)

    def _scores(self, index: Index, embedder: Embedder) -> Scores:
        holdings = Holdings(index)
        legs = Legs(index, self._analyzer, embedder, holdings, _DEPTH)
        by_kind: defaultdict[str, list[float]] = defaultdict(list)
        for judged in self._judged:
            resolved = holdings.resolve(judged)
            grades = {qrel.item_id: qrel.grade for qrel in resolved.held}
            every = [*grades.values(), *(grade for _, grade in resolved.absent)]
            if any(every):
                ranked = [grades.get(hit.item_id, 0) for hit in legs.vector(judged).hits]
                by_kind["相近条款" if judged.kind == SIMILAR else "检索词"].append(ndcg(ranked, every))
        scores = {kind: mean(values) for kind, values in by_kind.items()}
        return scores | {_ALL: mean(value for values in by_kind.values() for value in values)}


def _check_folders(base: Path, out: Path) -> None:
    if not is_transformer(base):
        raise ModelError(
            f"文件夹 {base} 里没有可训练的模型。可以先用 xianli model unpack 展开自带的模型，或用 xianli model fetch 模型名称。"
        )
    if out.exists():
        raise ModelError(f"{out} 已存在。请给出一个新文件夹。")
