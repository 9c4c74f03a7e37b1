"""Lines that are nothing but the name of an organ, and dates that stand alone: mastheads, signatures, imprints."""

import re
from datetime import date

from indexer.parsing.numerals import to_int

_ORGAN = re.compile(
    r"^(?!关于)[\u4e00-\u9fff（）〔〕A-Z]{2,48}"
    r"(?:政府|办公室|办公厅|委员会|管委会|党委|区委|市委|县委|省委|党组|[局厅院部署委]|国务院|银行|(?:联合|协|工|监|贸促)会|法治[省市县区旗]办|领导小组|指挥部|中心)(?:（章）|（代）)?$"
)
_YEAR = r"(?P<y>20[0-9]{2}|二[〇○零O0][〇○零O0一二三四五六七八九十]{2})"
_DATE = re.compile(
    rf"{_YEAR}年(?P<m>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?P<d>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})日"
)
_WEB_DATE = re.compile(r"(?P<y>20[0-9]{2})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})")
# 202281 and 202284日: a copy that lost 年 and 月 and perhaps 日 of 2022年8月1日. Two digits behind the year read one way only.
_DAMAGED_DATE = re.compile(r"(?<![0-9])(?P<y>20[0-9]{2})年?(?P<m>[1-9])月?(?P<d>[1-9])日?(?![0-9])")


def is_organ(text: str) -> bool:
    """Whether a line of folded text is the name of an organ and nothing else."""
    return bool(_ORGAN.match(text))


def is_date(text: str) -> bool:
    """Whether a line is a date and nothing else, intact or damaged."""
    found = find_date(text)
    return found is not None and len(text) <= found[2] - found[1] + 2


def find_date(text: str, damaged: bool = True) -> tuple[date, int, int, bool] | None:
    """The first date in a line: value, start, end, and whether it is intact; None without one."""
    for pattern, intact in ((_DATE, True), (_WEB_DATE, True), (_DAMAGED_DATE, False)):
        if not intact and not damaged:
            break
        for match in pattern.finditer(text):
            parts = [
                to_int(match[name].replace("0", "〇") if not match[name].isdigit() else match[name]) for name in "ymd"
            ]
            try:
                value = date(*(part or 0 for part in parts))
            except ValueError:
                continue
            return value, match.start(), match.end(), intact
    return None
