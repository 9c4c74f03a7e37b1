"""`xianli reindex`."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import click
from tqdm import tqdm  # type: ignore[import-untyped]

from analyzers.embedding.choice import ModelChoice, Precision, holds_model, open_model
from analyzers.terms import Analyzer
from corpus.errors import ModelError
from indexer.index.protocol import Statistics
from indexer.reindexing import Progress, reindex, roll_back
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.opening import open_index
from search_api.settings import Settings


@click.command(
    "reindex",
    cls=ChineseHelp,
    help="换一个向量模型：用新模型为已收录的全部通知重新建立索引，建成后一次换上。建的时候照常检索和收录；"
    "中断后再运行，接着做。原索引保留一份，可用 --rollback 退回。",
    epilog="例：xianli reindex --model BAAI/bge-m3 --dimension 512",
)
@click.option("--model", metavar="文件夹|名称", help="新模型（默认用环境变量 XIANLI_MODEL 或自带的模型）")
@click.option("--query-prompt", metavar="文字", help="检索词前加的提示语（默认用模型自己的）")
@click.option("--document-prompt", metavar="文字", help="条款前加的提示语（默认用模型自己的）")
@click.option("--dimension", type=WholeNumber(1, 65_536), help="向量只取前几维，模型须支持")
@click.option("--max-tokens", type=WholeNumber(8, 65_536), help="一条最多读入多少个词元")
@click.option(
    "--precision", type=click.Choice(list(Precision)), metavar="精度", help="float32（默认）、float16、bfloat16"
)
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
    rollback: bool,
    index: str | None,
    as_json: bool,
) -> int:
    """Build the index anew for a model, or take the former one; exit code 130 when interrupted."""
    settings = settings_of(index)
    open_index(settings, read_only=True).close()
    if rollback:
        return _roll_back(settings, as_json)
    choice = ModelChoice(
        settings.folder_of(given_text(model)) if model else settings.model_folder,
        query_prompt,
        document_prompt,
        dimension,
        max_tokens,
        Precision(precision or Precision.FLOAT32),
    )
    if not holds_model(choice.folder):
        raise ModelError(
            f"没有模型 {choice.folder}。请给出模型所在的文件夹，或先运行 xianli model fetch（自带的模型）"
            "或 xianli model fetch 模型名称。"
        )
    # What the settings name anyway need not be remembered, and may be somewhere else tomorrow.
    default = choice == ModelChoice(settings.data / "model")
    remembered = None if default else replace(choice, folder=choice.folder.resolve())
    embedder = open_model(choice, settings.device)
    try:
        steps = sum(1 for _ in _progress(reindex(settings.index_location, embedder, Analyzer(), remembered)))
    except KeyboardInterrupt:
        message("已中断。原索引照常使用；再运行一次同样的命令，会接着做。")
        return 130
    _report(_statistics(settings), choice, steps > 0, as_json)
    return 0


def _progress(steps: Iterator[Progress]) -> Iterator[Progress]:
    """The steps, with a bar where somebody looks at it."""
    with tqdm(desc="重建", unit=" 份", disable=not sys.stderr.isatty(), leave=False) as bar:
        for step in steps:
            if step.waiting:
                bar.set_postfix_str("等正在收录的进程结束")
            bar.total, bar.n = step.total, step.done
            bar.refresh()
            yield step


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
        print(
            f"已换用模型 {choice.folder}：{held.notices} 份通知、{held.items} 条条款。原索引保留，可用 --rollback 退回。"
        )
    else:
        print(f"索引已经是用模型 {choice.folder} 建立的，没有改动。")


def _roll_back(settings: Settings, as_json: bool) -> int:
    difference = roll_back(settings.index_location, Analyzer())
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
