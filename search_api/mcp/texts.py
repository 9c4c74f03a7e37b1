"""Answers as short Chinese text, for assistants that read no structured content: each provision with its citation and id."""

from collections.abc import Iterator, Sequence

from corpus.citation import cite
from corpus.model import Notice, ParsedNotice, TaskItem
from indexer.index.protocol import NoticeRecord
from search_api.citation_check import CitationCheck, CitationState, QuotationState
from search_api.cli.difference_lines import differences_line
from search_api.filter_values import write_filters
from search_api.results import Hit, SearchResult
from search_api.wording import FIELDS, KINDS, basis, place, searched, timing, units, wording, years

_LONGEST_TEXT = 400
_LONGEST_WHOLE = 20_000
_BEGINNING = 40
_STATES = {
    CitationState.EXACT: "引文与收录的一致。",
    CitationState.DIFFERS: "找到了这一条，但引文的写法与收录的不同。",
    CitationState.NOTICE: "收录了这份通知，但引文没有对上其中的一条。",
    CitationState.NOT_HELD: "没有找到。这只说明没有收录，不说明引文有误。",
}
_QUOTATIONS = {
    QuotationState.VERBATIM: "引用的文字与原文一字不差。",
    QuotationState.FOLDED: "引用的文字与原文只有全角半角、大小写或空白不同。",
    QuotationState.ABSENT: "引用的文字不在这一条里。",
}


def search_text(result: SearchResult, offset: int) -> str:
    """Hits, counted from `offset`."""
    return "\n".join(_search_lines(result, offset))


def item_text(notice: Notice, item: TaskItem) -> str:
    """A provision, its citation first."""
    return "\n".join(
        [cite(notice, item).text, f"编号：{item.id}", f"位置：{' ＞ '.join(item.path)}", *_about(item, _LONGEST_WHOLE)]
    )


def notice_text(parsed: ParsedNotice, offset: int, items: Sequence[TaskItem]) -> str:
    """A notice and some of its provisions, counted from `offset`."""
    notice = parsed.notice
    lines = [f"《{notice.title}》（{notice.document_number or '无文号'}）", _described(notice)]
    listed = f"，列出第 {offset + 1}—{offset + len(items)} 条：" if items else "，没有更多了。"
    lines.append(f"共 {len(parsed.items)} 条{listed}")
    lines += [f"{item.id}  {cite(notice, item).place}  {beginning(item)}" for item in items]
    return "\n".join(lines)


def notices_text(total: int, records: Sequence[NoticeRecord]) -> str:
    """Notices with their ids."""
    lines = [f"共 {total} 份通知。"]
    for record in records:
        number = record.notice.document_number or "无文号"
        lines += [f"{record.notice.id}  《{record.notice.title}》（{number}）", f"   {_described(record.notice)}"]
    return "\n".join(lines)


def check_text(check: CitationCheck) -> str:
    """What became of a citation."""
    lines = [_STATES[check.state], *check.notes]
    for one in check.items:
        lines += ["", one.citation.text, f"编号：{one.item.id}", f"原文：{_shortened(one.item.text, _LONGEST_TEXT)}"]
        if one.quotation:
            lines.append(_QUOTATIONS[one.quotation])
    return "\n".join(lines)


def beginning(item: TaskItem) -> str:
    """The first words of a provision."""
    line = " ".join((item.heading or item.text).split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}……"


def _search_lines(result: SearchResult, offset: int) -> Iterator[str]:
    for note in result.understood.notes:
        yield f"理解：{note}"
    if result.hits:
        yield f"共 {result.total} 条，列出第 {offset + 1}—{offset + len(result.hits)} 条："
    else:
        yield "没有找到符合条件的条款。" if not offset else "没有更多条款。"
    for rank, hit in enumerate(result.hits, offset + 1):
        yield ""
        yield from _hit_lines(rank, hit, result.query)
    if result.none_found:
        yield f"检索范围：{searched(result.none_found.searched)}"
        yield from (f"缺少：{line}" for line in result.none_found.missing)
        for broader in result.none_found.broader:
            filters = "、".join(
                f"{FIELDS[name]} {'、'.join(values)}" for name, values in write_filters(broader.filters).items()
            )
            yield f"可改为：{broader.leaves_out}，检索“{broader.words}”{f'（{filters}）' if filters else ''}"
    if result.partial:
        yield "注意：索引有一部分没有回答，结果不完整。"


def _hit_lines(rank: int, hit: Hit, query: str) -> Iterator[str]:
    yield f"{rank}. {hit.citation.text}"
    yield f"编号：{hit.id}"
    yield _described(hit.notice)
    yield from _about(hit.item, _LONGEST_TEXT)
    if hit.differences:
        yield f"不同：{differences_line(query, hit)}"
    if hit.usage:
        yield f"同文：{wording(hit.usage)}"


def _about(item: TaskItem, longest: int) -> Iterator[str]:
    yield f"原文：{_shortened(item.text, longest)}"
    for name, value in (
        ("性质", KINDS[item.kind]),
        ("单位", units(item)),
        ("时限", timing(item)),
        ("指标", "、".join(item.targets)),
        ("依据", basis(item)),
    ):
        if value:
            yield f"{name}：{value}"


def _described(notice: Notice) -> str:
    return " · ".join(filter(None, (place(notice), years(notice), notice.doc_type, notice.issuer)))


def _shortened(text: str, longest: int) -> str:
    """Text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}……（未完，共 {len(line)} 字）"
