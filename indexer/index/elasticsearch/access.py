"""Who asks a server, and whose certificates are trusted."""

import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import StorageError
from indexer.index.elasticsearch.address import Address

CREDENTIALS, TLS = "index_credentials", "index_tls"
"""Codes: what was given to ask with can't be used; no secure connection."""

# An API key as the server gives it to be used, under the name `encoded`.
_ENCODED_KEY = re.compile(r"[A-Za-z0-9+/=_-]+")

# What OpenSSL finds wrong with a certificate (x509_vfy.h), and what to do.
_EXPIRED = "服务器的证书已过期或还没有生效。请让管理员换证书，并核对本机的时间"
_NOT_TRUSTED = "服务器的证书不是可信的机构签发的。请用 XIANLI_INDEX_CA 指定签发它的 CA 证书文件（PEM）"
_OTHER_NAME = "服务器的证书不是给这个主机名的。请用证书里的主机名写地址，或让管理员换证书"
_FAULTS = {
    9: _EXPIRED,  # not yet valid
    10: _EXPIRED,
    18: _NOT_TRUSTED,  # signed by itself
    19: _NOT_TRUSTED,  # by an authority that is signed by itself
    20: _NOT_TRUSTED,  # its issuer is not known
    21: _NOT_TRUSTED,  # the chain is not whole
    62: _OTHER_NAME,
    64: _OTHER_NAME,  # an IP address
}
_NO_TLS = "TLS 连接没有建成，服务器可能没有启用 https。请检查地址该用 https 还是 http，以及端口"


@dataclass(frozen=True, slots=True)
class Access:
    """What is given beside the address. As text it is without secrets."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: Path | None = None
    """File with the certificates (PEM) of the authorities that are trusted; those of the system where there is none."""

    def authentication(self, address: Address) -> dict[str, Any]:
        """What the client is given to ask with; nothing where nobody is named. Raises StorageError."""
        user, password = self.user or address.user, self.password or address.password
        if self.api_key is not None:
            if user or password:
                raise _unusable("API key 与用户名或密码不能同时给出。请只留一种")
            if not _ENCODED_KEY.fullmatch(self.api_key):
                raise _unusable("API key 写得不对。请用服务器发给的 encoded 值（只有字母、数字和 + / = _ -）")
            return {"api_key": self.api_key}
        for given, of_address, name in (
            (self.user, address.user, "用户名（XIANLI_INDEX_USER）"),
            (self.password, address.password, "密码（XIANLI_INDEX_PASSWORD 或 XIANLI_INDEX_PASSWORD_FILE）"),
        ):
            if given and of_address:
                raise _unusable(f"地址里和变量里都有{name}。请只留一处")
        if user is None and password is None:
            return {}
        if user is None:
            raise _unusable(
                "给了密码，没有用户名。请把用户名写在地址里（https://用户名@主机），或设置 XIANLI_INDEX_USER"
            )
        if password is None:
            raise _unusable(
                "给了用户名，没有密码。请设置 XIANLI_INDEX_PASSWORD_FILE（密码文件）或 XIANLI_INDEX_PASSWORD"
            )
        return {"basic_auth": (user, password)}

    def trust(self, address: Address) -> dict[str, Any]:
        """What the client is given to check certificates with. Raises StorageError."""
        if address.scheme != "https":
            return {}
        try:
            return {"ssl_context": ssl.create_default_context(cafile=self.ca)}
        except ssl.SSLError as failure:
            raise StorageError(f"{self.ca} 不是 PEM 格式的证书。请让管理员给 CA 证书的 PEM 文件", code=TLS) from failure
        except OSError as failure:
            told = f"读不了 CA 证书文件 {self.ca}（{failure.strerror}）。请检查 XIANLI_INDEX_CA"
            raise StorageError(told, code=TLS) from failure


def tls_advice(failure: BaseException) -> str:
    """What is wrong with a secure connection, from what the client raised."""
    cause: BaseException | None = failure
    while cause is not None:
        # urllib3 wraps what Python's ssl raised.
        for one in (cause, *cause.args):
            if isinstance(one, ssl.SSLCertVerificationError):
                return _FAULTS.get(
                    one.verify_code, f"服务器的证书没有通过检查（{one.verify_message}）。请让管理员检查证书"
                )
        cause = cause.__cause__
    return _NO_TLS


def connection_advice(failure: BaseException) -> str:
    """What to do about a connection that was not made, or that ended without an answer, from what the client raised."""
    from urllib3.exceptions import ProtocolError

    if isinstance(failure.__cause__, ProtocolError):
        return "服务器没有回答就断开了，可能只收 https，或正在重启。请检查地址该用 https 还是 http，以及服务器的日志"
    return "连接不上。请检查地址、端口，以及 Elasticsearch 是否在运行"


def _unusable(detail: str) -> StorageError:
    return StorageError(detail, code=CREDENTIALS)
