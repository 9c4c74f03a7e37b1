"""Answers as responses. The documents are encoded directly; pydantic only describes them (see schemas)."""

from hashlib import blake2b
from itertools import groupby
from typing import Any

import msgspec
from fastapi import Request, Response
from pydantic import BaseModel

from search_api.answers import Answer
from search_api.http.codes import ProblemCode, described

PROBLEM_TYPE = "application/problem+json"
PROBLEM_SCHEMA = {"$ref": "#/components/schemas/Problem"}

Responses = dict[int | str, dict[str, Any]]

_SUCCESSES = {200: "成功", 201: "已收录", 202: "已接受，稍后完成", 204: "已删除"}
_UNCHANGED = {"description": "与 If-None-Match 所指的相同，不再发送"}


def json_response(
    answer: Answer, status: int = 200, media_type: str = "application/json", headers: dict[str, str] | None = None
) -> Response:
    """An answer as JSON."""
    return Response(msgspec.json.encode(answer), status, headers, media_type)


def cacheable_response(request: Request, answer: Answer) -> Response:
    """An answer as JSON, or 304 where the client has it already.

    The tag is made from the answer, not from the generation of the index: the postings follow the catalogue after a moment, so
    that one generation can give two answers. It is the same on every server and after a restart; the time that the search
    took has no part in it, which makes it a weak one.
    """
    lasting = answer | {"took_ms": 0} if "took_ms" in answer else answer
    tag = f'W/"{blake2b(msgspec.json.encode(lasting), digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return json_response(answer, headers=headers)


def _has(held: str, tag: str) -> bool:
    """Whether If-None-Match names a tag; compared weakly (RFC 9110, 13.1.2)."""
    tags = [one.strip().removeprefix("W/") for one in held.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags


def documented(model: type[BaseModel] | None, *problems: int | str, status: int = 200) -> Responses:
    """What a route answers with, for the OpenAPI document: its problems by code, or by a status that has usual ones."""
    responses: Responses = {status: {"description": _SUCCESSES[status]} | ({"model": model} if model else {})}
    codes = sorted(described(problems), key=lambda code: code.status)
    for number, group in groupby(codes, key=lambda code: code.status):
        responses[number] = _problem_response(list(group))
    return responses


def cacheable(model: type[BaseModel], *problems: int | str) -> Responses:
    """The same for a route that answers with `cacheable_response`."""
    responses = documented(model, *problems)
    etag = {"description": "内容的标识，可用作 If-None-Match", "schema": {"type": "string"}}
    return responses | {200: responses[200] | {"headers": {"ETag": etag}}, 304: _UNCHANGED}


def _problem_response(codes: list[ProblemCode]) -> dict[str, Any]:
    examples = {
        one.code: {
            "summary": one.title,
            "value": {
                "type": f"urn:xianli:problem:{one.code}",
                "title": one.title,
                "status": one.status,
                "detail": one.detail,
                "code": one.code,
            },
        }
        for one in codes
    }
    return {
        "description": "、".join(f"`{one.code}`" for one in codes),
        "content": {PROBLEM_TYPE: {"schema": PROBLEM_SCHEMA, "examples": examples}},
    }
