"""The embedder for models of other makers, with a tiny one."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzers.embedding.choice import ModelChoice, Precision, open_model
from corpus.errors import ModelError
from tests.analyzers.embedding.tiny import DIMENSION, need_transformers, tiny_model

DUTY = "加强行政执法监督"
TEXTS = [DUTY, "学习法律", "推进公开" * 30, "", "\ud800", "🙂", "调解"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_transformers()
    return tiny_model(tmp_path_factory.mktemp("tiny") / "model")


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_transformers()
    return tiny_model(tmp_path_factory.mktemp("prompted") / "model", {"query": "学习：", "document": "落实："})


def test_vectors_have_the_promised_form(folder: Path) -> None:
    embedder = open_model(ModelChoice(folder))
    vectors = embedder.encode_items(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), DIMENSION)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)
    assert embedder.encode_items([]).shape == (0, DIMENSION)


def test_texts_of_any_length_come_back_in_their_order(folder: Path) -> None:
    embedder = open_model(ModelChoice(folder))
    texts = [DUTY * (number % 7 + 1) + "责任"[: number % 3] for number in range(70)]
    alone = np.stack([embedder.encode_query(text) for text in texts])
    assert np.abs(embedder.encode_items(texts) - alone).max() < 1e-5


def test_prompts_are_those_of_the_model_unless_others_are_chosen(prompted: Path, folder: Path) -> None:
    own = open_model(ModelChoice(prompted))
    bare = open_model(ModelChoice(prompted, query_prompt="", document_prompt=""))
    chosen = open_model(ModelChoice(folder, query_prompt="学习：", document_prompt="落实："))
    assert not np.allclose(own.encode_query(DUTY), own.encode_items([DUTY])[0], atol=1e-3)
    assert np.allclose(own.encode_query(DUTY), bare.encode_query(f"学习：{DUTY}"), atol=1e-6)
    assert np.allclose(own.encode_items([DUTY]), bare.encode_items([f"落实：{DUTY}"]), atol=1e-6)
    assert np.allclose(own.encode_query(DUTY), chosen.encode_query(DUTY), atol=1e-6)


def test_cut_vectors_are_the_first_components_at_length_one(folder: Path) -> None:
    whole = open_model(ModelChoice(folder)).encode_query(DUTY)
    embedder = open_model(ModelChoice(folder, dimension=8))
    assert embedder.dimension == 8
    assert np.allclose(embedder.encode_query(DUTY), whole[:8] / np.linalg.norm(whole[:8]), atol=1e-6)


@pytest.mark.parametrize("precision", [Precision.FLOAT16, Precision.BFLOAT16])
def test_half_precision_moves_vectors_a_little(folder: Path, precision: Precision) -> None:
    whole = open_model(ModelChoice(folder)).encode_query(DUTY)
    half = open_model(ModelChoice(folder, precision=precision)).encode_query(DUTY)
    assert half.dtype == np.float32
    assert 0.999 < whole @ half < 1.0


def test_what_comes_after_the_longest_input_is_not_embedded(folder: Path) -> None:
    embedder = open_model(ModelChoice(folder, max_tokens=8))
    assert np.allclose(embedder.encode_query(DUTY), embedder.encode_query(DUTY + "学习"), atol=1e-6)


def test_threads_share_an_embedder(folder: Path) -> None:
    embedder = open_model(ModelChoice(folder))
    texts = [DUTY * number for number in range(1, 9)]
    with ThreadPoolExecutor(4) as threads:
        vectors = np.stack(list(threads.map(embedder.encode_query, texts)))
    assert np.allclose(vectors, embedder.encode_items(texts), atol=1e-5)


def test_fingerprint_follows_all_that_decides_the_vectors(folder: Path, tmp_path: Path) -> None:
    choice = ModelChoice(folder)
    choices = [
        choice,
        replace(choice, query_prompt="学习"),
        replace(choice, document_prompt="学习"),
        replace(choice, dimension=8),
        replace(choice, max_tokens=8),
        replace(choice, precision=Precision.BFLOAT16),
        ModelChoice(tiny_model(tmp_path / "other", seed=1)),
        ModelChoice(tiny_model(tmp_path / "prompted", {"query": "学习"})),
    ]
    assert len({open_model(one).fingerprint for one in choices}) == len(choices)
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert open_model(ModelChoice(tmp_path / "elsewhere")).fingerprint == open_model(choice).fingerprint


def test_no_call_goes_out_and_nothing_heavy_is_imported_before_the_first_text(folder: Path) -> None:
    program = f"""
import socket, sys
def refuse(*_): raise AssertionError("a call went out")
socket.socket.connect = socket.getaddrinfo = refuse
from pathlib import Path
from analyzers.embedding.choice import ModelChoice, open_model
embedder = open_model(ModelChoice(Path({str(folder)!r})))
print("torch" in sys.modules, embedder.encode_query("学习").shape)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == f"False ({DIMENSION},)", done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dimension": 64}, "不能取 64 维"),
        ({"folder": Path("没有的模型")}, "xianli model fetch"),
    ],
)
def test_a_choice_that_cannot_be_had_is_told(folder: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(ModelError, match=said):
        open_model(replace(ModelChoice(folder), **change)).encode_query(DUTY)  # type: ignore[arg-type]


def test_damaged_weights_are_told(folder: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(folder, damaged)
    (damaged / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"打不开模型 .*damaged"):
        open_model(ModelChoice(damaged)).encode_query(DUTY)


def test_a_device_that_is_not_there_is_told_with_those_that_are(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"能用的有 .*cpu.*XIANLI_DEVICE"):
        open_model(ModelChoice(folder), "tpu").encode_query(DUTY)


def test_a_model_that_brings_its_own_program_is_not_run(folder: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    shutil.copytree(folder, foreign)
    modules = foreign / "modules.json"
    modules.write_text(
        modules.read_text().replace("sentence_transformers.base.modules.transformer.Transformer", "os.path")
    )
    with pytest.raises(ModelError, match="打不开模型"):
        open_model(ModelChoice(foreign)).encode_query(DUTY)


def test_a_missing_library_is_told_with_the_command_that_installs_it(folder: Path) -> None:
    program = f"""
import sys
sys.modules["sentence_transformers"] = None
from pathlib import Path
from analyzers.embedding.choice import ModelChoice, open_model
from corpus.errors import ModelError
try: open_model(ModelChoice(Path({str(folder)!r}))).encode_query("学习")
except ModelError as error: print(error.code, error.detail)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("model_extra 没有安装")
    assert "pip install 'xianli[transformers]'" in done.stdout


def test_the_bundled_model_takes_no_choices(model_folder: Path) -> None:
    with pytest.raises(ModelError, match="自带的模型没有可设的"):
        open_model(ModelChoice(model_folder, dimension=128))
