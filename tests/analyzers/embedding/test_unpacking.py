"""The bundled model in other forms: as a module of sentence-transformers, and unpacked."""

from pathlib import Path

import numpy as np
import pytest

from analyzers.embedding.choice import ModelChoice, open_model
from analyzers.embedding.onnx import OnnxEmbedder
from corpus.errors import ModelError
from tests.analyzers.embedding.tiny import need_transformers

TEXTS = [
    "被诉行政机关负责人应当出庭应诉",
    "推进简政放权",
    "A级景区全面推行行政执法公示制度、执法全过程记录制度。" * 5,
    "建立健全行政裁量权基准制度，2023年底前完成。",
]


def test_module_gives_the_vectors_of_the_embedder_also_when_saved(model_folder: Path, tmp_path: Path) -> None:
    need_transformers()
    from sentence_transformers import SentenceTransformer

    from analyzers.embedding.onnx_module import OnnxModule

    expected = OnnxEmbedder(model_folder).encode_items(TEXTS)
    made = SentenceTransformer(modules=[OnnxModule(model_folder)], device="cpu")
    made.save(str(tmp_path / "saved"))
    loaded = SentenceTransformer(str(tmp_path / "saved"), device="cpu", local_files_only=True, trust_remote_code=True)
    for model in (made, loaded):
        assert (model.encode(TEXTS) * expected).sum(axis=1).min() > 0.9999
        assert model.encode(TEXTS).shape == (len(TEXTS), model.get_embedding_dimension())


def test_unpacked_model_agrees_with_the_bundled_one(model_folder: Path, tmp_path: Path) -> None:
    need_transformers()
    from analyzers.embedding.unpacking import unpack_model

    unpack_model(model_folder, tmp_path / "base")
    unpacked = open_model(ModelChoice(tmp_path / "base"))
    cosines = (unpacked.encode_items(TEXTS) * OnnxEmbedder(model_folder).encode_items(TEXTS)).sum(axis=1)
    assert np.all(cosines > 0.99)


def test_nothing_is_unpacked_over_other_files(model_folder: Path, tmp_path: Path) -> None:
    from analyzers.embedding.unpacking import unpack_model

    (tmp_path / "notes.txt").touch()
    with pytest.raises(ModelError, match="已有文件"):
        unpack_model(model_folder, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
