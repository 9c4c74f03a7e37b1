"""`xianli similar`."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource
from tqdm import tqdm  # type: ignore[import-untyped]

from indexer.index.filters import Filters
from indexer.reading import read_document
from search_api.answers import search_answer
from search_api.cli.draft_lines import show_precedents
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
from search_api.draft_answers import draft_answer
from search_api.drafts import Draft, ItemPrecedents, precedents, read_draft
from search_api.filter_values import clean
from search_api.opening import open_service

if TYPE_CHECKING:
    from search_api.settings import Settings

_TOP_OF_DRAFT, _PER_DISTRICT_OF_DRAFT = 3, 1
"""Precedents of each provision of a draft, and of one district, where the command line does not say how many."""


@click.command(
    "similar",
    cls=ChineseHelp,
    help="查找其他通知里的相近条款：给出一条条款的编号，或一段文字，或一个文件。文件里有多条条款时逐条比对，"
    "每条列出 3 个区县的先例（可用 --top、--per-district 另定）和不同之处。",
    epilog="例：xianli similar --text '健全行政裁量权基准制度' --district 鲤城区；xianli similar --file 征求意见稿.docx",
)
@click.argument("item_id", metavar="[条款编号]", required=False)
@click.option("--text", metavar="文字", help="要比对的条款文字")
@click.option("--file", "file", metavar="文件", help="要比对的条款或整份文稿所在的文件")
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
    """Find the provisions of other notices that say the same; exit code 1 when some of a draft could not be compared."""
    if sum(given is not None for given in (item_id, text, file)) != 1:
        raise click.UsageError("条款编号、--text、--file 三者给一个，且只给一个。", click.get_current_context())
    wanted = filters_of(filters)
    if export:
        export_format(export)
    if file is not None:
        document = read_document(Path(file))
        draft = read_draft(document)
        if len(draft.items) > 1:
            for option in ("offset", "export"):
                if _given(option):
                    raise click.UsageError(f"整份文稿逐条比对，不能用 --{option}。", click.get_current_context())
            some = top if _given("top") else _TOP_OF_DRAFT
            few = per_district if _given("per_district") else _PER_DISTRICT_OF_DRAFT
            return _compare(draft, wanted, some, few or None, settings_of(index), as_json)
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


def _given(option: str) -> bool:
    """Whether an option stands on the command line."""
    return click.get_current_context().get_parameter_source(option) is not ParameterSource.DEFAULT


def _compare(
    draft: Draft, wanted: Filters, top: int, per_district: int | None, settings: "Settings", as_json: bool
) -> int:
    service = open_service(settings)
    sought = precedents(draft, partial(service.similar_to_text, top=top, per_district=per_district), wanted)
    found = list(_progress(sought, len(draft.items)))
    if as_json:
        write_json(draft_answer(draft, found, service.mode))
    else:
        show_precedents(draft, found, service.mode)
    return int(any(one.error for one in found))


def _progress(sought: Iterator[ItemPrecedents], items: int) -> Iterator[ItemPrecedents]:
    """The provisions as they are compared, with a bar where somebody looks at it."""
    with tqdm(sought, "比对", items, unit=" 条", disable=not sys.stderr.isatty(), leave=False) as bar:
        yield from bar
