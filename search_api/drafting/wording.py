"""What a desk says, in Chinese: the same on the command line, on the page and in Word."""

from collections.abc import Iterator

from search_api.drafting.desk import Desk, ItemDesk
from search_api.drafting.missing import FEWEST_NOTICES, Gaps
from search_api.drafting.references import CheckedReference, ReferenceState
from search_api.drafting.usual import FEWEST, Usual

SORTS = {
    "charged": "牵头或负责",
    "supporting": "配合",
    "deadlines": "时限",
    "targets": "指标",
    "basis": "别处引用的依据",
}
"""The sorts of what is usual, by their names in `Usuals`."""
STATES = {
    ReferenceState.HELD: "已收录",
    ReferenceState.NAMED: "未收录，收录的通知也引用它",
    ReferenceState.NOT_HELD: "未收录，无法核对",
}


def usual_sorts(found: ItemDesk) -> list[tuple[str, tuple[Usual, ...]]]:
    """What is usual by sort, those without anything left out."""
    sorts = [(word, getattr(found.usual, name)) for name, word in SORTS.items()]
    return [(word, values) for word, values in sorts if values]


def share(usual: Usual, found: ItemDesk) -> str:
    """How many of the counted precedents have it: 7/9."""
    return f"{len(usual.item_ids)}/{len(found.close)}"


def told_from(found: ItemDesk) -> str:
    """From how many precedents the statements about a provision are told, or why there are none."""
    close = len(found.close)
    if found.error:
        return f"未能比对：{found.error.detail}"
    if not close:
        return "没有足够相近的先例。"
    if not found.can_tell:
        return f"足够相近的先例只有 {close} 条，少于 {FEWEST} 条，看不出常见的写法。"
    return f"据 {close} 个地方的相近先例。"


def told_of_gaps(desk: Desk) -> str:
    """With what the draft as a whole was compared, or why it could not be."""
    gaps: Gaps = desk.gaps
    if desk.left_out:
        return "文稿没有全部比对，因此不判断缺少哪些条款。"
    if not gaps.can_tell:
        return f"可比的同类通知只有 {len(gaps.comparable)} 份，少于 {FEWEST_NOTICES} 份，无法判断缺少哪些条款。"
    if not gaps.missing:
        return f"与 {len(gaps.comparable)} 份同类通知相比，没有发现多数通知有而文稿没有的条款。"
    return f"{len(gaps.comparable)} 份同类通知里，至少一半有、文稿里没有相近写法的条款："


def state(checked: CheckedReference) -> str:
    """Where a document is known from, and what does not agree."""
    if checked.notes:
        return "与收录的不符" if checked.state is ReferenceState.HELD else "请核对"
    return STATES[checked.state]


def named(checked: CheckedReference) -> str:
    """A document as the draft names it: 《…》（文号）第12、13条."""
    one = checked.reference.named
    title = f"《{one.document}》" if one.document != one.document_number else ""
    number = f"（{one.document_number}）" if title and one.document_number else one.document_number or ""
    return f"{title}{number}" + (f"第{'、'.join(one.articles)}条" if one.articles else "")


def summary(desk: Desk) -> Iterator[str]:
    """The desk in a few words."""
    yield f"{len(desk.items)} 条条款"
    tellable = sum(one.can_tell for one in desk.items)
    yield f"{tellable} 条有 {FEWEST} 条以上相近先例"
    yield f"{len(desk.doubtful)} 处引用需要核对"
    if desk.gaps.can_tell and not desk.left_out:
        yield f"{len(desk.gaps.missing)} 条可能缺少"
