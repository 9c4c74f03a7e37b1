"""Errors as problem documents (RFC 9457), or as a page for who asked for one."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from corpus.errors import (
    ConflictError,
    LexiconError,
    ModelError,
    NotFoundError,
    ParseError,
    QueryError,
    ReadError,
    StorageError,
    XianliError,
)
from search_api.http.answering import PROBLEM_TYPE, json_response
from search_api.web.pages import error_page

_log = logging.getLogger(__name__)

_STATUSES: Mapping[type[XianliError], int] = {
    QueryError: 422,
    ReadError: 422,
    ParseError: 422,
    NotFoundError: 404,
    ConflictError: 409,
    StorageError: 503,
    ModelError: 503,
    LexiconError: 503,
}
_TITLES = {
    404: "找不到",
    405: "不支持这种请求方法",
    409: "与已收录的内容冲突",
    413: "请求太大",
    422: "参数有误",
    500: "服务器内部错误",
    503: "索引或模型不可用",
}
_HTTP_ERRORS = {
    404: ("no_such_route", "没有这个地址。接口说明见 /api/v1/openapi.json。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
    413: ("body_too_large", "请求正文太大。"),
}
# What pydantic finds wrong, with the numbers that it names.
_VALUE_ERRORS = {
    "missing": "缺少这个参数",
    "int_parsing": "应当是整数",
    "int_type": "应当是整数",
    "int_parsing_size": "数字太大",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "bool_parsing": "应当是 true 或 false",
    "bool_type": "应当是 true 或 false",
    "string_type": "应当是文字",
    "string_too_long": "不能超过 {max_length} 个字",
    "too_long": "最多给 {max_length} 个值",
    "string_unicode": "含有不成文字的字符",
    "json_invalid": "不是合法的 JSON",
    "extra_forbidden": "没有这个参数",
    "model_attributes_type": "应当是一个 JSON 对象",
}


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """A problem document."""
    title = _TITLES.get(status) or HTTPStatus(status).phrase
    document = {"type": f"urn:xianli:problem:{code}", "title": title, "status": status, "detail": detail, "code": code}
    return json_response(document | more, status, PROBLEM_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error of `app` with a problem document, or with a page where a browser asks for one."""

    async def product_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, XianliError)
        status = next((number for kind, number in _STATUSES.items() if isinstance(error, kind)), 500)
        return _answer(request, status, error.code, error.detail)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        errors = [{"parameter": _place(one), "detail": _value_error(one)} for one in error.errors()]
        detail = "；".join(f"{one['parameter']}：{one['detail']}" for one in errors)
        return _answer(request, 422, "invalid_parameter", f"{detail}。", errors=errors)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code, detail = _HTTP_ERRORS.get(error.status_code, ("http_error", str(error.detail)))
        response = _answer(request, error.status_code, code, detail)
        response.headers.update(error.headers or {})
        return response

    async def unexpected(request: Request, error: Exception) -> Response:
        _log.error("unexpected error", extra={"path": request.url.path}, exc_info=error)
        return _answer(request, 500, "internal", "服务器遇到意外错误，已记入日志。请重试；若仍出现，请告知管理员。")

    app.add_exception_handler(XianliError, product_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected)


def _answer(request: Request, status: int, code: str, detail: str, **more: Any) -> Response:
    is_page = not request.url.path.startswith(("/api/", "/healthz", "/readyz"))
    if is_page and "text/html" in request.headers.get("accept", ""):
        return error_page(status, _TITLES.get(status, "出错了"), detail, request.query_params.get("q", ""))
    return problem(status, code, detail, **more)


def _place(error: Mapping[str, Any]) -> str:
    """The parameter's name; a list's has the place in it."""
    where = () if error["type"] == "json_invalid" else error["loc"]
    names = [str(part) for part in where if part not in ("query", "body", "path")]
    return ".".join(names) or "请求正文"


def _value_error(error: Mapping[str, Any]) -> str:
    return _VALUE_ERRORS.get(error["type"], "值不对").format(**error.get("ctx", {}))
