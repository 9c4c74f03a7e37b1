"""References to documents and their articles, and the short names that a notice gives them.

Real forms: `《实施方案》第12、13条规定`, `《纲要》第十二至十四条`, `第十二条第二款第（三）项`, `《关于…的通知》（中办发〔2016〕71号）`,
`《甲区贯彻〈纲要（2015-2020年）〉方案》（甲委发〔2016〕5号）（以下简称《方案》）`, a document named by its number only.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Alias, BasisReference
from indexer.parsing.brackets import closing
from indexer.parsing.metadata import NUMBER, format_number
from indexer.parsing.numerals import CHINESE, to_int

_N = rf"[0-9{CHINESE}]{{1,6}}"
_ARTICLE = re.compile(rf"第?(?P<list>{_N}(?:条?[、，和及与至到-]第?{_N})*)条(?:第?{_N}款)?(?:第?（?{_N}）?项)?")
_ARTICLES = re.compile(
    rf"(?:的|中)?{_ARTICLE.pattern}(?:[、，和及]第{_N}条(?:第?{_N}款)?(?:第?（?{_N}）?项)?)*".replace("?P<list>", "?:")
)
_PART = re.compile(rf"第?({_N})(?:条?([至到-])第?({_N}))?")
_NUMBER_BRACKET = re.compile(rf"（?{NUMBER.pattern}）?")
# What any number holds, and few texts do: found faster than a number, which may begin with any character.
_YEAR_BRACKET = re.compile(r"[〔（](?:20|19)[0-9]{2}")
_SHORT_NAME = re.compile(
    r"以下(?:简称|统称|称|简称为)[:：]?[《“\"'〈]?(?P<short>[^《》“”〈〉\"'，。；）]{1,20})[》”\"'〉]?"
)
_RANGE_LIMIT = 200
_MOST_TITLES = 300


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as found in folded text: title without marks, number, articles, and where it stands."""

    title: str
    document_number: str | None
    articles: tuple[str, ...]
    start: int
    end: int


def find_references(text: str) -> Iterator[Reference]:
    """References in folded text, in order. Titles inside a title (〈〉 or a second 《》) belong to the outer one."""
    at = 0
    while at < len(text):
        start = text.find("《", at)
        stop = start if start >= 0 else len(text)
        number = NUMBER.search(text, at, stop) if _YEAR_BRACKET.search(text, at, stop) else None
        if number and _stands_alone(text, number):
            articles, end = _articles(text, number.end())
            yield Reference("", format_number(number), articles, number.start(), end)
        if start < 0:
            return
        close = closing(text, start)
        if close is None:
            return
        end = close + 1
        document_number = None
        if match := _NUMBER_BRACKET.match(text, end):
            document_number, end = format_number(match), match.end()
        articles, end = _articles(text, end)
        yield Reference(text[start + 1 : close], document_number, articles, start, end)
        at = end


def _stands_alone(text: str, number: re.Match[str]) -> bool:
    """Whether a number names a document itself, rather than repeating one that was just named."""
    return len(number["prefix"]) <= 8 and text[number.start() - 1 : number.start()] != "（"


def _articles(text: str, at: int) -> tuple[tuple[str, ...], int]:
    match = _ARTICLES.match(text, at)
    if not match or "第" not in match[0]:
        return (), at
    found: list[str] = []
    for article in _ARTICLE.finditer(match[0]):
        for first, dash, last in _PART.findall(article["list"]):
            low, high = to_int(first), to_int(last) if dash else None
            if low is None:
                continue
            top = high if high is not None and low < high <= low + _RANGE_LIMIT else low
            found += [str(n) for n in range(low, top + 1)]
    return tuple(dict.fromkeys(found)), match.end()


def find_aliases(text: str) -> tuple[Alias, ...]:
    """Short names defined in folded text: the reference right before 以下简称 is what each stands for."""
    aliases: dict[str, Alias] = {}
    references = list(find_references(text))
    titled = [reference for reference in references if reference.title]
    ends = [reference.end for reference in titled]
    for match in _SHORT_NAME.finditer(text):
        place = bisect_right(ends, match.start() + 1) - 1
        if place >= 0 and match.start() - ends[place] <= 8:
            named = titled[place]
            aliases.setdefault(match["short"], Alias(match["short"], _clean(named.title), named.document_number))
    titles = {reference.title: reference for reference in titled[:_MOST_TITLES]}
    for short in titles:
        if len(short) > 8 or short in aliases:
            continue
        longer = [r for title, r in titles.items() if _bare(title) != short and _bare(title).endswith(short)]
        if len({_bare(r.title) for r in longer}) == 1:
            aliases[short] = Alias(short, _clean(longer[0].title), longer[0].document_number)
    return tuple(aliases.values())


def resolve(reference: Reference, aliases: tuple[Alias, ...], printed: str) -> BasisReference:
    """A reference with its short name resolved; `printed` is its wording in the source."""
    known = next((alias for alias in aliases if alias.short == reference.title), None)
    number = reference.document_number or (known.document_number if known else None)
    document = known.title if known else _clean(reference.title) or reference.document_number or ""
    return BasisReference(document, number, reference.articles, printed)


def _bare(title: str) -> str:
    return re.sub(r"（[^（）]*）$", "", title)


def _clean(title: str) -> str:
    """A title in its standard form: single marks for titles inside it (GB/T 15834-2011, 4.15.3.3)."""
    return (
        title.replace("《", "〈").replace("》", "〉").replace("〔", "（").replace("〕", "）")
        if "〔" not in title
        else title
    )
