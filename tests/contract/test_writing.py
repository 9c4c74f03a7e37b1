"""What is written can be read back, replaced and removed, on every backend."""

import numpy as np
import pytest

from analyzers.terms import Analyzer
from corpus.errors import ModelError, NotFoundError
from indexer.analysis import embedded_text
from indexer.index.filters import Filters, YearRange
from indexer.index.protocol import Index
from tests.contract.notices import DIMENSION, MODEL, basis, item, notice, unit, vector, vectors

EVERY = Filters()


def found(index: Index, analyzer: Analyzer, text: str) -> list[str]:
    return [hit.item_id for hit in index.lexical(analyzer.analyse(text), EVERY, 10)]


def nearest(index: Index, text: str) -> list[str]:
    return [hit.item_id for hit in index.nearest(vector(text), EVERY, 10)]


def test_a_notice_is_read_back_as_it_was_written(index: Index) -> None:
    written = notice(
        "n1",
        item(
            "推行行政执法公示制度", units=[unit("司法局", canonical="区司法局")], basis=[basis("实施纲要", "12", "13")]
        ),
        item("加强政务公开"),
    )
    index.write(written, "/plans/n1.txt", vectors(written), MODEL)
    assert index.notice("n1") == written
    assert index.items(["n1-1", "n1-0"]) == [written.items[1], written.items[0]]
    record = index.record("n1")
    assert record is not None
    assert (record.notice, record.items, record.path) == (written.notice, 2, "/plans/n1.txt")
    assert index.record_by_path("/plans/n1.txt") == record
    assert index.records_by_number("青政办〔2018〕1号") == [record]


def test_what_is_not_held_is_said_so(index: Index) -> None:
    index.write(notice("n1", item("推行执法公示")), "/n1", None, None)
    with pytest.raises(NotFoundError, match="n9"):
        index.notice("n9")
    with pytest.raises(NotFoundError, match="n1-7"):
        index.items(["n1-0", "n1-7", "n1-8"])
    assert index.record("n9") is None
    assert index.record_by_path("/n9") is None
    assert index.records_by_number("无") == []
    assert index.remove("n9") is False
    assert index.items([]) == []


def test_an_empty_index_finds_nothing(index: Index, analyzer: Analyzer) -> None:
    assert found(index, analyzer, "行政执法") == []
    assert nearest(index, "行政执法") == []
    assert index.facets(None, [], EVERY, 10).total == 0
    assert index.notices(EVERY, 0, 10) == (0, [])
    assert index.fingerprint is None
    held = index.statistics()
    assert (held.notices, held.items, held.vectors, held.fingerprint) == (0, 0, 0, None)


def test_writing_again_replaces_all_of_the_former_version(index: Index, analyzer: Analyzer) -> None:
    former = notice("n1", item("推行执法公示"), item("清理证明事项"), item("培训执法人员"))
    later = notice("n1", item("推行执法公示"), item("建立联席会议"), district="云杉区", number="云政办〔2019〕2号")
    index.write(former, "/former", vectors(former), MODEL)
    assert found(index, analyzer, "清理证明") == ["n1-1"]
    index.write(later, "/later", vectors(later), MODEL)
    assert index.notice("n1") == later
    assert found(index, analyzer, "清理证明") == []
    assert found(index, analyzer, "联席会议") == ["n1-1"]
    assert sorted(nearest(index, "清理证明事项")) == ["n1-0", "n1-1"]
    assert index.record_by_path("/former") is None
    assert index.records_by_number("青政办〔2018〕1号") == []
    assert index.facets(None, [], Filters(district=("青溪区",)), 10).total == 0
    assert index.notices(Filters(district=("青溪区",)), 0, 10) == (0, [])
    held = index.statistics()
    assert (held.notices, held.items, held.vectors) == (1, 2, 2)


