"""Hits as lines: for a reader in a terminal, or plain for a pipe."""

from collections.abc import Iterator, Mapping

from search_api.cli.difference_lines import differences_line
from search_api.cli.output import Page, Part, message
from search_api.differences import REWORDED, likeness
from search_api.filter_values import write_filters
from search_api.results import Highlight, Hit, SearchResult, SimilarGroups
from search_api.wording import FIELDS, basis, place, reasons, searched, shown, timing, units, wording, years

LEXICAL_ONLY = (
    "提示：只按字词检索，没有按语义检索，因为缺少向量模型，或索引里还没有向量。"
    "运行 xianli model fetch 取得模型，再运行 xianli index 补上向量。"
)
PARTIAL = "注意：索引有一部分没有回答，结果不完整，可能缺少条款，计数可能偏低。请稍后再试。"
_SUMMARISED = ("district", "year", "doc_type", "unit")
_VALUES = 5


def show_hits(result: SearchResult, first: int) -> None:
    """All hits, the ranks counted from `first`, then counts over all matches."""
    page = Page()
    for note in result.understood.notes:
        page.line(("理解：", "dim"), note)
    for one in result.understood.synonyms:
        page.line(("同义：", "dim"), f"{one.phrase} → {'、'.join(one.expansions)}")
    for rank, hit in enumerate(result.hits, first):
        _show_hit(page, rank, hit, result.query)
    if result.groups:
        _show_groups(page, result.groups, {hit.id: rank for rank, hit in enumerate(result.hits, first)})
    if not result.hits:
        _show_none_found(page, result)
    _show_facets(page, result)
    page.line((f"共 {result.total} 条 · {result.mode} · {result.took_ms:.0f} ms", "dim"))
    if result.partial:
        message(PARTIAL)
    if result.mode == "lexical":
        message(LEXICAL_ONLY)


def _show_hit(page: Page, rank: int, hit: Hit, query: str) -> None:
    about = " · ".join(filter(None, (place(hit.notice), years(hit.notice), hit.notice.doc_type)))
    page.line((f"{rank}. {about}", "bold"), (f"  {hit.id}  {hit.score:.2f}", "dim"))
    page.line((hit.citation.text, "cyan"))
    for highlight in hit.highlights:
        page.line("   ", *_marked(highlight))
    for name, value in (("单位", units(hit.item)), ("时限", timing(hit.item)), ("依据", basis(hit.item))):
        if value:
            page.line((f"   {name}：", "dim"), value)
    if hit.differences and likeness(hit.differences) >= REWORDED:
        page.line(("   不同：", "dim"), differences_line(query, hit))
    if hit.usage:
        page.line(("   同文：", "dim"), wording(hit.usage))
    page.line((f"   缘由：{reasons(hit.explanation)}", "dim"))
    page.line()


def _show_groups(page: Page, groups: SimilarGroups, ranks: Mapping[str, int]) -> None:
    for name, shared in (("同一单位", groups.units), ("同一依据", groups.basis), ("同一指标", groups.targets)):
        for one in shared[:_VALUES]:
            which = "、".join(str(ranks[item_id]) for item_id in one.item_ids)
            page.line((f"{name}：", "dim"), f"{one.value}，第 {which} 条")


def _show_none_found(page: Page, result: SearchResult) -> None:
    page.line("没有找到符合条件的条款。")
    if result.none_found is None:
        return
    page.line(("检索范围：", "dim"), searched(result.none_found.searched))
    for line in result.none_found.missing:
        page.line(("缺少：", "dim"), line)
    for broader in result.none_found.broader:
        filters = "、".join(
            f"{FIELDS[name]} {'、'.join(values)}" for name, values in write_filters(broader.filters).items()
        )
        page.line(
            ("可改为：", "dim"), f"{broader.leaves_out}，检索“{broader.words}”{f'（{filters}）' if filters else ''}"
        )
    if not result.none_found.broader:
        page.line("可以换一种说法，或减少筛选条件。")


def _marked(highlight: Highlight) -> Iterator[Part]:
    """A fragment on one line, its marks in bold. White space keeps its width, so that the marks hold."""
    text = "".join(" " if character.isspace() else character for character in highlight.text)
    at = 0
    for start, end in highlight.marks:
        yield text[at:start]
        yield text[start:end], "bold yellow"
        at = end
    yield text[at:]


def _show_facets(page: Page, result: SearchResult) -> None:
    for field in _SUMMARISED:
        counts = result.facets.fields.get(field, ())
        if len(counts) > 1:
            name = FIELDS["type" if field == "doc_type" else field]
            values = "、".join(f"{shown(field, one.value)} {one.count}" for one in counts[:_VALUES])
            page.line((f"{name}：", "dim"), values, " …" if len(counts) > _VALUES else "")
