"""Division of a notice into front matter, body and end matter, line by line.

A notice as issued is a masthead (发文机关标志, 文号), a title, addressees, a transmittal, signature and date (GB/T 9704-2012,
7.2-7.3), then the plan with a title of its own; a report has no transmittal and is signed at its end. Copies add web
frames before and after, and lose some of the parts.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.model import BlockKind, Span
from indexer.parsing.frame import is_frame, is_frame_leftover, is_page_number
from indexer.parsing.labels import match_label
from indexer.parsing.lines import FoldedText, Line
from indexer.parsing.organs import is_date, is_organ

DOC_TYPE_END = re.compile(
    r"(?:安排|方案|要点|计划|规划|纲要|意见|细则|办法|规定|清单|台账|分工|分解表?|措施|规则|制度|报告|总结)"
    r"(?:（[^（）]{1,24}）)?$"
)
_TITLE_END = re.compile(
    r"(?:通知|通报|报告|意见|决定|批复|复函|函|公告|通告|请示|汇报|总结|讲话)(?:（[^（）]{1,24}）)?$|(?:印发|转发|发布)《.+》$"
)
_TITLE_START = re.compile("关于|印发《|转发《|发布《")
_INNER_TITLE = re.compile(r"(?:印发|下发|转发|发布)(?:《(?P<quoted>.+)》(?:的通知|的函|$)|(?P<plain>[^《]+?)的通知)")
_NUMBER_LINE = re.compile(r"^（?.{1,16}[〔（](?:19|20)[0-9]{2,}[〕）]?(?:第?[0-9]{1,5}号?)?）?(?:签发人：.{2,12})?$")
_SIGNER = re.compile(r"^签发人：")
_DISCLOSURE = re.compile(
    r"^（?(?:此件|本件|此文)?(?:依申请|主动|不予|不|删减后)?公开(?:发布|属性.*)?）?$|^（此件.{2,20}）$|^公开(?:方式|属性)："
)
_COPY_LIST = re.compile(r"^(?:抄送|抄报|主送|分送|报送|印送|发送|本[局办]?发送)：")
_IMPRINT = re.compile(r"^.{0,60}印发?$")
_SENTENCE_END = re.compile(r"[。；！？]$")
_TITLE_LINES = 5


@dataclass(slots=True)
class Division:
    """Lines by what they are: `front` and `tail` in order with their kinds, the title lines, and the body between."""

    front: list[tuple[BlockKind, Line]] = field(default_factory=list)
    notice_title: list[Line] = field(default_factory=list)
    plan_title: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    tail: list[tuple[BlockKind, Line]] = field(default_factory=list)

    def of_kind(self, kind: BlockKind) -> list[Line]:
        """All lines of one kind, front matter first."""
        return [line for found, line in (*self.front, *self.tail) if found is kind]


def divide(folded: FoldedText, frame: Sequence[Span] = ()) -> Division:
    """Tell front matter, body and end matter apart. The body begins with the plan's preamble, if it has one.

    `frame` are stretches of the raw text that the file's format tells to be no part of the notice.
    """
    framed = _lines_in(folded, frame) | {line.start for line in folded.lines if is_page_number(line.text)}
    lines = [line for line in folded.lines if line.start not in framed]
    division = Division()
    title = _notice_title(lines)
    plan = _plan_title(lines, title)
    division.notice_title = lines[title.start : title.stop]
    division.plan_title = lines[plan.start : plan.stop] if plan else []
    body_start = plan.stop if plan else _front_end(lines, title.stop, joined(division.notice_title))
    body_end = _tail_start(lines, body_start)
    division.front = list(_front_kinds(lines[:body_start], title, plan))
    division.front += [(BlockKind.WEB_FRAME, line) for line in folded.lines if line.start in framed]
    division.body = lines[body_start:body_end]
    division.tail = list(_tail_kinds(lines[body_end:]))
    return division


def _lines_in(folded: FoldedText, frame: Sequence[Span]) -> set[int]:
    """Starts of the lines that begin inside a stretch of frame."""
    starts = sorted(span.start for span in frame)
    ends = {span.start: span.end for span in frame}
    framed = set()
    for line in folded.lines:
        place = bisect_right(starts, folded.offsets[line.start]) - 1
        if place >= 0 and folded.offsets[line.start] < ends[starts[place]]:
            framed.add(line.start)
    return framed


def joined(lines: list[Line]) -> str:
    """The words of title lines as one string."""
    return "".join(line.text for line in lines)


def inner_title(notice_title: str) -> str | None:
    """The plan's title inside 关于印发…的通知, or None."""
    match = _INNER_TITLE.search(notice_title)
    return (match["quoted"] or match["plain"]) if match else None