def test_writing_the_same_again_changes_nothing(index: Index, analyzer: Analyzer) -> None:
    written = notice("n1", item("推行执法公示"), item("公示执法结果"))
    other = notice("n2", item("执法公示培训"), number=None)
    for parsed in (written, other):
        index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
    before = index.lexical(analyzer.analyse("执法公示"), EVERY, 10), index.nearest(vector("a"), EVERY, 10)
    index.write(written, "/n1", vectors(written), MODEL)
    after = index.lexical(analyzer.analyse("执法公示"), EVERY, 10), index.nearest(vector("a"), EVERY, 10)
    assert [hit.item_id for hit in after[0]] == [hit.item_id for hit in before[0]]
    assert after[1] == before[1]
    assert index.statistics().items == 3


def test_a_removed_notice_is_found_nowhere(index: Index, analyzer: Analyzer) -> None:
    first, second = notice("n1", item("推行执法公示")), notice("n2", item("推行执法公示"))
    for parsed in (first, second):
        index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
    assert index.remove("n1") is True
    assert found(index, analyzer, "执法公示") == ["n2-0"]
    assert nearest(index, "推行执法公示") == ["n2-0"]
    assert index.facets(None, [], EVERY, 10).total == 1
    assert [record.notice.id for record in index.notices(EVERY, 0, 10)[1]] == ["n2"]
    assert index.remove("n1") is False
    assert index.remove("n2") is True
    assert nearest(index, "推行执法公示") == []


def test_stored_vectors_are_given_back_by_text(index: Index) -> None:
    written = notice("n1", item("推行执法公示"), item("清理证明事项"))
    index.write(written, "/n1", vectors(written), MODEL)
    texts = [embedded_text(held) for held in written.items]
    stored = index.item_vectors([*texts, "没有写过的文字"])
    assert sorted(stored) == sorted(texts)
    for text in texts:
        assert stored[text].dtype == np.float32
        np.testing.assert_allclose(stored[text], vector(text), atol=0.01)


def test_vectors_nobody_uses_any_more_are_forgotten(index: Index) -> None:
    shared = item("推行执法公示")
    first, second = notice("n1", shared, item("清理证明事项")), notice("n2", shared)
    for parsed in (first, second):
        index.write(parsed, f"/{parsed.notice.id}", vectors(parsed), MODEL)
    texts = [embedded_text(held) for held in first.items]
    assert sorted(index.item_vectors(texts)) == sorted(texts)
    rewritten = notice("n1", shared)
    index.write(rewritten, "/n1", vectors(rewritten), MODEL)
    assert list(index.item_vectors(texts)) == texts[:1]
    index.remove("n1")
    assert list(index.item_vectors(texts)) == texts[:1]
    index.remove("n2")
    assert index.item_vectors(texts) == {}


def test_another_model_is_refused_and_changes_nothing(index: Index) -> None:
    written = notice("n1", item("推行执法公示"))
    index.write(written, "/n1", vectors(written), MODEL)
    for parsed in (notice("n2", item("清理证明事项")), notice("n1", item("改写"))):
        with pytest.raises(ModelError) as refused:
            index.write(parsed, "/n2", vectors(parsed), "other-model")
        assert MODEL in refused.value.detail
        assert "other-model" in refused.value.detail
    assert index.fingerprint == MODEL
    assert index.notice("n1") == written
    assert index.record("n2") is None


def test_a_query_vector_of_another_length_is_refused(index: Index) -> None:
    written = notice("n1", item("推行执法公示"))
    index.write(written, "/n1", vectors(written), MODEL)
    with pytest.raises(ModelError, match=str(DIMENSION)):
        index.nearest(np.ones(DIMENSION + 1, np.float32), EVERY, 10)


def test_an_emptied_index_takes_another_model(index: Index) -> None:
    written = notice("n1", item("推行执法公示"))
    index.write(written, "/n1", vectors(written), MODEL)
    index.remove("n1")
    assert index.fingerprint is None
    index.write(written, "/n1", np.eye(1, 5, dtype=np.float32), "other-model")
    assert index.fingerprint == "other-model"
    assert [hit.item_id for hit in index.nearest(np.eye(1, 5, dtype=np.float32)[0], EVERY, 3)] == ["n1-0"]


