"""`xianli similar`."""

from pathlib import Path

import click

from indexer.reading import read_document
from search_api.answers import search_answer
from search_api.cli.exporting import export_format, export_hits, export_option, exported_rows
from search_api.cli.hits import show_hits
from search_api.cli.options import (
    collapse_option,
    filter_options,
    filters_of,
    index_option,
    json_option,
    page_options,
    settings_of,
)
from search_api.cli.output import given_text, write_json
from search_api.cli.usage import ChineseHelp
from search_api.drafting.draft import read_draft
from search_api.filter_values import clean
from search_api.opening import open_service


@click.command(
    "similar",
    cls=ChineseHelp,
    help="查找其他通知里的相近条款：给出一条条款的编号，或一段文字，或只有一条条款的文件。整份文稿请用 xianli draft。",
    epilog="例：xianli similar --text '健全行政裁量权基准制度' --district 鲤城区",
)
@click.argument("item_id", metavar="[条款编号]", required=False)
@click.option("--text", metavar="文字", help="要比对的条款文字")
@click.option("--file", "file", metavar="文件", help="要比对的条款所在的文件")
@filter_options
@page_options(5)
@collapse_option
@export_option
@index_option
@json_option
def command(
    item_id: str | None,
    text: str | None,
    file: str | None,
    top: int,
    offset: int,
    per_district: int,
    collapse: bool,
    export: str | None,
    index: str | None,
    as_json: bool,
    **filters: tuple[str, ...],
) -> int:
    """Find the provisions of other notices that say the same."""
    if sum(given is not None for given in (item_id, text, file)) != 1:
        raise click.UsageError("条款编号、--text、--file 三者给一个，且只给一个。", click.get_current_context())
    wanted = filters_of(filters)
    if export:
        export_format(export)
    if file is not None:
        document = read_document(Path(file))
        if (items := len(read_draft(document).items)) > 1:
            raise click.UsageError(
                f"文件里有 {items} 条条款。整份文稿请用 xianli draft {given_text(file)}。", click.get_current_context()
            )
        text = document.text
    service = open_service(settings_of(index))
    similar = service.similar_to_item if text is None else service.similar_to_text
    result = similar(
        clean(given_text(text or item_id or "")),
        wanted,
        top=exported_rows(top, offset) if export else top,
        offset=offset,
        per_district=per_district or None,
        collapse=collapse,
    )
    told = None
    if export:
        like = service.citation(clean(given_text(item_id))).text if item_id else None
        told = export_hits(result, service, wanted, offset, export, like)
    if as_json:
        write_json(search_answer(result))
    elif told:
        print(told)
    else:
        show_hits(result, offset + 1)
    return 0
