"""`xianli check`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from tqdm import tqdm  # type: ignore[import-untyped]

from corpus.errors import ReadError
from corpus.model import ParsedNotice
from indexer.confidence import Assessment, assess
from indexer.doubts import Doubt
from indexer.parsing import parse
from indexer.reading import File, find_files, read_document
from search_api.annotated import line_of
from search_api.answers import Answer
from search_api.cli.options import json_option
from search_api.cli.output import Page, Part, given_text, message, write_json
from search_api.cli.usage import ChineseHelp, WholeNumber

_WORDS = 24
"""Characters of the source that are shown of a doubt's place."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and what is to be thought of it."""

    path: str
    parsed: ParsedNotice
    assessment: Assessment


@click.command(
    "check",
    cls=ChineseHelp,
    help="逐份试读文件、文件夹里的通知，列出可能没有读对的，最可疑的在前。可信度从 0 到 1。不建索引。",
    epilog="例：xianli check 通知/ --top 10。再用 xianli parse 文件 --html 网页 逐处对照。",
)
@click.argument("paths", metavar="文件或文件夹…", nargs=-1, required=True)
@click.option("--top", type=WholeNumber(1, 100_000), default=20, help="最多列出几份（默认 20）")
@json_option
def command(paths: tuple[str, ...], top: int, as_json: bool) -> int:
    """Read every file and list the notices with doubts, worst first; exit code 1 when some could not be read."""
    checked: list[Checked] = []
    errors: list[ReadError] = []
    for outcome in _progress(list(find_files([Path(path) for path in paths]))):
        if isinstance(outcome, ReadError):
            errors.append(outcome)
        else:
            checked.append(outcome)
    doubtful = sorted(
        (one for one in checked if one.assessment.doubts), key=lambda one: (one.assessment.confidence, one.path)
    )
    if as_json:
        write_json(_answer(doubtful[:top], len(checked), len(doubtful), errors))
    else:
        _show(doubtful[:top], len(checked), len(doubtful), errors)
    return int(bool(errors))


def _progress(found: list[File | ReadError]) -> Iterator[Checked | ReadError]:
    """Check the files one by one, with a bar where somebody looks at it."""
    with tqdm(found, "试读", unit=" 份", disable=not sys.stderr.isatty(), leave=False) as bar:
        for file in bar:
            yield file if isinstance(file, ReadError) else _check(file.path)


def _check(path: Path) -> Checked | ReadError:
    try:
        parsed = parse(read_document(path))
    except ReadError as error:
        return error
    return Checked(given_text(str(path)), parsed, assess(parsed))


def _show(shown: list[Checked], checked: int, doubtful: int, errors: list[ReadError]) -> None:
    page = Page()
    for one in shown:
        page.line(*_heading(one))
        page.line((f"      {one.path}", "cyan"))
        for doubt in one.assessment.doubts:
            line, words = _place(one.parsed, doubt)
            where: list[Part] = [(f"第 {line} 行　", "dim")] if line else []
            page.line("      ", *where, doubt.message, (f"　“{words}”" if words else "", "dim"))
        page.line()
    for error in errors:
        message(f"失败：{given_text(error.detail)}")
    parts = [f"读了 {checked} 份", f"有存疑 {doubtful} 份", f"无存疑 {checked - doubtful} 份"]
    if errors:
        parts.append(f"读不出 {len(errors)} 份")
    if doubtful > len(shown):
        parts.append(f"列出最可疑的 {len(shown)} 份")
    page.line((" · ".join(parts), "dim"))


def _heading(one: Checked) -> list[Part]:
    confidence, count = one.assessment.confidence, len(one.assessment.doubts)
    about = f"  {len(one.parsed.items)} 条，存疑 {count} 处"
    return [(f"{confidence:.2f}", "bold yellow"), f"  {one.parsed.notice.title}", (about, "dim")]


def _place(parsed: ParsedNotice, doubt: Doubt) -> tuple[int | None, str | None]:
    """The line that a doubt is about, and the words there."""
    if doubt.span is None:
        return None, None
    text = parsed.document.text
    words = "".join(text[doubt.span.start : doubt.span.end].split())
    return line_of(text, doubt.span), words if len(words) <= _WORDS else f"{words[:_WORDS]}…"


def _answer(shown: list[Checked], checked: int, doubtful: int, errors: list[ReadError]) -> Answer:
    return {
        "checked": checked,
        "doubtful": doubtful,
        "notices": [
            {
                "path": one.path,
                "title": one.parsed.notice.title,
                "document_number": one.parsed.notice.document_number,
                "items": len(one.parsed.items),
                "confidence": round(one.assessment.confidence, 3),
                "doubts": [_doubt(one.parsed, doubt) for doubt in one.assessment.doubts],
            }
            for one in shown
        ],
        "errors": [{"code": error.code, "detail": given_text(error.detail)} for error in errors],
    }


def _doubt(parsed: ParsedNotice, doubt: Doubt) -> Answer:
    line, words = _place(parsed, doubt)
    span = {"start": doubt.span.start, "end": doubt.span.end} if doubt.span else None
    return {"code": doubt.code, "message": doubt.message, "line": line, "words": words, "span": span}
