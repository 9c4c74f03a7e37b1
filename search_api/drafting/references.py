"""Whether the documents that a draft names are held as it names them: title, document number, articles.

What is not held can't be checked, and that is no fault: laws and plans of higher levels seldom are. They are known where held
notices name them too, and then the numbers and articles that these print are held against the draft's.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from analyzers.terms import Analyzer
from corpus.citation import cite
from corpus.model import BasisReference, Notice, TaskItem
from indexer.index.filters import BasisFilter, Filters
from indexer.index.keys import document_key, document_keys
from indexer.index.protocol import Index
from search_api.citation_check import named_notices
from search_api.drafting.draft import DraftReference
from search_api.drafting.missing import HeldProvision
from search_api.understanding.holdings import HeldValues

_MOST_CITING = 200
"""Held items that rest on a document and are looked at for the articles that they name."""
_MOST_MENTIONING = 50
_MOST_EVIDENCE = 3


class ReferenceState(StrEnum):
    """Where a document is known from: it is held itself, held notices name it too, or neither."""

    HELD = "held"
    NAMED = "named"
    NOT_HELD = "not_held"


@dataclass(frozen=True, slots=True)
class CheckedReference:
    """What became of a document that a draft names.

    `notes` say in Chinese what does not agree with the holdings, one a line; none where nothing disagrees or nothing is known.
    `notices` are those that are meant, `citing` some held provisions that name the document too, out of `cited` that do.
    """

    reference: DraftReference
    state: ReferenceState
    notes: tuple[str, ...]
    notices: tuple[Notice, ...] = ()
    citing: tuple[HeldProvision, ...] = ()
    cited: int = 0


class ReferenceCheck:
    """Checks references against one index as of one moment."""

    def __init__(self, index: Index, held: HeldValues, analyzer: Analyzer) -> None:
        self._index = index
        self._analyzer = analyzer
        self._held = held
        self._numbers = _printed_numbers(held.notices.notices)

    def check(self, reference: DraftReference, exclude_notice: str) -> CheckedReference:
        """Look up one reference; the draft itself, where it is held, is no witness."""
        named = reference.named
        title = named.document if named.document != named.document_number else ""
        found, notes = named_notices(title, named.document_number, self._index, self._held)
        notices = tuple(notice for notice in found if notice.id != exclude_notice)
        if notices and not notes:
            beyond = [note for notice in notices for note in self._beyond_last(notice, named.articles)]
            return CheckedReference(reference, ReferenceState.HELD, tuple(dict.fromkeys(beyond)), notices)
        if notices:
            return CheckedReference(reference, ReferenceState.HELD, tuple(notes), notices)
        return self._as_named(reference, title, exclude_notice)

    def _beyond_last(self, notice: Notice, articles: Iterable[str]) -> Iterator[str]:
        """That a held document has no such article: whatever its provisions are numbered by, there are not so many."""
        record = self._index.record(notice.id)
        held = record.items if record else 0
        if beyond := [one for one in articles if one.isdigit() and int(one) > held]:
            yield f"收录的《{notice.title}》只有 {held} 条条款，请核对有没有第 {'、'.join(beyond)} 条。"

    def _as_named(self, reference: DraftReference, title: str, exclude_notice: str) -> CheckedReference:
        """What held notices that name the document too say about its number and articles."""
        named = reference.named
        items = self._naming(named, title, exclude_notice)
        printed = {
            number: notices
            for number, notices in self._numbers.get(document_key(title), {}).items()
            if any(notice.id != exclude_notice for notice in notices)
        }
        if not items and not printed:
            return CheckedReference(reference, ReferenceState.NOT_HELD, ())
        notes = [*_other_numbers(named.document_number, printed), *_articles_beyond(named, items)]
        shown = items[:_MOST_EVIDENCE]
        records = self._index.records(sorted({item.notice_id for item in shown}))
        owners = {record.notice.id: record.notice for record in records}
        citing = tuple(
            HeldProvision(owner, item, cite(owner, item)) for item in shown if (owner := owners.get(item.notice_id))
        )
        return CheckedReference(reference, ReferenceState.NAMED, tuple(notes), (), citing, len(items))

    def _naming(self, named: BasisReference, title: str, exclude_notice: str) -> list[TaskItem]:
        """Held items that rest on the document, then some that mention it."""
        # As others print it: 行政处罚法 with the name of the state in front.
        name = self._held.titles.get(document_key(title), title) or named.document_number or ""
        others = Filters(exclude_notice=(exclude_notice,))
        resting = self._index.lexical(None, replace(others, basis=(BasisFilter(name),)), _MOST_CITING)
        mentioning = self._index.lexical(self._analyzer.analyse(name), others, _MOST_MENTIONING)
        ids = dict.fromkeys(hit.item_id for hit in (*resting, *mentioning))
        keys = document_keys(replace(named, document=name)) | document_keys(named)
        return [item for item in self._index.items(list(ids)) if keys & _documents(item)]


def _documents(item: TaskItem) -> frozenset[str]:
    return frozenset[str]().union(*(document_keys(one) for one in (*item.basis, *item.mentions)))


def _articles_beyond(named: BasisReference, items: Iterable[TaskItem]) -> Iterator[str]:
    """That an article lies beyond all that others cite: no proof, but what a reader would look up."""
    keys = document_keys(named)
    cited = [
        int(article)
        for item in items
        for one in (*item.basis, *item.mentions)
        if document_keys(one) & keys
        for article in one.articles
        if article.isdigit()
    ]
    beyond = [one for one in named.articles if one.isdigit() and cited and int(one) > max(cited)]
    if beyond:
        yield (
            f"这份文件没有收录；收录的通知引用过它的第 {max(cited)} 条，没有引用过更靠后的第 {'、'.join(beyond)} 条，"
            "请核对有没有这一条。"
        )


def _other_numbers(number: str | None, printed: Mapping[str, list[Notice]]) -> Iterator[str]:
    """That held notices print another number for the title."""
    if number is None or document_key(number) in {document_key(one) for one in printed}:
        return
    for other, notices in printed.items():
        yield f"《{notices[0].title}》等 {len(notices)} 份收录的通知里，这份文件的文号是 {other}。"


def _printed_numbers(notices: Iterable[Notice]) -> Mapping[str, dict[str, list[Notice]]]:
    """The numbers that notices print for documents that they give a short name, by key of the title."""
    found: dict[str, dict[str, list[Notice]]] = defaultdict(lambda: defaultdict(list))
    for notice in notices:
        for alias in notice.aliases:
            if alias.document_number:
                found[document_key(alias.title)][alias.document_number].append(notice)
    return found
