from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.embedding import FloatArray
from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from search_api.evaluation.holdings import Holdings
from search_api.evaluation.judgements import Judged
from search_api.evaluation.legs import Legs
from tests.contract.notices import DIMENSION, MODEL, item, notice, vector, vectors


class ByText:
    """Vectors that depend on the text alone, as the notices of the contract tests have them."""

    fingerprint = MODEL
    dimension = DIMENSION

    def encode_items(self, texts: list[str]) -> FloatArray:
        raise NotImplementedError

    def encode_query(self, text: str) -> FloatArray:
        return vector(text)


@pytest.fixture
def legs(tmp_path: Path) -> Iterator[Legs]:
    """Over two notices, of which one has an item twice."""
    analyzer = Analyzer()
    with EmbeddedIndex.open(tmp_path / "index", analyzer) as index:
        for parsed in (
            notice("a", item("备案审查"), item("清理文件")),
            notice("b", item("备案审查"), item("政务公开")),
        ):
            index.write(parsed, parsed.notice.source.file, vectors(parsed), MODEL)
        yield Legs(index, analyzer, ByText(), Holdings(index), 10)


def test_each_leg_ranks_by_itself(legs: Legs) -> None:
    query = Judged("q", "keyword", "清理文件")
    assert [hit.item_id for hit in legs.lexical(query).hits] == ["a-1"]
    assert legs.vector(query).hits[0].item_id == "a-1"
    assert len(legs.vector(query).hits) == 4


def test_item_is_sought_in_other_notices(legs: Legs) -> None:
    query = Judged("s", "similar", "", similar_to="a-0")
    assert [hit.item_id for hit in legs.lexical(query).hits] == ["b-0"]
    assert {hit.item_id for hit in legs.vector(query).hits} == {"b-0", "b-1"}


def test_query_is_read_as_search_reads_it(legs: Legs) -> None:
    assert legs.lexical(Judged("q", "question", "请问怎么清理文件？")) == legs.lexical(
        Judged("q", "keyword", "清理文件")
    )
