"""Both backends rank alike: the same notices in both, the judged queries, their first ten hits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.embedding import Embedder
from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.terms import Analyzer
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from indexer.pipeline import Outcome, index_files
from indexer.reading import find_files
from search_api.evaluation.evaluate import service_ranker
from search_api.evaluation.formats import read_queries
from search_api.evaluation.holdings import Holdings
from search_api.search import SearchService

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT / "corpus" / "samples"
QUERIES = PROJECT / "tests" / "search_api" / "evaluation" / "samples.jsonl"
TOP = 10
LEAST_AGREEMENT = {"lexical": 0.98, "hybrid": 0.95}

pytestmark = pytest.mark.elasticsearch


@pytest.fixture(params=["lexical", "hybrid"])
def embedder(request: pytest.FixtureRequest) -> Embedder | None:
    return None if request.param == "lexical" else OnnxEmbedder(request.getfixturevalue("model_folder"))


@pytest.fixture
def both(tmp_path: Path, elasticsearch_address: str) -> Iterator[tuple[Index, Index]]:
    with (
        EmbeddedIndex.open(tmp_path / "index", Analyzer()) as embedded,
        ElasticsearchIndex.open(elasticsearch_address, Analyzer()) as elasticsearch,
    ):
        yield embedded, elasticsearch


def index_samples(index: Index, embedder: Embedder | None) -> list[Outcome]:
    return list(index_files(find_files([SAMPLES]), index, embedder))


def first_hits(index: Index, embedder: Embedder | None) -> list[list[str]]:
    """Ids of the first hits for each judged query."""
    service = SearchService(index, Analyzer(), embedder)
    assert service.mode == ("hybrid" if embedder else "lexical")
    rank = service_ranker(service, Holdings(index), TOP)
    return [[hit.item_id for hit in rank(judged).hits] for judged in read_queries(QUERIES).queries]


def agreement(one: list[str], other: list[str]) -> float:
    return len({*one} & {*other}) / max(len(one), len(other)) if one or other else 1.0


def test_the_first_ten_hits_of_judged_queries_agree(both: tuple[Index, Index], embedder: Embedder | None) -> None:
    outcomes = [
        [(outcome.path, outcome.status, outcome.notice_id) for outcome in index_samples(index, embedder)]
        for index in both
    ]
    assert outcomes[0] == outcomes[1]
    hits = [first_hits(index, embedder) for index in both]
    shared = [agreement(*found) for found in zip(*hits, strict=True)]
    assert sum(map(len, hits[0])) > TOP * len(shared) / 2
    assert sum(shared) / len(shared) >= LEAST_AGREEMENT["hybrid" if embedder else "lexical"]


def test_counts_ids_and_notices_are_the_same(both: tuple[Index, Index]) -> None:
    for index in both:
        index_samples(index, None)
    embedded, elasticsearch = both
    records = embedded.notices(Filters(), 0, 1000)
    assert elasticsearch.notices(Filters(), 0, 1000) == records
    assert elasticsearch.facets(None, (), Filters(), 20) == embedded.facets(None, (), Filters(), 20)
    for record in records[1]:
        assert elasticsearch.notice(record.notice.id) == embedded.notice(record.notice.id)


def test_indexing_again_changes_nothing(elasticsearch_address: str) -> None:
    with ElasticsearchIndex.open(elasticsearch_address, Analyzer()) as index:
        index_samples(index, None)
        before = index.generation, index.statistics().items
        assert {str(outcome.status) for outcome in index_samples(index, None)} == {"unchanged", "failed"}
        assert (index.generation, index.statistics().items) == before
