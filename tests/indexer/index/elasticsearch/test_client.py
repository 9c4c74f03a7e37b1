"""Nodes stand in for each other, whichever way one of them fails."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from elastic_transport import ConnectionTimeout

from corpus.errors import StorageError
from indexer.index.elasticsearch.access import Access
from indexer.index.elasticsearch.address import Address
from indexer.index.elasticsearch.client import CONNECT_SECONDS, connect
from tests.indexer.index.elasticsearch.proxy import Bad, Proxy

BUSY = Bad("_mapping", 503, {"error": {"type": "es_rejected_execution_exception"}})


def refusing() -> str:
    """Host and port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def silent() -> Iterator[str]:
    """Host and port where connections are neither taken nor refused, as of a machine that is gone."""
    with ExitStack() as opened:
        server = opened.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # more than wait to be taken
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        yield f"127.0.0.1:{server.getsockname()[1]}"


def address(*hosts: str) -> Address:
    return Address.parse(f"http://{','.join(hosts)}/x")


def ask_often(nodes: Address) -> list[float]:
    """Seconds that each request took; more requests than nodes, so that each node has its turn."""
    taken = []
    with connect(nodes, Access(), 30.0) as client:
        for _ in range(2 * len(nodes.hosts)):
            started = time.monotonic()
            assert client.indices.get_mapping(index="*") is not None
            taken.append(time.monotonic() - started)
    return taken


@pytest.mark.elasticsearch
def test_nodes_that_refuse_connections_are_passed_over(elasticsearch: str) -> None:
    live = elasticsearch.removeprefix("http://")
    assert max(ask_often(address(refusing(), live, refusing()))) < CONNECT_SECONDS


@pytest.mark.elasticsearch
def test_a_node_that_is_silent_costs_one_request_a_short_wait(elasticsearch: str) -> None:
    with silent() as gone:
        taken = ask_often(address(gone, elasticsearch.removeprefix("http://")))
    assert sum(seconds >= CONNECT_SECONDS for seconds in taken) == 1
    assert max(taken) < 2 * CONNECT_SECONDS


@pytest.mark.elasticsearch
def test_a_node_that_is_too_busy_is_passed_over(elasticsearch: str) -> None:
    with Proxy(elasticsearch, BUSY) as one, Proxy(elasticsearch) as other:
        ask_often(address(*(proxy.address.removeprefix("http://") for proxy in (one, other))))
        assert not one.bad


@pytest.mark.elasticsearch
def test_what_takes_too_long_is_not_asked_of_others(elasticsearch: str) -> None:
    late = Bad("_mapping", 200, {}, seconds=1.0)
    with Proxy(elasticsearch, late) as one, Proxy(elasticsearch, late) as other:
        nodes = address(*(proxy.address.removeprefix("http://") for proxy in (one, other)))
        with connect(nodes, Access(), 0.5) as client, pytest.raises(ConnectionTimeout):
            client.indices.get_mapping(index="*")
        assert len(one.bad) + len(other.bad) == 1


@pytest.mark.parametrize(
    ("given", "access", "expected"),
    [
        ("http://h/x", Access(), {}),
        ("http://u:p@h/x", Access(), {"basic_auth": ("u", "p")}),
        ("http://u@h/x", Access(password="p"), {"basic_auth": ("u", "p")}),
        ("http://h/x", Access(user="u", password="p"), {"basic_auth": ("u", "p")}),
        ("http://h/x", Access(api_key="YTpi"), {"api_key": "YTpi"}),
    ],
)
def test_who_asks(given: str, access: Access, expected: dict[str, object]) -> None:
    assert access.authentication(Address.parse(given)) == expected


@pytest.mark.parametrize(
    ("given", "access", "advice"),
    [
        ("http://u:secret@h/x", Access(api_key="YTpi"), "API key 与用户名或密码不能同时给出"),
        ("http://h/x", Access(user="u", api_key="YTpi"), "API key 与用户名或密码不能同时给出"),
        ("http://u:secret@h/x", Access(password="secret"), "地址里和变量里都有密码"),
        ("http://u:secret@h/x", Access(user="u"), "地址里和变量里都有用户名"),
        ("http://u@h/x", Access(), "没有密码"),
        ("http://h/x", Access(password="secret"), "没有用户名"),
        ("http://h/x", Access(api_key="secret\nkey"), "encoded"),
        ("http://h/x", Access(api_key="id:secret"), "encoded"),
    ],
)
def test_who_asks_must_be_told_in_one_way(given: str, access: Access, advice: str) -> None:
    with pytest.raises(StorageError, match=advice) as refused:
        access.authentication(Address.parse(given))
    assert refused.value.code == "index_credentials"
    assert "secret" not in f"{refused.value} {access!r}"


def test_a_file_that_holds_no_authority_is_named(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("secret", encoding="utf-8")
    for file, advice in (("text", "不是 PEM 格式"), ("nowhere", "读不了"), ("", "读不了")):
        with pytest.raises(StorageError, match=advice) as refused:
            Access(ca=tmp_path / file).trust(Address.parse("https://h/x"))
        assert refused.value.code == "index_tls"
        assert str(tmp_path / file) in refused.value.detail
