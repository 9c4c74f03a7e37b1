"""Answers as responses. The documents are encoded directly; pydantic only describes them (see schemas)."""

from typing import Any

import msgspec
from fastapi import Response
from pydantic import BaseModel

from search_api.answers import Answer
from search_api.http.schemas import Problem

PROBLEM_TYPE = "application/problem+json"

Responses = dict[int | str, dict[str, Any]]

_PROBLEMS = {
    404: "没有这个编号",
    422: "参数有误",
    503: "索引或模型不可用",
}


def json_response(answer: Answer, status: int = 200, media_type: str = "application/json") -> Response:
    """An answer as JSON."""
    return Response(msgspec.json.encode(answer), status, media_type=media_type)


def documented(model: type[BaseModel], *problems: int) -> Responses:
    """What a route answers with, for the OpenAPI document."""
    content = {PROBLEM_TYPE: {"schema": Problem.model_json_schema()}}
    responses: Responses = {200: {"model": model, "description": "成功"}}
    for status in problems:
        responses[status] = {"description": _PROBLEMS[status], "content": content}
    return responses
