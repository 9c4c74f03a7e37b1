"""The route of suggestions."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response

from search_api.filter_values import clean, write_filters
from search_api.http.answering import documented
from search_api.http.schemas import SuggestionsAnswer
from search_api.http.search import Service

router = APIRouter(tags=["检索"])

_KEPT = {"Cache-Control": "private, max-age=60"}
"""Who takes back what was typed asks for the same again."""

Typed = Annotated[
    str, Query(max_length=300, description="已输入的文字：汉字、全拼或拼音首字母", examples=["备案", "beian", "ba"])
]
Most = Annotated[int, Query(ge=1, le=20, description="最多几条")]


@router.get(
    "/suggestions",
    summary="输入提示",
    description="责任单位、依据的文件、常用词组和通知标题里，某个词的开头与所输文字相同的，条款多的在前。"
    "提示在后台生成：服务刚启动时可能还没有，索引更新后稍晚才有新的。",
    response_model=None,
    responses=documented(SuggestionsAnswer, "invalid_parameter", 503, 504),
)
def suggestions(service: Service, q: Typed = "", top: Most = 8) -> Response:
    """What a query may go on with."""
    found = [
        {"text": one.text, "kind": str(one.kind), "count": one.count, "filters": write_filters(one.filters)}
        for one in service.suggestions.suggest(clean(q), top)
    ]
    return Response(msgspec.json.encode(found), headers=_KEPT, media_type="application/json")
