import json
from pathlib import Path

import pytest

from tests.analyzers.embedding.tiny import need_transformers, tiny_model
from tests.search_api.cli.conftest import SAMPLES, run_script

NOTICE = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def search(data: Path, model: Path | None = None) -> dict[str, object]:
    done = run_script(data, "search", "行政执法", "--json", model=model)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_an_index_gets_the_vectors_of_a_model_and_can_go_back(tmp_path: Path, model_folder: Path) -> None:
    run_script(tmp_path, "index", str(NOTICE))
    assert search(tmp_path)["mode"] == "lexical"
    done = run_script(tmp_path, "reindex", "--model", str(model_folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 份通知、22 条条款" in done.stdout
    assert search(tmp_path)["mode"] == "hybrid", "the index remembers its model"
    again = run_script(tmp_path, "reindex", "--model", str(model_folder), "--json")
    assert json.loads(again.stdout)["changed"] is False
    assert "已退回" in run_script(tmp_path, "reindex", "--rollback").stdout
    assert search(tmp_path)["mode"] == "lexical"


def test_the_index_is_searched_and_written_with_the_model_that_it_remembers(tmp_path: Path, model_folder: Path) -> None:
    need_transformers()
    tiny, data = tiny_model(tmp_path / "tiny"), tmp_path / "data"
    run_script(data, "index", str(NOTICE), model=model_folder)
    done = run_script(data, "reindex", "--model", str(tiny), "--dimension", "16", model=model_folder)
    assert done.returncode == 0, done.stderr
    assert search(data, model_folder)["mode"] == "hybrid"
    other = SAMPLES / "临汐区2017年法治政府建设工作要点.txt"
    assert run_script(data, "index", str(other), model=model_folder).returncode == 0
    tiny.rename(tmp_path / "gone")
    gone = run_script(data, "search", "行政执法", model=model_folder)
    assert gone.returncode == 1
    assert f"是用模型 {tiny} 建立的" in gone.stderr
    assert "xianli reindex --model" in gone.stderr


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
def test_what_cannot_be_done_is_told(tmp_path: Path, arguments: list[str], code: int, said: str) -> None:
    run_script(tmp_path, "index", str(NOTICE))
    done = run_script(tmp_path, "reindex", *arguments)
    assert done.returncode == code
    assert said in done.stderr


def test_without_an_index_there_is_nothing_to_reindex(tmp_path: Path) -> None:
    done = run_script(tmp_path, "reindex")
    assert done.returncode == 1
    assert "还没有索引" in done.stderr
