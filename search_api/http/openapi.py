"""The OpenAPI document, as far as FastAPI does not make it: stable ids, tags, keys, examples, schemas that routes name by hand."""

import json
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from search_api.http.schemas import Problem
from search_api.http.upload_schemas import TextUpload

TAGS = [
    {"name": "检索", "description": "检索条款，找与一段文字相近的条款，输入时的提示。"},
    {"name": "条款", "description": "一条条款、与它相近的和同文的条款，几条条款的对照。"},
    {"name": "导出", "description": "检索结果和对照，作为 CSV、XLSX、DOCX 文件。"},
    {"name": "通知", "description": "已收录的通知；收录和删除。"},
    {"name": "文稿", "description": "整份文稿逐条比对。文稿不收录。"},
    {"name": "任务", "description": "成批收录的进度。"},
    {"name": "运行", "description": "给监控用的。"},
]
EXAMPLES = "examples.json"
"""Answers over the sample notices, by id of the operation and status; a test makes them (`--update-golden`) and checks them."""
_NAMED_BY_HAND: tuple[type[BaseModel], ...] = (Problem, TextUpload)
_KEYS = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "xianli keys 发的密钥"},
    "basic": {"type": "http", "scheme": "basic", "description": "密钥作为密码，用户名随意"},
}
_WITH_OR_WITHOUT: list[dict[str, list[str]]] = [{"bearer": []}, {"basic": []}, {}]
"""Reading may be open; the server says 401 where it is not."""


def operation_id(route: APIRoute) -> str:
    """The name of the route's function: clients are generated from it, so it stays."""
    return route.name


def describe(app: FastAPI) -> None:
    """Complete the OpenAPI document of `app`, which is made when it is first asked for."""
    generate = app.openapi

    def complete() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(generate())
        return generate()

    app.openapi = complete  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> None:
    document["security"] = _WITH_OR_WITHOUT
    components = document["components"]
    components["securitySchemes"] = _KEYS
    components["schemas"] |= {model.__name__: model.model_json_schema() for model in _NAMED_BY_HAND}
    examples = json.loads(files("search_api.http").joinpath(EXAMPLES).read_text(encoding="utf-8"))
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, example in examples.get(operation["operationId"], {}).items():
                operation["responses"][status]["content"]["application/json"]["example"] = example
