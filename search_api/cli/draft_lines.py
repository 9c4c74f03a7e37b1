"""The desk of a draft as lines: the whole draft first, then each provision with what is usual and its precedents."""

from search_api.cli.difference_lines import beginning, differences_line
from search_api.cli.hits import LEXICAL_ONLY, PARTIAL
from search_api.cli.output import Page, message
from search_api.drafting.desk import Desk, ItemDesk, Precedent
from search_api.drafting.wording import named, share, state, summary, told_from, told_of_gaps, usual_sorts
from search_api.wording import place, units, years


def show_desk(desk: Desk, top: int) -> None:
    """All of a desk, each provision with `top` precedents."""
    page = Page()
    page.line(" · ".join([*summary(desk), desk.mode]))
    page.line()
    _show_references(page, desk)
    _show_gaps(page, desk)
    for one in desk.items:
        _show_item(page, one, top)
    if desk.left_out:
        message(f"提示：文件太长，只比对了前 {len(desk.items)} 条，其余 {desk.left_out} 条请另存为一个文件再比对。")
    if desk.partial:
        message(PARTIAL)
    if desk.mode == "lexical":
        message(LEXICAL_ONLY)


def _show_references(page: Page, desk: Desk) -> None:
    page.line(("引用的文件", "bold"))
    for checked in desk.references:
        page.line(f"   {named(checked)}", (f"  {state(checked)}", "yellow" if checked.notes else "dim"))
        for note in checked.notes:
            page.line("      ", note)
    if not desk.references:
        page.line(("   没有引用文件。", "dim"))
    page.line()


def _show_gaps(page: Page, desk: Desk) -> None:
    page.line(("可能缺少的条款", "bold"))
    page.line(f"   {told_of_gaps(desk)}")
    for gap in desk.gaps.missing:
        page.line("   - ", beginning(gap.provisions[0].item.text), (f"  {len(gap.provisions)} 份通知有", "dim"))
        for one in gap.provisions:
            page.line("     ", (one.citation.text, "cyan"))
    page.line()


def _show_item(page: Page, found: ItemDesk, top: int) -> None:
    page.line((f"{found.item.order}. {' ＞ '.join(found.item.path)}", "bold"))
    page.line("   ", beginning(found.item.text))
    page.line((f"   {told_from(found)}", "yellow" if found.error else "dim"))
    for word, values in usual_sorts(found):
        told = "、".join(f"{one.value} {share(one, found)}" for one in values)
        page.line((f"   {word}：", "dim"), told)
    for precedent in found.precedents[:top]:
        _show_precedent(page, found.item.text, precedent)
    page.line()


def _show_precedent(page: Page, text: str, precedent: Precedent) -> None:
    hit = precedent.hit
    about = " · ".join(filter(None, (place(hit.notice), years(hit.notice), hit.notice.doc_type)))
    far = "" if precedent.is_close else "  不够相近，未计入"
    page.line(f"   - {about}", (f"  {hit.id}  {precedent.closeness:.2f}{far}", "dim"))
    page.line("     ", (hit.citation.text, "cyan"))
    if units(hit.item):
        page.line(("     单位：", "dim"), units(hit.item))
    page.line(("     不同：", "dim"), differences_line(text, hit))
