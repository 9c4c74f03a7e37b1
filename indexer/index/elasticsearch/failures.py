"""Failures of Elasticsearch, told in Chinese: what went wrong, where (without credentials), and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.errors import StorageError, StorageTimeoutError
from indexer.index.elasticsearch.access import TLS, connection_advice, tls_advice
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.breaker import Open

UNREACHABLE, DENIED, UNAVAILABLE = "index_unreachable", "index_denied", "index_unavailable"
TIMEOUT, VERSION = StorageTimeoutError.code, "index_version"

# Status of an answer, and what it means here: code and advice.
_ANSWERS = {
    401: (DENIED, "用户名或密码不对，或 API key 无效、过期、已撤销（401）。请检查用户名和密码，或换一个 API key"),
    403: (DENIED, "没有权限，或磁盘将满而只许读（403）。请检查用户的权限和服务器的磁盘空间"),
    404: ("index", "服务器上没有这个索引（404）。请重新建立索引（xianli index）"),
    408: (TIMEOUT, "服务器没有按时回答（408）。请稍后再试"),
    413: ("index", "请求太大，服务器不收（413）。请把 http.max_content_length 调大"),
    429: (UNAVAILABLE, "服务器太忙（429）。请稍后再试"),
    502: (UNAVAILABLE, "代理后面的服务器没有回答（502）。请检查 Elasticsearch 是否在运行"),
    503: (UNAVAILABLE, "有分片不可用（503）。请检查集群状态（_cluster/health），恢复后再试"),
    504: (TIMEOUT, "代理后面的服务器没有按时回答（504）。请稍后再试"),
}
# A server refuses a client of a newer major version by the media types that it names; an older client is served.
_OLDER_SERVER = "服务器是 8 版，本机装的客户端是 9 版。请安装 8 版的客户端：pip install 'elasticsearch>=8.19,<9'"


@contextmanager
def storage_errors(address: Address) -> Iterator[None]:
    """Turns what the client raises inside into StorageError."""
    from elastic_transport import (
        ApiError,
        ConnectionError,
        ConnectionTimeout,
        SerializationError,
        TlsError,
        TransportError,
    )

    try:
        yield
    except Open as failure:
        raise _error(address, "服务器连续没有回答，先停几秒再问。请稍后再试，或检查集群状态", UNREACHABLE) from failure
    except ConnectionTimeout as failure:
        raise _error(address, "服务器没有按时回答。请稍后再试，或检查集群的负载", TIMEOUT) from failure
    except TlsError as failure:
        raise _error(address, tls_advice(failure), TLS) from failure
    except ConnectionError as failure:
        raise _error(address, connection_advice(failure), UNREACHABLE) from failure
    except SerializationError as failure:
        raise _error(address, "回答的不是 Elasticsearch。请检查地址", UNREACHABLE) from failure
    except ApiError as failure:
        raise answered(address, failure) from failure
    except TransportError as failure:
        raise _error(address, f"请求没有做成（{type(failure).__name__}）。请稍后再试") from failure


def answered(address: Address, failure: Any) -> StorageError:
    """The error for an answer of the server that is no success."""
    if type(failure).__name__ == "UnsupportedProductError":
        return _error(address, "回答的不是 Elasticsearch。请检查地址", UNREACHABLE)
    return refused(address, failure.meta.status, failure.body)


def refused(address: Address, status: int, body: Any) -> StorageError:
    """The error for a status that is no success, with what the server says in the body."""
    if status == 400 and "media_type_header_exception" in str(body):
        return _error(address, _OLDER_SERVER, VERSION)
    code, advice = _ANSWERS.get(status, ("index", f"服务器拒绝了请求（{status}）"))
    return _error(address, f"{advice}（{reason(body)}）", code)


def incomplete(address: Address) -> StorageError:
    """The error for an answer that lacks what some shards hold, where it must be whole."""
    return _error(address, "有分片没有回答，结果不完整。请检查集群状态（_cluster/health），恢复后再试", UNAVAILABLE)


def reason(body: Any) -> str:
    """What the server says is wrong: the innermost cause in its answer."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        causes = error.get("root_cause") or [error]
        while isinstance(causes[0].get("caused_by"), dict):
            causes = [causes[0]["caused_by"]]
        return f"{causes[0].get('type', '')}: {causes[0].get('reason', '')}"[:300]
    return str(error)[:300]


def _error(address: Address, advice: str, code: str = "index") -> StorageError:
    kind = StorageTimeoutError if code == TIMEOUT else StorageError
    return kind(f"索引 {address}：{advice}", code=code)
