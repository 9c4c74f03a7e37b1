"""Fetching a model by its name from the Hugging Face hub, or from the mirror that HF_ENDPOINT names.

The only place from which a model goes over the network, and only because somebody asked for it by name.
"""

import os
import re
import shutil
from pathlib import Path

from analyzers.embedding.choice import is_transformer
from analyzers.embedding.transformers_extra import needs_transformers
from corpus.errors import ModelError

_NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*")
_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors"]
_OTHER_FORMS = ["onnx/*", "openvino/*"]


def fetch_from_hub(name: str, folder: Path) -> list[Path]:
    """Put the model `name` (maker/model) into `folder`, whole or not at all, and give its files.

    Weights in pickle files are left aside, since opening one runs code. Nothing is done where the model is there. Raises
    ModelError.
    """
    if not is_transformer(folder):
        _download(name, folder)
    return sorted(path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts)


def _download(name: str, folder: Path) -> None:
    if not _NAME.fullmatch(name):
        raise ModelError(f"“{name}”不是模型名称。名称的写法是 作者/模型，如 BAAI/bge-m3；已在本机的模型直接用文件夹。")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    with needs_transformers():
        from huggingface_hub import snapshot_download
    work = folder.parent / f".{folder.name}"  # what an interrupted download has brought stays for the next
    try:
        work.mkdir(parents=True, exist_ok=True)
        snapshot_download(name, local_dir=work, allow_patterns=_WANTED, ignore_patterns=_OTHER_FORMS)
        shutil.rmtree(work / ".cache", ignore_errors=True)
        if not is_transformer(work) or not any(work.rglob("*.safetensors")):
            raise ModelError(f"{name} 里没有可用的向量模型（safetensors 格式）。请换一个模型。")
        work.rename(folder)
    except ModelError:
        raise
    except Exception as error:  # of the hub, of HTTP, of the disk: there is no common parent
        reason = str(error).strip().split("\n", 1)[0]
        raise ModelError(
            f"下载模型 {name} 失败：{reason}。检查名称和网络，或用环境变量 HF_ENDPOINT 指定镜像；"
            "也可以在别处下载好，把文件夹拷来，再用 --model 文件夹。"
        ) from error
