"""The route of comparisons."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import StringConstraints

from search_api.answers import comparison_answer
from search_api.filter_values import clean
from search_api.http.answering import cacheable, cacheable_response
from search_api.http.schemas import ComparisonAnswer
from search_api.http.search import Service

router = APIRouter(tags=["条款"])

ComparedIds = Annotated[
    list[Annotated[str, StringConstraints(max_length=100)]],
    Query(
        alias="id",
        max_length=100,
        description="条款编号，2 至 6 个，第一个是比较的基准",
        examples=[["a9f09fca2f54-005", "a9f09fca2f54-017"]],
    ),
]


@router.get(
    "/compare",
    summary="比较条款",
    description="2 至 6 条条款并列：文字与第一条的不同之处，以及单位、时限、指标、依据各为哪几条所有。",
    response_model=None,
    responses=cacheable(ComparisonAnswer, 404, 422, "bad_comparison", 503, 504),
)
def compare(request: Request, service: Service, ids: ComparedIds) -> Response:
    """Items side by side."""
    compared = service.comparison([clean(item_id) for item_id in ids])
    return cacheable_response(request, comparison_answer(compared))
