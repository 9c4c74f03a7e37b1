import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.analyzers.embedding.tiny import need_transformers, tiny_model
from tests.search_api.cli.conftest import SAMPLES, SCRIPT, environment, run_script

HOPELESS = '{"qid": "1", "type": "keyword", "query": "备案审查", "relevant": [{"file": "没有.txt", "starts": ["甲"], "grade": 3}]}\n'

NOTICES = ("云杉区2023", "临汐区2017", "澄湖区", "青溪区20", "蓝桥区")
"""Beginnings of the names of files that give enough to train on; the first two are held out."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a user who has indexed a few notices, without a model. Not to be written to."""
    folder = tmp_path_factory.mktemp("training") / "data"
    run_script(folder, "index", *(str(file) for name in NOTICES for file in SAMPLES.glob(f"{name}*")))
    return folder


@pytest.mark.slow
def test_a_model_that_wins_is_kept_and_can_be_used(data: Path, tmp_path: Path) -> None:
    need_transformers()
    tiny, out = tiny_model(tmp_path / "tiny"), tmp_path / "out"
    done = run_script(data, "model", "train", "--base", str(tiny), "--out", str(out), "--epochs", "3", "--json")
    answer = json.loads(done.stdout)
    assert answer["kept"] is (answer["ndcg@10"]["全部"]["after"] > answer["ndcg@10"]["全部"]["before"])
    assert (done.returncode == 0) is answer["kept"] is (out / "modules.json").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == (["out", "tiny"] if answer["kept"] else ["tiny"])


@pytest.mark.slow
def test_a_model_that_does_not_win_is_not_kept(data: Path, tmp_path: Path) -> None:
    need_transformers()
    tiny, queries = tiny_model(tmp_path / "tiny"), tmp_path / "查询.jsonl"
    queries.write_text(HOPELESS, encoding="utf-8")
    done = run_script(
        data, "model", "train", "--base", str(tiny), "--out", str(tmp_path / "out"), "--judgements", str(queries)
    )
    assert done.returncode == 1
    assert "没有提高，训练结果不保留" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tiny", "查询.jsonl"]


@pytest.mark.slow
def test_an_interrupted_training_is_gone_on_with(data: Path, tmp_path: Path) -> None:
    need_transformers()
    tiny, out, work = tiny_model(tmp_path / "tiny"), tmp_path / "out", tmp_path / "out.training"
    arguments = ["model", "train", "--base", str(tiny), "--out", str(out), "--epochs", "40"]
    child = subprocess.Popen([SCRIPT, *arguments], env=environment(data), stderr=subprocess.PIPE, text=True)
    waiting = time.monotonic() + 100
    while not list(work.glob("checkpoint-*/trainer_state.json")) and time.monotonic() < waiting:
        time.sleep(0.1)
    os.kill(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130, said
    assert "已中断" in said
    [checkpoint] = sorted(work.glob("checkpoint-*"))[-1:]
    begun = int(checkpoint.name.split("-")[1])
    done = run_script(data, *arguments, "--json", variables={"XIANLI_DEVICE": "cpu"})
    answer = json.loads(done.stdout)
    assert begun > 0
    assert answer["examples"] > 50
    assert done.returncode == (0 if answer["kept"] else 1)


def test_the_bundled_model_is_unpacked_for_training(model_folder: Path, tmp_path: Path) -> None:
    need_transformers()
    base = tmp_path / "base"
    done = run_script(tmp_path / "data", "model", "unpack", str(base), model=model_folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"xianli model train --base {base}" in done.stdout
    assert (base / "modules.json").exists()


def test_what_cannot_be_trained_is_told(data: Path, tmp_path: Path) -> None:
    done = run_script(data, "model", "train", "--base", str(tmp_path / "none"), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "xianli model unpack" in done.stderr
