"""Opening what the settings name: the index, the model, the service over both."""

from analyzers.embedding import Embedder
from analyzers.embedding.files import has_model
from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.protocol import Index
from search_api.search import SearchService
from search_api.settings import Settings


def open_index(settings: Settings, *, read_only: bool) -> Index:
    """The index that the settings name. A read-only one must exist; raises StorageError."""
    from indexer.index.embedded import EmbeddedIndex

    folder = settings.index_location
    if read_only and not folder.exists():
        raise StorageError(f"还没有索引（{folder}）。请先执行 xianli index 文件或文件夹。", code="no_index")
    return EmbeddedIndex.open(folder, Analyzer(), read_only=read_only)


def open_embedder(settings: Settings) -> Embedder | None:
    """The embedding model, or None where there is none; raises ModelError when it is damaged."""
    if not has_model(settings.model_folder):
        return None
    from analyzers.embedding.onnx import OnnxEmbedder

    return OnnxEmbedder(settings.model_folder)


def open_service(settings: Settings) -> SearchService:
    """A service that searches the index, with vectors where there is a model."""
    return SearchService(open_index(settings, read_only=True), Analyzer(), open_embedder(settings))
