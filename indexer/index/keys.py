"""The exact keys under which metadata is filtered: what is stored with an item and what a filter asks for.

One fold on both sides, so that every backend needs exact matching of keywords only: 区财政局 is found as 区财政局 and
as 财政局, 区纪委（区监委） also as 区监委, a basis document by its full title, its short name and its number.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from corpus.model import BasisReference, Notice, ResponsibleUnit, Role, TaskItem
from indexer.index.filters import BasisFilter, Filters

NOTICE_FIELDS = ("province", "city", "district", "doc_type")
"""The fields of keys that belong to a notice as a whole."""

# What stands between the parts of a key that has two; it occurs in no text.
_JOINT = "\x1f"

# The level of an agency, which a drafter leaves out or adds: 区财政局, 市委宣传部, 我县教育局, 鲤城区财政局.
_LEVEL_PREFIX = re.compile(
    r"""^ (?: 本 | 我 | (?P<place> [^省市区县旗()]{2,8} ) (?= [省市区县旗] ) )?
    (?P<level> [省市区县旗镇乡]
      (?! 场 | 容 | 域 | 块链 | 划 | 村 | 镇 | [级直属长辖内际] )      # 市场, 区域, 乡村, 区级 are words of their own
      (?! 民(?:服务|中心|热线) )                                       # 市民服务中心, yet 市民政局 is a 民政局
      (?! 政(?:园林|公用|工程|设施|管理|道路) )                        # 市政工程, yet 市政府 is a 政府
    )
    (?: 委 (?= .{2,} ) (?! 办公室 | 员会 ) )?                          # 区委编办 → 编办, but 区委办 stays whole
    (?! 委 | 办公室$ | .? $ )                                          # what is left must still name an agency
    """,
    re.X,
)
_BRACKETED = re.compile(r"[（(]([^（()）]+)[)）]")
_SEPARATORS = re.compile("[、,，]")
_PLACE_SUFFIX = re.compile(
    r"(?<=..)(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|自治[州县旗]|地区|新区|[省市区县盟旗州])$"
)
_END_BRACKET = re.compile(r"[（(][^（）()]*[）)]$")
_TITLE = re.compile("《([^《》]+)》")
# 〔2018〕, [2018] and 【2018】 are the same number to a reader.
_BRACKETS = str.maketrans("〔［[【〖〕］]】〗", "((((()))))")


def fold_key(text: str) -> str:
    """NFKC, no white space, lower case: the form in which keys are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


# The same few places, units and documents come with every item.
@lru_cache(maxsize=4096)
def place_keys(name: str | None) -> frozenset[str]:
    """Keys of a place: 鲤城区 is found as 鲤城区 and 鲤城."""
    if not name:
        return frozenset()
    key = fold_key(name)
    return frozenset({key, _PLACE_SUFFIX.sub("", key)})


@lru_cache(maxsize=4096)
def unit_keys(unit: ResponsibleUnit) -> frozenset[str]:
    """Keys of a unit: printed and canonical name, each also without level prefix, and each name inside brackets."""
    names = {unit.name, unit.canonical}
    for name in tuple(names):
        names |= set(_SEPARATORS.split("、".join(_BRACKETED.findall(name))))
        names.add(_BRACKETED.sub("", name))
    keys = {fold_key(name) for name in names} - {""}
    return frozenset(shorter for key in keys for shorter in _without_level(key))


def _without_level(key: str) -> Iterator[str]:
    """A unit's key, then the same without its place (鲤城区财政局 → 区财政局) and without its level (→ 财政局).

    Again for what is left, because a place may stand in another one: 泉州市鲤城区财政局.
    """
    yield key
    while prefix := _LEVEL_PREFIX.match(key):
        yield key[prefix.start("level") :]
        key = key[prefix.end() :]
        yield key


