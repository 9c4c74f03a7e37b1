"""The desk as a plain dict that can be written as JSON: the same on the command line and over HTTP."""

import msgspec

from search_api.answers import Answer, hit_answer
from search_api.drafting.desk import Desk, ItemDesk
from search_api.drafting.missing import Gaps, HeldProvision
from search_api.drafting.references import CheckedReference
from search_api.drafting.usual import Usual


def desk_answer(desk: Desk, top: int) -> Answer:
    """Each provision with its `top` best precedents in full, those that were counted by id and citation, and the whole draft."""
    return {
        "title": desk.draft.title,
        "items": [_item(one, top) for one in desk.items],
        **_gaps(desk.gaps),
        "references": [_reference(one) for one in desk.references],
        "left_out": desk.left_out,
        "mode": desk.mode,
        "partial": desk.partial,
    }


def _item(found: ItemDesk, top: int) -> Answer:
    item, usual = found.item, found.usual
    return {
        "order": item.order,
        "path": item.path,
        "text": item.text,
        "span": msgspec.to_builtins(item.span),
        "hits": [
            hit_answer(one.hit, item.text) | {"closeness": round(one.closeness, 3)} for one in found.precedents[:top]
        ],
        "counted": [
            {"id": one.hit.id, "citation": one.hit.citation.text, "closeness": round(one.closeness, 3)}
            for one in found.close
        ],
        "can_tell": found.can_tell,
        "usual": {
            "charged": list(map(_usual, usual.charged)),
            "supporting": list(map(_usual, usual.supporting)),
            "deadlines": list(map(_usual, usual.deadlines)),
            "targets": list(map(_usual, usual.targets)),
            "basis": list(map(_usual, usual.basis)),
        },
        "error": found.error and {"code": found.error.code, "detail": found.error.detail},
    }


def _usual(usual: Usual) -> Answer:
    return {"value": usual.value, "item_ids": usual.item_ids, "in_draft": usual.in_draft}


def _gaps(gaps: Gaps) -> Answer:
    return {
        "comparable": [{"id": notice.id, "title": notice.title} for notice in gaps.comparable],
        "missing": [
            {"provisions": [_held(one) | {"text": one.item.text} for one in gap.provisions]} for gap in gaps.missing
        ],
    }


def _reference(checked: CheckedReference) -> Answer:
    named = checked.reference.named
    return {
        "document": named.document,
        "document_number": named.document_number,
        "articles": named.articles,
        "as_printed": named.as_printed,
        "orders": checked.reference.orders,
        "state": str(checked.state),
        "notes": checked.notes,
        "notices": [{"id": notice.id, "title": notice.title} for notice in checked.notices],
        "cited": checked.cited,
        "citing": [_held(one) for one in checked.citing],
    }


def _held(one: HeldProvision) -> Answer:
    return {"id": one.item.id, "citation": one.citation.text}
