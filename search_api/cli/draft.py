"""`xianli draft`."""

import sys
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import click
from tqdm import tqdm  # type: ignore[import-untyped]

from corpus.errors import QueryError
from indexer.reading import read_document
from search_api.cli.draft_lines import show_desk
from search_api.cli.exporting import save
from search_api.cli.options import filter_options, filters_of, index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.drafting.answers import desk_answer
from search_api.drafting.desk import Desk, ItemDesk, complete, item_desks
from search_api.drafting.draft import read_draft
from search_api.opening import open_service


@click.command(
    "draft",
    cls=ChineseHelp,
    help="对照先例看一份文稿：每条条款的相近先例、常见的责任单位、时限、指标和依据，整份文稿可能缺少的条款、与收录不符的引用。"
    "文稿不收录。",
    epilog="例：xianli draft 征求意见稿.docx --province 福建省 --out 对照.docx",
)
@click.argument("file", metavar="文件")
@filter_options
@click.option("--top", type=WholeNumber(1, 20), default=3, help="每条最多列出几个先例，1 至 20（默认 3）")
@click.option("--out", metavar="文件.docx", help="存为 Word 文件")
@index_option
@json_option
def command(file: str, top: int, out: str | None, index: str | None, as_json: bool, **filters: tuple[str, ...]) -> int:
    """What precedents say about a draft; exit code 1 when some of it could not be compared."""
    wanted = filters_of(filters)
    if out and Path(given_text(out)).suffix.lower() != ".docx":
        raise QueryError(f"{given_text(out)}：只能存为 .docx 文件。", code="bad_format")
    draft = read_draft(read_document(Path(file)))
    if not draft.items:
        raise QueryError(f"{given_text(file)}：文件里没有条款可以比对。", code="empty_query")
    service = open_service(settings_of(index))
    items = list(_progress(item_desks(draft, service, wanted), len(draft.items)))
    desk = complete(draft, items, service)
    if out:
        _write(desk, service.index.generation, out)
    if as_json:
        write_json(desk_answer(desk, top))
    elif not out:
        show_desk(desk, top)
    return int(any(one.error for one in items))


def _write(desk: Desk, generation: int, out: str) -> None:
    from search_api.exports.desk_document import write_desk

    content = BytesIO()
    write_desk(desk, generation, date.today(), content)
    save(content.getvalue(), out)
    message(f"已存为 {given_text(out)}。")


def _progress(items: Iterator[ItemDesk], total: int) -> Iterator[ItemDesk]:
    """The provisions as they are compared, with a bar where somebody looks at it."""
    with tqdm(items, "比对", total, unit=" 条", disable=not sys.stderr.isatty(), leave=False) as bar:
        yield from bar