@lru_cache(maxsize=4096)
def document_keys(reference: BasisReference) -> frozenset[str]:
    """Keys of a basis document: full title, the names printed between 《》, and the document number.

    A title is also found without the bracket at its end: （2021-2025年）, （试行）.
    """
    titles = (reference.document, *_TITLE.findall(reference.as_printed))
    names = (*titles, *(_END_BRACKET.sub("", title) for title in titles), reference.document_number)
    return frozenset(document_key(name) for name in names if name)


def document_key(name: str) -> str:
    """The form in which document names and numbers are compared: folded, without title marks, brackets of one kind."""
    return re.sub("[《》〈〉<>]", "", fold_key(name)).translate(_BRACKETS)


def notice_keys(notice: Notice) -> dict[str, frozenset[str]]:
    """The keys of a notice in each of NOTICE_FIELDS."""
    return {
        "province": place_keys(notice.province),
        "city": place_keys(notice.city),
        "district": place_keys(notice.district),
        "doc_type": frozenset({fold_key(notice.doc_type)} if notice.doc_type else ()),
    }


def item_keys(item: TaskItem) -> dict[str, frozenset[str]]:
    """The keys of an item by field; `unit` also holds names with their roles, `basis` documents with articles."""
    return {
        "unit": frozenset().union(*map(_keys_with_role, item.units)),
        "role": frozenset(str(unit.role) for unit in item.units),
        "basis": frozenset().union(*map(_basis_keys, item.basis)),
        "kind": frozenset({str(item.kind)}),
    }


def wanted_keys(filters: Filters) -> dict[str, frozenset[str]]:
    """What a filter asks for: of each field named here, at least one key must be among those stored."""
    units = {fold_key(name) for name in filters.unit}
    if units and filters.role:
        units = {_with_role(key, role) for key in units for role in filters.role}
    wanted: dict[str, Iterable[str]] = {
        "province": map(fold_key, filters.province),
        "city": map(fold_key, filters.city),
        "district": map(fold_key, filters.district),
        "doc_type": map(fold_key, filters.doc_type),
        "unit": units,
        "role": map(str, () if filters.unit else filters.role),
        "basis": (_wanted_basis(basis) for basis in filters.basis),
        "kind": map(str, filters.kind),
        "notice_id": filters.notice,
    }
    return {name: keys for name, values in wanted.items() if (keys := frozenset(values))}


def plan_years(notice: Notice) -> range:
    """The years that a notice plans for; empty where it does not say."""
    known = [year for year in (notice.plan_year_start, notice.plan_year_end) if year is not None]
    return range(min(known), max(known) + 1) if known else range(0)


@lru_cache(maxsize=4096)
def _keys_with_role(unit: ResponsibleUnit) -> frozenset[str]:
    keys = unit_keys(unit)
    return keys.union(_with_role(key, unit.role) for key in keys)


@lru_cache(maxsize=4096)
def _basis_keys(reference: BasisReference) -> frozenset[str]:
    keys = document_keys(reference)
    return keys.union(_with_article(key, article) for key in keys for article in reference.articles)


def _wanted_basis(basis: BasisFilter) -> str:
    key = document_key(basis.document)
    return _with_article(key, basis.article) if basis.article else key


def _with_role(unit_key: str, role: Role) -> str:
    return f"{unit_key}{_JOINT}{role}"


def _with_article(basis_key: str, article: str) -> str:
    return f"{basis_key}{_JOINT}{fold_key(article)}"


def facet_values(notice: Notice, item: TaskItem) -> dict[str, tuple[str, ...]]:
    """What an item counts for in each facet, as shown to the reader and each value once."""
    values: dict[str, Iterable[str | None]] = {
        "province": (notice.province,),
        "city": (notice.city,),
        "district": (notice.district,),
        "year": map(str, plan_years(notice)),
        "unit": (unit.canonical for unit in item.units),
        "role": (str(unit.role) for unit in item.units),
        "basis": (reference.document for reference in item.basis),
        "doc_type": (notice.doc_type,),
        "kind": (str(item.kind),),
    }
    return {name: tuple(dict.fromkeys(value for value in found if value)) for name, found in values.items()}
