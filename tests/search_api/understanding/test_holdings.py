from pathlib import Path

from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from search_api.understanding import IndexHoldings, understand
from tests.contract.notices import item, notice


def test_what_is_written_later_is_recognised(tmp_path: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(tmp_path, analyzer) as index:
        held = IndexHoldings(index, analyzer)
        index.write(notice("a", item("推行公示")), "/a", None, None)
        assert understand("云杉 公示", Filters(), held).read == Filters()
        assert held.frequencies(["公示", "评查"]) == {"公示": 1, "评查": 0}
        index.write(notice("b", item("开展评查"), district="云杉区"), "/b", None, None)
        assert understand("云杉 公示", Filters(), held).read == Filters(district=("云杉区",))
        assert held.frequencies(["公示", "评查"]) == {"公示": 1, "评查": 1}
        index.remove("b")
        assert understand("云杉 公示", Filters(), held).read == Filters()


def test_names_are_read_once_until_the_index_changes(tmp_path: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(tmp_path, analyzer) as index:
        held = IndexHoldings(index, analyzer)
        first = held.values()
        assert held.values() is first
        index.write(notice("a", item("推行公示")), "/a", None, None)
        assert held.values() is not first


def test_nothing_is_read_into_an_empty_index(tmp_path: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(tmp_path, analyzer) as index:
        reading = understand("青溪区2018年 行政复义", Filters(), IndexHoldings(index, analyzer))
        assert (reading.words, reading.filters) == ("青溪区2018年 行政复义", Filters())
