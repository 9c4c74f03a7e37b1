"""Settings: command line first, then `XIANLI_*` variables, then defaults."""

from pathlib import Path

import platformdirs
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import StorageError


class Settings(BaseSettings):
    """Where things are. Every field can be given as `XIANLI_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="XIANLI_", extra="ignore")

    data: Path = Path(platformdirs.user_data_dir("xianli"))
    """Folder for all that is stored: the index and the model."""
    index: str | None = None
    """Folder of the index, `<data>/index` by default; or the address of one on Elasticsearch, http(s)://host:port/prefix."""
    model: Path | None = None
    """Folder or name of the embedding model, for an index that remembers none; `<data>/model` by default."""
    synonyms: Path | None = None
    """File of the user's own synonyms, which correct the shipped ones; docs/synonyms.md has its form."""
    device: str | None = None
    """Where models of other makers run: cuda, mps or cpu; by default the best there is."""

    @property
    def index_address(self) -> str | None:
        """The address of the index, where it is one on Elasticsearch; a password may be in it."""
        return self.index if self.index and self.index.startswith(("http://", "https://")) else None

    @property
    def index_location(self) -> Path:
        """The index folder; raises StorageError where the index is on Elasticsearch."""
        if self.index_address:
            raise StorageError("索引在 Elasticsearch 上，这个操作只能用于文件夹里的索引。请用 --index 指定一个文件夹。")
        return Path(self.index) if self.index else self.data / "index"

    @property
    def index_shown(self) -> str:
        """The folder or address of the index as users may see it."""
        if self.index_address is None:
            return str(self.index_location)
        from indexer.index.elasticsearch.address import Address

        return str(Address.parse(self.index_address))

    @property
    def model_folder(self) -> Path:
        """The model folder; without files in it, search is lexical."""
        return self.folder_of(str(self.model)) if self.model else self.data / "model"

    def folder_of(self, model: str) -> Path:
        """The folder of a model: a folder of this name, or the one where `xianli model fetch` puts a model of this name."""
        named = self.fetched_folder(model)
        return named if named.exists() and not Path(model).exists() else Path(model)

    def fetched_folder(self, name: str) -> Path:
        """Where a model is put that is fetched by name."""
        return self.data / "models" / name.replace("/", "--")
