"""Routes that search: /search, /facets, /similar."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from search_api.answers import facets_answer, search_answer
from search_api.filter_values import PARAMETERS, clean, read_filters
from search_api.http.answering import documented, json_response
from search_api.http.live import live_service
from search_api.http.parameters import Collapse, Offset, PerDistrict, Plain, Top, Wanted, filter_parameters
from search_api.http.schemas import FacetsAnswer, SearchAnswer, SimilarRequest
from search_api.search import SearchService

router = APIRouter(tags=["检索"])

Service = Annotated[SearchService, Depends(live_service)]
Words = Annotated[str, Query(description="检索词：词语、问句或条款原文，至多 2000 字", examples=["规范性文件备案审查"])]


@router.get(
    "/search",
    summary="检索条款",
    description="条款按相关程度排列。检索词为空时，列出符合筛选条件的条款。",
    response_model=None,
    openapi_extra=filter_parameters(),
    responses=documented(SearchAnswer, 422, 503),
)
def search(
    service: Service,
    wanted: Wanted,
    q: Words = "",
    top: Top = 10,
    offset: Offset = 0,
    per_district: PerDistrict = 0,
    collapse: Collapse = True,
    plain: Plain = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Items for a query, or for filters alone."""
    result = service.search(
        clean(q),
        wanted,
        top=top,
        offset=offset,
        per_district=per_district or None,
        collapse=collapse,
        plain=[clean(text) for text in plain],
    )
    return json_response(search_answer(result))


@router.get(
    "/facets",
    summary="分类计数",
    description="对全部符合的条款，按地区、年份、单位等分类计数；检索词为空时对全部条款计数。",
    response_model=None,
    openapi_extra=filter_parameters(),
    responses=documented(FacetsAnswer, 422, 503),
)
def facets(service: Service, wanted: Wanted, q: Words = "", plain: Plain = []) -> Response:  # noqa: B006
    """Counts over what a search finds."""
    return json_response(facets_answer(service.facets(clean(q), wanted, plain=[clean(text) for text in plain])))


@router.post(
    "/similar",
    summary="相近条款（给出文字）",
    description="与所给文字相近的条款。文字至多 50000 字。",
    response_model=None,
    responses=documented(SearchAnswer, 422, 503),
)
def similar(service: Service, request: SimilarRequest) -> Response:
    """Items like a given text."""
    wanted = read_filters({name: getattr(request, name) for name in PARAMETERS})
    result = service.similar_to_text(
        clean(request.text),
        wanted,
        top=request.top,
        offset=request.offset,
        per_district=request.per_district or None,
        collapse=request.collapse,
    )
    return json_response(search_answer(result))
