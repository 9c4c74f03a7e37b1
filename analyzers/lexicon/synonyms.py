"""Synonyms: the words that people type, and those that notices write instead.

One row of synonyms.tsv a phrase (docs/synonyms.md says how to add one):

    phrase    expansions               kind          both  source
    红头文件  规范性文件、行政规范性文件  abbreviation  no    通用：俗语

A user's own file has the same form. It stands alone, `SynonymTable(read_synonyms(file))`, or corrects the shipped rows,
`SynonymTable(shipped_synonyms(), read_synonyms(file))`. A row without expansions switches its phrase off.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from pathlib import Path

from analyzers.folding import fold
from corpus.errors import LexiconError

LONGEST_PHRASE = 20
LONGEST_EXPANSION = 40
MOST_EXPANSIONS = 5
"""Of a row, and of a phrase that several rows explain: more would drown the words that were typed."""

_UNMISTAKABLE = 4
"""Characters from which on a phrase means itself wherever words are cut: 罚多罚少 in 罚多罚|少有."""

_FILE = Path(__file__).with_name("synonyms.tsv")
_HEAD = ["phrase", "expansions", "kind", "both", "source"]
_DIRECTIONS = {"yes": True, "no": False}
_WORD = re.compile(r"[^\W_]")


class SynonymKind(StrEnum):
    """Where a phrase comes from.

    Official short names, everyday or press language, official terms of other years and places, names that agencies had
    before and after a reform.
    """

    ABBREVIATION = "abbreviation"
    COLLOQUIAL = "colloquial"
    TERM = "term"
    AGENCY = "agency"


_KINDS = {kind.value: kind for kind in SynonymKind}


@dataclass(frozen=True, slots=True)
class Synonym:
    """A phrase and what notices write for it, best first, all folded. `both`: it holds the other way round too.

    Without expansions it says that the phrase, and what lies in it, is to be left alone, whatever other rows say.
    """

    phrase: str
    expansions: tuple[str, ...]
    kind: SynonymKind
    both: bool
    source: str


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at characters `start` to `end` (exclusive) of a folded query.

    `synonyms` are the rows that explain it: its own one first, then those that have it among their expansions and hold
    both ways, turned round.
    """

    start: int
    end: int
    synonyms: tuple[Synonym, ...]

    @property
    def expansions(self) -> tuple[str, ...]:
        """What to search for besides the phrase, best first, at most MOST_EXPANSIONS."""
        distinct = dict.fromkeys(chain.from_iterable(synonym.expansions for synonym in self.synonyms))
        return tuple(distinct)[:MOST_EXPANSIONS]


