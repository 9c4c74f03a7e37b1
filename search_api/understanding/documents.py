"""Documents that a query names: those that items rest on, and notices that are held themselves.

Real forms: `实施方案第12条`, `《信访条例》`, `《行政处罚法》第三十四条第一款`, `信访条例第3至5条的规定`, `民法典`, and titles of
notices typed in full or nearly, with or without 《》.
"""

import re
from collections.abc import Iterator

from corpus.model import Notice
from indexer.index.filters import BasisFilter, Filters
from indexer.index.keys import document_key
from indexer.parsing.lines import FoldedText
from indexer.parsing.metadata import DOC_TYPES, doc_type
from indexer.parsing.numerals import CHINESE, is_subsequence
from indexer.parsing.references import Reference, find_references
from search_api.understanding.holdings import HeldNotices, Holdings, bigrams
from search_api.understanding.questions import without_questions
from search_api.understanding.reading import Part, PartKind
from search_api.understanding.text import TAKEN, QueryText

# The words before an article: 信访条例第3条, where no title mark says where the title begins.
_UNMARKED = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,40}})(?=第[0-9{CHINESE}]{{1,6}}(?:[、，和及与至到-]第?[0-9{CHINESE}]{{1,6}})*条)"
)
# What says that items rest on a document, and is no part of its name.
_RESTING = re.compile(r"(?:依据|根据|按照|依照|遵照)$")
# 〈纲要〉 in 贯彻〈纲要〉实施方案 is another document.
_INNER = re.compile("〈([^〉]*)〉")
_RULES = re.compile(r"的?(?:相关|有关|具体)?规定")
_END_BRACKET = re.compile("（[^（）]*）")
# 青溪区2018年工作安排里的行政复议: what follows is sought in the notice.
_WITHIN = re.compile("(?:里面?|中|内)的?(?=[\u4e00-\u9fff])")
_TYPE_NAMES = frozenset(name for _, name in DOC_TYPES)

# What a query must hold for a title of a notice to be sought in it.
_TITLED = re.compile("方案|要点|安排|计划|规划|纲要|意见|清单|细则|办法|规定|措施|报告|通报|决定|通知|分工")

_SHORTEST_PART = 4
"""Characters of a title that may stand for it."""
_SHORTEST_ABRIDGED = 6
"""Characters, picked from a title in order, that may stand for it."""
_MOST_DOCUMENTS = 50
_SHORTEST_TITLE = 8
_MOST_TITLES = 10
_NEARLY = 0.85
"""Share of bigrams (Dice) that a title typed nearly in full has in common with the held one: 重点 left out of twenty characters."""


def read_documents(text: QueryText, held: Holdings) -> Iterator[Part]:
    """The documents of a query that are marked by 《》 or an article, or that are all of it."""
    for reference in list(find_references(text.open)):
        if reference.title:
            yield _marked(text, reference, held)
            text.take(reference.start, reference.end)
    while match := _UNMARKED.search(text.open):
        yield _unmarked(text, match, held)
    if part := _bare(text, held):
        yield part
        text.take(0, len(text.text))


def read_titles(text: QueryText, held: Holdings) -> Iterator[Part]:
    """Titles of held notices that stand in a query without title marks: their items come first."""
    for start, end in list(text.stretches()):
        typed = text.open[start:end]
        if len(typed) < _SHORTEST_TITLE or not _TITLED.search(typed):
            continue
        like = held.values().notices.like(typed)
        for title, notice in like[:_MOST_TITLES]:
            at = typed.find(_unbracketed(title))
            if at >= 0:
                begin, stop = start + at, start + at + len(_unbracketed(title))
            elif _nearly(typed, title, notice):
                begin, stop = start, end
            else:
                continue
            bracket = _END_BRACKET.match(text.open, stop)
            stop = bracket.end() if bracket else stop
            within = _WITHIN.match(text.open, stop)
            stop = within.end() if within else stop
            yield _title(text, begin, stop, [one for other, one in like if other == title], stays=not within)
            text.take(begin, stop)
            break


def _marked(text: QueryText, reference: Reference, held: Holdings) -> Part:
    """《…》: a notice's own title, else a document that items rest on."""
    start, end = reference.start, reference.end
    title = FoldedText(reference.title).text
    own = [] if reference.articles else _titled(title, held.values().notices)
    basis = _resting(reference.title, reference.articles, held)
    if own and (not basis or any(_unbracketed(notice.title) == _unbracketed(title) for notice in own)):
        return _title(text, start, end, own, tuple(one.document for one in basis))
    if introduced := _RESTING.search(text.open[:start]):
        start = introduced.start()
    alone = not any(map(str.isalnum, without_questions(_RULES.sub("", text.open[:start] + TAKEN + text.open[end:]))))
    if basis and not (reference.articles or introduced or alone):
        # With words of its own, 宣传《民法典》, the document may be what the item is about, and not what it rests on.
        typed = text.printed(start, end)
        note = f"以“{typed}”为依据的条款优先"
        return Part(PartKind.DOCUMENT, typed, text.span(start, end), note, boosts=(Filters(basis=basis),), stays=True)
    return _basis_part(text, start, end, basis)


