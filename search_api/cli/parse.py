"""`xianli parse`."""

from pathlib import Path

import click

from corpus.errors import XianliError
from corpus.model import ParsedNotice
from indexer.preparation import parse_document
from indexer.reading import read_document
from search_api.answers import parse_answer
from search_api.cli.notice_lines import show_notice
from search_api.cli.options import json_option
from search_api.cli.output import given_text, write_json
from search_api.cli.usage import ChineseHelp


@click.command(
    "parse",
    cls=ChineseHelp,
    help="拆出一份通知的条款：层级、责任单位、时限、依据，以及存疑之处。不建索引。",
    epilog="例：xianli parse 通知.txt --html 通知.html",
)
@click.argument("file", metavar="文件")
@click.option("--html", "page", metavar="网页", help="存为一个网页文件：左边原文，右边读出的条款，逐处对照")
@json_option
def command(file: str, page: str | None, as_json: bool) -> None:
    """Parse one file and show what was found."""
    parsed = parse_document(read_document(Path(file)), file)
    if page is not None:
        _write_page(parsed, Path(page))
    if as_json:
        write_json(parse_answer(parsed))
    elif page is None:
        show_notice(parsed)
    else:
        print(f"已存为 {given_text(page)}，请用浏览器打开。")


def _write_page(parsed: ParsedNotice, path: Path) -> None:
    from search_api.web.parsed import parsed_page

    try:
        # Lone surrogates, which damaged files can hold, have no form in UTF-8.
        path.write_text(parsed_page(parsed), encoding="utf-8", errors="replace")
    except OSError as error:
        raise XianliError(
            f"{path}：无法写入（{error.strerror or error}）。请换一个位置。", code="unwritable"
        ) from error
