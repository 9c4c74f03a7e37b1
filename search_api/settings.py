"""Settings: command line first, then `XIANLI_*` variables, then defaults."""

from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.errors import StorageError

if TYPE_CHECKING:
    from indexer.index.elasticsearch.access import Access

LARGEST_SECRET = 4096
"""Bytes of a file with a password or a key; a larger one is another file."""

_FROM_VARIABLES = SettingsConfigDict(
    env_prefix="XIANLI_", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
)


class Settings(BaseSettings):
    """Where things are. Every field can be given as `XIANLI_<FIELD>`; a variable that is empty counts as not given."""

    model_config = _FROM_VARIABLES

    data: Path = Path(platformdirs.user_data_dir("xianli"))
    """Folder for all that is stored: the index and the model."""
    index: str | None = Field(default=None, repr=False)
    """Folder of the index, `<data>/index` by default; or the address of one on Elasticsearch, http(s)://host:port/prefix."""
    index_user: str | None = None
    """Who asks Elasticsearch, with the password of `index_password` or of the file `index_password_file`."""
    index_password: SecretStr | None = None
    index_password_file: Path | None = None
    index_api_key: SecretStr | None = None
    """Or the API key to ask with; or `index_api_key_file`, a file with it."""
    index_api_key_file: Path | None = None
    index_ca: Path | None = None
    """File of the certificate authorities (PEM) that are trusted, for https; those of the system by default."""
    shards: int = Field(default=1, ge=1, le=1024)
    """Shards of an index that is created on Elasticsearch; docs/elasticsearch.md says how many."""
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
    def index_access(self) -> "Access":
        """Who asks Elasticsearch, and whom is trusted. Raises StorageError where a file can't be used, or two ways are given."""
        from indexer.index.elasticsearch.access import Access

        return Access(
            user=self.index_user,
            password=_secret("XIANLI_INDEX_PASSWORD", self.index_password, self.index_password_file),
            api_key=_secret("XIANLI_INDEX_API_KEY", self.index_api_key, self.index_api_key_file),
            ca=self.index_ca,
        )

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


def _parts(value: object) -> object:
    """What stands between commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _networks(given: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses and networks as they are; raises ValueError for anything else, which would be trusted by nobody."""
    for one in given:
        ip_network(one, strict=False)
    return given


Parts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
"""Several values; in a variable they stand between commas."""


class Serving(BaseSettings):
    """How `xianli serve` serves. Every field can be given as `XIANLI_<FIELD>`; docs/operating.md says more of each."""

    model_config = _FROM_VARIABLES

    host: str = "127.0.0.1"
    """The address that is listened to."""
    open_reading: bool = False
    """Whether those who reach the address may read without a key. On a loopback address they may anyway."""
    allow_write: bool = False
    """Whether those at this machine may also write without a key; holds on a loopback address only."""
    trusted_proxies: Annotated[Parts, AfterValidator(_networks)] = ()
    """Addresses and networks of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    host_names: Parts = ()
    """Names in addresses that mean this machine, besides localhost, 127.0.0.1 and ::1."""
    cors_origins: Parts = ()
    """Origins (https://name) whose pages may ask the API in a browser."""
    rate: float = Field(default=100.0, ge=0, le=1_000_000)
    """Requests a second for each key, or each address without one; ten seconds' worth at once. 0 is no limit."""
    largest_body: int = Field(default=1_000_000, ge=1_000)
    """Bytes of a request; the default is for 50,000 characters, 600,000 bytes as JSON escapes."""
    largest_upload: int = Field(default=100_000_000, ge=1_000)
    """Bytes of a request that brings files."""
    request_seconds: float = Field(default=30.0, gt=0, le=3600)
    """Until a request must have come in whole and its answer begun; four times as long for one that brings files."""
    concurrent_requests: int = Field(default=200, ge=1)
    """Requests that are answered at the same time; others are asked to come back."""
    log_format: Literal["text", "json"] = "text"
    log_queries: bool = False
    """Whether the log has what was searched for."""


def _secret(variable: str, given: SecretStr | None, file: Path | None) -> str | None:
    """What the variable holds, or the file that `<variable>_FILE` names. Raises StorageError, which never shows it."""
    if file is None:
        return given.get_secret_value() if given else None
    if given:
        raise StorageError(f"{variable} 和 {variable}_FILE 不能同时设置。请只留一个", code="index_credentials")
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_SECRET + 1)
    except OSError as failure:
        told = f"读不了 {file}（{failure.strerror}）。请检查 {variable}_FILE 和文件的权限"
        raise StorageError(told, code="index_credentials") from failure
    if len(content) > LARGEST_SECRET:
        raise StorageError(f"{file} 太大，不像密码或密钥。请检查 {variable}_FILE", code="index_credentials")
    try:
        secret = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise StorageError(f"{file} 不是文本文件。请检查 {variable}_FILE", code="index_credentials") from None
    if not secret:
        raise StorageError(f"{file} 是空的。请写入密码或密钥，或检查 {variable}_FILE", code="index_credentials")
    return secret
