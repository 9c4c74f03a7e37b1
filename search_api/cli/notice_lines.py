"""A notice as lines: its fields, its outline with what each item says, and the doubts that parsing had."""

from collections.abc import Iterator

from corpus.citation import citations
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.doubts import Doubt
from search_api.annotated import AnnotatedNotice, Entry, annotate
from search_api.cli.output import Page, Part
from search_api.wording import KINDS, basis, timing, units, years

_BEGINNING = 60
_CONTEXT = 120


def show_notice(parsed: ParsedNotice) -> None:
    """Everything that was found in a notice; each doubt stands below the item that it concerns."""
    page, annotated = Page(), annotate(parsed)
    for name, value in _fields(parsed.notice):
        page.line((f"{name}：", "dim"), value)
    page.line((f"条款：{len(parsed.items)} 条", "dim"))
    doubts = len(annotated.assessment.doubts)
    page.line(
        ("可信度：", "dim"),
        f"{annotated.assessment.confidence:.2f}",
        (f"（存疑 {doubts} 处）" if doubts else "", "dim"),
    )
    for doubt in annotated.elsewhere:
        page.line(*_doubt(annotated, doubt))
    page.line()
    _show_outline(page, annotated)


def show_item(parsed: ParsedNotice, item: TaskItem) -> None:
    """An item with its citation alone on the first line, so that it can be copied."""
    page, cited = Page(), citations(parsed.notice, item)
    page.line((cited.text, "cyan"))
    page.line()
    page.line(item.text)
    page.line()
    for name, value in (
        ("位置", " ＞ ".join(item.path)),
        ("性质", KINDS[item.kind]),
        *_details(item),
        ("量化指标", "、".join(item.targets)),
        ("文内引用", cited.in_text),
        ("参考文献", cited.gbt7714),
        ("来源", f"{parsed.notice.source.file}，第 {item.span.start}-{item.span.end} 字"),
        ("编号", item.id),
    ):
        if value:
            page.line((f"{name}：", "dim"), value)


def show_source(parsed: ParsedNotice, item: TaskItem) -> None:
    """The source around an item; each line of the item itself is marked with >."""
    page, text, span = Page(), parsed.document.text, item.span
    page.line()
    page.line(("原文：", "dim"))
    before, after = text[max(0, span.start - _CONTEXT) : span.start], text[span.end : span.end + _CONTEXT]
    for sign, style, stretch in (
        ("  ", "dim", before),
        ("> ", "bold", text[span.start : span.end]),
        ("  ", "dim", after),
    ):
        for line in stretch.strip("\r\n").splitlines():
            page.line((f"{sign}{line}", style))


def _fields(notice: Notice) -> Iterator[tuple[str, str]]:
    for name, value in (
        ("标题", notice.title),
        ("通知", notice.notice_title),
        ("文号", notice.document_number),
        ("发文机关", notice.issuer),
        ("成文日期", notice.date_issued),
        ("地区", " ".join(filter(None, (notice.province, notice.city, notice.district)))),
        ("年份", years(notice)),
        ("文种", notice.doc_type),
        ("简称", "；".join(f"《{alias.short}》即《{alias.title}》" for alias in notice.aliases)),
        ("来源", notice.source.file),
        ("编号", notice.id),
    ):
        if value:
            yield name, value


def _details(item: TaskItem) -> list[tuple[str, str]]:
    return [("单位", units(item)), ("时限", timing(item)), ("依据", basis(item))]


def _show_outline(page: Page, annotated: AnnotatedNotice) -> None:
    nodes = [(entry.level, list(_entry_lines(annotated, entry))) for entry in annotated.entries]
    if page.in_terminal:
        page.tree(nodes)
        return
    for level, lines in nodes:
        for depth, parts in lines:
            page.line("  " * (level - 1 + depth), *parts)


def _entry_lines(annotated: AnnotatedNotice, entry: Entry) -> Iterator[tuple[int, list[Part]]]:
    """The lines of a section or item, each with its depth below it."""
    inferred = ("（序号为推断）" if entry.inferred else "", "dim")
    item = entry.item
    if item is None:
        yield 0, [(f"{entry.label}{entry.heading}", "bold"), inferred]
    else:
        text = "".join(item.text.split())
        beginning = entry.heading or (text if len(text) <= _BEGINNING else f"{text[:_BEGINNING]}…")
        yield 0, [(entry.label, "bold"), beginning, inferred, (f"  [{KINDS[item.kind]}]", "dim")]
        for name, value in _details(item):
            if value:
                yield 1, [(f"{name}：", "dim"), value]
    for doubt in entry.doubts:
        yield 1, _doubt(annotated, doubt)


def _doubt(annotated: AnnotatedNotice, doubt: Doubt) -> list[Part]:
    line = annotated.line(doubt)
    where = f"第 {line} 行，" if line else ""
    return [("注意：", "yellow"), f"{where}{doubt.message}", (f"（{doubt.code}）", "dim")]
