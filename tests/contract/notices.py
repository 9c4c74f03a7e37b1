"""Small notices for tests, made from what matters to a case and defaults for the rest."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analyzers.embedding import FloatArray
from corpus.model import (
    BasisReference,
    Block,
    BlockKind,
    Document,
    ItemKind,
    Label,
    Notice,
    ParsedNotice,
    ParseWarning,
    ResponsibleUnit,
    Role,
    Source,
    Span,
    TaskItem,
)
from indexer.analysis import embedded_text

MODEL = "test-model"
DIMENSION = 16


def unit(name: str, role: Role = Role.RESPONSIBLE, canonical: str | None = None) -> ResponsibleUnit:
    """A unit, by default printed as it is called."""
    return ResponsibleUnit(name, canonical or name, role)


def basis(document: str, *articles: str, number: str | None = None, printed: str | None = None) -> BasisReference:
    """A reference to articles of a document, by default printed by its full title."""
    return BasisReference(document, number, articles, printed or f"《{document}》")


def item(
    text: str,
    heading: str = "（一）",
    units: Sequence[ResponsibleUnit] = (),
    basis: Sequence[BasisReference] = (),
    kind: ItemKind = ItemKind.TASK,
) -> TaskItem:
    """An item without ids, which its notice gives it."""
    return TaskItem(
        id="",
        notice_id="",
        order=0,
        kind=kind,
        label="（一）",
        path=("一、总体", heading),
        labels=(Label("一、"), Label("（一）")),
        heading=None,
        text=text,
        units=tuple(units),
        units_raw=None,
        schedule=None,
        deadlines=(),
        targets=(),
        basis=tuple(basis),
        mentions=(),
        span=Span(0, len(text)),
    )


def notice(
    notice_id: str,
    *items: TaskItem,
    province: str | None = "澜海省",
    city: str | None = "云汀市",
    district: str | None = "青溪区",
    years: tuple[int, int] | None = (2018, 2018),
    number: str | None = "青政办〔2018〕1号",
    date: str | None = "2018-03-01",
    doc_type: str | None = "工作要点",
) -> ParsedNotice:
    """A notice with items, whose ids follow from its own, and a source text of their texts."""
    text = "\n".join(item.text for item in items)
    described = Notice(
        id=notice_id,
        title=f"{notice_id}工作要点",
        notice_title=None,
        document_number=number,
        issuer=None,
        date_issued=date,
        province=province,
        city=city,
        district=district,
        plan_year_start=years[0] if years else None,
        plan_year_end=years[1] if years else None,
        doc_type=doc_type,
        aliases=(),
        source=Source(f"{notice_id}.txt", hashlib.sha256(text.encode()).hexdigest()),
    )
    return ParsedNotice(
        notice=described,
        items=tuple(_numbered(item, notice_id, order) for order, item in enumerate(items)),
        blocks=(Block(BlockKind.TEXT, Span(0, len(text)), 0),),
        warnings=(ParseWarning("made_up", "编造的通知", Span(0, 1)),),
        document=Document(text, described.source),
    )


def _numbered(item: TaskItem, notice_id: str, order: int) -> TaskItem:
    return replace(item, id=f"{notice_id}-{order}", notice_id=notice_id, order=order)


def vectors(parsed: ParsedNotice) -> FloatArray:
    """Vectors of a notice's items, float32 [items, 16]."""
    return np.array([vector(embedded_text(item)) for item in parsed.items], np.float32).reshape(-1, DIMENSION)


def vector(text: str) -> FloatArray:
    """A unit vector that depends on the text alone, float32 [16]."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
    found = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return found / np.linalg.norm(found)
