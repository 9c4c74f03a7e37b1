"""On a server with security everybody needs only the rights of a role, refusals say what to do, and no secret is ever told."""

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.index.elasticsearch import ElasticsearchIndex
from indexer.index.elasticsearch.access import Access
from indexer.index.filters import Filters
from search_api.settings import Settings
from tests import servers
from tests.contract.notices import MODEL, item, notice, vector, vectors
from tests.indexer.index.elasticsearch.users import Users, users
from tests.search_api.cli.conftest import SAMPLES, run_script

pytestmark = pytest.mark.elasticsearch

EVERY = Filters()
WRITTEN = notice("n1", item("推行执法公示"), item("清理证明事项"))


@pytest.fixture
def known(secured: servers.Secured) -> Iterator[Users]:
    with users(secured) as made:
        yield made


@pytest.fixture(scope="session")
def filled(secured: servers.Secured, analyzer: Analyzer) -> Iterator[Users]:
    """Users of an index that a builder has made. Not to be written to."""
    with users(secured) as made:
        fill(made, analyzer)
        yield made


def fill(known: Users, analyzer: Analyzer) -> None:
    with ElasticsearchIndex.open(known.address, analyzer, access=known.user("builder")) as index, index.loading():
        index.write(WRITTEN, "/n1", vectors(WRITTEN), MODEL)


def test_a_reader_can_search_and_read_everything(filled: Users, analyzer: Analyzer) -> None:
    with ElasticsearchIndex.open(filled.address, analyzer, read_only=True, access=filled.user("reader")) as index:
        terms = analyzer.analyse("执法公示")
        assert [hit.item_id for hit in index.lexical(terms, EVERY, 1)] == ["n1-0"]
        assert len(index.nearest(vector("x"), EVERY, 9)) == 2
        assert index.facets(terms, (), EVERY, 9).total == 1
        assert index.notice("n1") == WRITTEN
        assert [record.notice.id for record in index.scan()] == ["n1"]
        assert index.statistics().notices == 1


def test_a_writer_can_change_what_there_is(known: Users, analyzer: Analyzer) -> None:
    fill(known, analyzer)
    other = notice("n2", item("建立联席会议"))
    with ElasticsearchIndex.open(known.address, analyzer, access=known.user("writer")) as index:
        with index.loading():
            index.write(other, "/n2", vectors(other), MODEL)
        assert index.remove("n1")
        assert index.remove("n2")
        with index.loading():
            index.write(other, "/n2", vectors(other), MODEL)
        assert index.notice("n2") == other


def test_a_reader_cannot_write(filled: Users, analyzer: Analyzer) -> None:
    with pytest.raises(StorageError, match="没有权限") as refused:
        ElasticsearchIndex.open(filled.address, analyzer, access=filled.user("reader"))
    assert refused.value.code == "index_denied"


def test_a_writer_cannot_create_an_index(known: Users, analyzer: Analyzer) -> None:
    with pytest.raises(StorageError, match="没有权限") as refused:
        ElasticsearchIndex.open(known.address, analyzer, access=known.user("writer"))
    assert refused.value.code == "index_denied"


def test_nobody_sees_the_index_of_another_prefix(filled: Users, analyzer: Analyzer) -> None:
    reader = filled.user("reader")
    for prefix in (f"{filled.prefix}-write", f"{filled.prefix}-1-2", "other"):
        address = filled.address.replace(filled.prefix, prefix)
        with pytest.raises(StorageError) as refused:
            ElasticsearchIndex.open(address, analyzer, read_only=True, access=reader)
        assert refused.value.code == "index_denied"


