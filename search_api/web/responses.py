"""Pages as answers to a request."""

from http import HTTPStatus
from typing import Any

from fastapi import Response
from fastapi.responses import HTMLResponse

from search_api.filter_values import clean
from search_api.http.request_ids import request_id
from search_api.web.rendering import render

_PASSING = frozenset({408, 429, 500, 503, 504})
"""What may be over when the same is asked again."""


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page as an answer. `q` is what stands in the search box."""
    return HTMLResponse(render(template, **{"q": ""} | values), status)


def error_page(status: int, title: str, detail: str, q: str) -> Response:
    """What went wrong and what to do, with the query to correct."""
    return page(
        "error.html",
        status,
        q=clean(q)[:200],
        title=title,
        detail=detail,
        retry=status in _PASSING,
        number=request_id() if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "",
    )
