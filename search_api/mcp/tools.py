"""The tools: searching, comparing, showing and checking citations. None of them changes anything."""

from typing import Annotated, Any

from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from corpus.citation import cite
from corpus.errors import QueryError
from corpus.model import ParsedNotice, TaskItem
from search_api.answers import item_answer, notice_answer, notices_answer, search_answer
from search_api.citation_check import CheckedItem, CitationCheck, CitationState, QuotationState
from search_api.filter_values import clean, read_filters
from search_api.http.live import LiveService
from search_api.mcp import texts
from search_api.mcp.schemas import CitationAnswer, NoticesAnswer, SearchAnswer, ShowAnswer

_PAGE_OF_NOTICE = 50
"""Provisions of a notice in one answer."""


def _as_strings(value: object) -> object:
    """One value for a list of one, as assistants write it; a year may be a number."""
    values = value if isinstance(value, list) else [value]
    return [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in values]


Values = Annotated[list[str], BeforeValidator(_as_strings, json_schema_input_type=list[str]), Field(max_length=100)]


class NoticeFilters(BaseModel):
    """Filters on notices."""

    model_config = ConfigDict(extra="forbid")

    district: Values = Field(default=[], description="区县，如 鲤城区")
    city: Values = Field(default=[], description="设区市，如 泉州市")
    province: Values = Field(default=[], description="省、自治区、直辖市")
    year: Values = Field(default=[], description="年份或起止年份：2018、2016-2020")
    type: Values = Field(default=[], description="文种，如 工作要点")


class ItemFilters(NoticeFilters):
    """Filters on provisions."""

    unit: Values = Field(default=[], description="责任单位，如 财政局，可以省去区县名")
    role: Values = Field(default=[], description="单位的职责：lead（牵头）、participate（配合）、responsible（负责）")
    basis: Values = Field(default=[], description="依据的文件和条号：实施方案:12、《实施方案》第12条")
    kind: Values = Field(
        default=[], description="条款性质：task（任务）、requirement（要求）、goal（目标）、result（情况）"
    )


_ALL_NOTICES, _ALL_ITEMS = NoticeFilters(), ItemFilters()
_FILTERED = "筛选条件；同一项的几个值满足其一即可，不同的项须同时满足"
Words = Annotated[str, Field(max_length=2_000, description="检索词：词语、问句或条款原文；有筛选条件时可以为空")]
Text = Annotated[str, Field(max_length=50_000, description="要比对的条款文字；与 item_id 二者给一个")]
Top = Annotated[int, Field(ge=1, le=20, description="最多几条")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="跳过前几条")]
PerDistrict = Annotated[int, Field(ge=0, le=20, description="每个区县最多几条，0 为不限")]
WantedItems = Annotated[ItemFilters, Field(description=_FILTERED)]
WantedNotices = Annotated[NoticeFilters, Field(description=_FILTERED)]
Cited = Annotated[str, Field(max_length=1_000, description="要核对的引文，如 《…工作要点》（…〔2018〕36号）三、（四）")]
Quoted = Annotated[
    str, Field(max_length=20_000, description="从这一条里引用的文字，核对是否一字不差；没有引用可以不给")
]


