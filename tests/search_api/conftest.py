"""The sample notices in a real index, without vectors and with those of the real model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.embedding import Embedder
from analyzers.embedding.onnx import OnnxEmbedder
from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.search import SearchService

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real analysis, with its dictionary loaded once."""
    return Analyzer()


@pytest.fixture(scope="session")
def lexical(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[SearchService]:
    """Search over the samples by words alone."""
    yield from _service(tmp_path_factory.mktemp("lexical"), analyzer, None)


@pytest.fixture(scope="session")
def hybrid(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer, model_folder: Path) -> Iterator[SearchService]:
    """Search over the samples by words and by the vectors of the real model."""
    yield from _service(tmp_path_factory.mktemp("hybrid"), analyzer, OnnxEmbedder(model_folder))


def _service(folder: Path, analyzer: Analyzer, embedder: Embedder | None) -> Iterator[SearchService]:
    with EmbeddedIndex.open(folder, analyzer) as index:
        list(index_files(find_files([SAMPLES]), index, embedder))
        yield SearchService(index, analyzer, embedder)