def test_items_without_vectors_are_found_by_words_only(index: Index, analyzer: Analyzer) -> None:
    plain, embedded = notice("n1", item("推行执法公示")), notice("n2", item("推行执法公示"))
    index.write(plain, "/n1", None, None)
    assert index.fingerprint is None
    index.write(embedded, "/n2", vectors(embedded), MODEL)
    assert found(index, analyzer, "执法公示") == ["n1-0", "n2-0"]
    assert nearest(index, "推行执法公示") == ["n2-0"]
    assert [hit.item_id for hit in index.nearest(vector("a"), Filters(district=("青溪",)), 3)] == ["n2-0"]
    assert index.statistics().vectors == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (EVERY, ["n3", "n2", "n1", "n4"]),
        (Filters(district=("青溪区",)), ["n2", "n1", "n4"]),
        (Filters(district=("云杉", "青溪")), ["n3", "n2", "n1", "n4"]),
        (Filters(year=(YearRange(2016, 2018),)), ["n1"]),
        (Filters(year=(YearRange(2023, 2030), YearRange(2010, 2018))), ["n3", "n1"]),
        (Filters(doc_type=("实施方案",)), ["n2"]),
        (Filters(exclude_notice=("n2", "n3")), ["n1", "n4"]),
        (Filters(district=("青溪",), doc_type=("实施方案",), unit=("没有的单位",)), ["n2"]),
        (Filters(province=("不存在省",)), []),
    ],
)
def test_notices_are_listed_newest_first_within_the_filters(
    index: Index, filters: Filters, expected: list[str]
) -> None:
    for parsed in (
        notice("n1", item("甲"), date="2018-03-01", years=(2018, 2018)),
        notice("n4", item("丁"), date=None, years=None),
        notice("n3", item("丙"), date="2021-05-01", years=(2021, 2025), district="云杉区"),
        notice("n2", item("乙"), date="2019-03-01", years=(2019, 2019), doc_type="实施方案"),
    ):
        index.write(parsed, f"/{parsed.notice.id}", None, None)
    total, page = index.notices(filters, 0, 10)
    assert [record.notice.id for record in page] == expected
    assert total == len(expected)
    total, page = index.notices(filters, 1, 2)
    assert [record.notice.id for record in page] == expected[1:3]
    assert total == len(expected)


def test_a_notice_with_odd_characters_survives(index: Index, analyzer: Analyzer) -> None:
    odd = notice("编号 '\"; DROP TABLE items --", item("𠀀推行\u3000执法\x1f公示\n“引号”（括号）😀"))
    index.write(odd, "/路径/with space", None, None)
    assert index.notice(odd.notice.id) == odd
    assert found(index, analyzer, "执法") == [odd.items[0].id]
    assert index.remove(odd.notice.id) is True
    assert found(index, analyzer, "执法") == []


def test_a_file_that_became_another_notice_replaces_what_was_read_from_it(index: Index, analyzer: Analyzer) -> None:
    former, kept, now = (
        notice("n1", item("行政执法公示")),
        notice("n2", item("行政执法培训")),
        notice("n3", item("行政执法记录")),
    )
    index.write(former, "/plan.txt", vectors(former), MODEL)
    index.write(kept, "/other.txt", vectors(kept), MODEL)
    index.write(now, "/plan.txt", vectors(now), MODEL)
    assert index.record("n1") is None
    assert sorted(found(index, analyzer, "行政执法")) == ["n2-0", "n3-0"]
    assert sorted(nearest(index, "行政执法")) == ["n2-0", "n3-0"]
    record = index.record_by_path("/plan.txt")
    assert record is not None
    assert record.notice.id == "n3"