class Tools:
    """The tools over the index that a server has open. Threads may share them."""

    def __init__(self, live: LiveService) -> None:
        self._live = live

    def search(
        self,
        query: Words = "",
        top: Top = 5,
        offset: Offset = 0,
        per_district: PerDistrict = 0,
        filters: WantedItems = _ALL_ITEMS,
    ) -> Annotated[CallToolResult, SearchAnswer]:
        """Provisions for a query, or for filters alone."""
        wanted = read_filters(filters.model_dump())
        result = self._live.get().search(
            clean(query), wanted, top=top, offset=offset, per_district=per_district or None
        )
        return _answer(SearchAnswer, search_answer(result), texts.search_text(result, offset))

    def similar(
        self,
        item_id: Annotated[str, Field(max_length=100, description="条款编号；与 text 二者给一个")] = "",
        text: Text = "",
        top: Top = 5,
        offset: Offset = 0,
        per_district: PerDistrict = 1,
        filters: WantedItems = _ALL_ITEMS,
    ) -> Annotated[CallToolResult, SearchAnswer]:
        """Provisions like a held one, or like a text."""
        if bool(item_id) == bool(text):
            raise QueryError("item_id 和 text 要给一个，且只给一个。", code="invalid_parameter")
        service, wanted = self._live.get(), read_filters(filters.model_dump())
        similar = service.similar_to_item if item_id else service.similar_to_text
        result = similar(clean(item_id or text), wanted, top=top, offset=offset, per_district=per_district or None)
        return _answer(SearchAnswer, search_answer(result), texts.search_text(result, offset))

    def show(
        self,
        id: Annotated[str, Field(max_length=100, description="条款编号（如 a9f09fca2f54-005）或通知编号")],
        offset: Offset = 0,
    ) -> Annotated[CallToolResult, ShowAnswer]:
        """A provision with its whole text, or a notice with the citations of its provisions."""
        index, wanted = self._live.get().index, clean(id).strip()
        if "-" in wanted:
            item = index.items([wanted])[0]
            parsed = index.notice(item.notice_id)
            return _answer(ShowAnswer, {"item": _shown_item(parsed, item)}, texts.item_text(parsed.notice, item))
        parsed = index.notice(wanted)
        items = parsed.items[offset : offset + _PAGE_OF_NOTICE]
        return _answer(
            ShowAnswer, {"notice": _shown_notice(parsed, items, offset)}, texts.notice_text(parsed, offset, items)
        )

    def notices(
        self,
        filters: WantedNotices = _ALL_NOTICES,
        top: Top = 10,
        offset: Offset = 0,
    ) -> Annotated[CallToolResult, NoticesAnswer]:
        """The notices that are held."""
        total, records = self._live.get().index.notices(read_filters(filters.model_dump()), offset, top)
        page = notices_answer(total, records) | {"next_offset": _next(offset, len(records), total)}
        return _answer(NoticesAnswer, page, texts.notices_text(total, records))

    def check_citation(self, citation: Cited, quotation: Quoted = "") -> Annotated[CallToolResult, CitationAnswer]:
        """Whether a citation leads to a held provision that says what is quoted."""
        check = self._live.get().check_citation(clean(citation), clean(quotation))
        return _answer(CitationAnswer, _checked(check), texts.check_text(check))


def refusal(code: str, detail: str) -> CallToolResult:
    """The answer of a tool that could not do what was asked."""
    text = TextContent(type="text", text=f"{detail}（{code}）")
    return CallToolResult(content=[text], structured_content={"error": {"code": code, "detail": detail}}, is_error=True)


def _answer(model: type[BaseModel], document: dict[str, Any], text: str) -> CallToolResult:
    short = model.model_validate(document)
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=short.model_dump(mode="json")
    )


def _shown_item(parsed: ParsedNotice, item: TaskItem) -> dict[str, Any]:
    answer = item_answer(parsed, item)
    return answer | {"citation_sha256": answer["citation_parts"]["sha256"]}


def _shown_notice(parsed: ParsedNotice, items: tuple[TaskItem, ...], offset: int) -> dict[str, Any]:
    return {
        "notice": notice_answer(parsed)["notice"],
        "total": len(parsed.items),
        "items": [
            {
                "id": item.id,
                "citation": cite(parsed.notice, item).text,
                "kind": item.kind,
                "path": list(item.path),
                "beginning": texts.beginning(item),
            }
            for item in items
        ],
        "next_offset": _next(offset, len(items), len(parsed.items)),
    }


def _next(offset: int, shown: int, total: int) -> int | None:
    return offset + shown if shown and offset + shown < total else None


def _checked(check: CitationCheck) -> dict[str, Any]:
    return {
        "given": check.given,
        "state": check.state,
        "holds": check.state is CitationState.EXACT and any(map(_says_so, check.items)),
        "notes": list(check.notes),
        "items": [
            {"id": one.item.id, "citation": one.citation.text, "text": one.item.text, "quotation": one.quotation}
            for one in check.items
        ],
    }


def _says_so(checked: CheckedItem) -> bool:
    return checked.quotation in (None, QuotationState.VERBATIM)
