"""The address of an index on Elasticsearch: http(s)://[user:password@]host[:port][/path]/[prefix]."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from corpus.errors import StorageError

DEFAULT_PREFIX = "xianli"
# What Elasticsearch takes as the name of an index, with room for what is put after it.
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, what the names of the index begin with, and who asks. As text it is without credentials."""

    url: str
    prefix: str = DEFAULT_PREFIX
    credentials: tuple[str, str] | None = field(default=None, repr=False)
    """User and password."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address that a user gave. Raises StorageError."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host:
            # Not shown as given: a password may be in it.
            raise StorageError("索引的地址写得不对。请写成 http://主机:端口 或 https://主机:端口/前缀")
        path, _, prefix = parts.path.rstrip("/").rpartition("/")
        prefix = prefix or DEFAULT_PREFIX
        if not _PREFIX.fullmatch(prefix):
            raise StorageError(f"索引的前缀“{prefix}”不能用。请只用小写字母、数字、“-”“_”“.”，并以字母或数字开头")
        if port is None:
            port = 443 if parts.scheme == "https" else 9200
        shown = f"[{host}]" if ":" in host else host
        credentials = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return cls(f"{parts.scheme}://{shown}:{port}{path}", prefix, credentials)

    @property
    def reading(self) -> str:
        """The alias that reads go through."""
        return self.prefix

    @property
    def writing(self) -> str:
        """The alias that changes go through."""
        return f"{self.prefix}-write"

    def version(self, number: int) -> str:
        """The name of the index itself; another version gets another number."""
        return f"{self.prefix}-{number}"

    def __str__(self) -> str:
        return f"{self.url}/{self.prefix}"
