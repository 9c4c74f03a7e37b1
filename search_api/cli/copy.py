"""`xianli copy`."""

from pathlib import Path

import click

from indexer.copying import Copied, copy_index
from search_api.cli.options import json_option, settings_of
from search_api.cli.output import message, write_json
from search_api.cli.progress import progress_bar
from search_api.cli.usage import ChineseHelp
from search_api.opening import open_index
from search_api.settings import Settings


@click.command(
    "copy",
    cls=ChineseHelp,
    help="把一个索引里的全部通知连同向量复制到另一个索引（文件夹或 Elasticsearch，可以互相复制）；不重新计算向量。"
    "目标里已有且相同的不再写，中断后再运行，接着做；写完逐份核对。目标自己多出的通知不动，除非加 --delete。",
    epilog="例：xianli copy 索引文件夹 http://主机:9200/前缀",
)
@click.argument("source", metavar="来源")
@click.argument("target", metavar="目标")
@click.option("--delete", is_flag=True, help="删除目标里有而来源里没有的通知")
@json_option
def command(source: str, target: str, delete: bool, as_json: bool) -> int:
    """Copy an index into another one; exit code 130 when interrupted."""
    read, written = settings_of(source), settings_of(target)
    if _place(read) == _place(written):
        raise click.BadParameter("来源和目标是同一个索引", param_hint="目标")
    try:
        copied = _copy(read, written, delete)
    except KeyboardInterrupt:
        message("已中断。已复制的都已存好；再运行一次同样的命令，会接着复制其余的通知。")
        return 130
    if as_json:
        write_json({"from": read.index_shown, "to": written.index_shown, "copied": copied})
    else:
        _report(copied, written)
    return 0


def _place(settings: Settings) -> str:
    return settings.index_shown if settings.index_address else str(Path(settings.index_shown).resolve())


def _copy(read: Settings, written: Settings, delete: bool) -> Copied:
    source = open_index(read, read_only=True)
    try:
        target = open_index(written, read_only=False)
        try:
            with progress_bar() as report:
                copied = copy_index(source, target, delete=delete, report=report)
            model = source.model
            if model is not None and target.model is None and target.fingerprint == source.fingerprint:
                target.remember(model)
        finally:
            target.close()
    finally:
        source.close()
    return copied


def _report(copied: Copied, written: Settings) -> None:
    changes = f"写入 {copied.written} 份" if copied.written else "没有变化"
    removed = f"，删除 {copied.removed} 份" if copied.removed else ""
    print(f"{changes}{removed}。{written.index_shown} 与来源一致：{copied.notices} 份通知、{copied.items} 条条款。")
    print(f"校验值 {copied.digest}")
    if copied.own:
        message(f"目标另有 {copied.own} 份来源没有的通知，没有动。要删除它们，请加 --delete。")
