import json
from pathlib import Path

import pytest

from search_api.http.keys import KeyStore, Scope
from tests.search_api.cli.conftest import run_script


def test_a_key_is_made_shown_once_listed_and_revoked(tmp_path: Path) -> None:
    made = run_script(tmp_path, "keys", "create", "政务网", "--scope", "read", "--expires", "90d")
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("xl_")
    assert "只显示" in made.stderr or "之后无法再显示" in made.stderr
    found = KeyStore(tmp_path / "keys.sqlite").find(secret)
    assert found is not None
    assert (found.name, found.scope, found.expires is None) == ("政务网", Scope.READ, False)
    listed = run_script(tmp_path, "keys", "list")
    assert "政务网  read" in listed.stdout
    assert secret not in listed.stdout
    revoked = run_script(tmp_path, "keys", "revoke", "政务网")
    assert "已撤销" in revoked.stdout
    assert "已撤销" in run_script(tmp_path, "keys", "list").stdout
    assert KeyStore(tmp_path / "keys.sqlite").find(secret) is None


def test_each_answers_with_one_document(tmp_path: Path) -> None:
    made = json.loads(run_script(tmp_path, "keys", "create", "a", "--scope", "admin", "--json").stdout)
    assert made.pop("key").startswith("xl_")
    assert (made["name"], made["scope"], made["expires"], made["revoked"]) == ("a", "admin", None, None)
    assert json.loads(run_script(tmp_path, "keys", "list", "--json").stdout) == {"keys": [made]}
    assert json.loads(run_script(tmp_path, "keys", "revoke", "a", "--json").stdout)["revoked"] is not None


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (["create", "a"], 2, "缺少参数 --scope"),
        (["create", "a", "--scope", "root"], 2, "read、write、admin"),
        (["create", "a", "--scope", "read", "--expires", "soon"], 2, "90d"),
        (["create", "a", "--scope", "read", "--expires", "0d"], 2, "90d"),
        (["create", "a b", "--scope", "read"], 2, "不能作密钥的名称"),
        (["revoke", "没有"], 1, "xianli keys list"),
        (["list"], 0, "还没有密钥"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(
    tmp_path: Path, arguments: list[str], code: int, expected: str
) -> None:
    done = run_script(tmp_path, "keys", *arguments)
    assert (done.returncode, expected in done.stderr) == (code, True), done.stderr
    assert list(tmp_path.iterdir()) == []
