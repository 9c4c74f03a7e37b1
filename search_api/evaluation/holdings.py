"""Finding the judged items in what an index holds."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from corpus.errors import NotFoundError
from corpus.model import Notice, TaskItem
from indexer.index.filters import Filters
from indexer.index.protocol import Index
from search_api.evaluation.judgements import Judged, Passage, Qrel, Target

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Resolved:
    """The judgements of a query on an index: on held items, and those that match no held item.

    The latter count against recall and nDCG like any item that was not found: `absent` gives each the name of its item.
    """

    held: tuple[Qrel, ...]
    absent: tuple[tuple[str, int], ...]


class Holdings:
    """The items of an index, found by id or by words. Items found by words are read once a file."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._read: dict[str, list[tuple[str, tuple[str, str]]]] = {}

    def find(self, target: Target) -> str | None:
        """The id of the item that `target` names, the first of them in its file; None where none is held."""
        return next(self._matching(target), None)

    def resolve(self, judged: Judged) -> Resolved:
        """The judgements of a query. An item that two of them name has the grade of the first; the other is absent.

        Where one judgement names several items, as the same words may recur in a notice, each of them has its grade.
        """
        held: dict[str, Qrel] = {}
        absent: list[tuple[str, int]] = []
        for judgement in judged.judgements:
            found = [item_id for item_id in self._matching(judgement.target) if item_id not in held]
            held.update({item_id: Qrel(judged.qid, item_id, judgement.grade) for item_id in found})
            if not found:
                absent.append((str(judgement.target), judgement.grade))
        return Resolved(tuple(held.values()), tuple(absent))

    def describe(self, item_id: str) -> tuple[Notice, TaskItem] | None:
        """An item with its notice, or None where it is not held."""
        try:
            item = self._index.items([item_id])[0]
        except NotFoundError:
            return None
        record = self._index.record(item.notice_id)
        return (record.notice, item) if record else None

    def _matching(self, target: Target) -> Iterator[str]:
        if isinstance(target, str):
            return iter([target] if self.describe(target) else [])
        return self._beginning_with(target)

    def _beginning_with(self, passage: Passage) -> Iterator[str]:
        starts = tuple(_folded(start) for start in passage.starts)
        for item_id, forms in self._items(passage.file):
            if any(form.startswith(starts) for form in forms):
                yield item_id

    def _items(self, file: str) -> list[tuple[str, tuple[str, str]]]:
        """Ids and folded texts, without and with their headings, of the items in the notices of one file name."""
        if file not in self._read:
            items = [item for notice_id in self._files.get(file, ()) for item in self._index.notice(notice_id).items]
            self._read[file] = [
                (item.id, (_folded(item.text), _folded((item.heading or "") + item.text))) for item in items
            ]
        return self._read[file]

    @cached_property
    def _files(self) -> dict[str, list[str]]:
        """Ids of the notices by file name."""
        files: defaultdict[str, list[str]] = defaultdict(list)
        for offset in range(0, self._index.statistics().notices, _PAGE):
            for record in self._index.notices(Filters(), offset, _PAGE)[1]:
                files[record.notice.source.file].append(record.notice.id)
        return files


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    """The form in which beginnings are compared: NFKC, without white space and Markdown's `**`."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("**", "")
