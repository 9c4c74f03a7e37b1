"""Ranking must not get worse unnoticed: judged queries over the samples, and over the real notices where they are at hand.

Figures are recorded in recorded.json. After a change that is meant to move them, record them anew, and let the diff be reviewed:

    python -m pytest tests/search_api/evaluation/test_regression.py --update-golden
"""

import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analyzers.embedding import Embedder
from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.pipeline import Status, index_files
from indexer.reading import find_files
from search_api.evaluation.evaluate import evaluate, searched_by, service_ranker
from search_api.evaluation.formats import read_queries
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.runs import Run, table
from search_api.search import SearchService

FOLDER = Path(__file__).parent
PROJECT = FOLDER.parents[2]
RECORDED = FOLDER / "recorded.json"
SHARED = PROJECT.parent / "shared"
TOLERANCE = 0.01
DEPTH = 100

Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Notices, and judged queries over them."""

    notices: Path
    queries: Path


COLLECTIONS = {
    "samples": Collection(PROJECT / "corpus" / "samples", FOLDER / "samples.jsonl"),
    "real notices": Collection(SHARED / "notices", SHARED / "gold" / "queries.jsonl"),
}


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A collection's name, the service over it, and its run."""

    name: str
    service: SearchService
    holdings: Holdings
    run: Run


@pytest.fixture(scope="module", params=["lexical", "hybrid"])
def embedder(request: pytest.FixtureRequest) -> Embedder | None:
    if request.param == "lexical":
        return None
    return OnnxEmbedder(request.getfixturevalue("model_folder"))


@pytest.fixture(scope="module", params=list(COLLECTIONS))
def evaluated(
    request: pytest.FixtureRequest, embedder: Embedder | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Evaluated]:
    collection, analyzer = COLLECTIONS[request.param], Analyzer()
    if not collection.queries.exists():
        pytest.skip(f"{collection.queries.name} of the {request.param} is not beside the project")
    with EmbeddedIndex.open(tmp_path_factory.mktemp("evaluated") / "index", analyzer) as index:
        outcomes = list(index_files(find_files([collection.notices]), index, embedder))
        assert sum(outcome.status is Status.ADDED for outcome in outcomes) > 1
        service, holdings = SearchService(index, analyzer, embedder), Holdings(index)
        judged = read_queries(collection.queries)
        assert not judged.errors
        searched = searched_by(service, analyzer.version)
        run = evaluate(judged.queries, service_ranker(service, holdings, DEPTH), holdings, searched, DEPTH)
        yield Evaluated(f"{request.param}, {service.mode}", service, holdings, run)


def figures(run: Run) -> Figures:
    """The table of a run, to four digits."""
    return {row.name: {name: round(value, 4) for name, value in row.values.items()} for row in table(run)}


def test_no_figure_fell_below_the_recorded_one(evaluated: Evaluated, pytestconfig: pytest.Config) -> None:
    now = figures(evaluated.run)
    recorded: dict[str, Figures] = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    if pytestconfig.getoption("--update-golden"):
        recorded[evaluated.name] = now
        RECORDED.write_bytes(msgspec.json.format(msgspec.json.encode(recorded, order="sorted"), indent=1) + b"\n")
    assert now.keys() == recorded[evaluated.name].keys()
    fallen = [
        f"{group} {name}: {value:.4f} recorded, now {now[group].get(name, 0.0):.4f}"
        for group, values in recorded[evaluated.name].items()
        for name, value in values.items()
        if now[group].get(name, 0.0) < value - TOLERANCE
    ]
    assert not fallen, f"{evaluated.name}: if this is meant, record anew (see the top of this file)\n" + "\n".join(
        fallen
    )


def test_every_judgement_is_of_a_held_item(evaluated: Evaluated) -> None:
    assert [(query.qid, query.absent) for query in evaluated.run.queries if query.absent] == []


@pytest.fixture(scope="module")
def script() -> Any:
    """The independent scorer of answers over HTTP, which computes the same measures by itself."""
    path = SHARED / "gold" / "score_search.py"
    if not path.exists():
        pytest.skip("the independent scorer is not beside the project")
    spec = importlib.util.spec_from_file_location("score_search", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_figures_are_those_of_the_independent_scorer(evaluated: Evaluated, script: Any) -> None:
    lines = COLLECTIONS[evaluated.name.split(", ")[0]].queries.read_text(encoding="utf-8").splitlines()
    relevant = {line["qid"]: line["relevant"] for line in map(json.loads, lines)}
    describe: Callable[[str], Any] = evaluated.holdings.describe
    for query in evaluated.run.queries:
        hits = []
        for hit in query.answer.hits:
            notice, item = describe(hit.item_id)
            hits.append({"item": msgspec.to_builtins(item), "notice": msgspec.to_builtins(notice)})
        ndcg, recall, reciprocal = script.measure(hits, relevant[query.qid], 10)
        values = query.values
        found = (values["nDCG@10"], values.get("R@20"), values.get("RR@10"))
        assert found == pytest.approx((ndcg, recall, reciprocal)), query.qid
