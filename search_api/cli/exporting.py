"""Hit lists as files: the option `--export` of the commands that list hits."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from corpus.errors import XianliError
from search_api.cli.output import given_text

if TYPE_CHECKING:
    from indexer.index.filters import Filters
    from search_api.exports import Format
    from search_api.results import SearchResult
    from search_api.search import SearchService

export_option = click.option(
    "--export",
    metavar="文件",
    help="存为 .csv、.xlsx 或 .docx（对照表）文件，不另给 --top 时至多 1000 条",
)


def export_format(file: str) -> "Format":
    """The format that the name of a file asks for; raises QueryError. To be asked before the search."""
    from search_api.exports import read_format

    return read_format(Path(given_text(file)).suffix)


def exported_rows(top: int, offset: int) -> int:
    """How many hits go into a file: what `--top` says, or all that can be paged through."""
    from search_api.search import DEEPEST

    source = click.get_current_context().get_parameter_source("top")
    return top if source is not ParameterSource.DEFAULT else max(1, DEEPEST - offset)


def export_hits(
    result: "SearchResult",
    service: "SearchService",
    wanted: "Filters",
    offset: int,
    file: str,
    like: str | None = None,
) -> str:
    """Write hits to a file and say so, in a line. `like` is the citation of the item that was asked about."""
    from search_api.exports import Format, write_table
    from search_api.exports.hit_table import Origin, hit_table

    file_format, content = export_format(file), BytesIO()
    origin = Origin(wanted, offset + 1, service.index.generation, date.today(), like)
    write_table(hit_table(result, origin, brief=file_format is Format.DOCX), file_format, content)
    save(content.getvalue(), file)
    return f"已存为 {given_text(file)}：{len(result.hits)} 条，共 {result.total} 条符合。"


def save(content: bytes, file: str) -> None:
    """Write a file that was named on the command line; raises XianliError where that can't be."""
    try:
        Path(file).write_bytes(content)
    except OSError as error:
        raise XianliError(
            f"{given_text(file)}：无法写入（{error.strerror or error}）。请换一个位置。", code="unwritable"
        ) from error
