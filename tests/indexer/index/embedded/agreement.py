"""Whether the three parts of an index say the same."""

from analyzers.terms import Analyzer
from corpus.model import TaskItem
from indexer.analysis import embedded_text
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from tests.contract.notices import vector

EVERY = Filters()
MOST = 10_000


def assert_agreement(index: EmbeddedIndex, analyzer: Analyzer) -> None:
    """Every notice is whole, and postings and vectors hold its items and no others."""
    _, records = index.notices(EVERY, 0, MOST)
    held: dict[str, TaskItem] = {}
    for record in records:
        parsed = index.notice(record.notice.id)
        assert parsed.notice == record.notice
        assert len(parsed.items) == record.items
        held |= {item.id: item for item in parsed.items}
    assert index.items(list(held)) == list(held.values())
    assert index.facets(None, [], EVERY, 10).total == len(held) == index.statistics().items
    assert {hit.item_id for hit in index.nearest(vector("x"), EVERY, MOST)} == set(held)
    for item in held.values():
        others = Filters(exclude_notice=tuple({other.notice_id for other in held.values()} - {item.notice_id}))
        best = index.nearest(vector(embedded_text(item)), others, 1)[0]
        assert (best.item_id, round(best.score, 1)) == (item.id, 1.0)
        found = index.lexical(analyzer.analyse(item.text), others, 1)[0]
        assert found.item_id == item.id
