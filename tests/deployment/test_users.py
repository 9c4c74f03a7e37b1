"""The two users that scripts/elasticsearch-users makes: they can do what is theirs, and no more."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from starlette.testclient import TestClient

from search_api.http.app import create_app
from search_api.settings import Settings
from tests import servers
from tests.deployment.compose import PROJECT
from tests.search_api.cli.conftest import SAMPLES, run_script
from tests.servers import Secured

pytestmark = pytest.mark.elasticsearch

Script = Callable[[], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def secured() -> Secured:
    return servers.secured()


@pytest.fixture
def secrets(tmp_path: Path, secured: Secured) -> Path:
    """A folder with the passwords."""
    folder = tmp_path / "secrets"
    subprocess.run([PROJECT / "scripts" / "passwords", folder], check=True)
    shutil.copy(secured.folder / "password", folder / "elastic-password")
    return folder


@pytest.fixture
def script(secured: Secured, secrets: Path) -> Script:
    """Runs the script on a real server."""

    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PROJECT / "scripts" / "elasticsearch-users", secured.address, secrets],
            env=os.environ | {"CURL_CA_BUNDLE": str(secured.ca)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def variables(secured: Secured, secrets: Path, user: str) -> dict[str, str]:
    """What the containers are given."""
    return {
        "XIANLI_INDEX": f"{secured.address}/xianli",
        "XIANLI_INDEX_USER": f"xianli-{user}",
        "XIANLI_INDEX_PASSWORD_FILE": str(secrets / f"{user}-password"),
        "XIANLI_INDEX_CA": str(secured.ca),
    }


def test_the_builder_indexes_and_the_reader_only_searches(
    secured: Secured, secrets: Path, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):  # at every start
        done = script()
        assert done.returncode == 0, done.stdout + done.stderr
    data, samples = tmp_path / "data", str(SAMPLES)
    reader, builder = variables(secured, secrets, "reader"), variables(secured, secrets, "builder")
    try:
        refused = run_script(data, "index", samples, "--json", variables=reader)
        assert json.loads(refused.stdout)["error"]["code"] == "index_denied"
        assert "新增 20" in run_script(data, "index", samples, variables=builder).stdout
        refused = run_script(data, "index", samples, "--json", variables=reader)
        assert json.loads(refused.stdout)["error"]["code"] == "index_denied"
        for name, value in reader.items():
            monkeypatch.setenv(name, value)
        with TestClient(create_app(Settings(data=data, model=data / "model"))) as client:
            assert client.get("/readyz").json()["notices"] == 20
            assert client.get("/api/v1/search", params={"q": "行政执法案卷评查"}).json()["hits"]
            assert client.get("/api/v1/notices").json()["total"] == 20
        assert (
            "新增"
            not in run_script(data, "index", samples, "--index", f"{secured.address}/other", variables=builder).stdout
        )
    finally:
        with Elasticsearch(
            secured.address, basic_auth=(secured.user, secured.password), ca_certs=str(secured.ca)
        ) as client:
            client.indices.delete(index="xianli-1", ignore_unavailable=True)


@pytest.mark.parametrize("user", ["elastic", "reader", "builder"])
def test_a_password_that_is_missing_or_not_plain_is_refused_and_not_shown(
    script: Script, secrets: Path, user: str
) -> None:
    file = secrets / f"{user}-password"
    file.write_text('short"but-secret')
    done = script()
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert "but-secret" not in done.stderr + done.stdout
