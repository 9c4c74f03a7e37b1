import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analyzers.embedding.tiny import need_transformers, tiny_model
from tests.search_api.cli.conftest import SAMPLES, run_script

NOTICE = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the index is to be: a folder, or an address."""
    if request.param == "embedded":
        return str(tmp_path / "index")
    address: str = request.getfixturevalue("elasticsearch_address")
    return address


@pytest.fixture
def run(place: str, tmp_path: Path) -> Run:
    """Runs the console script on that index, on a machine whose data lie in a folder of this name."""

    def run_there(*arguments: str, data: str = "data", model: Path | None = None) -> subprocess.CompletedProcess[str]:
        return run_script(tmp_path / data, *arguments, model=model, variables={"XIANLI_INDEX": place})

    return run_there


def mode(run: Run, model: Path | None = None, data: str = "data") -> str:
    done = run("search", "行政执法", "--json", model=model, data=data)
    found: str = json.loads(done.stdout)["mode"]
    return found


def test_an_index_gets_the_vectors_of_a_model_and_can_go_back(run: Run, model_folder: Path) -> None:
    run("index", str(NOTICE))
    assert mode(run, model_folder) == "lexical"
    done = run("reindex", "--model", str(model_folder), model=model_folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 份通知、22 条条款" in done.stdout
    assert mode(run, model_folder) == "hybrid"
    again = run("reindex", "--model", str(model_folder), "--json")
    assert json.loads(again.stdout)["changed"] is False
    assert "已退回" in run("reindex", "--rollback").stdout
    assert mode(run, model_folder) == "lexical"


def test_the_index_is_searched_and_written_with_the_model_that_it_remembers(
    run: Run, tmp_path: Path, model_folder: Path
) -> None:
    need_transformers()
    tiny = tiny_model(tmp_path / "tiny")
    run("index", str(NOTICE), model=model_folder)
    done = run("reindex", "--model", str(tiny), "--dimension", "16", model=model_folder)
    assert done.returncode == 0, done.stderr
    fetched = tmp_path / "data" / "models" / "tiny"
    fetched.parent.mkdir(parents=True)
    fetched.symlink_to(tiny)
    assert mode(run, model_folder) == "hybrid"
    other = SAMPLES / "临汐区2017年法治政府建设工作要点.txt"
    assert run("index", str(other), model=model_folder).returncode == 0
    fetched.unlink()
    tiny.rename(tmp_path / "gone")
    gone = run("search", "行政执法")
    assert gone.returncode == 1
    assert "是用模型" in gone.stderr
    assert "xianli reindex --model" in gone.stderr


@pytest.mark.elasticsearch
def test_an_index_on_elasticsearch_is_searched_on_another_machine_with_the_model_where_it_is_there(
    tmp_path: Path, elasticsearch_address: str, model_folder: Path
) -> None:
    def run(*arguments: str, data: str, model: Path | None = None) -> subprocess.CompletedProcess[str]:
        return run_script(tmp_path / data, *arguments, model=model, variables={"XIANLI_INDEX": elasticsearch_address})

    elsewhere = tmp_path / "elsewhere"
    elsewhere.symlink_to(model_folder)
    run("index", str(NOTICE), data="one")
    done = run("reindex", "--model", str(model_folder), data="one")
    assert done.returncode == 0, done.stderr
    assert mode(run, elsewhere, "two") == "hybrid"
    (tmp_path / "two" / "models").mkdir(parents=True)
    (tmp_path / "two" / "models" / model_folder.resolve().name).symlink_to(model_folder)
    assert mode(run, None, "two") == "hybrid"
    gone = run("search", "行政执法", data="three")
    assert gone.returncode == 1
    assert f"是用模型 {model_folder.resolve().name} 建立的" in gone.stderr
    assert "XIANLI_MODEL" in gone.stderr


@pytest.mark.elasticsearch
def test_shards_change_without_the_model(tmp_path: Path, elasticsearch_address: str) -> None:
    variables = {"XIANLI_INDEX": elasticsearch_address, "XIANLI_SHARDS": "2"}
    run_script(tmp_path, "index", str(NOTICE), variables=variables)
    done = run_script(tmp_path, "reindex", "--shards", "2", variables=variables)
    assert "没有改动" in done.stdout, done.stderr
    done = run_script(tmp_path, "reindex", "--shards", "3", variables=variables)
    assert "已重新建立（没有向量）：1 份通知、22 条条款" in done.stdout, done.stderr


def test_another_model_than_that_of_the_index_is_told(tmp_path: Path, model_folder: Path) -> None:
    need_transformers()
    run_script(tmp_path, "index", str(NOTICE), model=model_folder)
    done = run_script(tmp_path, "search", "行政执法", model=tiny_model(tmp_path / "tiny"))
    assert done.returncode == 1
    assert "bge-small-zh-v1.5-int8" in done.stderr
    assert "xianli reindex" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--model", "没有的模型"], 1, "没有模型 没有的模型"),
        (["--rollback"], 1, "没有更换前的版本"),
        (["--precision", "int4"], 2, "--precision"),
    ],
)
def test_what_cannot_be_done_is_told(run: Run, arguments: list[str], code: int, said: str) -> None:
    run("index", str(NOTICE))
    done = run("reindex", *arguments)
    assert done.returncode == code
    assert said in done.stderr


def test_a_folder_has_no_shards(tmp_path: Path) -> None:
    done = run_script(tmp_path, "reindex", "--shards", "2")
    assert done.returncode == 2
    assert "Elasticsearch" in done.stderr


def test_without_an_index_there_is_nothing_to_reindex(run: Run) -> None:
    done = run("reindex")
    assert done.returncode == 1
    assert "还没有索引" in done.stderr
