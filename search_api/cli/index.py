"""`xianli index`."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from tqdm import tqdm  # type: ignore[import-untyped]

from analyzers.embedding import Embedder
from corpus.errors import ReadError
from indexer.index.protocol import Index, Statistics
from indexer.parsing.places import Place, read_place
from indexer.pipeline import Outcome, Status, index_files
from indexer.reading import File, find_files
from search_api.answers import Answer
from search_api.cli.hits import LEXICAL_ONLY
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.usage import ChineseHelp
from search_api.opening import open_embedder, open_index
from search_api.printable import printable

_WORDS = {
    Status.ADDED: "新增",
    Status.REPLACED: "更新",
    Status.UNCHANGED: "未变",
    Status.DUPLICATE: "重复",
    Status.FAILED: "失败",
}


@click.command(
    "index",
    cls=ChineseHelp,
    help="把文件、文件夹里的通知收录进索引。可以反复运行：没有变化的文件不再处理，改过的文件更新。",
    epilog="例：xianli index 通知/ 补充/2024年工作要点.txt",
)
@click.argument("paths", metavar="文件或文件夹…", nargs=-1, required=True)
@click.option("--place", metavar="地名", help="这些通知是哪个地方的，如 福州市鼓楼区；通知里看不出或有重名时使用")
@index_option
@json_option
def command(paths: tuple[str, ...], place: str | None, index: str | None, as_json: bool) -> int:
    """Bring files and folders into the index; exit code 1 when some could not be read, 130 when interrupted."""
    known = read_place(place) if place else None
    if place and known is None:
        raise click.BadParameter(f"“{place}”不是地名，请写全称，如 福建省福州市鼓楼区", param_hint="--place")
    settings = settings_of(index)
    held = open_index(settings, read_only=False)
    outcomes: list[Outcome] = []
    interrupted = False
    try:
        embedder = open_embedder(settings, held)
        for outcome in _progress(list(find_files([Path(path) for path in paths])), held, embedder, known):
            outcomes.append(outcome)
            if outcome.error:
                tqdm.write(printable(f"失败：{given_text(outcome.error.detail)}"), file=sys.stderr)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        held_now = held.statistics()
        held.close()
    if as_json:
        write_json(_answer(outcomes, held_now, embedder is not None, interrupted))
    else:
        _summarise(outcomes, held_now, embedder is not None)
    if interrupted:
        message("已中断。已处理的文件都已存好；再运行一次同样的命令，会接着处理其余的文件。")
        return 130
    return int(any(outcome.error for outcome in outcomes))


def _progress(
    found: list[File | ReadError], held: Index, embedder: Embedder | None, place: Place | None
) -> Iterator[Outcome]:
    """Index the files one by one, with a bar where somebody looks at it."""
    counts: Counter[Status] = Counter()
    outcomes = index_files(found, held, embedder, place)
    with tqdm(outcomes, "收录", len(found), unit=" 份", disable=not sys.stderr.isatty(), leave=False) as bar:
        for outcome in bar:
            counts[outcome.status] += 1
            bar.set_postfix_str(
                " ".join(f"{word} {counts[status]}" for status, word in _WORDS.items() if counts[status])
            )
            yield outcome


def _summarise(outcomes: list[Outcome], held: Statistics, with_model: bool) -> None:
    counts = Counter(outcome.status for outcome in outcomes)
    changed = sum(outcome.items for outcome in outcomes if outcome.status in (Status.ADDED, Status.REPLACED))
    for outcome in outcomes:
        if outcome.status is Status.DUPLICATE:
            print(printable(f"重复：{given_text(outcome.path)} 与已收录的《{outcome.title}》内容相同"))
    if not outcomes:
        print("没有找到文件。")
    elif counts[Status.UNCHANGED] == len(outcomes):
        print(f"没有变化：{len(outcomes)} 份通知都已收录。")
    else:
        written = f" · 写入条款 {changed} 条" if changed else ""
        print(" · ".join(f"{word} {counts[status]}" for status, word in _WORDS.items()) + written)
    print(f"索引现有 {held.notices} 份通知、{held.items} 条条款。")
    if not with_model:
        message(LEXICAL_ONLY)


def _answer(outcomes: list[Outcome], held: Statistics, with_model: bool, interrupted: bool) -> Answer:
    counts = Counter(outcome.status for outcome in outcomes)
    return {
        "counts": {str(status): counts[status] for status in Status},
        "files": [
            {
                "path": given_text(outcome.path),
                "status": str(outcome.status),
                "notice_id": outcome.notice_id,
                "title": outcome.title,
                "items": outcome.items,
                "warnings": outcome.warnings,
                "error": outcome.error and {"code": outcome.error.code, "detail": given_text(outcome.error.detail)},
            }
            for outcome in outcomes
        ],
        "held": {"notices": held.notices, "items": held.items},
        "mode": "hybrid" if with_model else "lexical",
        "interrupted": interrupted,
    }
