"""Routes that search: /search, /facets, /similar."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from indexer.index.filters import Filters
from search_api.answers import Answer, facets_answer, search_answer
from search_api.filter_values import PARAMETERS, clean, read_filters, write_filters
from search_api.http.answering import cacheable, cacheable_response, documented, json_response
from search_api.http.cursors import open_page
from search_api.http.live import live_service
from search_api.http.parameters import Collapse, Cursor, Offset, PerDistrict, Plain, Top, Wanted, filter_parameters
from search_api.http.schemas import FacetsAnswer, SearchAnswer, SearchPage, SearchRequest, SimilarRequest
from search_api.search import DEEPEST, SearchService

router = APIRouter(tags=["检索"])

Service = Annotated[SearchService, Depends(live_service)]
Words = Annotated[str, Query(description="检索词：词语、问句或条款原文，至多 2000 字", examples=["规范性文件备案审查"])]


@router.get(
    "/search",
    summary="检索条款",
    description="条款按相关程度排列。检索词为空时，列出符合筛选条件的条款。至多可翻到第 1000 条：把答复里的 next 作为 cursor"
    "再次请求，就得到下一页。",
    response_model=None,
    openapi_extra=filter_parameters(),
    responses=cacheable(SearchPage, 422, "bad_cursor", 503, 504),
)
def search(
    request: Request,
    service: Service,
    wanted: Wanted,
    q: Words = "",
    top: Top = 10,
    offset: Offset = 0,
    cursor: Cursor = "",
    per_district: PerDistrict = 0,
    collapse: Collapse = True,
    plain: Plain = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Items for a query, or for filters alone."""
    answer = search_page(
        service,
        clean(q),
        wanted,
        top=top,
        offset=offset,
        cursor=cursor,
        per_district=per_district,
        collapse=collapse,
        plain=[clean(text) for text in plain],
    )
    return cacheable_response(request, answer)


@router.post(
    "/search",
    summary="检索条款（JSON）",
    description="与 GET /search 相同，参数在请求正文里：用于很长的检索词，或不宜写进地址的。",
    response_model=None,
    responses=documented(
        SearchPage, "bad_request", "cross_site", "body_too_slow", "body_too_large", 422, "bad_cursor", 503, 504
    ),
)
def search_by_post(service: Service, body: SearchRequest) -> Response:
    """The same search, asked for by a JSON document."""
    answer = search_page(
        service,
        clean(body.q),
        read_filters({name: getattr(body, name) for name in PARAMETERS}),
        top=body.top,
        offset=body.offset,
        cursor=body.cursor,
        per_district=body.per_district,
        collapse=body.collapse,
        plain=[clean(text) for text in body.plain],
    )
    return json_response(answer)


@router.get(
    "/facets",
    summary="分类计数",
    description="对全部符合的条款，按地区、年份、单位等分类计数；检索词为空时对全部条款计数。",
    response_model=None,
    openapi_extra=filter_parameters(),
    responses=cacheable(FacetsAnswer, "invalid_parameter", "bad_filter", "query_too_long", 503, 504),
)
def facets(request: Request, service: Service, wanted: Wanted, q: Words = "", plain: Plain = []) -> Response:  # noqa: B006
    """Counts over what a search finds."""
    found = service.facets(clean(q), wanted, plain=[clean(text) for text in plain])
    return cacheable_response(request, facets_answer(found))


@router.post(
    "/similar",
    summary="相近条款（给出文字）",
    description="与所给文字相近的条款。文字至多 50000 字。",
    response_model=None,
    responses=documented(SearchAnswer, "bad_request", "cross_site", "body_too_slow", "body_too_large", 422, 503, 504),
)
def similar_text(service: Service, body: SimilarRequest) -> Response:
    """Items like a given text."""
    wanted = read_filters({name: getattr(body, name) for name in PARAMETERS})
    result = service.similar_to_text(
        clean(body.text),
        wanted,
        top=body.top,
        offset=body.offset,
        per_district=body.per_district or None,
        collapse=body.collapse,
    )
    return json_response(search_answer(result))


def search_page(
    service: SearchService,
    query: str,
    wanted: Filters,
    *,
    top: int,
    offset: int,
    cursor: str,
    per_district: int,
    collapse: bool,
    plain: list[str],
) -> Answer:
    """A page of a search, by offset or cursor, with the cursor of the next one."""
    page = open_page(
        cursor,
        offset,
        top,
        asked={
            "query": query,
            "filters": write_filters(wanted),
            "per_district": per_district,
            "collapse": collapse,
            "plain": sorted(plain),
        },
        generation=service.index.generation,
        deepest=DEEPEST,
    )
    result = service.search(
        query,
        wanted,
        top=page.top,
        offset=page.offset,
        per_district=per_district or None,
        collapse=collapse,
        plain=plain,
    )
    return search_answer(result) | page.following(len(result.hits), result.total)