@pytest.mark.parametrize(
    ("case", "code", "advice"),
    [
        ("wrong password", "index_denied", "用户名或密码不对"),
        ("wrong key", "index_denied", "API key 无效"),
        ("revoked key", "index_denied", "已撤销"),
        ("expired key", "index_denied", "过期"),
        ("nobody", "index_denied", "用户名或密码不对"),
        ("untrusted", "index_tls", "XIANLI_INDEX_CA"),
        ("another name", "index_tls", "不是给这个主机名的"),
        ("http where https is spoken", "index_unreachable", "https"),
    ],
)
def test_refusals_say_what_to_do_and_tell_no_secret(
    filled: Users,
    analyzer: Analyzer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    case: str,
    code: str,
    advice: str,
) -> None:
    address, access = refused_access(case, filled)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StorageError, match=advice) as refused:
        ElasticsearchIndex.open(address, analyzer, read_only=True, access=access)
    assert refused.value.code == code
    secret = access.password or access.api_key or ""
    file = tmp_path / "secret"
    file.write_text(f"{secret}\n")
    given = {"XIANLI_INDEX": address, "XIANLI_INDEX_CA": str(access.ca or "")}
    given |= {"XIANLI_INDEX_USER": access.user, "XIANLI_INDEX_PASSWORD_FILE": str(file)} if access.user else {}
    given |= {"XIANLI_INDEX_API_KEY": access.api_key} if access.api_key else {}
    done = run_script(tmp_path, "search", "执法公示", "--json", variables=given)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == code
    told = "".join(traceback.format_exception(refused.value)) + done.stdout + done.stderr + caplog.text
    told += f"{access!r}{refused.value!r}{refused.value.__cause__!r}{capfd.readouterr()}"
    assert not secret or secret not in told


def refused_access(case: str, filled: Users) -> tuple[str, Access]:
    """What is asked with in each case."""
    reader = filled.user("reader")
    if case == "wrong password":
        return filled.address, replace(reader, password="not-the-password")
    if case == "wrong key":
        return filled.address, Access(api_key="bm90LWEta2V5LWlkOm5vdC1hLWtleS1hdC1hbGw=", ca=filled.ca)
    if case == "revoked key":
        key = filled.key("reader")
        filled.revoke()
        return filled.address, key
    if case == "expired key":
        return filled.address, filled.key("reader", expiration="1ms")
    if case == "nobody":
        return filled.address, Access(ca=filled.ca)
    if case == "untrusted":
        return filled.address, replace(reader, ca=None)
    if case == "another name":
        return filled.address.replace("127.0.0.1", "localhost"), reader
    return filled.address.replace("https", "http"), reader


def test_a_server_without_https_is_told_from_one_with_a_bad_certificate(
    elasticsearch_address: str, analyzer: Analyzer
) -> None:
    with pytest.raises(StorageError, match="可能没有启用 https") as refused:
        ElasticsearchIndex.open(elasticsearch_address.replace("http", "https"), analyzer)
    assert refused.value.code == "index_tls"


def test_commands_run_with_a_key_in_a_file(known: Users, analyzer: Analyzer, tmp_path: Path) -> None:
    def given(role: str) -> dict[str, str]:
        file = tmp_path / role
        file.write_text(f"{known.key(role).api_key}\n")
        return {"XIANLI_INDEX": known.address, "XIANLI_INDEX_API_KEY_FILE": str(file), "XIANLI_INDEX_CA": str(known.ca)}

    fill(known, analyzer)

    writer, reader = given("writer"), given("reader")
    assert "新增 20" in run_script(tmp_path, "index", str(SAMPLES), variables=writer).stdout
    found = run_script(tmp_path, "search", "行政执法案卷评查", "--json", variables=reader)
    assert json.loads(found.stdout)["hits"]
    refused = run_script(tmp_path, "index", str(SAMPLES), "--json", variables=reader)
    assert json.loads(refused.stdout)["error"]["code"] == "index_denied"


def test_settings_carry_what_is_asked_with(filled: Users, analyzer: Analyzer) -> None:
    password = filled.user("reader").password
    address = filled.address.replace("https://", f"https://{filled.prefix}-reader@")
    settings = Settings.model_validate({"index": address, "index_password": password, "index_ca": filled.ca})
    assert settings.index_address
    with ElasticsearchIndex.open(
        settings.index_address, analyzer, read_only=True, access=settings.index_access
    ) as index:
        assert index.count(EVERY) == 2
