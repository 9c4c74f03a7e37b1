"""What is known of a notice as a whole: title, number, issuer, date, plan years, document type."""

import re
from dataclasses import dataclass, field

from corpus.model import BlockKind, ParseWarning
from indexer.parsing.division import Division, inner_title, joined
from indexer.parsing.frame import read_fields
from indexer.parsing.lines import FoldedText, Line
from indexer.parsing.numerals import to_int
from indexer.parsing.organs import find_date, is_organ

# 泉政办〔2018〕37号, 奉政办发[2018]50号, （2018）第5号, 榕晋委法〔20223 (closing bracket and 号 lost)
NUMBER = re.compile(
    r"(?P<prefix>[\u4e00-\u9fff]{1,14}?)(?P<open>[〔（])(?P<year>20[0-9]{2}|19[0-9]{2})(?P<close>[〕）]?)第?(?P<serial>[0-9]{1,5})(?P<end>号?)"
)
_NUMBER_LABEL = re.compile(r"(?:文号|字号)：(?=[\u4e00-\u9fff])")
_MASTHEAD_END = re.compile(r"文件$|（.*）$")
_ABOUT = re.compile("关于|(?:印发|转发|发布)《")
_YEARS = re.compile(r"(?P<first>20[0-9]{2})年?-(?P<last>20[0-9]{2})年?")
_YEAR = re.compile(r"(?P<year>20[0-9]{2})年|(?P<chinese>二[〇○零O0][〇○零O0一二三四五六七八九]{2})年")

# Document types by the end of the title, the longer and more telling form first. A title that reports (情况的报告) is a
# report whatever it reports on.
DOC_TYPES = (
    (re.compile(r"情况的?(?:报告|汇报|通报)$"), "情况报告"),
    (re.compile(r"(?:工作|年度|自查|述职|述法)的?(?:报告|汇报)$|工作总结$"), "工作报告"),
    (re.compile(r"任务分工方案$|分工方案$"), "任务分工方案"),
    (re.compile(r"任务分工$|职责分工$|责任分工$"), "任务分工"),
    (re.compile(r"实施方案$"), "实施方案"),
    (re.compile(r"行动方案$"), "行动方案"),
    (re.compile(r"(?:工作)?方案$"), "工作方案"),
    (re.compile(r"(?:重点)?(?:工作|任务)?安排$"), "工作安排"),
    (re.compile(r"要点$"), "工作要点"),
    (re.compile(r"行动计划$"), "行动计划"),
    (re.compile(r"计划$"), "工作计划"),
    (re.compile(r"规划$"), "规划"),
    (re.compile(r"纲要$"), "纲要"),
    (re.compile(r"实施意见$"), "实施意见"),
    (re.compile(r"指导意见$"), "指导意见"),
    (re.compile(r"意见$"), "意见"),
    (re.compile(r"(?:任务)?清单$|台账$|(?:任务)?分解表?$"), "任务清单"),
    (re.compile(r"实施细则$|细则$"), "实施细则"),
    (re.compile(r"办法$"), "办法"),
    (re.compile(r"规定$"), "规定"),
    (re.compile(r"措施$"), "措施"),
    (re.compile(r"批复$|复函$"), "批复"),
    (re.compile(r"讲话$|致辞$"), "讲话"),
    (re.compile(r"报告$"), "报告"),
    (re.compile(r"通报$"), "通报"),
    (re.compile(r"决定$"), "决定"),
    (re.compile(r"通知$"), "通知"),
)


@dataclass(slots=True)
class Metadata:
    """A notice's own data, before its place is known."""

    title: str = ""
    notice_title: str | None = None
    document_number: str | None = None
    issuer: str | None = None
    date_issued: str | None = None
    plan_year_start: int | None = None
    plan_year_end: int | None = None
    doc_type: str | None = None
    warnings: list[ParseWarning] = field(default_factory=list)


def read_metadata(folded: FoldedText, division: Division) -> Metadata:
    """Title, number, issuer, date, years and type from the front and end matter."""
    data = Metadata()
    fields = {k: v for line in division.of_kind(BlockKind.WEB_FRAME) for k, v in read_fields(line.text).items()}
    notice_title = _title(division.notice_title) or fields.get("标题", "")
    inner = inner_title(notice_title)
    data.title = _title(division.plan_title) or inner or notice_title
    data.notice_title = notice_title if notice_title and notice_title != data.title else None
    data.document_number = _number(folded, division, data.warnings)
    data.issuer = _issuer(folded, division, notice_title) or fields.get("发文机关")
    data.date_issued = _date(folded, division, data.warnings)
    data.doc_type = doc_type(data.title) or doc_type(notice_title)
    years = plan_years(data.title) or plan_years(notice_title)
    if years is None and data.date_issued:
        years = (int(data.date_issued[:4]),) * 2
        data.warnings.append(ParseWarning("year_inferred", f"标题未写年份，按成文日期推定为 {years[0]} 年"))
    data.plan_year_start, data.plan_year_end = years or (None, None)
    return data