def _notice_title(lines: list[Line]) -> range:
    """Where the title 关于…的通知 stands, over up to five lines; without one, the first line that names a plan."""
    head = lines[:40]
    for i, line in enumerate(head):
        if match_label(line.text):
            break
        if (
            not _TITLE_START.search(line.text)
            or _SENTENCE_END.search(line.text)
            or is_frame(line.text)
            or len(line.text) > 120
        ):
            continue
        start = i
        while line.text.startswith("关于") and start and is_organ(head[start - 1].text):
            start -= 1  # the issuer, or several of them, on lines of their own
        for stop in range(i + 1, min(i + _TITLE_LINES, len(head)) + 1):
            if _TITLE_END.search(lines[stop - 1].text):
                return range(start, stop)
            if stop < len(head) and (_SENTENCE_END.search(head[stop].text) or head[stop].text.endswith("：")):
                break
    for i, line in enumerate(head):
        if match_label(line.text):
            break
        if DOC_TYPE_END.search(line.text) and len(line.text) <= 60 and not is_frame(line.text):
            return range(_joined_start(head, i), i + 1)
    return range(0, 0)


def _joined_start(lines: list[Line], i: int) -> int:
    """First line of a title that ends on line `i`: a line before it that stops in the middle of the title belongs to it."""
    if i and DOC_TYPE_END.fullmatch(lines[i].text) and not is_organ(lines[i - 1].text) and len(lines[i - 1].text) <= 40:
        return i - 1
    return i


def _plan_title(lines: list[Line], title: range) -> range | None:
    """Where the plan's own title stands behind the transmittal, over up to three lines."""
    inner = inner_title(joined(lines[title.start : title.stop]))
    for i in range(title.stop, len(lines)):
        first = lines[i].text
        if (
            is_date(first)
            or is_frame(first)
            or _DISCLOSURE.match(first)
            or (is_organ(first) and not _TITLE_END.search(first))
        ):
            continue
        for size in (1, 2, 3):
            text = joined(lines[i : i + size])
            if len(text) > 80 or i + size > len(lines) or re.search("[。；]", text):
                break
            if inner and len(inner) >= 6 and _same_title(text, inner):
                return range(i, i + size)
            if _heads_plan(lines, i, size, text):
                return range(i, i + size)
    return None


def _same_title(text: str, inner: str) -> bool:
    """Whether a line repeats the title of the notice, with or without the place's name in front."""
    bare = re.sub("[《》〈〉]", "", text)
    inner = re.sub("[《》〈〉]", "", inner)
    return bare == inner or (bare.endswith(inner) and len(bare) - len(inner) <= 10 and not match_label(text))


def _heads_plan(lines: list[Line], i: int, size: int, text: str) -> bool:
    """Whether a short line that names a plan follows a date, a signature or a mark of disclosure."""
    if i == 0 or not DOC_TYPE_END.search(text) or len(text) > 60 or re.search("[。；：]", text) or match_label(text):
        return False
    before = lines[i - 1].text
    signed = is_date(before) or is_organ(before) or _DISCLOSURE.match(before) or before.rstrip("：12") == "附件"
    return bool(signed) and (size == 1 or not DOC_TYPE_END.search(lines[i].text))


