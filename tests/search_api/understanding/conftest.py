"""Holdings to understand queries by: the samples, whose places are invented, and notices of real places."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from indexer.pipeline import index_files
from indexer.reading import find_files
from search_api.understanding import Holdings, IndexHoldings, Reading, understand
from tests.contract.notices import item, notice

SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"
EVERY = Filters()
TODAY = date(2025, 6, 1)

Understand = Callable[..., Reading]


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real analysis, with its dictionary loaded once."""
    return Analyzer()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[Holdings]:
    """The holdings of an index of the samples."""
    with EmbeddedIndex.open(tmp_path_factory.mktemp("samples"), analyzer) as index:
        list(index_files(find_files([SAMPLES]), index, None))
        yield IndexHoldings(index, analyzer)


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[Holdings]:
    """Holdings of real places, some of whose names are words: one made-up notice each."""
    with EmbeddedIndex.open(tmp_path_factory.mktemp("places"), analyzer) as index:
        for number, (province, city, district) in enumerate(
            (
                ("福建省", "泉州市", "鲤城区"),
                ("北京市", "北京市", "朝阳区"),
                ("天津市", "天津市", "和平区"),
                ("广东省", "深圳市", "南山区"),
                ("陕西省", "西安市", "长安区"),
                ("甘肃省", "兰州市", "城关区"),
                ("山西省", "晋城市", "城区"),
                ("浙江省", "金华市", "义乌市"),
                ("吉林省", "吉林市", None),
            )
        ):
            held = notice(f"n{number}", item("推行公示"), province=province, city=city, district=district)
            index.write(held, f"/{number}", None, None)
        yield IndexHoldings(index, analyzer)


@pytest.fixture(scope="session")
def read(samples: Holdings) -> Understand:
    """Reads a query over the samples, in June 2025."""
    return lambda query, filters=EVERY, plain=(): understand(query, filters, samples, plain, today=TODAY)
