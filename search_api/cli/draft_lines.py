"""The precedents of a draft as lines: each provision, below it its hits, and what is different in each."""

from collections.abc import Sequence

from search_api.cli.difference_lines import differences_line
from search_api.cli.hits import LEXICAL_ONLY, PARTIAL
from search_api.cli.output import Page, message
from search_api.drafts import Draft, ItemPrecedents
from search_api.results import Hit
from search_api.wording import place, units, years

_BEGINNING = 80


def show_precedents(draft: Draft, found: Sequence[ItemPrecedents], mode: str) -> None:
    """Every provision of a draft with its precedents."""
    page = Page()
    for one in found:
        _show_item(page, one)
    without = sum(1 for one in found if one.result is not None and not one.result.hits)
    failed = sum(1 for one in found if one.error)
    parts = [f"共 {len(found)} 条", f"没有先例 {without} 条", *([f"未能比对 {failed} 条"] if failed else []), mode]
    page.line((" · ".join(parts), "dim"))
    if draft.left_out:
        message(f"提示：文件太长，只比对了前 {len(found)} 条，其余 {draft.left_out} 条请另存为一个文件再比对。")
    if any(one.result and one.result.partial for one in found):
        message(PARTIAL)
    if mode == "lexical":
        message(LEXICAL_ONLY)


def _show_item(page: Page, found: ItemPrecedents) -> None:
    text = "".join(found.item.text.split())
    page.line((f"{found.item.order}. {' ＞ '.join(found.item.path)}", "bold"))
    page.line("   ", text if len(text) <= _BEGINNING else f"{text[:_BEGINNING]}…")
    if found.error:
        page.line(("   未能比对：", "yellow"), found.error.detail)
    elif found.result is not None and not found.result.hits:
        page.line(("   没有找到先例。", "dim"))
    elif found.result is not None:
        for hit in found.result.hits:
            _show_hit(page, found.item.text, hit)
    page.line()


def _show_hit(page: Page, text: str, hit: Hit) -> None:
    about = " · ".join(filter(None, (place(hit.notice), years(hit.notice), hit.notice.doc_type)))
    page.line(f"   - {about}", (f"  {hit.id}  {hit.score:.2f}", "dim"))
    page.line("     ", (hit.citation.text, "cyan"))
    if units(hit.item):
        page.line(("     单位：", "dim"), units(hit.item))
    page.line(("     不同：", "dim"), differences_line(text, hit))