def _unmarked(text: QueryText, match: re.Match[str], held: Holdings) -> Part:
    """信访条例第3条: the longest known name that ends before the article, else all that stands there."""
    starts = range(match.start(), match.end() - 1)
    known = next((s for s in starts if _is_document(text.open[s : match.end()], held)), match.start())
    name = text.open[known : match.end()]
    read = next(find_references(f"《{name}》{text.open[match.end() :]}"))
    end = known + read.end - len("《》")
    part = _basis_part(text, known, end, _resting(name, read.articles, held))
    text.take(known, end)
    return part


def _bare(text: QueryText, held: Holdings) -> Part | None:
    """民法典: a document's name and nothing else. The name of a document type, 实施方案, names none."""
    name = without_questions(_RULES.sub("", text.open))
    key, titles = document_key(name), held.values().titles
    if TAKEN in text.open or not name or name in _TYPE_NAMES:
        return None
    if key not in titles and not (len(key) >= _SHORTEST_ABRIDGED and any(title.endswith(key) for title in titles)):
        return None
    return _basis_part(text, 0, len(text.text), _resting(name, (), held))


def _basis_part(text: QueryText, start: int, end: int, basis: tuple[BasisFilter, ...]) -> Part:
    typed, span = text.printed(start, end), text.span(start, end)
    if not basis:
        note = f"没有已收录的条款以“{typed}”为依据，改按字词检索"
        return Part(PartKind.DOCUMENT, typed, span, note, stays=True)
    titles = list(dict.fromkeys(one.document for one in basis))
    articles = list(dict.fromkeys(one.article for one in basis if one.article))
    named = "、".join(f"《{title}》" for title in titles[:3]) + (f"等 {len(titles)} 件" if len(titles) > 3 else "")
    note = f"依据条款：{named}" + (f"第{'、'.join(articles)}条" if articles else "")
    return Part(PartKind.DOCUMENT, typed, span, note, filters=Filters(basis=basis))


def _resting(name: str, articles: tuple[str, ...], held: Holdings) -> tuple[BasisFilter, ...]:
    """What to ask for, so that items are found that rest on a document of this name; empty where none does."""
    exactly = held.values().documents.get(document_key(name), name)
    for names in ([name], [exactly], _documents_like(name, held)):
        wanted = tuple(BasisFilter(one, article) for one in names for article in articles or (None,))
        if wanted and held.count(Filters(basis=wanted)):
            return wanted
    return ()


def _is_document(name: str, held: Holdings) -> bool:
    return document_key(name) in held.values().documents or bool(_documents_like(name, held))


def _documents_like(name: str, held: Holdings) -> list[str]:
    """The full titles that contain a name, else those that it abridges: 法治政府方案 for 青溪区法治政府建设实施方案."""
    key = document_key(name)
    titles = held.values().titles
    found = [title for other, title in titles.items() if key in other] if len(key) >= _SHORTEST_PART else []
    if not found and len(key) >= _SHORTEST_ABRIDGED:
        found = [title for other, title in titles.items() if key[-2:] in other and is_subsequence(key, other)]
    return [title for title in dict.fromkeys(found) if key not in document_key("".join(_INNER.findall(title)))][
        :_MOST_DOCUMENTS
    ]


def _titled(title: str, notices: HeldNotices) -> list[Notice]:
    """The notices of this folded title, else those whose titles contain it or nearly are it."""
    bare = _unbracketed(title)
    like = notices.like(bare)
    same = [notice for held, notice in like if _unbracketed(held) == bare]
    near = [n for held, n in like[:_MOST_TITLES] if bare in held or _nearly(bare, held, n)]
    return list(dict.fromkeys(same or (near if len(bare) >= _SHORTEST_TITLE else ())))


def _nearly(typed: str, title: str, notice: Notice) -> bool:
    """Whether a title is typed but for a few characters, none of which tells place or year."""
    place = (notice.district or notice.city or notice.province or "")[:2]
    if re.findall("[0-9]+", typed) != re.findall("[0-9]+", title) or (place in title) != (place in typed):
        return False
    if doc_type(typed) is None or doc_type(typed) != doc_type(title):
        return False
    typed_set, held_set = set(bigrams(typed)), set(bigrams(_unbracketed(title)))
    return 2 * len(typed_set & held_set) >= _NEARLY * (len(typed_set) + len(held_set))


def _unbracketed(title: str) -> str:
    return re.sub(rf"{_END_BRACKET.pattern}$", "", title)


def _title(
    text: QueryText, start: int, end: int, notices: list[Notice], documents: tuple[str, ...] = (), stays: bool = True
) -> Part:
    typed = text.printed(start, end)
    named = "、".join(dict.fromkeys(f"《{notice.title}》" for notice in notices[:3]))
    note = f"先列{named}的条款"
    ids = tuple(notice.id for notice in notices)
    return Part(PartKind.TITLE, typed, text.span(start, end), note, notices=ids, documents=documents, stays=stays)
