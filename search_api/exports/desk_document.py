"""The desk of a draft as a Word document: what concerns the whole draft, then a table of its provisions, each with its sources."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from search_api.drafting.desk import Desk, ItemDesk
from search_api.drafting.missing import HeldProvision
from search_api.drafting.wording import named, share, state, summary, told_from, told_of_gaps, usual_sorts
from search_api.exports.table import Cell, Column, Note, provenance
from search_api.exports.word import add_notes, add_table, new_document
from search_api.printable import printable
from search_api.results import Hit
from search_api.wording import place, years

if TYPE_CHECKING:
    from docx.document import Document

_KIND = "写稿对照"
_LONGEST_TITLE = 60
_PRECEDENTS = 5
"""Precedents of a provision that are printed; those that were counted are all named by district."""


def write_desk(desk: Desk, generation: int, day: date, file: BinaryIO) -> None:
    """Write the desk to `file`; `generation` is that of the index, `day` that of the export."""
    title = f"{_KIND}：{_shortened(desk.draft.title)}" if desk.draft.title else _KIND
    document = new_document(title)
    document.add_paragraph(printable(title), style="Title")
    document.add_paragraph("；".join(summary(desk)) + "。")
    _add_references(document, desk)
    _add_gaps(document, desk)
    document.add_paragraph("三、逐条对照", style="Heading 1")
    columns = (Column("文稿条款", 34), Column("常见写法", 34), Column("相近先例", 52))
    add_table(document, columns, (_row(one) for one in desk.items))
    document.add_paragraph("说明", style="Heading 1")
    add_notes(document, list(_notes(desk, generation, day)))
    document.save(file)


def file_name(desk: Desk, day: date) -> str:
    """A name for the file that every system takes."""
    spoken = "".join(one for one in printable(desk.draft.title) if one.isalnum() or one in "-（）")
    return f"{'-'.join(filter(None, (_KIND, spoken[:_LONGEST_TITLE], day.isoformat())))}.docx"


def _add_references(document: "Document", desk: Desk) -> None:
    document.add_paragraph("一、引用的文件", style="Heading 1")
    if not desk.references:
        document.add_paragraph("没有引用文件。")
        return
    columns = (Column("文件", 50), Column("核对", 16), Column("依据", 54))
    rows = [
        (
            named(one),
            state(one),
            "\n".join([*one.notes, *(f"收录：《{notice.title}》" for notice in one.notices), *_texts(one.citing)]),
        )
        for one in sorted(desk.references, key=lambda one: not one.notes)
    ]
    add_table(document, columns, rows)


def _add_gaps(document: "Document", desk: Desk) -> None:
    document.add_paragraph("二、可能缺少的条款", style="Heading 1")
    document.add_paragraph(told_of_gaps(desk))
    if desk.gaps.missing:
        columns = (Column("其他地方的写法", 60), Column("份数", 8), Column("出处", 52))
        rows: Iterable[tuple[Cell, ...]] = (
            (gap.provisions[0].item.text, len(gap.provisions), "\n".join(_texts(gap.provisions)))
            for gap in desk.gaps.missing
        )
        add_table(document, columns, rows)


def _row(found: ItemDesk) -> tuple[Cell, ...]:
    cited = {one.hit.id: one.hit for one in found.close}
    usual = [told_from(found)]
    for word, values in usual_sorts(found):
        usual += [f"{word}：{one.value} {share(one, found)}{_where(one.item_ids, cited)}" for one in values]
    precedents = [
        f"{at}. {one.hit.citation.text}\n{one.hit.item.text}" for at, one in enumerate(found.close[:_PRECEDENTS], 1)
    ]
    return "\n".join((" ".join(found.item.path), found.item.text)), "\n".join(usual), "\n".join(precedents)


def _where(item_ids: Iterable[str], cited: dict[str, Hit]) -> str:
    """The districts that it was counted from."""
    return f"（{'、'.join(place(cited[one].notice) + years(cited[one].notice) for one in item_ids)}）"


def _texts(held: Iterable[HeldProvision]) -> list[str]:
    return [one.citation.text for one in held]


def _notes(desk: Desk, generation: int, day: date) -> Iterator[Note]:
    yield (
        "怎么数的",
        "每个地方只计最相近的一条；“7/9”指 9 条足够相近的先例里有 7 条如此，括号里是这些先例所在的地方和年份。",
    )
    if desk.gaps.comparable:
        yield "可比的通知", "；".join(f"《{notice.title}》" for notice in desk.gaps.comparable)
    yield "检索方式", "字词与语义" if desk.mode == "hybrid" else "只按字词"
    if desk.left_out:
        yield "注意", f"文稿太长，最后 {desk.left_out} 条没有比对。"
    if desk.partial:
        yield "注意", "索引有一部分没有回答，可能缺少条款。"
    yield from provenance(generation, day)


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
