"""Names of agencies: what the print elided, short and full names, and who took over in which year.

Sources: the headers and rows of `data/agencies.tsv` (names of one body) and `data/renames.tsv` (bodies that others replaced).
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from indexer.parsing.data import read_rows

_LEVEL = "省市区县旗"
_PLACE_OR_LEVEL = re.compile(rf"^(?:[{_LEVEL}]委?|[\u4e00-\u9fff]{{2}}(?=公安|生态环境|税务))")
_BRACKET = re.compile(r"(?P<bare>[^（]*)(?P<bracket>.*)", re.S)


@dataclass(frozen=True, slots=True)
class AgencyName:
    """A unit's name as it stands in canonical form.

    `successor` is the body that has taken over its work, `repaired` whether the print had lost a letter (委编办, 发改).
    """

    canonical: str
    successor: str | None = None
    repaired: bool = False


@cache
def _agencies() -> dict[str, tuple[str, str]]:
    """Canonical name and organ by every name."""
    rows = read_rows("agencies.tsv")
    found = {canonical: (canonical, organ) for canonical, _, organ, _ in rows}
    for canonical, alias, organ, _ in rows:
        found.setdefault(alias, (canonical, organ))
    return found


@cache
def _successors() -> dict[str, str]:
    return {former: successor for former, successor, _, _ in read_rows("renames.tsv")}


@cache
def _stems() -> frozenset[str]:
    return frozenset(name[:-1] for name in _agencies() if len(name) == 3 and name[-1] == "局")


def is_stem(name: str) -> bool:
    """Whether a name is an agency's without its last character, as damaged copies print it: 发改, 人社."""
    return name in _stems()


def is_agency(name: str) -> bool:
    """Whether the tables know a name, with or without its level or place."""
    return name in _agencies() or _PLACE_OR_LEVEL.sub("", name) in _agencies()


@lru_cache(maxsize=4096)
def agency_name(name: str, level: str) -> AgencyName:
    """The canonical form of a printed name; `level` is the character of the notice's own level (区).

    教育局 → 区教育局, 党校 → 区委党校, 人力社保局 → 区人社局; with a letter lost: 委编办 → 区委编办, 发改 → 区发改局.
    """
    match = _BRACKET.match(name)
    bare, bracket = (match["bare"], match["bracket"]) if match else (name, "")
    printed_level = bare[0] if bare[:1] and bare[0] in _LEVEL and len(bare) > 2 and not bare.startswith("市场") else ""
    rest = bare[len(printed_level) :]
    if (not printed_level and not level) or rest.endswith("管委会"):
        return AgencyName(name)  # a zone's committee is of no level: 高新区管委会
    committee_printed = rest.startswith("委") and rest[1:] in _agencies()
    rest = rest[1:] if committee_printed else rest
    stem = is_stem(rest)
    found = _agencies().get(f"{rest}局" if stem else rest)
    repaired = stem or (committee_printed and not printed_level)
    prefix = printed_level or level
    if found is None:
        return AgencyName(prefix + bare, repaired=True) if repaired else AgencyName(name)
    canonical, organ = found
    successor = _successors().get(canonical)
    return AgencyName(
        canonical=f"{prefix}{_committee(canonical, organ)}{canonical}{bracket}",
        successor=f"{prefix}{_committee(successor, _agencies()[successor][1])}{successor}" if successor else None,
        repaired=repaired,
    )


def _committee(canonical: str, organ: str) -> str:
    """The party committee in front of its organs: 区委编办, but 区纪委."""
    return "委" if organ == "party" and not canonical.startswith(("委", "纪委")) else ""
