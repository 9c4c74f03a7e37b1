"""`xianli eval`."""

import sys
from pathlib import Path

import click
from tqdm import tqdm  # type: ignore[import-untyped]

from analyzers.terms import Analyzer
from search_api.cli.evaluation_lines import show_comparison, show_run
from search_api.cli.hits import LEXICAL_ONLY
from search_api.cli.options import index_option, json_option, settings_of
from search_api.cli.output import given_text, message, write_json
from search_api.cli.usage import ChineseHelp, WholeNumber
from search_api.evaluation.answers import evaluation_answer
from search_api.evaluation.comparison import compare_runs
from search_api.evaluation.evaluate import evaluate, searched_by, service_ranker
from search_api.evaluation.files import write_whole
from search_api.evaluation.formats import JudgedQueries, read_queries
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.libraries import require_libraries
from search_api.evaluation.runs import Run, load_run, save_run
from search_api.expansion import synonym_table
from search_api.opening import open_index, open_service
from search_api.search import DEEPEST, SearchService
from search_api.settings import Settings

_LEAST_DEPTH = 10
"""Less is looked at by none of the measures."""


@click.command(
    "eval",
    cls=ChineseHelp,
    help="用标注过的查询评测检索效果。查询文件是 JSON 行（含判断），或 TREC 主题（判断另给）。",
    epilog="例：xianli eval 查询.jsonl --save 今日.json --against 上次.json --html 报告.html",
)
@click.argument("queries", metavar="查询文件")
@click.option("--qrels", metavar="文件", help="TREC 格式的判断；查询文件则是“编号、制表符、检索词”")
@click.option("--depth", type=WholeNumber(_LEAST_DEPTH, DEEPEST), default=100, help="每个查询取前几条（默认 100）")
@click.option("--lexical", is_flag=True, help="只评字词检索，不用向量")
@click.option("--save", metavar="文件", help="存下这次的结果（JSON），供以后比较")
@click.option("--against", metavar="文件", help="与以前存下的结果比较")
@click.option("--html", "page", metavar="网页", help="存为一个网页文件：图表、比较、没有查好的查询")
@index_option
@json_option
def command(
    queries: str,
    qrels: str | None,
    depth: int,
    lexical: bool,
    save: str | None,
    against: str | None,
    page: str | None,
    index: str | None,
    as_json: bool,
) -> int:
    """Run judged queries and show the measures; exit code 1 when some lines could not be read."""
    require_libraries()
    former = load_run(Path(against)) if against else None
    judged = read_queries(Path(queries), Path(qrels) if qrels else None)
    for error in judged.errors:
        message(f"失败：{given_text(error.detail)}")
    settings = settings_of(index)
    service = _service(settings, lexical)
    holdings = Holdings(service.index)
    run = _run(judged, service, holdings, depth)
    comparison = compare_runs(former, run) if former else None
    if save:
        save_run(run, Path(save))
    if page:
        from search_api.evaluation.report import report_page

        write_whole(Path(page), report_page(run, comparison, holdings).encode(errors="replace"))
    if as_json:
        write_json(evaluation_answer(run, comparison, judged.errors))
    else:
        show_run(run)
        if comparison:
            show_comparison(comparison, holdings)
        for path in filter(None, (save, page)):
            print(f"已存为 {given_text(path)}")
        if run.searched.mode == "lexical" and not lexical:
            message(LEXICAL_ONLY)
    return int(bool(judged.errors))


def _service(settings: Settings, lexical: bool) -> SearchService:
    if not lexical:
        return open_service(settings)
    return SearchService(open_index(settings, read_only=True), Analyzer(), None, synonym_table(settings.synonyms))


def _run(judged: JudgedQueries, service: SearchService, holdings: Holdings, depth: int) -> Run:
    """Run the queries, with a bar where somebody looks at it."""
    rank = service_ranker(service, holdings, depth)
    searched = searched_by(service, Analyzer().version)
    with tqdm(judged.queries, "评测", unit=" 个", disable=not sys.stderr.isatty(), leave=False) as bar:
        return evaluate(bar, rank, holdings, searched, depth)