class SynonymTable:
    """Finds the phrases of its rows in queries. Immutable: threads may share one."""

    def __init__(self, *sources: Iterable[Synonym]) -> None:
        """A row of a later source takes the place of the row that an earlier one has for the same phrase."""
        rows = {row.phrase: row for row in chain.from_iterable(sources)}
        left_alone = {phrase for phrase, row in rows.items() if not row.expansions}
        self._synonyms: dict[str, tuple[Synonym, ...]] = {
            phrase: () if phrase in left_alone else (row,) for phrase, row in rows.items()
        }
        for turned in chain.from_iterable(map(_turned_round, rows.values())):
            if turned.phrase not in left_alone:
                self._synonyms[turned.phrase] = (*self._synonyms.get(turned.phrase, ()), turned)
        self._phrases: dict[str, list[str]] = {}  # by first character, longest first
        for phrase in sorted(self._synonyms, key=len, reverse=True):
            self._phrases.setdefault(phrase[0], []).append(phrase)
        self._rows = tuple(rows.values())

    @property
    def rows(self) -> tuple[Synonym, ...]:
        """The rows that count, one a phrase."""
        return self._rows

    @property
    def digest(self) -> str:
        """First 12 hexadecimal digits of the SHA-256 of the rows without their sources: what finds the same has the same."""
        rows = ("\t".join((row.phrase, *row.expansions, row.kind, str(row.both))) for row in self._rows)
        return sha256("\n".join(rows).encode()).hexdigest()[:12]

    def find(self, folded_query: str, bounds: Collection[int] | None = None) -> list[Match]:
        """The phrases in a query, from left to right, the longest at each place; none overlaps another.

        With `bounds`, a short phrase counts only where it begins and ends at one of these characters: 告状 not in 报告|状况.
        """
        matches: list[Match] = []
        position = 0
        while position < len(folded_query):
            phrase = self._phrase_at(folded_query, position, bounds)
            if phrase and self._synonyms[phrase]:
                matches.append(Match(position, position + len(phrase), self._synonyms[phrase]))
            position += len(phrase) if phrase else 1
        return matches

    def _phrase_at(self, folded_query: str, position: int, bounds: Collection[int] | None) -> str | None:
        candidates = self._phrases.get(folded_query[position], ())
        return next(
            (
                phrase
                for phrase in candidates
                if folded_query.startswith(phrase, position)
                and (
                    bounds is None
                    or len(phrase) >= _UNMISTAKABLE
                    or (position in bounds and position + len(phrase) in bounds)
                )
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What became of the rows of a table. Rows that differ in their source alone find the same, and are not among them."""

    added: tuple[Synonym, ...]
    removed: tuple[Synonym, ...]
    changed: tuple[tuple[Synonym, Synonym], ...]
    """Each before and after."""

    @property
    def phrases(self) -> tuple[str, ...]:
        """The phrases of all these rows."""
        return tuple(row.phrase for row in (*self.added, *(after for _, after in self.changed), *self.removed))


def compare_rows(before: SynonymTable, after: SynonymTable) -> RowChanges:
    """What became of the rows of a table, by phrase."""
    old, new = ({row.phrase: row for row in table.rows} for table in (before, after))
    both = [(row, new[phrase]) for phrase, row in old.items() if phrase in new]
    return RowChanges(
        added=tuple(row for phrase, row in new.items() if phrase not in old),
        removed=tuple(row for phrase, row in old.items() if phrase not in new),
        changed=tuple((former, row) for former, row in both if replace(former, source=row.source) != row),
    )


@lru_cache(maxsize=1)
def shipped_synonyms() -> tuple[Synonym, ...]:
    """The rows that come with the product, in file order. Read at the first use."""
    return read_synonyms(_FILE)


def read_synonyms(file: Path) -> tuple[Synonym, ...]:
    """The rows of a synonym file in file order; empty lines and lines that begin with # are comments.

    Raises LexiconError with the file, the line and the way out when the file can't be read or a row says nothing usable.
    """
    lines = [(number, line) for number, line in enumerate(_lines(file), start=1) if line.strip() and line[0] != "#"]
    if not lines or lines[0][1].split("\t") != _HEAD:
        raise LexiconError(f"{file}：缺少表头。第一行（注释除外）应为以制表符分隔的 {'、'.join(_HEAD)}。")
    rows: dict[str, Synonym] = {}
    places: dict[str, int] = {}
    for number, line in lines[1:]:
        try:
            row = _row(line)
            if row.phrase in places:
                raise ValueError(f"“{row.phrase}”在第 {places[row.phrase]} 行已经有了。请合并为一行")
        except ValueError as error:
            raise LexiconError(f"{file} 第 {number} 行：{error}。") from None
        rows[row.phrase], places[row.phrase] = row, number
    return tuple(rows.values())


def _lines(file: Path) -> list[str]:
    try:
        # utf-8-sig: spreadsheets put a byte order mark in front.
        return file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise LexiconError(f"{file}：不是 UTF-8 编码的文本。请另存为 UTF-8 编码、以制表符分隔的文本文件。") from None
    except OSError as error:
        raise LexiconError(f"{file}：无法读取（{error.strerror or error}）。请检查路径和权限后重试。") from error


def _row(line: str) -> Synonym:
    """A row read and checked. Raises ValueError with the reason in Chinese."""
    fields = [field.strip() for field in line.split("\t")]
    if len(fields) != len(_HEAD):
        raise ValueError(f"有 {len(fields)} 栏，应有 {len(_HEAD)} 栏。请以制表符分隔 {'、'.join(_HEAD)}")
    printed, listed, kind, both, source = fields
    phrase, expansions = fold(printed), tuple(fold(listed).split("、")) if listed else ()
    _check_phrase(phrase)
    _check_expansions(expansions, phrase)
    if kind not in _KINDS:
        raise ValueError(f"类别“{kind}”无效，应为 {'、'.join(_KINDS)} 之一")
    if both not in _DIRECTIONS:
        raise ValueError(f"第四栏“{both}”无效，双向成立写 yes，否则写 no")
    if not source:
        raise ValueError("没有写来源。请写明文件名称或文号，日常用语写“通用”")
    return Synonym(phrase, expansions, _KINDS[kind], _DIRECTIONS[both], source)


def _check_phrase(phrase: str) -> None:
    if not _WORD.search(phrase):
        raise ValueError("第一栏没有词语。请写上要替换的词，或删去这一行")
    if not 2 <= len(phrase) <= LONGEST_PHRASE:
        raise ValueError(f"“{phrase[:LONGEST_PHRASE]}”有 {len(phrase)} 字，应为 2 至 {LONGEST_PHRASE} 字。单字歧义太多")


def _check_expansions(expansions: tuple[str, ...], phrase: str) -> None:
    if len(expansions) > MOST_EXPANSIONS:
        raise ValueError(f"“{phrase}”有 {len(expansions)} 个对应词，最多 {MOST_EXPANSIONS} 个。请只留最常用的")
    for expansion in expansions:
        if not _WORD.search(expansion):
            raise ValueError(f"“{phrase}”的对应词有空缺。请以一个顿号分隔，首尾不加顿号")
        if not 2 <= len(expansion) <= LONGEST_EXPANSION:
            raise ValueError(
                f"对应词“{expansion[:LONGEST_EXPANSION]}”有 {len(expansion)} 字，应为 2 至 {LONGEST_EXPANSION} 字"
            )
    if phrase in expansions:
        raise ValueError(f"“{phrase}”对应到它自己。请删去这个对应词")
    if len(set(expansions)) < len(expansions):
        raise ValueError(f"“{phrase}”的对应词有重复。请每个词只写一次")


def _turned_round(row: Synonym) -> Iterator[Synonym]:
    """What a row that holds both ways says about each of its expansions."""
    for expansion in row.expansions if row.both else ():
        yield Synonym(expansion, (row.phrase,), row.kind, row.both, row.source)
