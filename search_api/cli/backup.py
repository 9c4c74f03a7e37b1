"""`xianli backup`."""

import click

from search_api.backups import back_up_index
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.progress import progress_bar
from search_api.cli.usage import ChineseHelp


@click.command(
    "backup",
    cls=ChineseHelp,
    help="备份索引：文件夹里的索引存为一个文件；Elasticsearch 上的索引存为管理员已登记的仓库里的一个快照。"
    "备份时照常检索和收录；备份是某一时刻的完整内容，做成之前不会留下半份。",
    epilog="例：xianli backup 先例-2025-06-01.zip；xianli backup 仓库/2025-06-01 --index http://主机:9200",
)
@click.argument("target", metavar="文件|仓库/快照")
@click.option("--force", is_flag=True, help="文件已存在时覆盖它（快照不能覆盖）")
@index_option
@json_option
def command(target: str, force: bool, index: str | None, as_json: bool) -> int:
    """Back up the index; exit code 130 when interrupted."""
    settings = settings_of(index)
    try:
        with progress_bar() as report:
            held = back_up_index(settings, target, overwrite=force, report=report)
    except KeyboardInterrupt:
        message("已中断，没有做成备份。索引和原有的备份没有改动。")
        return 130
    if as_json:
        write_json({"index": settings.index_shown, "backup": given_text(target), "held": held})
    else:
        print(f"已备份到 {given_text(target)}：{held.notices} 份通知、{held.items} 条条款、{held.vectors} 个向量。")
    return 0
