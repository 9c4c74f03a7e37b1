"""`xianli restore`."""

import click

from search_api.backups import restore_index
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.progress import progress_bar
from search_api.cli.usage import ChineseHelp


@click.command(
    "restore",
    cls=ChineseHelp,
    help="用 xianli backup 做的备份恢复索引。先在旁边恢复并检查，全部无误后一次换上；中断或出错时，现有的索引照常使用。",
    epilog="例：xianli restore 先例-2025-06-01.zip --index 新文件夹；xianli restore 仓库/2025-06-01 --index http://主机:9200/前缀",
)
@click.argument("source", metavar="文件|仓库/快照")
@click.option("--force", is_flag=True, help="已有索引时替换它；原索引保留，可用 xianli reindex --rollback 退回")
@index_option
@json_option
def command(source: str, force: bool, index: str | None, as_json: bool) -> int:
    """Restore an index from a backup; exit code 130 when interrupted."""
    settings = settings_of(index)
    try:
        with progress_bar() as report:
            held = restore_index(settings, source, replace=force, report=report)
    except KeyboardInterrupt:
        message("已中断，没有换上备份。原来的索引没有改动；再运行一次同样的命令，会从头恢复。")
        return 130
    if as_json:
        write_json({"index": settings.index_shown, "backup": given_text(source), "held": held})
    else:
        print(f"已恢复到 {settings.index_shown}：{held.notices} 份通知、{held.items} 条条款、{held.vectors} 个向量。")
    return 0
