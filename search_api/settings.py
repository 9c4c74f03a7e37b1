"""Settings: command line first, then `XIANLI_*` variables, then defaults."""

from pathlib import Path

import platformdirs
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where things are. Every field can be given as `XIANLI_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="XIANLI_", extra="ignore")

    data: Path = Path(platformdirs.user_data_dir("xianli"))
    """Folder for all that is stored: the index and the model."""
    index: str | None = None
    """Folder of the index; `<data>/index` by default."""
    model: Path | None = None
    """Folder of the embedding model; `<data>/model` by default."""

    @property
    def index_location(self) -> Path:
        """The index folder."""
        return Path(self.index) if self.index else self.data / "index"

    @property
    def model_folder(self) -> Path:
        """The model folder; without files in it, search is lexical."""
        return self.model or self.data / "model"
