"""The bundled int8 model as a sentence-transformers module: its own tools then run on the vectors that xianli searches.

    SentenceTransformer(modules=[OnnxModule(folder)])        # folder: what xianli model fetch has filled
    SentenceTransformer(saved, trust_remote_code=True)       # what .save(saved) of that has written

sentence-transformers 6 asks for the second argument wherever a module is not its own; the code that runs is this module.
It imports torch, so nothing in xianli imports it. The weights are fixed: `unpack_model` makes ones that can be trained.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from sentence_transformers.base.modules import InputModule
from sentence_transformers.util import load_dir_path
from tokenizers import Tokenizer

from analyzers.embedding.files import ONNX, TOKENIZER, model_files
from analyzers.embedding.onnx import DIMENSION, MAX_TOKENS, OnnxEmbedder


class OnnxModule(InputModule):
    """Text in, `sentence_embedding` float32 [n, 512] out, L2-normalised. Texts of a batch are encoded one by one."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelError when a file of the model in `folder` is absent or damaged."""
        super().__init__()
        self.folder = Path(folder)
        self.tokenizer = Tokenizer.from_file(str(model_files(self.folder).tokenizer))
        self.max_seq_length = MAX_TOKENS
        self._embedder = OnnxEmbedder(self.folder)

    def preprocess(self, inputs: Sequence[str], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Texts as they are: the embedder's own tokenizer reads them. `prompt` goes in front of each."""
        return {"texts": [f"{prompt or ''}{text}" for text in inputs]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Adds `sentence_embedding`, on the processor whatever the device of the other modules."""
        vectors = torch.from_numpy(self._embedder.encode_items(features["texts"]))
        return {**features, "sentence_embedding": vectors}

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return DIMENSION

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Copy the two files of the model."""
        for file in (ONNX, TOKENIZER):
            held, copy = self.folder / file.name, Path(output_path) / file.name
            if held.resolve() != copy.resolve():
                shutil.copyfile(held, copy)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **options: Any) -> Self:
        """The module that `save` has written."""
        given = {name: options[name] for name in ("token", "cache_folder", "revision") if name in options}
        local = options.get("local_files_only", False)
        return cls(Path(load_dir_path(model_name_or_path, subfolder, local_files_only=local, **given)))
