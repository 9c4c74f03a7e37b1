"""The address of an index on Elasticsearch: http(s)://[user:password@]host[:port][,host[:port]…][/path]/[prefix]."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from corpus.errors import StorageError

DEFAULT_PREFIX = "xianli"
# What Elasticsearch takes as the name of an index, with room for what is put after it.
_PREFIX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_PORTS = {"http": 9200, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, what the names of the index begin with, and who asks. As text it is without user and password."""

    scheme: str
    hosts: tuple[str, ...]
    """Each with its port: nodes of one cluster, of which any can answer."""
    path: str
    prefix: str = DEFAULT_PREFIX
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    only: int | None = None
    """One version of the index, whether it is in use or not; by default the one in use."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The address that a user gave. Raises StorageError."""
        try:
            scheme, _, rest = text.partition("://")
            parts = urlsplit(f"//{rest}")
            # A password that is not percent-encoded may end the authority early; what comes after it must not be shown.
            if "@" in f"{parts.path}{parts.query}{parts.fragment}" or parts.query or parts.fragment:
                raise ValueError
            credentials, _, hosts = parts.netloc.rpartition("@")
            found = tuple(dict.fromkeys(_host(host, _PORTS[scheme]) for host in hosts.split(",")))
        except (KeyError, ValueError):
            # Not shown as given: a password may be in it.
            raise StorageError(
                "索引的地址写得不对。请写成 http://主机:端口 或 https://主机:端口/前缀，几台主机之间用逗号；"
                "密码里的特殊字符要写成百分号编码"
            ) from None
        path, _, prefix = parts.path.rstrip("/").rpartition("/")
        prefix = prefix or DEFAULT_PREFIX
        if not _PREFIX.fullmatch(prefix):
            raise StorageError(f"索引的前缀“{prefix}”不能用。请只用小写字母、数字、“-”“_”“.”，并以字母或数字开头")
        user, _, password = credentials.partition(":")
        return cls(scheme, found, path, prefix, unquote(user) or None, unquote(password) or None)

    @property
    def urls(self) -> list[str]:
        """Of the nodes."""
        return [f"{self.scheme}://{host}{self.path}" for host in self.hosts]

    @property
    def reading(self) -> str:
        """The alias that reads go through."""
        return self.prefix if self.only is None else self.version(self.only)

    @property
    def writing(self) -> str:
        """The alias that changes go through."""
        return f"{self.prefix}-write" if self.only is None else self.version(self.only)

    def version(self, number: int) -> str:
        """The name of the index itself; another version gets another number."""
        return f"{self.prefix}-{number}"

    def __str__(self) -> str:
        return f"{self.scheme}://{','.join(self.hosts)}{self.path}/{self.prefix}"


def _host(written: str, port: int) -> str:
    """A host with its port. Raises ValueError."""
    parts = urlsplit(f"//{written}")
    if not parts.hostname:
        raise ValueError
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{name}:{port if parts.port is None else parts.port}"
