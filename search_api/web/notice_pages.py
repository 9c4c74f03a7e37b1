"""The notices that are held, and one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from corpus.citation import cite
from corpus.model import Notice, ParsedNotice, Span
from indexer.doubts import Doubt
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from search_api.annotated import AnnotatedNotice, annotate
from search_api.coverage import Coverage
from search_api.districts import district
from search_api.filter_values import clean, write_filters
from search_api.http.parameters import Offset, WantedNotices
from search_api.http.search import Service
from search_api.web.contents import contents
from search_api.web.responses import page
from search_api.wording import FIELDS

router = APIRouter(include_in_schema=False)

_NOTICES_PAGE = 50
_MOST_CHOICES = 300
"""Values of a filter that are offered as a list; where there are more, the value is typed."""
_MOST_OTHERS = 200
"""Notices of the same place that are looked through for those of other years."""
_BESIDE = 30
"""Characters of the source that are shown before and after what is doubted."""
_LONGEST_DOUBTED = 60


@dataclass(frozen=True, slots=True)
class Choices:
    """A filter on notices: its parameter and name, the values that it can have, and the one that is set, if any."""

    parameter: str
    name: str
    values: Sequence[str]
    chosen: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """A doubt with its number from 1 on, the line of the source, and what stands there: before, in question, after.

    `about` is the anchor of the section or item that it concerns, None where it concerns none.
    """

    number: int
    doubt: Doubt
    line: int | None
    excerpt: tuple[str, str, str]
    about: str | None


@router.get("/notices")
def notices_page(service: Service, wanted: WantedNotices, offset: Offset = 0) -> Response:
    """The notices that are held, newest first."""
    total, records = service.index.notices(wanted, offset, _NOTICES_PAGE)
    chosen = write_filters(wanted)
    following = offset + _NOTICES_PAGE
    return page(
        "notices.html",
        total=total,
        records=records,
        offset=offset,
        narrowed=bool(chosen),
        choices=list(_choices(service.coverage.get(), chosen)),
        earlier=_list_address(chosen, max(0, offset - _NOTICES_PAGE)) if offset else None,
        later=_list_address(chosen, following) if following < total else None,
    )


@router.get("/notices/{notice_id}")
def notice_page(service: Service, notice_id: str) -> Response:
    """A notice: its fields, its outline with the items, and the doubts that reading it left."""
    parsed = service.index.notice(clean(notice_id))
    annotated = annotate(parsed)
    doubted = list(_doubted(annotated))
    numbers = {id(one.doubt): one.number for one in doubted}
    return page(
        "notice.html",
        notice=parsed.notice,
        items=parsed.items,
        contents=contents(parsed.items),
        entries=[(entry, [numbers[id(doubt)] for doubt in entry.doubts]) for entry in annotated.entries],
        citations={item.id: cite(parsed.notice, item).text for item in parsed.items},
        confidence=annotated.assessment.confidence,
        doubted=doubted,
        others=list(_other_years(service.index, parsed)),
        text=parsed.document.text,
    )


def _doubted(annotated: AnnotatedNotice) -> Iterator[Doubted]:
    text = annotated.parsed.document.text
    about = {
        id(doubt): entry.item.id if entry.item else f"s{number}"
        for number, entry in enumerate(annotated.entries)
        for doubt in entry.doubts
    }
    for number, doubt in enumerate(annotated.assessment.doubts, 1):
        yield Doubted(number, doubt, annotated.line(doubt), _excerpt(text, doubt.span), about.get(id(doubt)))


def _list_address(chosen: dict[str, list[str]], offset: int) -> str:
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    return f"/notices?{urlencode([*pairs, ('offset', str(offset))] if offset else pairs)}"


def _choices(coverage: Coverage, chosen: dict[str, list[str]]) -> Iterator[Choices]:
    """The filters; cities are those of the province that is set, districts those of the city."""
    province, city, *_ = (next(iter(chosen.get(name, ())), "") for name in ("province", "city"))
    places = [one.place for one in coverage.places]
    of_province = [place for place in places if province in ("", place.province)]
    of_city = [place for place in of_province if city in ("", place.city)]
    values: dict[str, Sequence[str | None]] = {
        "province": [place.province for place in places],
        "city": [place.city for place in of_province],
        "district": [place.district for place in of_city],
        "year": [str(year) for year in reversed(coverage.years)],
        "type": coverage.doc_types,
    }
    for name, held in values.items():
        one = next(iter(chosen.get(name, ())), "")
        distinct = [value for value in dict.fromkeys(held) if value]
        if one and one not in distinct:
            distinct.insert(0, one)
        yield Choices(name, FIELDS[name], distinct if len(distinct) <= _MOST_CHOICES else (), one)


def _other_years(index: Index, parsed: ParsedNotice) -> Iterator[Notice]:
    """The other notices of the same place, newest first."""
    here = parsed.notice
    if not (here.province or here.city or here.district):
        return
    names = ((name, getattr(here, name)) for name in ("district", "city"))
    same = Filters(**{name: (value,) for name, value in names if value})
    place = same if same != Filters() else Filters(province=(here.province or "",))
    for record in index.notices(place, 0, _MOST_OTHERS)[1]:
        if record.notice.id != here.id and district(record.notice) == district(here):
            yield record.notice


def _excerpt(text: str, span: Span | None) -> tuple[str, str, str]:
    """What stands on the line where a span begins: some of it before the span, the span, and some after."""
    if span is None:
        return "", "", ""
    first = text.rfind("\n", 0, span.start) + 1
    last = text.find("\n", span.start)
    end = min(span.end, span.start + _LONGEST_DOUBTED, len(text) if last < 0 else last)
    after = text[end : min(end + _BESIDE, len(text) if last < 0 else max(last, end))]
    return text[max(first, span.start - _BESIDE) : span.start], text[span.start : end], after
