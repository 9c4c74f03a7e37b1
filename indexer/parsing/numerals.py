"""Chinese and Arabic numerals of labels, articles and dates."""

import re
from functools import lru_cache

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
CHINESE = "零〇○一二两三四五六七八九十百千"


@lru_cache(maxsize=4096)
def to_int(numeral: str) -> int | None:
    """The value of a numeral: 12, 十二, 二十, 二〇一八, 二○00 (mixed in scans); None if it is none."""
    if re.fullmatch("[0-9]+", numeral):
        return int(numeral)
    if not numeral or any(c not in CHINESE and not c.isdigit() for c in numeral):
        return None
    if not any(c in _UNITS for c in numeral):
        return int("".join(str(_DIGITS.get(c, c)) for c in numeral))
    total, digit = 0, 0
    for c in numeral:
        if c in _UNITS:
            total += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            digit = _DIGITS.get(c, 0)
    return total + digit


def to_chinese(number: int) -> str:
    """1 to 99 as labels print it: 一, 十, 十二, 二十, 三十四."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else "一二三四五六七八九"[tens - 1] + "十")
    return head + ("" if ones == 0 else "一二三四五六七八九"[ones - 1])


def is_subsequence(part: str, whole: str) -> bool:
    """Whether `part` is `whole` with characters lost: 十 of 十二, the empty string of anything."""
    rest = iter(whole)
    return all(c in rest for c in part)
