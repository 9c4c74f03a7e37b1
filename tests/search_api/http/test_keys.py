import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.errors import ConflictError, NotFoundError, QueryError, StorageError
from search_api.http.keys import KeyStore, Scope


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.sqlite"


@pytest.fixture
def store(path: Path) -> KeyStore:
    return KeyStore(path)


def test_a_key_is_found_by_its_secret_with_its_scope_and_the_day_of_its_use(store: KeyStore) -> None:
    created, secret = store.create("政务网", Scope.WRITE, None)
    assert created.last_used is None
    found = store.find(secret)
    assert found is not None
    assert (found.name, found.scope) == ("政务网", Scope.WRITE)
    assert store.keys()[0].last_used == datetime.now(UTC).date().isoformat()


def test_a_key_has_256_random_bits_and_is_kept_nowhere(store: KeyStore, path: Path) -> None:
    secrets = {store.create(f"k{number}", Scope.READ, None)[1] for number in range(20)}
    assert len(secrets) == 20
    assert all(secret.startswith("xl_") and len(secret) == 3 + 43 for secret in secrets)
    held = path.read_bytes()
    assert not [secret for secret in secrets if secret.encode() in held or secret[3:].encode() in held]
    assert not [secret for secret in secrets if secret in repr(store.keys())]


@pytest.mark.parametrize(
    "secret", ["", "xl_", "xl_" + "A" * 43, "x" * 46, "xl_" + "é" * 43, "' OR 1=1 --", "xl_" + "A" * 10_000]
)
def test_a_wrong_secret_finds_nothing(store: KeyStore, secret: str) -> None:
    store.create("k", Scope.READ, None)
    assert store.find(secret) is None


def test_a_secret_that_shares_its_handle_with_a_key_is_wrong(store: KeyStore, path: Path) -> None:
    _, secret = store.create("k", Scope.READ, None)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE keys SET digest = zeroblob(32)")
    connection.close()
    assert store.find(secret) is None


def test_without_a_file_there_are_no_keys_and_none_is_made(store: KeyStore, path: Path) -> None:
    assert store.find("xl_" + "A" * 43) is None
    assert store.keys() == []
    with pytest.raises(NotFoundError):
        store.revoke("k")
    assert not path.exists()


def test_the_file_is_for_its_owner_alone(store: KeyStore, path: Path) -> None:
    store.create("k", Scope.READ, None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_another_process_makes_and_revokes_holds_at_once(store: KeyStore, path: Path) -> None:
    other = KeyStore(path)
    _, first = other.create("k", Scope.READ, None)
    assert store.find(first) is not None
    revoked = other.revoke("k")
    assert revoked.revoked is not None
    assert store.find(first) is None
    assert other.revoke("k") == revoked


def test_a_key_opens_nothing_after_its_time(store: KeyStore) -> None:
    _, secret = store.create("short", Scope.READ, timedelta(seconds=-1))
    _, lasting = store.create("long", Scope.READ, timedelta(days=1))
    assert store.find(secret) is None
    assert store.find(lasting) is not None


def test_a_name_is_given_once_also_after_it_was_revoked(store: KeyStore) -> None:
    store.create("k", Scope.READ, None)
    store.revoke("k")
    with pytest.raises(ConflictError, match="已有名称为 k") as refused:
        store.create("k", Scope.READ, None)
    assert refused.value.code == "key_exists"


@pytest.mark.parametrize("name", ["", "x" * 65, "a b", "a\nb", "\u202ea", "a\x1b[31m", '"', "a/b"])
def test_a_name_that_could_dress_up_a_log_is_refused(store: KeyStore, name: str) -> None:
    with pytest.raises(QueryError) as refused:
        store.create(name, Scope.READ, None)
    assert refused.value.code == "bad_key_name"


def test_a_file_that_holds_no_keys_is_named(store: KeyStore, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match=r"keys\.sqlite") as refused:
        store.find("xl_" + "A" * 43)
    assert refused.value.code == "keys"


def test_scopes_include_those_before_them() -> None:
    assert Scope.READ < Scope.WRITE < Scope.ADMIN
