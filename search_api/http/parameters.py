"""Query parameters that several routes share."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import StringConstraints

from indexer.index.filters import Filters
from search_api.filter_values import PARAMETERS, read_filters
from search_api.http import cursors

_DESCRIBED = {
    "district": ("区县", "鲤城区"),
    "city": ("设区市", "泉州市"),
    "province": ("省、自治区、直辖市", "福建省"),
    "year": ("年份或起止年份：2018、2016-2020", "2018"),
    "unit": ("责任单位，可以省去区县名", "财政局"),
    "role": ("单位的职责：lead（牵头）、participate（配合）、responsible（负责）", "lead"),
    "basis": ("依据的文件和条号：实施方案:12、《实施方案》第12条", "实施方案:12"),
    "type": ("文种", "工作要点"),
    "kind": ("条款性质：task、requirement、goal、result", "task"),
}
NOTICE_PARAMETERS = ("district", "city", "province", "year", "type")
"""The filters on notices as a whole."""

Top = Annotated[int, Query(ge=1, le=100, description="最多几条")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="跳过前几条")]
Cursor = Annotated[
    str,
    Query(
        max_length=cursors.LONGEST,
        description="上一页答复里的 next，从那里接着列；其余参数与上一页相同（top 可以不同），不与 offset 同用",
        examples=["eyJvZmZzZXQiOjEwLCJnZW5lcmF0aW9uIjozLCJhc2tlZCI6IjAxMjM0NTY3ODlhYmNkZWYifQ"],
    ),
]
PerDistrict = Annotated[int, Query(ge=0, le=100, description="每个区县最多几条，0 为不限")]
Collapse = Annotated[bool, Query(description="文字几乎相同的条款合并为一条")]
Plain = Annotated[
    list[Annotated[str, StringConstraints(max_length=300)]],
    Query(description="检索词里按字面检索、不作理解的词语；* 为全部；可以重复", max_length=100, examples=[["青溪区"]]),
]


# Filters are read from the address as they are: declared one by one they cost 1 ms of each request.
async def filters(request: Request) -> Filters:
    """All filters on items; raises QueryError for a value that can't be read."""
    return read_filters({name: request.query_params.getlist(name) for name in PARAMETERS})


async def notice_filters(request: Request) -> Filters:
    """The filters on notices; others are left aside."""
    return read_filters({name: request.query_params.getlist(name) for name in NOTICE_PARAMETERS})


def filter_parameters(names: tuple[str, ...] = PARAMETERS) -> dict[str, Any]:
    """What a route that takes filters adds to the OpenAPI document."""
    return {
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": f"{description}；可以重复，满足其一即可",
                "schema": {"type": "array", "items": {"type": "string"}},
                "example": [example],
            }
            for name, (description, example) in _DESCRIBED.items()
            if name in names
        ]
    }


Wanted = Annotated[Filters, Depends(filters)]
WantedNotices = Annotated[Filters, Depends(notice_filters)]
