"""The chain of stages that makes a notice of a document."""

from corpus.identity import notice_id
from corpus.model import BlockKind, Document, Notice, ParsedNotice, ParseWarning
from indexer.parsing.blocks import BlockList
from indexer.parsing.division import divide
from indexer.parsing.items import Context, ItemReader
from indexer.parsing.lines import FoldedText
from indexer.parsing.metadata import read_metadata
from indexer.parsing.numbering import number_nodes
from indexer.parsing.outline import build_outline
from indexer.parsing.places import Place, find_level, find_place
from indexer.parsing.references import find_aliases
from indexer.parsing.rules import read_rules
from indexer.parsing.tables import find_rows

_DAMAGE = frozenset({"number_damaged", "date_damaged", "label_inferred"})
"""Warnings that a copy lost characters."""


def parse(document: Document, place: Place | None = None) -> ParsedNotice:
    """The notice in a document, with its items, a block for every stretch of the text, and warnings.

    `place` is what somebody knows who gave the file; it counts instead of what the text says.

    A text without numbered provisions gives a notice without items and the warning `no_items`.
    """
    folded = FoldedText(document.text)
    division = divide(folded, document.frame)
    metadata = read_metadata(folded, division)
    before, nodes = build_outline(division.body, find_rows(folded, division.body, document.tables))
    warnings = [*metadata.warnings, *number_nodes(nodes, folded)]
    names = [name for name in (metadata.issuer, metadata.notice_title, metadata.title) if name]
    place, place_warnings = (place, []) if place else find_place(names, folded.text)
    aliases = find_aliases("".join(line.text for line in before) + "".join(x.text for _, x in division.front))

    blocks = BlockList(folded)
    for kind, line in (*division.front, *((BlockKind.PREAMBLE, line) for line in before), *division.tail):
        blocks.add(kind, line.start, line.end)
    identifier = notice_id(metadata.document_number, metadata.issuer, metadata.title, metadata.date_issued)
    level = (place.district or place.city or place.province or " ")[-1].strip()
    context = Context(
        folded,
        identifier,
        aliases,
        level,
        metadata.doc_type,
        read_rules(folded.text),
        any(w.code in _DAMAGE for w in warnings),
    )
    items = ItemReader(context, nodes, blocks, warnings).read()
    if not items:
        warnings.append(ParseWarning("no_items", "没有找到带序号的条款：可能是转发通知、批复，或序号已丢失"))
    notice = Notice(
        id=identifier,
        title=metadata.title,
        notice_title=metadata.notice_title,
        document_number=metadata.document_number,
        issuer=metadata.issuer,
        date_issued=metadata.date_issued,
        province=place.province,
        city=place.city,
        district=place.district,
        plan_year_start=metadata.plan_year_start,
        plan_year_end=metadata.plan_year_end,
        doc_type=metadata.doc_type,
        aliases=aliases,
        source=document.source,
        level=find_level(metadata.issuer, place),
    )
    return ParsedNotice(notice, tuple(items), blocks.finish(), (*warnings, *place_warnings), document)
