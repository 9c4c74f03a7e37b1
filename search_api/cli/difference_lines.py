"""How two provisions differ, as a line."""

from search_api.differences import REWORDED, Change, Phrase, likeness, phrases
from search_api.results import Hit

_BEGINNING = 80
_PHRASES = 6


def differences_line(text: str, hit: Hit) -> str:
    """How a hit differs from the text that it was compared with, in phrases."""
    found = phrases(text, hit.item.text, hit.differences)
    if not found:
        return "文字相同"
    if likeness(hit.differences) < REWORDED:
        return f"整条写法不同，对方写作“{beginning(hit.item.text)}”"
    more = f"；另有 {len(found) - _PHRASES} 处" if len(found) > _PHRASES else ""
    return "；".join(_worded(phrase) for phrase in found[:_PHRASES]) + more


def _worded(phrase: Phrase) -> str:
    match phrase.change:
        case Change.ADDED:
            return f"多“{beginning(phrase.right)}”"
        case Change.MISSING:
            return f"少“{beginning(phrase.left)}”"
        case Change.MOVED:
            return f"移位“{beginning(phrase.left)}”"
        case Change.QUANTITY:
            return f"数字或时限 {beginning(phrase.left)} → {beginning(phrase.right)}"
    return f"“{beginning(phrase.left)}” → “{beginning(phrase.right)}”"


def beginning(text: str) -> str:
    """A text on one line, cut where it is long."""
    flat = "".join(text.split())
    return flat if len(flat) <= _BEGINNING else f"{flat[:_BEGINNING]}…"
