"""Ranking on statutes: `python -m benchmarks.stard FOLDER [--queries FILE] [--model FOLDER] [--index FOLDER]`.

FOLDER holds a set in the form of STARD (lay questions and the statute articles that answer them, arXiv 2406.15313):
`corpus.jsonl.gz` (id, name, text) and `queries-tune.jsonl` (qid, query, relevant ids). Every article becomes an item whose id is
the article's and every law a notice, in a real index, which is built once: a run that is stopped goes on where it was, and
articles are embedded again only when the text that stands for them has changed. Without a model the lexical leg is all.

Prints nDCG@10 and R@100 of each leg alone and of search as users get it.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

from tqdm import tqdm  # type: ignore[import-untyped]

from analyzers.embedding import Embedder
from analyzers.terms import Analyzer
from corpus.identity import notice_id
from corpus.model import Block, BlockKind, Document, ItemKind, Label, Notice, ParsedNotice, Source, Span, TaskItem
from indexer.analysis import embedded_text
from indexer.index.protocol import Index
from indexer.pipeline import embed_items
from indexer.reading.files import sha256
from search_api.evaluation.evaluate import Ranker, evaluate, searched_by, service_ranker
from search_api.evaluation.formats import read_queries
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.legs import Legs
from search_api.evaluation.measures import NDCG, RECALL_100
from search_api.evaluation.runs import Row, table
from search_api.opening import open_embedder, open_index
from search_api.search import SearchService
from search_api.settings import Settings

DEPTH = 100

_NAME = re.compile(r"(?P<law>.+?)(?P<label>第[一二三四五六七八九十百千零〇\d]+条(?:之[一二三四五六七八九十]+)?)")


def main() -> None:
    arguments = _arguments()
    settings = Settings(index=str(arguments.index or Settings().data / "stard"))
    if arguments.model:
        settings = settings.model_copy(update={"model": arguments.model})
    analyzer = Analyzer()
    queries = read_queries(arguments.queries or arguments.folder / "queries-tune.jsonl")
    with closing(open_index(settings, read_only=False)) as index:
        embedder = open_embedder(settings, index)
        build(list(laws(arguments.folder / "corpus.jsonl.gz")), index, embedder)
        print(
            f"{index.statistics().items:,} articles, {len(queries.queries):,} questions\n{'':16} {NDCG}  {RECALL_100}"
        )
        service, holdings = SearchService(index, analyzer, embedder), Holdings(index)
        for name, rank in systems(service, analyzer, embedder, holdings).items():
            progress = tqdm(queries.queries, name, leave=False)
            run = evaluate(progress, rank, holdings, searched_by(service, analyzer.version), DEPTH)
            print(_line(name, table(run)[-1]), flush=True)


def systems(
    service: SearchService, analyzer: Analyzer, embedder: Embedder | None, holdings: Holdings
) -> dict[str, Ranker]:
    """What is compared."""
    search = service_ranker(service, holdings, DEPTH)
    if embedder is None:
        return {"search, lexical": search}
    legs = Legs(service.index, analyzer, embedder, holdings, DEPTH)
    return {"lexical leg": legs.lexical, "vector leg": legs.vector, f"search, {service.mode}": search}


def laws(corpus: Path) -> Iterator[ParsedNotice]:
    """The laws of the set, each with its articles. Articles of a law need not lie together."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        articles = [(_NAME.fullmatch(row["name"]), row) for row in map(json.loads, lines)]
    named = [(match["law"], match["label"], row) for match, row in articles if match]
    assert len(named) == len(articles), "names without an article's number"
    for law, group in groupby(sorted(named, key=lambda article: article[0]), key=lambda article: article[0]):
        yield _law(law, [(label, row["id"], row["text"]) for _, label, row in group])


def build(parsed_laws: list[ParsedNotice], index: Index, embedder: Embedder | None) -> None:
    """Write the laws that the index lacks, or whose vectors it lacks."""
    pending = [law for law in parsed_laws if not _is_held(law, index, embedder)]
    with tqdm(total=sum(len(law.items) for law in pending), desc="index", unit=" articles") as bar:
        for law in pending:
            vectors = embed_items(law, index, embedder) if embedder else None
            index.write(law, law.notice.title, vectors, embedder.fingerprint if embedder else None)
            bar.update(len(law.items))


def _is_held(law: ParsedNotice, index: Index, embedder: Embedder | None) -> bool:
    held = index.record(law.notice.id)
    if held is None or held.notice.source.sha256 != law.notice.source.sha256:
        return False
    texts = {embedded_text(item) for item in law.items}
    return embedder is None or len(index.item_vectors(list(texts))) == len(texts)


def _law(title: str, articles: list[tuple[str, int, str]]) -> ParsedNotice:
    text = "\n".join(f"{label}　{body}" for label, _, body in articles)
    source = Source(f"{title}.txt", sha256(text.encode()))
    notice = Notice(
        id=notice_id(None, None, title, None),
        title=title,
        notice_title=None,
        document_number=None,
        issuer=None,
        date_issued=None,
        province=None,
        city=None,
        district=None,
        plan_year_start=None,
        plan_year_end=None,
        doc_type="法律",
        aliases=(),
        source=source,
    )
    items = tuple(
        _article(notice, order, label, str(number), body) for order, (label, number, body) in enumerate(articles, 1)
    )
    blocks = (Block(BlockKind.TEXT, Span(0, len(text))),)
    return ParsedNotice(notice, items, blocks, (), Document(text, source))


def _article(notice: Notice, order: int, label: str, item_id: str, text: str) -> TaskItem:
    return TaskItem(
        id=item_id,
        notice_id=notice.id,
        order=order,
        kind=ItemKind.REQUIREMENT,
        label=label,
        path=(label,),
        labels=(Label(label),),
        heading=None,
        text=text,
        units=(),
        units_raw=None,
        schedule=None,
        deadlines=(),
        targets=(),
        basis=(),
        mentions=(),
        span=Span(0, 0),
    )


def _line(name: str, row: Row) -> str:
    return f"{name:16} {row.values[NDCG]:.4f}   {row.values[RECALL_100]:.4f}"


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--queries", type=Path, help="questions; queries-tune.jsonl of the folder by default")
    arguments.add_argument("--model", type=Path, help="folder of the embedding model")
    arguments.add_argument("--index", type=Path, help="folder of the index; in the data folder by default")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
