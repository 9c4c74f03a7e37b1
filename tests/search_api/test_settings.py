"""Settings: who asks Elasticsearch, from variables and files; whom a server trusts."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from corpus.errors import StorageError
from indexer.index.elasticsearch.access import Access
from search_api.settings import LARGEST_SECRET, Serving, Settings

Given = dict[str, str]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Variables of this test alone, and files for them."""
    for name in ("USER", "PASSWORD", "PASSWORD_FILE", "API_KEY", "API_KEY_FILE", "CA"):
        monkeypatch.delenv(f"XIANLI_INDEX_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("secret\n", encoding="utf-8")
    Path("empty").write_text("\n", encoding="utf-8")
    Path("large").write_bytes(b"x" * (LARGEST_SECRET + 1))
    Path("binary").write_bytes(b"\xff\xfe\x00")


def settings(given: Given, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(f"XIANLI_INDEX_{name}", value)
    return Settings()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, Access()),
        ({"USER": "u", "PASSWORD": "secret"}, Access("u", "secret")),
        ({"USER": "u", "PASSWORD_FILE": "file"}, Access("u", "secret")),
        ({"API_KEY": "secret"}, Access(api_key="secret")),
        ({"API_KEY_FILE": "file", "CA": "ca.pem"}, Access(api_key="secret", ca=Path("ca.pem"))),
        ({"API_KEY": "", "API_KEY_FILE": "file", "CA": ""}, Access(api_key="secret")),
    ],
)
def test_secrets_come_from_a_variable_or_a_file(
    given: Given, expected: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = settings(given, monkeypatch)
    assert found.index_access == expected
    assert "secret" not in f"{found!r} {found} {found.index_access!r}"


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ({"PASSWORD": "secret", "PASSWORD_FILE": "file"}, "XIANLI_INDEX_PASSWORD 和 XIANLI_INDEX_PASSWORD_FILE"),
        ({"API_KEY": "secret", "API_KEY_FILE": "file"}, "XIANLI_INDEX_API_KEY 和 XIANLI_INDEX_API_KEY_FILE"),
        ({"API_KEY_FILE": "nowhere"}, "读不了 nowhere"),
        ({"API_KEY_FILE": "."}, "读不了"),
        ({"API_KEY_FILE": "empty"}, "empty 是空的"),
        ({"PASSWORD_FILE": "large"}, "large 太大"),
        ({"PASSWORD_FILE": "binary"}, "binary 不是文本文件"),
    ],
)
def test_a_file_that_holds_no_secret_is_named(given: Given, advice: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StorageError, match=advice) as refused:
        _ = settings(given, monkeypatch).index_access
    assert refused.value.code == "index_credentials"
    assert "secret" not in str(refused.value)


def test_a_password_in_the_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANLI_INDEX", "https://u:secret@h/x")
    found = Settings()
    assert found.index_address == "https://u:secret@h/x"
    assert found.index_shown == "https://h:443/x"
    assert "secret" not in f"{found!r} {found}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ()),
        ("https://a.example", ("https://a.example",)),
        (" https://a.example , https://b.example,", ("https://a.example", "https://b.example")),
    ],
)
def test_lists_stand_between_commas_in_a_variable(
    given: str, expected: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANLI_CORS_ORIGINS", given)
    assert Serving().cors_origins == expected


@pytest.mark.parametrize("given", ["proxy.example", "*", "127.0.0.1/33", "127.0.0.1 127.0.0.2"])
def test_a_proxy_that_would_be_trusted_by_no_address_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANLI_TRUSTED_PROXIES", given)
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Serving()
