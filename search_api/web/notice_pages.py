"""The notices that are held, and one of them."""

from fastapi import APIRouter, Response

from corpus.citation import cite
from corpus.model import ParsedNotice
from search_api.answers import outline
from search_api.filter_values import clean
from search_api.http.parameters import Offset, WantedNotices
from search_api.http.search import Service
from search_api.web.responses import page

router = APIRouter(include_in_schema=False)

_NOTICES_PAGE = 50


@router.get("/notices")
def notices_page(service: Service, wanted: WantedNotices, offset: Offset = 0) -> Response:
    """The notices that are held, newest first."""
    total, records = service.index.notices(wanted, offset, _NOTICES_PAGE)
    more = offset + len(records) < total
    return page(
        "notices.html",
        total=total,
        records=records,
        offset=offset,
        earlier=max(0, offset - _NOTICES_PAGE) if offset else None,
        later=offset + _NOTICES_PAGE if more else None,
    )


@router.get("/notices/{notice_id}")
def notice_page(service: Service, notice_id: str) -> Response:
    """A notice: its fields, its outline with the items, and the doubts that parsing had."""
    parsed = service.index.notice(clean(notice_id))
    items = {item.id: item for item in parsed.items}
    return page(
        "notice.html",
        notice=parsed.notice,
        entries=[(entry, items.get(entry["item_id"])) for entry in outline(parsed.items)],
        citations={item.id: cite(parsed.notice, item).text for item in parsed.items},
        warnings=[
            (warning, _line(parsed, warning.span.start) if warning.span else None) for warning in parsed.warnings
        ],
        text=parsed.document.text,
    )


def _line(parsed: ParsedNotice, offset: int) -> int:
    return parsed.document.text.count("\n", 0, offset) + 1
