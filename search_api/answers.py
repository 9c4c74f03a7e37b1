"""Results as plain dicts that can be written as JSON: the same documents on the command line and over HTTP."""

from collections.abc import Sequence
from typing import Any

import msgspec

from corpus.citation import Citation, citations, cite
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.index.protocol import Facets, NoticeRecord
from search_api.comparison import Comparison
from search_api.differences import Segment, likeness, phrases
from search_api.filter_values import write_filters
from search_api.near_identical import Usage
from search_api.results import Hit, NoneFound, SearchResult, Understood, WordingUsers

Answer = dict[str, Any]


def search_answer(result: SearchResult) -> Answer:
    """A page of hits. `understood.filters` has the form of the query parameters, so that it can be sent back."""
    return {
        "query": result.query,
        "understood": _understood(result.understood),
        "total": result.total,
        "hits": [hit_answer(hit, result.query) for hit in result.hits],
        "facets": _fields(result.facets),
        "took_ms": round(result.took_ms, 1),
        "mode": result.mode,
        "partial": result.partial,
        "groups": msgspec.to_builtins(result.groups),
        "none_found": _none_found(result.none_found) if result.none_found else None,
    }


def facets_answer(facets: Facets) -> Answer:
    """Counts over all matching items."""
    return {"total": facets.total, "facets": _fields(facets), "partial": facets.partial}


def item_answer(parsed: ParsedNotice, item: TaskItem, address: str | None = None) -> Answer:
    """An item of a notice, with its citation and the exact stretch of the source that it was read from.

    `address` is that of the item's page, for the form of the citation that has a link.
    """
    return {
        "item": _item(item),
        "notice": _notice(parsed.notice),
        **_citation(cite(parsed.notice, item)),
        "citations": msgspec.to_builtins(citations(parsed.notice, item, address)),
        "source_text": parsed.document.text[item.span.start : item.span.end],
    }


def notice_answer(parsed: ParsedNotice) -> Answer:
    """A notice with its items, its outline and the doubts that parsing had."""
    return {
        "notice": _notice(parsed.notice),
        "items": [_item(item) | _citation(cite(parsed.notice, item)) for item in parsed.items],
        "outline": outline(parsed.items),
        "warnings": msgspec.to_builtins(parsed.warnings),
    }


def parse_answer(parsed: ParsedNotice) -> Answer:
    """All that was found in a file. `blocks` are the stretches of the source, and what each was taken for."""
    return {
        "notice": _notice(parsed.notice),
        "items": [_item(item) for item in parsed.items],
        "warnings": msgspec.to_builtins(parsed.warnings),
        "blocks": msgspec.to_builtins(parsed.blocks),
    }


def notices_answer(total: int, records: Sequence[NoticeRecord]) -> Answer:
    """A page of notices, each with its number of items."""
    return {"total": total, "notices": [_notice(record.notice) | {"items": record.items} for record in records]}


def outline(items: Sequence[TaskItem]) -> list[Answer]:
    """Sections and items in source order; `level` counts from 1, `item_id` is None for a section."""
    entries: list[Answer] = []
    above: list[tuple[str, str]] = []
    for item in items:
        steps = [(label.text, step) for label, step in zip(item.labels, item.path, strict=True)]
        shared = 0
        while shared < min(len(above), len(steps) - 1) and above[shared] == steps[shared]:
            shared += 1
        for level in range(shared, len(steps)):
            label, step = steps[level]
            entries.append(
                {
                    "level": level + 1,
                    "label": label,
                    "heading": step.removeprefix(label),
                    "provenance": str(item.labels[level].provenance),
                    "item_id": item.id if level == len(steps) - 1 else None,
                }
            )
        above = steps[:-1]
    return entries


def wording_answer(users: WordingUsers) -> Answer:
    """Who uses the wording of an item, and how each writes it."""
    return {
        "usage": _usage(users.usage) if users.usage else None,
        "users": [
            {
                "notice": _notice(user.notice),
                "item": _item(user.item),
                **_citation(user.citation),
                "differences": differences_answer(users.item.text, user.item.text, user.differences),
            }
            for user in users.users
        ],
    }


def comparison_answer(comparison: Comparison) -> Answer:
    """Items side by side, and which of them have each unit, deadline, target and basis."""
    first = comparison.items[0].item.text
    ids = [one.item.id for one in comparison.items]
    return {
        "items": [
            {
                "notice": _notice(one.notice),
                "item": _item(one.item),
                **_citation(one.citation),
                "differences": differences_answer(first, one.item.text, one.differences) if at else None,
            }
            for at, one in enumerate(comparison.items)
        ],
        "features": [
            {"aspect": str(one.aspect), "value": one.value, "item_ids": [ids[place] for place in one.places]}
            for one in comparison.features
        ],
    }


def differences_answer(left: str, right: str, segments: Sequence[Segment]) -> Answer:
    """How `right` differs from `left`: spans to mark in both, phrases to read, and how like they are, 0 to 1."""
    return {
        "likeness": round(likeness(segments), 3),
        "segments": msgspec.to_builtins(segments),
        "phrases": msgspec.to_builtins(phrases(left, right, segments)),
    }


def _understood(understood: Understood) -> Answer:
    return {
        "query": understood.query,
        "words": understood.words,
        "filters": write_filters(understood.filters),
        "notes": understood.notes,
        "parts": [
            {"kind": str(part.kind), "text": part.text, "span": msgspec.to_builtins(part.span), "note": part.note}
            for part in understood.parts
        ],
        "synonyms": msgspec.to_builtins(understood.synonyms),
    }


def _none_found(none_found: NoneFound) -> Answer:
    return {
        "searched": msgspec.to_builtins(none_found.searched),
        "missing": none_found.missing,
        "broader": [
            {"words": one.words, "filters": write_filters(one.filters), "leaves_out": one.leaves_out}
            for one in none_found.broader
        ],
    }


def _usage(usage: Usage) -> Answer:
    first = usage.first
    return {
        "districts": usage.districts,
        "notices": usage.notices,
        "items": usage.items,
        "at_least": usage.at_least,
        "first": {"item_id": first.item_id, "notice_id": first.notice.id, "title": first.notice.title},
        "members": usage.members,
    }


def hit_answer(hit: Hit, query: str) -> Answer:
    """A hit of a query, or of a text that it was compared with."""
    return {
        "id": hit.id,
        "score": round(hit.score, 4),
        "notice": _notice(hit.notice),
        "item": _item(hit.item),
        **_citation(hit.citation),
        "highlights": msgspec.to_builtins(hit.highlights),
        "explanation": msgspec.to_builtins(hit.explanation),
        "usage": _usage(hit.usage) if hit.usage else None,
        "differences": differences_answer(query, hit.item.text, hit.differences) if hit.differences else None,
    }


def _notice(notice: Notice) -> Answer:
    fields: Answer = msgspec.to_builtins(notice)
    return fields


def _item(item: TaskItem) -> Answer:
    fields: Answer = msgspec.to_builtins(item)
    return fields | {"provenance": str(item.provenance)}


def _citation(citation: Citation) -> Answer:
    return {"citation": citation.text, "citation_parts": msgspec.to_builtins(citation)}


def _fields(facets: Facets) -> Answer:
    fields: Answer = msgspec.to_builtins(facets.fields)
    return fields
