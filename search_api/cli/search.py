"""`xianli search`."""

import click

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
from search_api.filter_values import clean
from search_api.opening import open_service


@click.command(
    "search",
    cls=ChineseHelp,
    help="检索条款。检索词可以是词语、问句或条款原文；给了筛选条件时可以为空（''）。",
    epilog="例：xianli search 行政执法案卷评查 --year 2016-2020 --unit 司法局 --role 牵头",
)
@click.argument("query", metavar="检索词")
@filter_options
@page_options(0)
@collapse_option
@click.option("--plain", multiple=True, metavar="词语", help="检索词里按字面检索、不作理解的词语；* 为全部")
@export_option
@index_option
@json_option
def command(
    query: str,
    top: int,
    offset: int,
    per_district: int,
    collapse: bool,
    plain: tuple[str, ...],
    export: str | None,
    index: str | None,
    as_json: bool,
    **filters: tuple[str, ...],
) -> None:
    """Search the index and show the hits, or write them to a file."""
    wanted = filters_of(filters)
    if export:
        export_format(export)
        top = exported_rows(top, offset)
    service = open_service(settings_of(index))
    result = service.search(
        clean(given_text(query)),
        wanted,
        top=top,
        offset=offset,
        per_district=per_district or None,
        collapse=collapse,
        plain=[clean(given_text(text)) for text in plain],
    )
    told = export_hits(result, service, wanted, offset, export) if export else None
    if as_json:
        write_json(search_answer(result))
    elif told:
        print(told)
    else:
        show_hits(result, offset + 1)
