"""Which model is used and how it is run: all that decides its vectors, in a form that an index can remember."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from analyzers.embedding import Embedder
from analyzers.embedding.files import ONNX, has_model
from corpus.errors import ModelError

_FILE = "model.json"


class Precision(StrEnum):
    """Of weights and activations. The halves are for graphics processors; a vector is float32 whatever it was made in."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model folder, and how the model is run; what is None or absent is as the model's makers have set it."""

    folder: Path
    query_prompt: str | None = None
    """What goes in front of a query, as many models want it."""
    document_prompt: str | None = None
    dimension: int | None = None
    """Components kept of a vector, for models that were trained to be cut (Matryoshka)."""
    max_tokens: int | None = None
    """What comes after so many tokens of a text is not embedded."""
    precision: Precision = Precision.FLOAT32

    @property
    def is_bundled(self) -> bool:
        """Whether the model is the one that onnxruntime runs; a folder for sentence-transformers may have some of its files."""
        return (self.folder / ONNX.name).exists() or not is_transformer(self.folder)


def is_transformer(folder: Path) -> bool:
    """Whether sentence-transformers can read the folder: its own kind, or one with a model of transformers."""
    return (folder / "modules.json").exists() or (folder / "config.json").exists()


def holds_model(folder: Path) -> bool:
    """Whether there is a model of either kind in `folder`, whole or not."""
    return is_transformer(folder) or has_model(folder)


def open_model(choice: ModelChoice, device: str | None = None) -> Embedder:
    """The chosen model's embedder; `device` is cuda, mps or cpu, by default the best there is. Raises ModelError."""
    if not choice.is_bundled:
        from analyzers.embedding.sentence_transformers import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(choice, device)
    if choice != ModelChoice(choice.folder):
        raise ModelError("自带的模型没有可设的提示语、维数、长度和精度。请去掉这些选项，或用 --model 指定另一个模型。")
    from analyzers.embedding.onnx import OnnxEmbedder

    return OnnxEmbedder(choice.folder)


def to_remember(choice: ModelChoice) -> dict[str, Any]:
    """The choice as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(choice, enc_hook=str)
    return plain


def from_remembered(plain: dict[str, Any]) -> ModelChoice:
    """The choice from its plain values. Raises ModelError."""
    try:
        return msgspec.convert(plain, ModelChoice, dec_hook=_path)
    except msgspec.MsgspecError as error:
        raise ModelError(
            f"读不出索引所用的模型（{error}）。请运行 xianli reindex --model 模型 重新建立索引。"
        ) from error


def remember_model(index_folder: Path, choice: ModelChoice) -> None:
    """Write down beside an index which model its vectors are of."""
    (index_folder / _FILE).write_bytes(msgspec.json.format(msgspec.json.encode(to_remember(choice))))


def remembered_model(index_folder: Path) -> ModelChoice | None:
    """The model that the index in a folder was built with, where one was written down. Raises ModelError."""
    path = index_folder / _FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=ModelChoice, dec_hook=_path)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(
            f"读不出索引所用的模型 {path}（{error}）。请运行 xianli reindex --model 模型 重新建立索引。"
        ) from error


def _path(kind: type, value: object) -> object:
    return Path(str(value)) if kind is Path else value
