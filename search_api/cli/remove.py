"""`xianli remove`."""

import click

from corpus.errors import NotFoundError
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, write_json
from search_api.cli.usage import ChineseHelp
from search_api.opening import open_index
from search_api.printable import printable


@click.command("remove", cls=ChineseHelp, help="从索引中删除一份通知及其全部条款。文件本身不动。")
@click.argument("notice_id", metavar="通知编号")
@index_option
@json_option
def command(notice_id: str, index: str | None, as_json: bool) -> None:
    """Remove a notice with all its items from the index."""
    # Read-only first: a mistyped folder must not become a new, empty index.
    open_index(settings_of(index), read_only=True).close()
    held, wanted = open_index(settings_of(index), read_only=False), given_text(notice_id).strip()
    try:
        record = held.record(wanted)
        if record is None or not held.remove(wanted):
            raise NotFoundError(f"索引里没有编号为 {wanted} 的通知。用 xianli notices 查看编号。")
    finally:
        held.close()
    if as_json:
        write_json({"removed": wanted, "title": record.notice.title, "items": record.items})
    else:
        print(printable(f"已删除《{record.notice.title}》（{record.items} 条）。"))
