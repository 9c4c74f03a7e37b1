"""A hit list as a table: all that is known of each hit, or what a drafter lays side by side (对照表)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from corpus.model import Role
from indexer.index.filters import Filters
from search_api.differences import REWORDED, Phrase, likeness, phrases
from search_api.exports.table import Cell, Column, Note, Table, provenance
from search_api.filter_values import write_filters
from search_api.results import Hit, SearchResult
from search_api.wording import CHANGES, FIELDS, KINDS, basis, place, shown, timing, units, years

KIND = "条款对照表"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a hit list is from, besides what its result says.

    `filters` are those that the user set, `first` is the rank of the first hit, `generation` that of the index, `like` the
    citation of the item that was asked about, where one was.
    """

    filters: Filters
    first: int
    generation: int
    day: date
    like: str | None = None


def hit_table(result: SearchResult, origin: Origin, *, brief: bool) -> Table:
    """The hits of a result, one a row. `brief`: the columns that fit on a printed page."""
    chosen = _BRIEF if brief else _FULL
    if any(hit.differences for hit in result.hits) and not brief:
        chosen = (*chosen, (Column("不同之处", 50), lambda _, hit: _differences(result.query, hit)))
    return Table(
        kind=KIND,
        subject=origin.like or result.query,
        columns=tuple(column for column, _ in chosen),
        rows=(tuple(value(rank, hit) for _, value in chosen) for rank, hit in enumerate(result.hits, origin.first)),
        notes=tuple(_notes(result, origin)),
    )


def _notes(result: SearchResult, origin: Origin) -> Iterator[Note]:
    compared = result.groups is not None
    asked = origin.like or result.query or "（未填，按筛选条件列出）"
    yield ("比对的条款" if origin.like else "比对的文字" if compared else "检索词"), asked
    if result.understood.notes:
        yield "理解", "；".join(result.understood.notes)
    yield "筛选条件", _in_words(origin.filters) or "无"
    last = origin.first + len(result.hits) - 1
    rows = f"第 {origin.first} 至 {last} 条，共 {result.total} 条" if result.hits else f"没有条款，共 {result.total} 条"
    yield "条数", rows
    yield "检索方式", "字词与语义" if result.mode == "hybrid" else "只按字词"
    if result.partial:
        yield "注意", "索引有一部分没有回答，可能缺少条款。"
    yield from provenance(origin.generation, origin.day)


def _in_words(filters: Filters) -> str:
    return "；".join(
        f"{FIELDS[name]}：{'、'.join(shown(name, value) for value in values)}"
        for name, values in write_filters(filters).items()
    )


def _differences(asked: str, hit: Hit) -> str:
    if likeness(hit.differences) < REWORDED:
        return "整条写法不同"
    return "；".join(map(_worded, phrases(asked, hit.item.text, hit.differences))) or "文字相同"


def _worded(phrase: Phrase) -> str:
    both = [f"“{text}”" for text in dict.fromkeys((phrase.left, phrase.right)) if text]
    return f"{CHANGES[phrase.change]}{'→'.join(both)}"


def _year(hit: Hit) -> Cell:
    """A number where it is one: 2018, but 2021-2025 as text."""
    text = years(hit.notice)
    return int(text) if text.isdecimal() else text


def _date(hit: Hit) -> Cell:
    try:
        return date.fromisoformat(hit.notice.date_issued or "")
    except ValueError:  # the day is not known: 2018-05
        return hit.notice.date_issued


def _units(role: Role) -> Callable[[int, Hit], Cell]:
    return lambda _, hit: "、".join(unit.canonical for unit in hit.item.units if unit.role is role)


_Columns = tuple[tuple[Column, Callable[[int, Hit], Cell]], ...]

_FULL: _Columns = (
    (Column("序号", 6), lambda rank, _: rank),
    (Column("条款", 60), lambda _, hit: hit.item.text),
    (Column("位置", 30), lambda _, hit: " ＞ ".join(hit.item.path)),
    (Column("省份", 10), lambda _, hit: hit.notice.province),
    (Column("设区市", 10), lambda _, hit: hit.notice.city),
    (Column("区县", 10), lambda _, hit: hit.notice.district),
    (Column("年份", 10), lambda _, hit: _year(hit)),
    (Column("文种", 12), lambda _, hit: hit.notice.doc_type),
    (Column("条款性质", 10), lambda _, hit: KINDS[hit.item.kind]),
    (Column("牵头单位", 20), _units(Role.LEAD)),
    (Column("配合单位", 20), _units(Role.PARTICIPATE)),
    (Column("负责单位", 20), _units(Role.RESPONSIBLE)),
    (Column("时限", 18), lambda _, hit: timing(hit.item)),
    (Column("量化指标", 18), lambda _, hit: "、".join(hit.item.targets)),
    (Column("依据", 28), lambda _, hit: basis(hit.item)),
    (Column("引文", 50), lambda _, hit: hit.citation.text),
    (Column("文号", 22), lambda _, hit: hit.notice.document_number),
    (Column("发文机关", 24), lambda _, hit: hit.notice.issuer),
    (Column("成文日期", 12), lambda _, hit: _date(hit)),
    (Column("相关程度", 10), lambda _, hit: round(hit.score, 4)),
    (Column("条款编号", 18), lambda _, hit: hit.id),
)
_BRIEF: _Columns = (
    (Column("序号", 6), lambda rank, _: rank),
    (Column("条款", 50), lambda _, hit: hit.item.text),
    (Column("地区", 11), lambda _, hit: place(hit.notice)),
    (Column("年份", 8), lambda _, hit: _year(hit)),
    (Column("责任单位", 22), lambda _, hit: units(hit.item)),
    (Column("时限", 12), lambda _, hit: timing(hit.item)),
    (Column("依据", 18), lambda _, hit: basis(hit.item)),
    (Column("引文", 27), lambda _, hit: hit.citation.text),
)
