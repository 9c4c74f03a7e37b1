"""Ranking by the term streams alone: `python -m benchmarks.stard_lexical FOLDER`.

FOLDER holds a set in the form of STARD, as benchmarks/stard.py describes it. Ranks by BM25 (k1 1.2, b 0.75) over tantivy with the
white space tokenizer, and compares the streams with what they could be instead, which an index does not hold.
"""

import argparse
import gzip
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import jieba
import tantivy

from analyzers.folding import fold
from analyzers.segmentation import load_segmenter
from analyzers.terms import Analyzer
from indexer.index.protocol import ScoredItem
from search_api.evaluation.formats import read_queries
from search_api.evaluation.judgements import Judged, Qrel
from search_api.evaluation.measures import NDCG, RECALL_100, Measures, means

Streams = dict[str, list[str]]
"""Terms by field; the scores of the fields are added."""

DEPTH = 100


@dataclass(frozen=True, slots=True)
class Article:
    """A document of the set."""

    id: int
    text: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    folder = arguments.parse_args().folder
    articles, questions = read_articles(folder), read_queries(folder / "queries-tune.jsonl").queries
    print(f"{len(articles):,} articles, {len(questions):,} questions\n{'':36} {NDCG}  {RECALL_100}")
    for name, analyse in systems().items():
        index = build_index(articles, analyse)
        values = measured(questions, {judged.qid: search(index, analyse(judged.query)) for judged in questions})
        print(f"{name:36} {values[NDCG]:.4f}   {values[RECALL_100]:.4f}", flush=True)


def systems() -> dict[str, Callable[[str], Streams]]:
    """What is compared: each turns a text into terms by field."""
    analyzer, general = Analyzer(), load_segmenter([])
    tokenizer = jieba.Tokenizer()
    # Not initialize(), which would load what anyone left in the shared temporary folder.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True

    def both(text: str) -> Streams:
        terms = analyzer.analyse(text)
        return {"words": list(terms.words), "grams": list(terms.grams)}

    def only(field: str) -> Callable[[str], Streams]:
        return lambda text: {field: both(text)[field]}

    def cut_by(cut: Callable[[str], Iterable[str]]) -> Callable[[str], Streams]:
        return lambda text: {"words": [word for word in cut(fold(text)) if any(map(str.isalnum, word))]}

    return {
        "words": only("words"),
        "words, no domain dictionary": cut_by(general.cut_for_search),
        "words, not in search mode": cut_by(general.cut),
        "words, hidden Markov model (jieba)": cut_by(tokenizer.cut_for_search),
        "grams": only("grams"),
        "words + grams": both,
    }


def read_articles(folder: Path) -> list[Article]:
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as rows:
        return [Article(row["id"], f"{row['name']}\n{row['text']}") for row in map(json.loads, rows)]


def measured(questions: Sequence[Judged], rankings: dict[str, list[ScoredItem]]) -> dict[str, float]:
    """The means over all questions."""
    qrels = [Qrel(one.qid, str(judgement.target), judgement.grade) for one in questions for judgement in one.judgements]
    return means(Measures(DEPTH, 1).of(qrels, rankings).values())


def build_index(articles: list[Article], analyse: Callable[[str], Streams]) -> tantivy.Index:
    schema = tantivy.SchemaBuilder().add_unsigned_field("id", stored=True)
    for field in ("words", "grams"):
        schema.add_text_field(field, tokenizer_name="white_space", index_option="freq")
    index = tantivy.Index(schema.build())
    splitter = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("white_space", splitter)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for article in articles:
        fields = {field: " ".join(terms) for field, terms in analyse(article.text).items()}
        writer.add_document(tantivy.Document(id=article.id, **fields))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def search(index: tantivy.Index, streams: Streams) -> list[ScoredItem]:
    """The best documents, best first."""
    clauses = [
        (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, field, term, "freq"))
        for field, terms in streams.items()
        for term in terms
    ]
    searcher = index.searcher()
    hits = searcher.search(tantivy.Query.boolean_query(clauses), DEPTH).hits
    return [ScoredItem(str(searcher.doc(address)["id"][0]), score) for score, address in hits]


if __name__ == "__main__":
    main()
