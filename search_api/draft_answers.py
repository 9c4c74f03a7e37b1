"""Precedents of a draft as plain dicts that can be written as JSON: the same on the command line and over HTTP."""

from collections.abc import Sequence

import msgspec

from search_api.answers import Answer, search_answer
from search_api.drafts import Draft, ItemPrecedents


def draft_answer(draft: Draft, found: Sequence[ItemPrecedents], mode: str) -> Answer:
    """Each provision of a draft with its hits, and the differences of each hit from it."""
    return {
        "title": draft.title,
        "items": [_item(one) for one in found],
        "left_out": draft.left_out,
        "mode": mode,
        "partial": any(one.result.partial for one in found if one.result),
    }


def _item(found: ItemPrecedents) -> Answer:
    item = found.item
    return {
        "order": item.order,
        "path": item.path,
        "text": item.text,
        "span": msgspec.to_builtins(item.span),
        "total": found.result.total if found.result else 0,
        "hits": search_answer(found.result)["hits"] if found.result else [],
        "error": found.error and {"code": found.error.code, "detail": found.error.detail},
    }
