"""`xianli show`."""

import click

from search_api.answers import item_answer, notice_answer
from search_api.cli.notice_lines import show_item, show_notice, show_source
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, write_json
from search_api.cli.usage import ChineseHelp
from search_api.opening import open_index
from search_api.printable import printable


@click.command("show", cls=ChineseHelp, help="按编号显示一条条款（连同引文），或一份通知。编号见检索结果。")
@click.argument("identifier", metavar="编号")
@click.option("--source", is_flag=True, help="同时显示原文，条款所在的各行标以 >")
@index_option
@json_option
def command(identifier: str, source: bool, index: str | None, as_json: bool) -> None:
    """Show an item or a notice by its id."""
    held, wanted = open_index(settings_of(index), read_only=True), given_text(identifier).strip()
    if "-" not in wanted:
        parsed = held.notice(wanted)
        if as_json:
            write_json(notice_answer(parsed) | ({"source_text": parsed.document.text} if source else {}))
            return
        show_notice(parsed)
        if source:
            print(f"\n{printable(parsed.document.text)}")
        return
    item = held.items([wanted])[0]
    parsed = held.notice(item.notice_id)
    if as_json:
        write_json(item_answer(parsed, item))
        return
    show_item(parsed, item)
    if source:
        show_source(parsed, item)
