"""Addresses of indexes, as users write them and as they are shown."""

import pytest

from corpus.errors import StorageError
from indexer.index.elasticsearch.address import Address


@pytest.mark.parametrize(
    ("given", "url", "prefix", "shown"),
    [
        ("http://localhost:9200", "http://localhost:9200", "xianli", "http://localhost:9200/xianli"),
        ("http://localhost:9200/", "http://localhost:9200", "xianli", "http://localhost:9200/xianli"),
        ("http://localhost/licheng", "http://localhost:9200", "licheng", "http://localhost:9200/licheng"),
        ("https://es.example/a-1_b.c", "https://es.example:443", "a-1_b.c", "https://es.example:443/a-1_b.c"),
        ("https://es.example/proxy/es/x/", "https://es.example:443/proxy/es", "x", "https://es.example:443/proxy/es/x"),
        ("http://[::1]:9200/x", "http://[::1]:9200", "x", "http://[::1]:9200/x"),
        ("http://u:p%40ss@h:1/x", "http://h:1", "x", "http://h:1/x"),
    ],
)
def test_an_address_has_a_server_and_a_prefix(given: str, url: str, prefix: str, shown: str) -> None:
    found = Address.parse(given)
    assert (found.url, found.prefix, str(found)) == (url, prefix, shown)


def test_credentials_are_taken_out_and_not_shown() -> None:
    found = Address.parse("http://u%2F1:p%40ss@h:1/x")
    assert found.credentials == ("u/1", "p@ss")
    assert "p@ss" not in f"{found} {found!r}"
    assert Address.parse("http://u@h:1/x").credentials == ("u", "")


@pytest.mark.parametrize(
    "given",
    [
        "http://",
        "http://h:port/x",
        "http://u:secret@h:99999/x",
        "http://h/X",
        "http://h/_x",
        "http://h/a,b",
        "http://h/前缀",
    ],
)
def test_what_is_no_address_is_said_so_without_credentials(given: str) -> None:
    with pytest.raises(StorageError) as refused:
        Address.parse(given)
    assert "secret" not in refused.value.detail
