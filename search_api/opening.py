"""Opening what the settings name: the index, the model, the service over both."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from analyzers.embedding import Embedder
from analyzers.embedding.choice import ModelChoice, holds_model, open_model
from analyzers.terms import Analyzer
from corpus.errors import ModelError, StorageError
from indexer.index.protocol import Index
from indexer.index.versions import Versions
from search_api.expansion import synonym_table
from search_api.search import SearchService
from search_api.settings import Settings


def open_index(settings: Settings, *, read_only: bool) -> Index:
    """The index that the settings name. A read-only one must exist; raises StorageError."""
    if settings.index_address:
        from indexer.index.elasticsearch import ElasticsearchIndex

        return ElasticsearchIndex.open(
            settings.index_address,
            Analyzer(),
            read_only=read_only,
            access=settings.index_access,
            shards=settings.shards,
        )
    from indexer.index.embedded.versions import VersionedIndex

    folder = _existing(settings.index_location) if read_only else settings.index_location
    return VersionedIndex.open(folder, Analyzer(), read_only=read_only)


@contextmanager
def open_versions(settings: Settings) -> Iterator[Versions]:
    """The versions of the index that the settings name, which must exist; raises StorageError."""
    if settings.index_address:
        from indexer.index.elasticsearch.versions import ElasticsearchVersions

        with closing(ElasticsearchVersions.open(settings.index_address, settings.index_access)) as versions:
            yield versions
    else:
        from indexer.index.embedded.versions import EmbeddedVersions

        yield EmbeddedVersions(_existing(settings.index_location))


def _existing(folder: Path) -> Path:
    if not folder.exists():
        raise StorageError(f"还没有索引（{folder}）。请先执行 xianli index 文件或文件夹。", code="no_index")
    return folder


def chosen_model(settings: Settings, remembered: ModelChoice | None) -> ModelChoice:
    """The model that the index remembers, in its folder on this machine, or else the one that the settings name."""
    if remembered is None:
        return ModelChoice(settings.model_folder)
    folder = settings.folder_of(str(remembered.folder))
    if remembered.folder.is_absolute() or holds_model(folder):
        return replace(remembered, folder=folder)
    # An index that several machines use remembers a name; the settings can say where on this one the model is.
    is_plain = remembered == ModelChoice(remembered.folder)
    return replace(remembered, folder=settings.model_folder if settings.model or is_plain else folder)


def open_embedder(settings: Settings, index: Index) -> Embedder | None:
    """The embedding model of the index, or None where there is none; raises ModelError when it is damaged or gone."""
    choice = chosen_model(settings, index.model)
    if holds_model(choice.folder):
        return open_model(choice, settings.device)
    if index.model is not None:
        raise ModelError(
            f"索引 {settings.index_shown} 是用模型 {index.model.folder} 建立的，现在没有这个文件夹或里面没有模型。"
            "请放回该模型（或用 XIANLI_MODEL 指定它现在的文件夹），或用 xianli reindex --model 模型 改用另一个模型。"
        )
    return None


def open_service(settings: Settings) -> SearchService:
    """A service that searches the index, with vectors where there is a model and with the user's own synonyms.

    Raises ModelError when the model is another one, LexiconError when the file of synonyms can't be used.
    """
    synonyms = synonym_table(settings.synonyms)
    index = open_index(settings, read_only=True)
    try:
        embedder = open_embedder(settings, index)
        if embedder and index.fingerprint not in (None, embedder.fingerprint):
            raise ModelError(
                f"索引 {settings.index_shown} 里的向量是模型 {index.fingerprint} 的，现在的模型是 {embedder.fingerprint}。"
                "请用 XIANLI_MODEL 指定原来的模型，或运行 xianli reindex 按现在的模型重新建立索引。"
            )
    except BaseException:
        index.close()
        raise
    at_once = None if settings.index_address else os.cpu_count()
    return SearchService(index, Analyzer(), embedder, synonyms, at_once)
