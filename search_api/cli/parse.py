"""`xianli parse`."""

from pathlib import Path

import click

from indexer.pipeline import parse_document
from indexer.reading import read_document
from search_api.answers import parse_answer
from search_api.cli.notice_lines import show_notice
from search_api.cli.options import json_option
from search_api.cli.output import write_json
from search_api.cli.usage import ChineseHelp


@click.command(
    "parse", cls=ChineseHelp, help="拆出一份通知的条款：层级、责任单位、时限、依据，以及存疑之处。不建索引。"
)
@click.argument("file", metavar="文件")
@json_option
def command(file: str, as_json: bool) -> None:
    """Parse one file and show what was found."""
    parsed = parse_document(read_document(Path(file)), file)
    if as_json:
        write_json(parse_answer(parsed))
    else:
        show_notice(parsed)
