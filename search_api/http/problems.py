"""Errors as problem documents (RFC 9457) in the reader's language, or as a page for who asked for one."""

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
    StorageTimeoutError,
    XianliError,
)
from search_api.http.answering import PROBLEM_TYPE, json_response
from search_api.http.codes import CODES
from search_api.http.languages import Language, preferred_language
from search_api.http.request_ids import request_id
from search_api.web.responses import error_page

_STATUSES: Mapping[type[XianliError], int] = {
    QueryError: 422,
    ReadError: 422,
    ParseError: 422,
    NotFoundError: 404,
    ConflictError: 409,
    StorageTimeoutError: 504,
    StorageError: 503,
    ModelError: 503,
    LexiconError: 503,
}
# What a code says more exactly than the kind of error.
_STATUSES_OF_CODES = {"not_allowed": 403, "too_large": 413}
RETRY_SECONDS = 10
"""When to try again what was refused as busy: writing a notice takes seconds."""
_TITLES = {
    400: "请求有误",
    401: "需要密钥",
    403: "没有权限",
    404: "找不到",
    405: "不支持这种请求方法",
    408: "请求超时",
    409: "与已收录的内容冲突",
    413: "请求太大",
    415: "不支持这种内容",
    422: "参数有误",
    429: "请求太多",
    500: "服务器内部错误",
    503: "索引或模型不可用",
    504: "索引没有按时回答",
}
_HTTP_ERRORS = {
    400: ("bad_request", "请求不完整或格式有误。"),
    404: ("no_such_route", "没有这个地址。接口说明见 /api/v1/openapi.json。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
    413: ("body_too_large", "请求正文太大。"),
    415: ("unsupported_media_type", "请求正文应当是 application/json，或上传文件的 multipart/form-data。"),
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


def problem(status: int, code: str, detail: str, language: Language = "zh", **more: Any) -> Response:
    """A problem document with a detail in Chinese; in English the detail is that of the code (see codes)."""
    title, told = _TITLES.get(status) or HTTPStatus(status).phrase, detail
    if language == "en":
        known = CODES.get(code)
        title, told = (known.title, known.detail) if known else (HTTPStatus(status).phrase, "See detail_zh.")
        more = {"detail_zh": detail} | more
    document = {"type": f"urn:xianli:problem:{code}", "title": title, "status": status, "detail": told, "code": code}
    if asked := request_id():
        document["request_id"] = asked
    headers = {"Content-Language": "en" if language == "en" else "zh-CN", "Vary": "Accept-Language"}
    if code == "busy":
        headers["Retry-After"] = str(RETRY_SECONDS)
    return json_response(document | more, status, PROBLEM_TYPE, headers)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer the errors that routes of `app` raise with a problem document, or with a page where a browser asks for one."""

    async def product_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, XianliError)
        by_kind = next((number for kind, number in _STATUSES.items() if isinstance(error, kind)), 500)
        status = _STATUSES_OF_CODES.get(error.code, by_kind)
        return answer(request, status, error.code, error.detail)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found, english = error.errors(), _language(request) == "en"
        told = "；".join(f"{_place(one)}：{_value_error(one)}" for one in found)
        errors = [{"parameter": _place(one), "detail": one["msg"] if english else _value_error(one)} for one in found]
        return answer(request, 422, "invalid_parameter", f"{told}。", errors=errors)

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code, detail = _HTTP_ERRORS.get(error.status_code, ("http_error", str(error.detail)))
        response = answer(request, error.status_code, code, detail)
        response.headers.update(error.headers or {})
        return response

    app.add_exception_handler(XianliError, product_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)


def answer(request: Request, status: int, code: str, detail: str, **more: Any) -> Response:
    """What went wrong, for who asked: a page for a browser that asked for one, else a problem document."""
    is_page = not request.url.path.startswith(("/api/", "/healthz", "/readyz"))
    if is_page and "text/html" in request.headers.get("accept", ""):
        return error_page(status, _TITLES.get(status, "出错了"), detail, request.query_params.get("q", ""))
    return problem(status, code, detail, _language(request), **more)


def _language(request: Request) -> Language:
    return preferred_language(request.headers.get("accept-language", ""))


def _place(error: Mapping[str, Any]) -> str:
    """The parameter's name; a list's has the place in it."""
    where = () if error["type"] == "json_invalid" else error["loc"]
    names = [str(part) for part in where if part not in ("query", "body", "path")]
    return ".".join(names) or "请求正文"


def _value_error(error: Mapping[str, Any]) -> str:
    return _VALUE_ERRORS.get(error["type"], "值不对").format(**error.get("ctx", {}))
