"""`xianli reindex`."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from analyzers.embedding.choice import ModelChoice, Precision, holds_model, open_model
from analyzers.terms import Analyzer
from corpus.errors import ModelError
from indexer.index.protocol import Statistics
from indexer.index.versions import Versions, Wanted
from indexer.reindexing import reindex, roll_back
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.progress import progress_bar
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.opening import chosen_model, open_index, open_versions
from search_api.settings import Settings


@click.command(
    "reindex",
    cls=ChineseHelp,
    help="换一个向量模型（或本程序现在的分词、另一分片数）：为已收录的全部通知重新建立索引，建成后一次换上。建的时候照常检索和收录；"
    "中断后再运行，接着做。原索引保留一份，可用 --rollback 退回。",
    epilog="例：xianli reindex --model BAAI/bge-m3 --dimension 512",
)
@click.option("--model", metavar="文件夹|名称", help="新模型（默认用环境变量 XIANLI_MODEL、索引现在的或自带的模型）")
@click.option("--query-prompt", metavar="文字", help="检索词前加的提示语（默认用模型自己的）")
@click.option("--document-prompt", metavar="文字", help="条款前加的提示语（默认用模型自己的）")
@click.option("--dimension", type=WholeNumber(1, 65_536), help="向量只取前几维，模型须支持")
@click.option("--max-tokens", type=WholeNumber(8, 65_536), help="一条最多读入多少个词元")
@click.option(
    "--precision", type=click.Choice(list(Precision)), metavar="精度", help="float32（默认）、float16、bfloat16"
)
@click.option("--shards", type=WholeNumber(1, 1024), help="新索引分几片，只用于 Elasticsearch（默认和现在一样）")
@click.option("--rollback", is_flag=True, help="退回更换前的索引；再退一次又换回来")
@index_option
@json_option
def command(
    model: str | None,
    query_prompt: str | None,
    document_prompt: str | None,
    dimension: int | None,
    max_tokens: int | None,
    precision: str | None,
    shards: int | None,
    rollback: bool,
    index: str | None,
    as_json: bool,
) -> int:
    """Build the index anew for a model, or take the former one; exit code 130 when interrupted."""
    settings = settings_of(index)
    if shards and not settings.index_address:
        raise click.UsageError("--shards 只用于 Elasticsearch 上的索引。", click.get_current_context())
    options = ModelChoice(
        settings.model_folder,
        query_prompt,
        document_prompt,
        dimension,
        max_tokens,
        Precision(precision or Precision.FLOAT32),
    )
    with open_versions(settings) as versions:
        if rollback:
            return _roll_back(settings, versions, as_json)
        return _rebuild(settings, versions, options, given_text(model) if model else None, shards, as_json)


def _rebuild(
    settings: Settings, versions: Versions, options: ModelChoice, model: str | None, shards: int | None, as_json: bool
) -> int:
    present = versions.present()
    choice = options
    if model:
        choice = replace(options, folder=settings.folder_of(model))
    elif settings.model is None and options == ModelChoice(settings.model_folder):
        choice = chosen_model(settings, present.model)
    if holds_model(choice.folder):
        embedder = open_model(choice, settings.device)
        before = present.model.folder if present.model else None
        remembered = _to_remember(settings, choice, model, settings.model, before)
        wanted = Wanted(embedder.fingerprint, embedder.dimension, remembered, shards)
    elif settings.index_address and not model and present.fingerprint is None:  # no vectors now, and none then
        embedder, wanted = None, Wanted(None, shards=shards)
    else:
        raise ModelError(
            f"没有模型 {choice.folder}。请给出模型所在的文件夹，或先运行 xianli model fetch（自带的模型）"
            "或 xianli model fetch 模型名称。"
        )
    taken = 0
    with progress_bar() as report, closing(reindex(versions, wanted, embedder, Analyzer())) as steps:
        try:
            for step in steps:
                report(step)
                taken += 1
        except KeyboardInterrupt:
            message("已中断。原索引照常使用；再运行一次同样的命令，会接着做。")
            return 130
    _report(_statistics(settings), choice, taken > 0, as_json)
    return 0


def _to_remember(settings: Settings, choice: ModelChoice, *names: str | Path | None) -> ModelChoice | None:
    """What the index is to remember. What the settings name anyway it need not, and that may be somewhere else tomorrow."""
    if choice == ModelChoice(settings.data / "model"):
        return None
    if settings.index_address is None:
        return replace(choice, folder=choice.folder.resolve())
    # Other machines have it in other folders: the name under which it was fetched, or else that of its folder.
    fetched = (str(name) for name in names if name and settings.fetched_folder(str(name)) == choice.folder)
    return replace(choice, folder=Path(next(fetched, choice.folder.resolve().name)))


def _statistics(settings: Settings) -> Statistics:
    held = open_index(settings, read_only=True)
    try:
        return held.statistics()
    finally:
        held.close()


def _report(held: Statistics, choice: ModelChoice, changed: bool, as_json: bool) -> None:
    if as_json:
        counts = {"notices": held.notices, "items": held.items, "vectors": held.vectors}
        write_json({"changed": changed, "model": str(choice.folder), "fingerprint": held.fingerprint, "held": counts})
    elif changed:
        done = f"已换用模型 {choice.folder}" if held.vectors else "已重新建立（没有向量）"
        print(f"{done}：{held.notices} 份通知、{held.items} 条条款。原索引保留，可用 --rollback 退回。")
    elif held.fingerprint:
        print(f"索引已经是用模型 {choice.folder} 建立的，没有改动。")
    else:
        print("索引不必重新建立，没有改动。")


def _roll_back(settings: Settings, versions: Versions, as_json: bool) -> int:
    difference = roll_back(versions, Analyzer())
    held = _statistics(settings)
    if as_json:
        write_json({"fingerprint": held.fingerprint, "missing": difference.missing, "extra": difference.extra})
        return 0
    print(f"已退回更换前的索引：{held.notices} 份通知、{held.items} 条条款，模型 {held.fingerprint or '无'}。")
    if difference.missing or difference.extra:
        message(
            f"更换后又有改动：这一版缺少（或不同）{difference.missing} 份通知，多出（或不同）{difference.extra} 份。"
            "请对这些文件再运行 xianli index 或 xianli remove。"
        )
    return 0
