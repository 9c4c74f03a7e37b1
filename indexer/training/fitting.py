"""Fitting a model to examples with the trainer of sentence-transformers.

Loss: the anchor's similarity to its own positive against that to all other positives and negatives of the batch
(MultipleNegativesRankingLoss; Henderson et al., "Efficient Natural Language Response Suggestion for Smart Reply", 2017).
"""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from analyzers.embedding.choice import ModelChoice
from analyzers.embedding.sentence_transformers import load_model
from analyzers.embedding.transformers_extra import needs_transformers
from indexer.training.examples import Example

_RATE = 5e-6
"""Of learning. Four times as much loses more on queries than it gains on similar provisions: docs/models.md."""
_WARM_UP = 0.1
_LONGEST = 96
"""Tokens of a text that are trained on: what a provision is about stands at its beginning, and time grows with length."""
_CHECKPOINTS = 20
_PLAN = "plan.json"

Report = Callable[[int, int], None]
"""Is told after each step how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is trained. The same plan on the same examples gives the same model on the same machine."""

    epochs: int = 2
    batch: int = 32
    seed: int = 20


def fit(base: Path, examples: Sequence[Example], plan: Plan, work: Path, device: str | None, report: Report) -> Any:
    """The SentenceTransformer in `base`, trained. Raises ModelError.

    Its state is put into the folder `work` now and then: an interrupted run with the same arguments goes on from there.
    """
    with needs_transformers():
        import accelerate  # noqa: F401  the trainer asks for it when it is too late for a message of ours
        from datasets import Dataset, disable_progress_bars
        from sentence_transformers import SentenceTransformerTrainer
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    begun = _begun(work, base, examples, plan)
    model = load_model(ModelChoice(base), device)
    model.model_card_data.widget = [{}]  # or examples for a model card that nobody gets would be computed, with a bar
    disable_progress_bars()
    longest = model.max_seq_length
    model.max_seq_length = min(longest or _LONGEST, _LONGEST)
    rows = [{"anchor": one.anchor, "positive": one.positive, "negative": one.negative} for one in examples]
    trainer = SentenceTransformerTrainer(
        model=model,
        args=_arguments(plan, work, len(rows), str(model.device)),
        train_dataset=Dataset.from_list(rows),
        loss=MultipleNegativesRankingLoss(model),
        callbacks=[_reporting(report)],
    )
    for noisy in ("PrinterCallback", "ProgressCallback"):
        for callback in [held for held in trainer.callback_handler.callbacks if type(held).__name__ == noisy]:
            trainer.remove_callback(callback)
    trainer.train(resume_from_checkpoint=begun or None)
    model.max_seq_length = longest
    return model


def _arguments(plan: Plan, work: Path, examples: int, device: str) -> Any:
    from sentence_transformers import SentenceTransformerTrainingArguments
    from sentence_transformers.base.sampler import BatchSamplers

    steps = -(-examples // plan.batch) * plan.epochs
    return SentenceTransformerTrainingArguments(
        output_dir=str(work),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.batch,
        learning_rate=_RATE,
        warmup_steps=max(1, round(steps * _WARM_UP)),
        # The same text twice in a batch would be its own negative.
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        seed=plan.seed,
        data_seed=plan.seed,
        save_strategy="steps",
        save_steps=max(1, steps // _CHECKPOINTS),
        save_total_limit=1,
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
        use_cpu=device == "cpu",
    )


def _reporting(report: Report) -> Any:
    from transformers import TrainerCallback

    class Reporting(TrainerCallback):  # type: ignore[misc]
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            report(state.global_step, state.max_steps)

    return Reporting()


def _begun(work: Path, base: Path, examples: Sequence[Example], plan: Plan) -> bool:
    """Whether `work` holds the state of a run with the same arguments; that of another one is deleted."""
    rows = msgspec.json.encode([str(base.resolve()), examples, plan])
    mark, noted = hashlib.sha256(rows).hexdigest().encode(), work / _PLAN
    if noted.exists() and noted.read_bytes() == mark:
        return any(work.glob("checkpoint-*"))
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    noted.write_bytes(mark)
    return False