def _front_end(lines: list[Line], start: int, notice_title: str) -> int:
    """First body line of a notice without a plan title: behind number, addressees, date and frame.

    What forwards a plan (关于印发…的通知) is a cover letter down to its signature, whatever it numbers.
    """
    if inner_title(notice_title):
        signed = (i + 1 for i in range(start + 1, len(lines)) if is_date(lines[i].text) and is_organ(lines[i - 1].text))
        if end := next(signed, 0):
            return end
    i = start
    while i < len(lines) and not match_label(lines[i].text):
        text = lines[i].text
        addressees = text.endswith("：") and len(text) <= 120 and not re.search("如下|以下|[。；]", text)
        if not (addressees or _NUMBER_LINE.match(text) or is_frame(text) or is_date(text) or _SIGNER.match(text)):
            break
        i += 1
    return i


def _front_kinds(lines: list[Line], title: range, plan: range | None) -> list[tuple[BlockKind, Line]]:
    kinds = []
    addressed = False
    for i, line in enumerate(lines):
        kind = _front_kind(line.text, i >= title.stop, addressed)
        if i in title or (plan and i in plan):
            kind = BlockKind.TITLE
        addressed = addressed or kind is BlockKind.ADDRESSEES
        kinds.append((kind, line))
    return kinds


def _front_kind(text: str, after_title: bool, addressed: bool) -> BlockKind:
    if is_frame(text):
        return BlockKind.WEB_FRAME
    if _NUMBER_LINE.match(text) or _SIGNER.match(text) or not after_title:
        return BlockKind.MASTHEAD
    if _DISCLOSURE.match(text):
        return BlockKind.DISCLOSURE
    if is_date(text) or is_organ(text):
        return BlockKind.SIGNATURE
    if not addressed and text.endswith("："):
        return BlockKind.ADDRESSEES
    return BlockKind.TRANSMITTAL


def _tail_start(lines: list[Line], body_start: int) -> int:
    """First line of the end matter, found from the end upwards."""
    t = len(lines)
    while t > body_start:
        text = lines[t - 1].text
        if is_frame(text) or is_organ(text) or is_date(text) or _DISCLOSURE.match(text) or _is_imprint(text):
            t -= 1
            continue
        above = range(t - 1, max(body_start, t - 6) - 1, -1)
        begun = next((j for j in above if _COPY_LIST.match(lines[j].text)), None)
        if begun is None and is_frame_leftover(text):
            begun = next((j for j in above if is_frame(lines[j].text)), None)
            if begun is not None and not all(is_frame_leftover(x.text) or is_frame(x.text) for x in lines[begun:t]):
                begun = None
        if begun is None:
            break
        t = begun
    return t


def _is_imprint(text: str) -> bool:
    return bool(_IMPRINT.match(text)) and len(text) <= 60 and any(c.isdigit() or c in "〇○" for c in text)


def _tail_kinds(lines: list[Line]) -> list[tuple[BlockKind, Line]]:
    kinds: list[tuple[BlockKind, Line]] = []
    for i, line in enumerate(lines):
        text, previous = line.text, kinds[-1][0] if kinds else None
        if _COPY_LIST.match(text):
            kind = BlockKind.COPY_LIST
        elif _is_imprint(text) or (is_organ(text) and i + 1 < len(lines) and _is_imprint(lines[i + 1].text)):
            kind = BlockKind.IMPRINT
        elif is_frame(text):
            kind = BlockKind.WEB_FRAME
        elif _DISCLOSURE.match(text):
            kind = BlockKind.DISCLOSURE
        elif previous is BlockKind.COPY_LIST:
            kind = BlockKind.COPY_LIST
        elif is_organ(text) or is_date(text):
            kind = BlockKind.SIGNATURE
        else:
            kind = BlockKind.WEB_FRAME if previous is BlockKind.WEB_FRAME else BlockKind.CLOSING
        kinds.append((kind, line))
    return kinds
