"""The embedder, with the real model."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from analyzers.embedding.files import ONNX, TOKENIZER, ModelFile
from analyzers.embedding.onnx import OnnxEmbedder
from corpus.errors import ModelError

DUTY = "被诉行政机关负责人应当出庭应诉"


@pytest.fixture(scope="module")
def embedder(model_folder: Path) -> OnnxEmbedder:
    return OnnxEmbedder(model_folder)


def test_vectors_have_the_promised_form(embedder: OnnxEmbedder) -> None:
    vectors = embedder.encode_items([DUTY, "加强行政调解"])
    assert vectors.shape == (2, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-6)


def test_no_texts_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert embedder.encode_items([]).shape == (0, embedder.dimension)


def test_a_text_has_the_same_vector_in_any_company(embedder: OnnxEmbedder) -> None:
    alone = embedder.encode_query(DUTY)
    among_others = embedder.encode_items(["食堂", DUTY, "推进简政放权" * 60])[1]
    assert np.array_equal(alone, among_others)


def test_paraphrase_is_nearer_than_another_subject(embedder: OnnxEmbedder) -> None:
    query = embedder.encode_query("老百姓告官怎么应对")
    same, other = embedder.encode_items([DUTY, "开展食堂设备政府采购"])
    assert query @ same > query @ other + 0.05


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "🙂", "行" * 5_000])
def test_odd_texts_are_embedded(embedder: OnnxEmbedder, text: str) -> None:
    vector = embedder.encode_query(text)
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-6)


def test_what_comes_after_512_tokens_is_not_embedded(embedder: OnnxEmbedder) -> None:
    long = "行政复议" * 200
    assert np.array_equal(embedder.encode_query(long), embedder.encode_query(long + "食堂采购"))
    assert not np.array_equal(embedder.encode_query(long[:100]), embedder.encode_query(long[:100] + "食堂采购"))


def test_threads_share_an_embedder(model_folder: Path, embedder: OnnxEmbedder) -> None:
    texts = [f"第{number}条 推进行政执法" for number in range(16)]
    expected = embedder.encode_items(texts)
    fresh = OnnxEmbedder(model_folder)
    with ThreadPoolExecutor(4) as threads:
        assert np.array_equal(np.stack(list(threads.map(fresh.encode_query, texts))), expected)


def test_fingerprint_names_the_model(embedder: OnnxEmbedder) -> None:
    assert embedder.fingerprint == f"bge-small-zh-v1.5-int8/{ONNX.digest[:12]}"


def test_runtime_is_loaded_at_the_first_text_only(model_folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from analyzers.embedding.onnx import OnnxEmbedder\n"
        f"embedder = OnnxEmbedder(Path({str(model_folder)!r}))\n"
        "before = {'onnxruntime', 'tokenizers'} & set(sys.modules); embedder.encode_query('x')\n"
        "print(len(before), 'onnxruntime' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("0 True False", "")


@pytest.mark.parametrize("missing", [ONNX, TOKENIZER])
def test_a_missing_file_is_named_with_the_way_out(tmp_path: Path, model_folder: Path, missing: ModelFile) -> None:
    for file in (ONNX, TOKENIZER):
        if file is not missing:
            (tmp_path / file.name).symlink_to(model_folder / file.name)
    with pytest.raises(ModelError) as raised:
        OnnxEmbedder(tmp_path)
    assert str(tmp_path / missing.name) in raised.value.detail
    assert "xianli model fetch" in raised.value.detail


def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path, model_folder: Path) -> None:
    (tmp_path / TOKENIZER.name).symlink_to(model_folder / TOKENIZER.name)
    (tmp_path / ONNX.name).write_bytes((model_folder / ONNX.name).read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"model\.onnx 已损坏.*xianli model fetch"):
        OnnxEmbedder(tmp_path)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / TOKENIZER.name).mkdir()
    with pytest.raises(ModelError, match=r"读不了.*tokenizer\.json"):
        OnnxEmbedder(tmp_path)
