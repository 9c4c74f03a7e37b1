"""What was learned about tantivy-py the hard way: these tell when a new version behaves in another way."""

from pathlib import Path

import pytest
import tantivy
from tantivy import Document, Query

from analyzers.terms import Analyzer
from corpus.errors import StorageError
from indexer.analysis import ItemTerms, analyse_item
from indexer.index.embedded.changes import StoredItem
from indexer.index.embedded.postings import Postings
from indexer.index.embedded.queries import of_notice
from indexer.index.protocol import FacetCount
from indexer.shingles import wording
from tests.contract.notices import item, notice, unit

NO_TERMS = ItemTerms(words="", grams="", path_words="", path_grams="", wording=wording(""))


def put(postings: Postings, analyzer: Analyzer, notice_id: str, rows: range) -> None:
    parsed = notice(notice_id, *(item("推行执法公示") for _ in rows))
    stored = [StoredItem(row, None, held) for row, held in zip(rows, parsed.items, strict=True)]
    postings.put(parsed.notice, stored, [analyse_item(held, analyzer) for held in parsed.items])


def rows_of(postings: Postings, notice_id: str) -> list[int]:
    searcher = postings.searcher()
    return sorted(searcher.matching(of_notice(searcher.schema, notice_id)).rows.tolist())


def test_a_notice_is_replaced_by_its_exact_id(tmp_path: Path, analyzer: Analyzer) -> None:
    postings = Postings.create(tmp_path / "postings")
    postings.lock()
    for notice_id, rows in (("n1", range(0, 3)), ("n10", range(3, 5)), ("n 1", range(5, 6))):
        put(postings, analyzer, notice_id, rows)
    postings.commit(1)
    put(postings, analyzer, "n1", range(6, 8))
    postings.commit(2)
    postings.delete("n 1")
    postings.commit(3)
    postings.unlock()
    assert rows_of(postings, "n1") == [6, 7]
    assert rows_of(postings, "n10") == [3, 4]
    assert rows_of(postings, "n 1") == []
    assert postings.generation == 3


def test_a_term_of_an_unsigned_field_deletes_nothing(tmp_path: Path) -> None:
    """Why notices are deleted by a query on a text field. When this fails, tantivy-py has been repaired."""
    schema = tantivy.SchemaBuilder().add_unsigned_field("number", indexed=True).build()
    index = tantivy.Index(schema, str(tmp_path))
    writer = index.writer(15_000_000, 1)
    document = Document()
    document.add_unsigned("number", 7)
    writer.add_document(document)
    writer.commit()
    writer.delete_documents_by_term("number", 7)
    writer.commit()
    index.reload()
    assert index.searcher().num_docs == 1


def test_what_was_not_committed_is_lost_with_the_lock(tmp_path: Path, analyzer: Analyzer) -> None:
    postings = Postings.create(tmp_path / "postings")
    postings.lock()
    put(postings, analyzer, "n1", range(3))
    postings.unlock()
    postings.lock()
    postings.commit(1)
    postings.unlock()
    assert rows_of(postings, "n1") == []


def test_a_reader_sees_a_commit_after_it_reloads(tmp_path: Path, analyzer: Analyzer) -> None:
    writing = Postings.create(tmp_path / "postings")
    reading = Postings.open(tmp_path / "postings")
    writing.lock()
    put(writing, analyzer, "n1", range(3))
    writing.commit(1)
    assert rows_of(reading, "n1") == []
    reading.reload()
    assert rows_of(reading, "n1") == [0, 1, 2]
    writing.unlock()


def test_a_second_writer_is_told_that_another_one_is_at_work(tmp_path: Path) -> None:
    first = Postings.create(tmp_path / "postings")
    first.lock()
    second = Postings.open(tmp_path / "postings")
    with pytest.raises(StorageError, match="另一个进程正在写入"):
        second.lock(wait_seconds=0.1)
    first.unlock()
    second.lock(wait_seconds=0)
    second.unlock()


def test_terms_are_split_at_blanks_and_at_nothing_else() -> None:
    split = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    assert split.analyze("行政 A-b，c_d 法（试行）") == ["行政", "A-b，c_d", "法（试行）"]


def test_facets_are_exact_over_segments_with_more_values_than_are_asked_for(tmp_path: Path) -> None:
    """A segment that named only its most frequent values would leave out 司法局, which is rare in the first one."""
    crowd = [item("甲", units=[unit(f"第{part}号第{number}局") for number in range(100)]) for part in range(75)]
    wanted = item("甲", units=[unit("司法局")])
    postings = Postings.create(tmp_path / "postings")
    postings.lock()
    for number, items in enumerate(([*crowd, *crowd, wanted], [wanted] * 5)):
        parsed = notice(f"n{number}", *items)
        stored = [StoredItem(1000 * number + row, None, held) for row, held in enumerate(parsed.items)]
        postings.put(parsed.notice, stored, [NO_TERMS] * len(stored))
        postings.commit(number)
    postings.unlock()
    total, counts = postings.searcher().counts(Query.all_query(), 2)
    assert total == 156
    assert counts["unit"] == (FacetCount("司法局", 6), FacetCount("第0号第0局", 2))
