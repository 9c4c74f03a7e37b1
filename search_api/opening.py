"""Opening what the settings name: the index, the model, the service over both."""

from pathlib import Path

from analyzers.embedding import Embedder
from analyzers.embedding.choice import ModelChoice, holds_model, open_model, remembered_model
from analyzers.terms import Analyzer
from corpus.errors import ModelError, StorageError
from indexer.index.protocol import Index
from search_api.expansion import synonym_table
from search_api.search import SearchService
from search_api.settings import Settings


def open_index(settings: Settings, *, read_only: bool) -> Index:
    """The index that the settings name. A read-only one must exist; raises StorageError."""
    if settings.index_address:
        from indexer.index.elasticsearch import ElasticsearchIndex

        return ElasticsearchIndex.open(settings.index_address, Analyzer(), read_only=read_only)
    from indexer.index.versions import VersionedIndex

    folder = settings.index_location
    if read_only and not folder.exists():
        raise StorageError(f"还没有索引（{folder}）。请先执行 xianli index 文件或文件夹。", code="no_index")
    return VersionedIndex.open(folder, Analyzer(), read_only=read_only)


def index_version(settings: Settings) -> str:
    """What tells the version of the index that is in use: another one means that the index has to be opened again."""
    if settings.index_address:
        return settings.index_address
    from indexer.index.versions import Versions

    return str(Versions(settings.index_location).current)


def chosen_model(settings: Settings) -> ModelChoice:
    """The model that the index remembers, or else the one that the settings name."""
    remembered = None if settings.index_address else remembered_model(Path(index_version(settings)))
    return remembered or ModelChoice(settings.model_folder)


def open_embedder(settings: Settings) -> Embedder | None:
    """The embedding model of the index, or None where there is none; raises ModelError when it is damaged or gone."""
    choice = chosen_model(settings)
    if holds_model(choice.folder):
        return open_model(choice, settings.device)
    if choice.folder != settings.model_folder:
        raise ModelError(
            f"索引 {settings.index_location} 是用模型 {choice.folder} 建立的，现在没有这个文件夹或里面没有模型。"
            "请放回该模型，或用 xianli reindex --model 模型 改用另一个模型。"
        )
    return None


def open_service(settings: Settings) -> SearchService:
    """A service that searches the index, with vectors where there is a model and with the user's own synonyms.

    Raises ModelError when the model is another one, LexiconError when the file of synonyms can't be used.
    """
    synonyms = synonym_table(settings.synonyms)
    index = open_index(settings, read_only=True)
    try:
        embedder = open_embedder(settings)
        if embedder and index.fingerprint not in (None, embedder.fingerprint):
            raise ModelError(
                f"索引 {settings.index_shown} 里的向量是模型 {index.fingerprint} 的，现在的模型是 {embedder.fingerprint}。"
                "请用 XIANLI_MODEL 指定原来的模型，或运行 xianli reindex 按现在的模型重新建立索引。"
            )
    except BaseException:
        index.close()
        raise
    return SearchService(index, Analyzer(), embedder, synonyms)
