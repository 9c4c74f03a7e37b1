"""Query parameters that several routes share."""

from typing import Annotated

from fastapi import Depends, Query

from indexer.index.filters import Filters
from search_api.filter_values import read_filters


def _values(description: str, *examples: str) -> object:
    return Query(default_factory=list, description=f"{description}；可以重复，满足其一即可", examples=[list(examples)])


Values = list[str]
District = Annotated[Values, _values("区县", "鲤城区")]
City = Annotated[Values, _values("设区市", "泉州市")]
Province = Annotated[Values, _values("省、自治区、直辖市", "福建省")]
Year = Annotated[Values, _values("年份或起止年份：2018、2016-2020", "2018")]
Unit = Annotated[Values, _values("责任单位，可以省去区县名", "财政局")]
Role = Annotated[Values, _values("单位的职责：lead（牵头）、participate（配合）、responsible（负责）", "lead")]
Basis = Annotated[Values, _values("依据的文件和条号：实施方案:12、《实施方案》第12条", "实施方案:12")]
Type = Annotated[Values, _values("文种", "工作要点")]
Kind = Annotated[Values, _values("条款性质：task、requirement、goal、result", "task")]

Top = Annotated[int, Query(ge=1, le=100, description="最多几条")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="跳过前几条")]
PerDistrict = Annotated[int, Query(ge=0, le=100, description="每个区县最多几条，0 为不限")]


# Asynchronous, because a thread for reading a few strings costs more than the reading.
async def filters(
    district: District,
    city: City,
    province: Province,
    year: Year,
    unit: Unit,
    role: Role,
    basis: Basis,
    type: Type,
    kind: Kind,
) -> Filters:
    """All filters on items; raises QueryError for a value that can't be read."""
    return read_filters(
        {
            "district": district,
            "city": city,
            "province": province,
            "year": year,
            "unit": unit,
            "role": role,
            "basis": basis,
            "type": type,
            "kind": kind,
        }
    )


async def notice_filters(district: District, city: City, province: Province, year: Year, type: Type) -> Filters:
    """The filters on notices as a whole."""
    return read_filters({"district": district, "city": city, "province": province, "year": year, "type": type})


Wanted = Annotated[Filters, Depends(filters)]
WantedNotices = Annotated[Filters, Depends(notice_filters)]
