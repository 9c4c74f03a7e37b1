"""The embedder for any model that sentence-transformers runs, from a folder on this computer. Nothing goes over the network."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from analyzers.embedding import FloatArray
from analyzers.embedding.choice import ModelChoice
from analyzers.embedding.transformers_extra import needs_transformers
from corpus.errors import ModelError

_BATCH = 32
"""Texts encoded together, halved as long as the memory of the device is too small for them."""
_READ = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
"""Files of a model that decide its vectors: weights, settings, vocabulary."""
_OTHER_FORMS = frozenset({"onnx", "openvino"})


class SentenceTransformerEmbedder:
    """Vectors of a chosen model, L2-normalised; a query and a text get the prompts that the choice or the model sets.

    Threads may share one. The files are hashed at construction, the model is loaded at the first text.
    """

    def __init__(self, choice: ModelChoice, device: str | None = None) -> None:
        """`device` is cuda, mps or cpu, by default the best there is. Raises ModelError where there is no model."""
        self._choice = choice
        self._device = device
        self._fingerprint = _fingerprint(choice)
        self._model: Any = None
        self._in_use = Lock()

    @property
    def fingerprint(self) -> str:
        """A digest of the model's files and of the choice. Device and folder are no part of it, so both may change."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector. Loads the model."""
        with self._in_use:
            return self._dimension()

    def encode_items(self, texts: list[str]) -> FloatArray:
        """Vectors of indexed texts, float32 [n, d], encoded in batches of like length. Raises ModelError."""
        with self._in_use:
            return self._encoded(self._loaded().encode_document, texts, self._choice.document_prompt)

    def encode_query(self, text: str) -> FloatArray:
        """The vector of a query, float32 [d]. Raises ModelError."""
        with self._in_use:
            vector: FloatArray = self._encoded(self._loaded().encode_query, [text], self._choice.query_prompt)[0]
            return vector

    def _encoded(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str | None) -> FloatArray:
        import torch

        # A lone surrogate, which JSON can carry, is no character for a tokenizer.
        readable = [text.encode(errors="replace").decode() for text in texts]
        batch = _BATCH
        while True:
            try:
                found = encode(
                    readable, prompt=prompt, batch_size=batch, convert_to_tensor=True, show_progress_bar=False
                )
                break
            except torch.OutOfMemoryError as error:
                if batch == 1:
                    raise ModelError(
                        f"{self._device_name()} 的内存不够运行模型 {self._choice.folder}。请设 XIANLI_DEVICE=cpu，"
                        "或用较小的模型、较短的长度（xianli reindex --max-tokens）。",
                        code="model_memory",
                    ) from error
                batch //= 2
        vectors = found.float().cpu().numpy().reshape(len(readable), self._dimension())
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: FloatArray = (vectors / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)
        return normalised

    def _dimension(self) -> int:
        return int(self._loaded().get_embedding_dimension())

    def _device_name(self) -> str:
        return str(self._model.device)

    def _loaded(self) -> Any:
        if self._model is None:
            self._model = load_model(self._choice, self._device)
        return self._model


def load_model(choice: ModelChoice, device: str | None = None) -> Any:
    """The SentenceTransformer of a choice, ready to encode or to train. Raises ModelError."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # read by huggingface_hub when it is imported
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    with needs_transformers():
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    _check_device(device)
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        model = SentenceTransformer(str(choice.folder), device=device, local_files_only=True)
        model.to(dtype=getattr(torch, choice.precision))
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"内存不够装入模型 {choice.folder}。请设 XIANLI_DEVICE=cpu，或用较小的模型。", code="model_memory"
        ) from error
    except Exception as error:  # whatever a damaged or foreign folder leads to: there is no common parent
        reason = str(error).split("\n", 1)[0]
        raise ModelError(
            f"sentence-transformers 打不开模型 {choice.folder}（{reason}）。请检查该文件夹是否完整、是否为向量模型。"
        ) from error
    if choice.max_tokens is not None:
        model.max_seq_length = choice.max_tokens
    _cut(model, choice)
    return model


def _cut(model: Any, choice: ModelChoice) -> None:
    """Let the model keep the first components of its vectors only, as the choice asks."""
    if choice.dimension is None:
        return
    full = model.get_embedding_dimension()
    if not 0 < choice.dimension <= full:
        raise ModelError(f"模型 {choice.folder} 的向量是 {full} 维，不能取 {choice.dimension} 维。请给出 1 至 {full}。")
    model.truncate_dim = choice.dimension


def _check_device(device: str | None) -> None:
    import torch

    there = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available, "cpu": lambda: True}
    if device is not None and not there.get(device.split(":")[0], lambda: False)():
        usable = "、".join(name for name, is_there in there.items() if is_there())
        raise ModelError(
            f"这台计算机不能用 {device} 运行模型，能用的有 {usable}。请更正环境变量 XIANLI_DEVICE，或不设。",
            code="device",
        )


def _fingerprint(choice: ModelChoice) -> str:
    """A digest of what decides the vectors. Raises ModelError where a file is absent or unreadable."""
    digest = hashlib.sha256()
    try:
        files = sorted(_files(choice.folder))
        for file in files:
            with file.open("rb") as content:
                own = hashlib.file_digest(content, "sha256").hexdigest()
            digest.update(f"{file.relative_to(choice.folder).as_posix()}\0{own}\n".encode())
    except OSError as error:
        raise ModelError(f"读不了模型 {choice.folder}（{error.strerror or error}）。检查权限。") from error
    if not any(file.suffix in (".safetensors", ".bin") for file in files):
        raise ModelError(
            f"文件夹 {choice.folder} 里没有向量模型。请给出模型所在的文件夹，或先运行 xianli model fetch 模型名称。"
        )
    how = (choice.query_prompt, choice.document_prompt, choice.dimension, choice.max_tokens, choice.precision.value)
    digest.update(repr(how).encode())
    return f"sentence-transformers/{digest.hexdigest()[:16]}"


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder).parts
        if path.suffix in _READ and path.is_file() and not any(p in _OTHER_FORMS or p.startswith(".") for p in inside):
            yield path