def plan_years(title: str) -> tuple[int, int] | None:
    """First and last year that a title names: 2018年 → 2018, 2018; （2021-2025年） → 2021, 2025."""
    # Years inside another document's name (贯彻〈纲要（2015-2020年）〉实施方案) count only where there are no others.
    for text in (re.sub(r"[《〈].*[》〉]", "", title), title):
        if match := _YEARS.search(text):
            return int(match["first"]), int(match["last"])
        if match := _YEAR.search(text):
            year = int(match["year"]) if match["year"] else to_int(match["chinese"].replace("0", "〇"))
            return (year, year) if year else None
    return None


def doc_type(title: str) -> str | None:
    """The document type that a title ends with, or None."""
    bare = re.sub(r"（[^（）]*）$", "", title)
    return next((name for pattern, name in DOC_TYPES if pattern.search(bare)), None)


def format_number(match: re.Match[str]) -> str:
    """A document number in its standard form, 〔〕 around the year (GB/T 9704-2012, 7.2.5)."""
    return f"{match['prefix']}〔{match['year']}〕{match['serial']}号"


def _title(lines: list[Line]) -> str:
    return re.sub(r"^#+", "", joined(lines)).replace("〔", "（").replace("〕", "）")


def _number(folded: FoldedText, division: Division, warnings: list[ParseWarning]) -> str | None:
    masthead = division.of_kind(BlockKind.MASTHEAD)
    framed = [line for line in division.of_kind(BlockKind.WEB_FRAME) if _NUMBER_LABEL.search(line.text)]
    for line in (*masthead, *framed):
        text = line.text[match.end() :] if (match := _NUMBER_LABEL.search(line.text)) else line.text
        if match := NUMBER.search(text):
            if not (match["close"] and match["end"]):
                place = folded.span(line.start, line.end)
                warnings.append(
                    ParseWarning("number_damaged", f"文号残缺（原文：{text}），读作 {format_number(match)}", place)
                )
            return format_number(match)
    return None


def _issuer(folded: FoldedText, division: Division, notice_title: str) -> str | None:
    """Who issued: what the title begins with, else who signed, else the masthead; several as a list."""
    title = " ".join(folded.printed(line.start, line.end) for line in division.notice_title)
    if joint := _joint(_ABOUT.split(title)[0]):
        return joint
    before = _ABOUT.split(notice_title)[0]
    about = before != notice_title
    if about and len(before) >= 3 and is_organ(before):
        return before
    signed = [line for line in division.of_kind(BlockKind.SIGNATURE) if is_organ(line.text)]
    if signed:
        return _joint(folded.printed(signed[0].start, signed[0].end)) or signed[0].text
    for line in division.of_kind(BlockKind.MASTHEAD):
        if is_organ(name := _MASTHEAD_END.sub("", line.text)):
            return name
    imprint = [line.text for line in division.of_kind(BlockKind.IMPRINT) if is_organ(line.text)]
    return imprint[0] if imprint else (before if about and before else None)


def _joint(printed: str) -> str | None:
    """Organs with space between them as a list; None where the space is only between letters."""
    organs = [FoldedText(part).text for part in printed.split()]
    return "、".join(organs) if len(organs) > 1 and all(map(is_organ, organs)) else None


def _date(folded: FoldedText, division: Division, warnings: list[ParseWarning]) -> str | None:
    """The date of signature; else that of printing, then the masthead's, and last the web page's."""
    for kind in (BlockKind.SIGNATURE, BlockKind.IMPRINT, BlockKind.MASTHEAD, BlockKind.PREAMBLE, BlockKind.WEB_FRAME):
        lines = division.of_kind(kind)
        if kind is BlockKind.WEB_FRAME:  # 成文日期 is the notice's, 发布日期 the page's
            lines = sorted(lines, key=lambda line: "成文日期" not in line.text)
        for line in lines:
            if found := find_date(line.text, damaged=kind is not BlockKind.MASTHEAD):
                value, _, _, intact = found
                if not intact:
                    place = folded.span(line.start, line.end)
                    warnings.append(ParseWarning("date_damaged", f"日期残缺（原文：{line.text}），读作 {value}", place))
                return value.isoformat()
    return None
