"""Addresses of indexes, as users write them and as they are shown."""

import pytest

from corpus.errors import StorageError
from indexer.index.elasticsearch.address import Address


@pytest.mark.parametrize(
    ("given", "urls", "prefix", "shown"),
    [
        ("http://localhost:9200", ["http://localhost:9200"], "xianli", "http://localhost:9200/xianli"),
        ("http://localhost:9200/", ["http://localhost:9200"], "xianli", "http://localhost:9200/xianli"),
        ("http://localhost/licheng", ["http://localhost:9200"], "licheng", "http://localhost:9200/licheng"),
        ("https://es.example/a-1_b.c", ["https://es.example:443"], "a-1_b.c", "https://es.example:443/a-1_b.c"),
        ("https://es.example/p/es/x/", ["https://es.example:443/p/es"], "x", "https://es.example:443/p/es/x"),
        ("http://[::1]:9200/x", ["http://[::1]:9200"], "x", "http://[::1]:9200/x"),
        ("http://u:p%40ss@h:1/x", ["http://h:1"], "x", "http://h:1/x"),
        # Several nodes.
        ("http://a:1,b:2/x", ["http://a:1", "http://b:2"], "x", "http://a:1,b:2/x"),
        ("http://a,b:9201/", ["http://a:9200", "http://b:9201"], "xianli", "http://a:9200,b:9201/xianli"),
        ("https://u:p@a,b/es/x", ["https://a:443/es", "https://b:443/es"], "x", "https://a:443,b:443/es/x"),
        ("http://[::1]:1,[::1]:2/x", ["http://[::1]:1", "http://[::1]:2"], "x", "http://[::1]:1,[::1]:2/x"),
        ("http://a,a:9200/x", ["http://a:9200"], "x", "http://a:9200/x"),
    ],
)
def test_an_address_has_nodes_and_a_prefix(given: str, urls: list[str], prefix: str, shown: str) -> None:
    found = Address.parse(given)
    assert (found.urls, found.prefix, str(found)) == (urls, prefix, shown)


def test_credentials_are_taken_out_and_not_shown() -> None:
    found = Address.parse("http://u%2F1:p%40ss@h:1,i:2/x")
    assert (found.user, found.password) == ("u/1", "p@ss")
    assert "p@ss" not in f"{found} {found!r}"
    assert "u/1" not in f"{found} {found!r}"
    alone = Address.parse("http://u@h:1/x")
    assert (alone.user, alone.password) == ("u", None)


@pytest.mark.parametrize(
    "given",
    [
        "http://",
        "ftp://h/x",
        "http://h:port/x",
        "http://a,,b/x",
        "http://a:1,b:port/x",
        "http://u:secret@h:99999/x",
        # Not percent-encoded, so that the address seems to end within the password.
        "http://u:1/secret@h/x",
        "http://u:1?secret@h/x",
        "http://u:1#secret@h/x",
        "http://h/x?secret",
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
