"""`xianli similar`."""

from pathlib import Path

import click

from indexer.reading import read_document
from search_api.answers import search_answer
from search_api.cli.hits import show_hits
from search_api.cli.options import filter_options, filters_of, index_option, json_option, page_options, settings_of
from search_api.cli.output import given_text, write_json
from search_api.cli.usage import ChineseHelp
from search_api.filter_values import clean
from search_api.opening import open_service


@click.command(
    "similar",
    cls=ChineseHelp,
    help="查找其他通知里的相近条款：给出一条条款的编号，或一段文字，或一个文件。",
    epilog="例：xianli similar --text '健全行政裁量权基准制度' --district 鲤城区",
)
@click.argument("item_id", metavar="[条款编号]", required=False)
@click.option("--text", metavar="文字", help="要比对的条款文字")
@click.option("--file", "file", metavar="文件", help="要比对的条款所在的文件（全文）")
@filter_options
@page_options(5)
@index_option
@json_option
def command(
    item_id: str | None,
    text: str | None,
    file: str | None,
    top: int,
    offset: int,
    per_district: int,
    index: str | None,
    as_json: bool,
    **filters: tuple[str, ...],
) -> None:
    """Find the provisions of other notices that say the same."""
    if sum(given is not None for given in (item_id, text, file)) != 1:
        raise click.UsageError("条款编号、--text、--file 三者给一个，且只给一个。", click.get_current_context())
    wanted = filters_of(filters)
    if file is not None:
        text = read_document(Path(file)).text
    service = open_service(settings_of(index))
    limit = per_district or None
    if text is not None:
        result = service.similar_to_text(clean(given_text(text)), wanted, top=top, offset=offset, per_district=limit)
    else:
        wanted_id = clean(given_text(item_id or ""))
        result = service.similar_to_item(wanted_id, wanted, top=top, offset=offset, per_district=limit)
    if as_json:
        write_json(search_answer(result))
    else:
        show_hits(result, offset + 1)
