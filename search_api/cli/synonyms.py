"""`xianli synonyms`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzers.folding import fold
from analyzers.lexicon.synonyms import SynonymTable, compare_rows, read_synonyms
from analyzers.terms import Analyzer
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.usage import ChineseGroup, ChineseHelp
from search_api.expansion import phrases, searched_besides, synonym_table

if TYPE_CHECKING:
    from search_api.evaluation.comparison import Comparison
    from search_api.evaluation.formats import JudgedQueries
    from search_api.evaluation.holdings import Holdings
    from search_api.evaluation.judgements import Judged
    from search_api.search import SearchService


@click.group(
    "synonyms",
    cls=ChineseGroup,
    help="查看、检查同义词，预览改动对排序的影响。自己的词表用环境变量 XIANLI_SYNONYMS 指定。",
)
def command() -> None:
    """The synonyms."""


@command.command("check", cls=ChineseHelp, help="检查一个词表文件，列出各行")
@click.argument("file", metavar="词表")
@json_option
def check(file: str, as_json: bool) -> None:
    """Read a file of synonyms and show its rows."""
    path = Path(given_text(file))
    rows = read_synonyms(path)
    shipped = {row.phrase: row for row in synonym_table().rows}
    replaced = {row.phrase: shipped[row.phrase] for row in rows if row.phrase in shipped}
    if as_json:
        from search_api.synonym_answers import rows_answer

        write_json(rows_answer(path, rows, replaced))
    else:
        from search_api.cli.synonym_lines import show_rows

        show_rows(rows, replaced)


@command.command("find", cls=ChineseHelp, help="一个查询会扩展成哪些词语，依据是什么")
@click.argument("query", metavar="查询")
@json_option
def find(query: str, as_json: bool) -> None:
    """Show what a query is expanded to."""
    folded = fold(given_text(query))
    matches = phrases(folded, synonym_table(settings_of(None).synonyms), Analyzer())
    found = [(folded[match.start : match.end], match, searched_besides(folded, match)) for match in matches]
    if as_json:
        from search_api.synonym_answers import expansion_answer

        write_json(expansion_answer(given_text(query), found))
    else:
        from search_api.cli.synonym_lines import show_expansion

        show_expansion(found)


@command.command(
    "diff",
    cls=ChineseHelp,
    help="预览换用一个词表后排序怎样变动：用现在的词表和新词表各检索一遍，列出前 10 条有进出、换位的查询",
    epilog="例：xianli synonyms diff 新词表.tsv --queries 常用查询.txt",
)
@click.argument("file", metavar="新词表")
@click.option("--queries", metavar="文件", help="用来检索的查询：每行一个，或标注过的查询；不给时用改动了的词语")
@click.option("--qrels", metavar="文件", help="TREC 格式的判断；查询文件则是“编号、制表符、检索词”")
@click.option("--instead", is_flag=True, help="新词表单独使用，不加自带的词语")
@index_option
@json_option
def diff(file: str, queries: str | None, qrels: str | None, instead: bool, index: str | None, as_json: bool) -> int:
    """Show how rankings would move; exit code 1 when some queries could not be read."""
    from search_api.evaluation.holdings import Holdings
    from search_api.opening import open_service

    if qrels and not queries:
        raise click.UsageError("--qrels 要和 --queries 一起给。", click.get_current_context())
    settings, new = settings_of(index), Path(given_text(file))
    before, after = (
        synonym_table(settings.synonyms),
        SynonymTable(read_synonyms(new)) if instead else synonym_table(new),
    )
    changes = compare_rows(before, after)
    judged = _queries(queries, qrels, changes.phrases)
    for error in judged.errors:
        message(f"失败：{given_text(error.detail)}")
    service = open_service(settings)
    holdings = Holdings(service.index)
    comparison = _compared(judged.queries, service, service.with_synonyms(after), holdings)
    if as_json:
        from search_api.synonym_answers import changes_answer

        write_json(changes_answer(changes, comparison, holdings, judged.errors))
    else:
        from search_api.cli.hits import LEXICAL_ONLY
        from search_api.cli.synonym_lines import show_changes

        show_changes(changes, comparison, holdings)
        if service.mode == "lexical":
            message(LEXICAL_ONLY)
    return int(bool(judged.errors))


def _queries(file: str | None, qrels: str | None, changed: Sequence[str]) -> "JudgedQueries":
    """The queries of a file, or the phrases that changed as queries."""
    from search_api.evaluation.formats import JudgedQueries, read_saved_queries
    from search_api.evaluation.judgements import Judged

    if file is None:
        return JudgedQueries(tuple(Judged(phrase, "query", phrase) for phrase in changed), ())
    return read_saved_queries(Path(given_text(file)), Path(given_text(qrels)) if qrels else None)


def _compared(
    queries: "Sequence[Judged]", before: "SearchService", after: "SearchService", holdings: "Holdings"
) -> "Comparison":
    """Both services on the same queries, with a bar where somebody looks at it."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    from search_api.evaluation.comparison import DEPTH, compare_runs
    from search_api.evaluation.evaluate import evaluate, searched_by, service_ranker
    from search_api.evaluation.libraries import require_libraries

    if any(judged.judgements for judged in queries):
        require_libraries()
    version = Analyzer().version
    runs = []
    for label, service in (("现在的词表", before), ("新词表", after)):
        with tqdm(queries, label, unit=" 个", disable=not sys.stderr.isatty(), leave=False) as bar:
            rank = service_ranker(service, holdings, DEPTH)
            runs.append(evaluate(bar, rank, holdings, searched_by(service, version), DEPTH))
    return compare_runs(*runs)
