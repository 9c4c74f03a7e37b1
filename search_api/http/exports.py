"""Routes that answer with a file: hit lists and comparisons as CSV, XLSX or DOCX."""

from datetime import date
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from search_api.exports import MEDIA_TYPES, Format, file_name, read_format, write_table
from search_api.exports.comparison_table import comparison_table
from search_api.exports.hit_table import Origin, hit_table
from search_api.exports.table import Table
from search_api.filter_values import clean
from search_api.http.answering import Responses, documented
from search_api.http.comparison import ComparedIds
from search_api.http.items import ItemId
from search_api.http.parameters import Collapse, Offset, PerDistrict, Plain, Wanted, filter_parameters
from search_api.http.search import Service, Words
from search_api.search import DEEPEST

router = APIRouter(tags=["导出"])

FormatName = Annotated[
    str,
    Query(
        alias="format",
        max_length=10,
        description="文件格式：csv、xlsx、docx",
        examples=["xlsx"],
        json_schema_extra={"enum": list(Format)},
    ),
]
Rows = Annotated[int, Query(ge=1, le=DEEPEST, description="最多几条")]


def _file(*problems: int | str) -> Responses:
    """What a route answers with that sends a file, for the OpenAPI document."""
    responses = documented(None, *problems, "bad_format")
    responses[200]["content"] = {
        media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for media_type in MEDIA_TYPES.values()
    }
    return responses


def _file_route(summary: str, description: str, *problems: int | str) -> dict[str, Any]:
    return {
        "summary": summary,
        "description": description,
        "response_model": None,
        "response_class": Response,
        "responses": _file(*problems),
    }


@router.get(
    "/search/export",
    openapi_extra=filter_parameters(),
    **_file_route(
        "导出检索结果", "与检索参数相同，至多 1000 条。CSV 和 XLSX 含全部字段，DOCX 为对照表。", 422, 503, 504
    ),
)
def export_search(
    service: Service,
    wanted: Wanted,
    q: Words = "",
    format_name: FormatName = "xlsx",
    top: Rows = DEEPEST,
    offset: Offset = 0,
    per_district: PerDistrict = 0,
    collapse: Collapse = True,
    plain: Plain = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """The hits of a search as a file."""
    file_format = read_format(format_name)
    generation = service.index.generation
    result = service.search(
        clean(q),
        wanted,
        top=min(top, max(1, DEEPEST - offset)),
        offset=offset,
        per_district=per_district or None,
        collapse=collapse,
        plain=[clean(text) for text in plain],
    )
    origin = Origin(wanted, offset + 1, generation, date.today())
    return _sent(hit_table(result, origin, brief=file_format is Format.DOCX), file_format, origin.day)


@router.get(
    "/items/{item_id}/similar/export",
    openapi_extra=filter_parameters(),
    **_file_route("导出相近条款", "与相近条款的参数相同，至多 1000 条。", 404, 422, 503, 504),
)
def export_similar(
    service: Service,
    wanted: Wanted,
    item_id: ItemId,
    format_name: FormatName = "xlsx",
    top: Rows = DEEPEST,
    offset: Offset = 0,
    per_district: PerDistrict = 5,
    collapse: Collapse = True,
) -> Response:
    """What is like an item, as a file."""
    file_format = read_format(format_name)
    generation = service.index.generation
    like = service.citation(clean(item_id))
    result = service.similar_to_item(
        like.item_id,
        wanted,
        top=min(top, max(1, DEEPEST - offset)),
        offset=offset,
        per_district=per_district or None,
        collapse=collapse,
    )
    origin = Origin(wanted, offset + 1, generation, date.today(), like.text)
    return _sent(hit_table(result, origin, brief=file_format is Format.DOCX), file_format, origin.day)


@router.get(
    "/compare/export",
    **_file_route("导出条款比较", "与条款比较的参数相同。", 404, 422, "bad_comparison", 503, 504),
)
def export_comparison(service: Service, ids: ComparedIds, format_name: FormatName = "docx") -> Response:
    """Items side by side, as a file."""
    file_format, day = read_format(format_name), date.today()
    generation = service.index.generation
    comparison = service.comparison([clean(item_id) for item_id in ids])
    return _sent(comparison_table(comparison, generation, day), file_format, day)


def _sent(table: Table, file_format: Format, day: date) -> Response:
    """A table as a file to save."""
    content = BytesIO()
    write_table(table, file_format, content)
    return attachment(content.getvalue(), file_name(table, file_format, day.isoformat()), file_format)


def attachment(content: bytes, name: str, file_format: Format) -> Response:
    """A file to save, with its Chinese name after RFC 5987 and a plain one for clients that know none."""
    disposition = f"attachment; filename=\"xianli.{file_format}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, 200, {"Content-Disposition": disposition}, MEDIA_TYPES[file_format])
