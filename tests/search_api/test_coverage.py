from pathlib import Path

import pytest

from analyzers.terms import Analyzer
from corpus.model import ParsedNotice
from indexer.index.embedded import EmbeddedIndex
from indexer.index.protocol import NoticeRecord
from indexer.parsing.places import Place
from search_api.coverage import Coverage, LatestCoverage, survey
from tests.contract.notices import item, notice


def held(*notices: ParsedNotice) -> Coverage:
    return survey(NoticeRecord(one.notice, len(one.items), f"{one.notice.id}.txt") for one in notices)


@pytest.mark.parametrize(
    ("years", "counts", "missing"),
    [
        ([(2018, 2018)], {2018: 1}, ()),
        ([(2018, 2018), (2018, 2018)], {2018: 2}, ()),
        ([(2016, 2016), (2019, 2019)], {2016: 1, 2019: 1}, (2017, 2018)),
        ([(2021, 2023), (2022, 2022)], {2021: 1, 2022: 2, 2023: 1}, ()),
        ([(2015, 2016), (2018, 2020)], {2015: 1, 2016: 1, 2018: 1, 2019: 1, 2020: 1}, (2017,)),
        ([None], {}, ()),
    ],
)
def test_years_are_counted_and_those_between_that_have_none_are_missing(
    years: list[tuple[int, int] | None], counts: dict[int, int], missing: tuple[int, ...]
) -> None:
    [place] = held(*(notice(f"n{at}", years=one) for at, one in enumerate(years))).places
    assert {year: len(ids) for year, ids in place.years.items()} == counts
    assert place.missing == missing
    assert place.notices == len(years)


def test_places_stand_in_the_order_of_the_divisions_a_city_before_its_districts() -> None:
    coverage = held(
        notice("a", province="福建省", city="泉州市", district="鲤城区"),
        notice("b", province="福建省", city="泉州市", district=None),
        notice("c", province="福建省", city="福州市", district="鼓楼区"),
        notice("d", province="北京市", city="北京市", district="东城区"),
        notice("e", province="澜海省", city="云汀市", district="青溪区"),
        notice("f", province="福建省", city=None, district=None),
        notice("g", province=None, city=None, district="某某区"),
    )
    names = [one.place.district or one.place.city or one.place.province for one in coverage.places]
    assert names == ["东城区", "福建省", "鼓楼区", "泉州市", "鲤城区", "青溪区", "某某区"]


def test_province_that_one_notice_of_a_city_tells_holds_for_the_others() -> None:
    coverage = held(
        notice("a", province=None, city="云汀市", district="青溪区"),
        notice("b", province="澜海省", city="云汀市", district="鹭洲区"),
    )
    assert {one.place for one in coverage.places} == {
        Place("澜海省", "云汀市", "青溪区"),
        Place("澜海省", "云汀市", "鹭洲区"),
    }


def test_districts_of_one_name_are_told_apart_by_their_city() -> None:
    coverage = held(
        notice("a", province="福建省", city="福州市", district="鼓楼区"),
        notice("b", province="江苏省", city="南京市", district="鼓楼区"),
    )
    assert len(coverage.places) == 2


def test_notices_without_place_or_year_are_counted_apart() -> None:
    coverage = held(
        notice("a"),
        notice("b", province=None, city=None, district=None),
        notice("c", province=None, city=None, district=None, years=None),
    )
    assert (coverage.notices, coverage.placeless, coverage.yearless) == (3, 2, 1)
    assert sum(one.notices for one in coverage.places) == 1


def test_nothing_held_has_no_years() -> None:
    coverage = held()
    assert (coverage.places, list(coverage.years), coverage.doc_types) == ((), [], ())


def test_coverage_follows_the_index(tmp_path: Path, analyzer: Analyzer) -> None:
    with EmbeddedIndex.open(tmp_path, analyzer) as index:
        latest = LatestCoverage(index)
        assert latest.get().notices == 0
        index.write(notice("a", item("清理文件。")), "a.txt", None, None)
        assert latest.get().notices == 1
        assert latest.get() is latest.get()
        index.remove("a")
        assert latest.get().notices == 0
