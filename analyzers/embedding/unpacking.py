"""The bundled int8 model as an ordinary one in float32, for sentence-transformers: a base to train on, without a download.

A weight of the int8 model is w = scale · (q - zero point), with one scale for each column of a matrix and one for each table
of embeddings. Activations, which the int8 model rounds as it goes, are exact in the unpacked one, so their vectors differ a
little; docs/models.md has the figures.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.embedding.files import ONNX, TOKENIZER, read_model_file
from analyzers.embedding.onnx import DIMENSION, MAX_TOKENS
from analyzers.embedding.transformers_extra import needs_transformers
from corpus.errors import ModelError

Weights = dict[str, NDArray[np.float32]]

# Of bge-small-zh-v1.5; the other sizes follow from the weights.
_HEADS = 8
_NORM_EPSILON = 1e-12
_SPECIAL = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}

# The exporter calls a matrix by a number; the node that multiplies by it is called after its place in the model:
# /encoder/layer.0/attention/self/query/MatMul_quant
_MATRIX_NODE = re.compile(r"/(encoder/layer\.\d+/.+)/MatMul_quant")


def unpack_model(folder: Path, target: Path) -> None:
    """Write the model in `folder` as a sentence-transformers folder: BERT in float32, vector of [CLS], normalised.

    `target` must be new or empty. Raises ModelError.
    """
    content, tokenizer = read_model_file(folder, ONNX), read_model_file(folder, TOKENIZER)
    try:
        target.mkdir(parents=True, exist_ok=True)
        if any(target.iterdir()):
            raise ModelError(f"文件夹 {target} 里已有文件。请给出一个新文件夹。")
        (target / "tokenizer.json").write_bytes(tokenizer)
        _save(dequantised(content), target)
    except OSError as error:
        raise ModelError(f"模型写不进 {target}（{error.strerror or error}）。检查权限和磁盘空间。") from error


def dequantised(onnx_model: bytes) -> Weights:
    """The weights of the int8 model by their names in BERT, float32; matrices as torch has them, [out, in]."""
    with needs_transformers():
        import onnx
        from onnx.numpy_helper import to_array
    graph = onnx.load_from_string(onnx_model).graph
    held = {tensor.name: to_array(tensor) for tensor in graph.initializer}
    matrices = {
        node.input[1].removesuffix("_quantized"): place[1].replace("/", ".")
        for node in graph.node
        if (place := _MATRIX_NODE.fullmatch(node.name))
    }
    weights: Weights = {}
    for name, values in held.items():
        if name.endswith(("_scale", "_zero_point")):
            continue
        if not name.endswith("_quantized"):
            weights[name] = values.astype(np.float32)
            continue
        stem = name.removesuffix("_quantized")
        weight = (values.astype(np.float32) - held[f"{stem}_zero_point"]) * held[f"{stem}_scale"]
        if stem in matrices:
            weights[f"{matrices[stem]}.weight"] = np.ascontiguousarray(weight.T, np.float32)
        else:
            weights[stem] = weight.astype(np.float32)
    return weights


def _save(weights: Weights, target: Path) -> None:
    with needs_transformers():
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
        from transformers import PreTrainedTokenizerFast
        from transformers.utils import logging
    logging.disable_progress_bar()
    bert = _bert(weights)
    # The pooler, which takes no part in the vectors and which the int8 model lacks, is left at zero.
    state = {name: torch.zeros_like(weight) for name, weight in bert.state_dict().items() if name.startswith("pooler.")}
    bert.load_state_dict(state | {name: torch.from_numpy(weight) for name, weight in weights.items()})
    bert.save_pretrained(target)
    # As it is: the tokenizer that transformers would build for BERT itself turns Latin letters into small ones.
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(target / "tokenizer.json"), **_SPECIAL)
    tokenizer.save_pretrained(target)
    transformer = Transformer(str(target), max_seq_length=MAX_TOKENS)
    modules = [transformer, Pooling(DIMENSION, "cls"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(target), create_model_card=False)


def _bert(weights: Weights) -> Any:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(weights["embeddings.word_embeddings.weight"]),
        hidden_size=DIMENSION,
        num_hidden_layers=sum(name.endswith("query.weight") for name in weights),
        num_attention_heads=_HEADS,
        intermediate_size=len(weights["encoder.layer.0.intermediate.dense.weight"]),
        max_position_embeddings=len(weights["embeddings.position_embeddings.weight"]),
        layer_norm_eps=_NORM_EPSILON,
    )
    return BertModel(config)
