from collections.abc import Iterator
from dataclasses import replace

import pytest

from analyzers.terms import Analyzer
from corpus.citation import cite
from corpus.errors import QueryError
from corpus.model import Label, ParsedNotice, TaskItem
from indexer.index.embedded import EmbeddedIndex
from indexer.index.filters import Filters
from search_api.citation_check import CitationCheck
from search_api.search import SearchService
from tests.contract.notices import item, notice

TITLE, NUMBER = "甲区2018年法治政府建设工作要点", "甲政办〔2018〕36号"
OTHER, OTHER_NUMBER = "乙区2019年法治政府建设工作要点", "乙政办〔2019〕7号"
RIGHT = f"《{TITLE}》（{NUMBER}）三、（四）"


def titled(parsed: ParsedNotice, title: str, number: str | None) -> ParsedNotice:
    return replace(parsed, notice=replace(parsed.notice, title=title, notice_title=None, document_number=number))


def placed(text: str, *labels: str) -> TaskItem:
    return replace(item(text), path=labels, labels=tuple(map(Label, labels)))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, analyzer: Analyzer) -> Iterator[SearchService]:
    index = EmbeddedIndex.open(tmp_path_factory.mktemp("cited"), analyzer)
    items = (
        placed("文件印发后十五日内报送备案。", "三、", "（四）"),
        placed("第一段（一）。\n第二段。", "三、", "（五）", "1."),
        placed("另一条。", "三、", "（五）", "2."),
        placed("重号的前一条。", "四、", "（二）"),
        placed("重号的后一条。", "四、", "（二）"),
        placed("十三部分的一条。", "十三、"),
    )
    index.write(titled(notice("n1", *items), TITLE, NUMBER), "/n1", None, None)
    index.write(titled(notice("n2", items[0]), OTHER, OTHER_NUMBER), "/n2", None, None)
    index.write(titled(notice("n3", items[0], date=None), "丙县《实施纲要》工作方案", None), "/n3", None, None)
    index.write(titled(notice("n4", items[0]), "丁县工作要点", None), "/n4", None, None)
    yield SearchService(index, analyzer, None)
    index.close()


@pytest.mark.parametrize(
    ("citation", "state", "items", "said"),
    [
        (RIGHT, "exact", 1, ""),
        (f"  {RIGHT}\n", "exact", 1, ""),
        (f"《{TITLE}》（{NUMBER}）三、（五）1", "exact", 1, ""),
        (f"《{TITLE}》（{NUMBER}）三、（五）1.", "differs", 1, "应写作"),
        (f"《{TITLE}》（{NUMBER}）四、（二）", "exact", 2, "2 条的引文相同"),
        (f"《{TITLE}》(甲政办[2018]36号)三、(四)", "differs", 1, RIGHT),
        (f"《{TITLE}》三、（四）", "differs", 1, RIGHT),
        (f"{NUMBER}三、（四）", "differs", 1, RIGHT),
        (f"《{TITLE}》（{NUMBER}）三（四）", "differs", 1, RIGHT),
        (f"《{TITLE}》（{OTHER_NUMBER}）三、（四）", "differs", 2, f"是《{OTHER}》的文号"),
        (f"《{TITLE}》（丁政办〔2018〕99号）三、（四）", "differs", 1, f"文号是 {NUMBER}"),
        ("《丙县〈实施纲要〉工作方案》三、（四）", "exact", 1, ""),
        ("《丁县工作要点》（2018-03-01）三、（四）", "exact", 1, ""),
        ("《丁县工作要点》三、（四）", "differs", 1, "（2018-03-01）三、（四）"),
        ("《丙县《实施纲要》工作方案》三、（四）", "differs", 1, "应写作"),
        (f"《{TITLE}》（{NUMBER}）", "notice", 0, "没有写到哪一条"),
        (f"《{TITLE}》（{NUMBER}）九、（九）", "notice", 0, "没有这一条"),
        (f"《{TITLE}》（{NUMBER}）三、（五）", "notice", 2, "下面还有几条"),
        (f"《{TITLE}》（{NUMBER}）三、", "notice", 3, "下面还有几条"),
        ("《戊区2018年工作要点》（戊政办〔2018〕1号）三、（四）", "not_held", 0, "没有收录"),
    ],
)  # fmt: skip
def test_citation_leads_to_what_is_held(
    service: SearchService, citation: str, state: str, items: int, said: str
) -> None:
    check = service.check_citation(citation)
    assert (check.state, len(check.items)) == (state, items), check.notes
    assert said in "".join(check.notes)
    assert not (state == "exact" and not said and check.notes)


@pytest.mark.parametrize(
    ("place", "quotation", "expected", "said"),
    [
        ("三、（四）", "十五日内报送备案", "verbatim", ""),
        ("三、（四）", "十五 日内报送备案", "folded", "只有全角半角"),
        ("三、（四）", "三十日内报送备案", "absent", "不在这一条里"),
        ("三、（五）1", "第一段(一)。第二段", "folded", "只有全角半角"),
        ("三、（五）1", "（一）。\n第二段", "verbatim", ""),
        ("三、（四）", "", None, ""),
        ("四、（二）", "重号的后一条", "verbatim", "引文相同"),
    ],
)
def test_quoted_words_are_looked_for_in_the_provision(
    service: SearchService, place: str, quotation: str, expected: str | None, said: str
) -> None:
    check = service.check_citation(f"《{TITLE}》（{NUMBER}）{place}", quotation)
    assert check.items[0].quotation == expected
    assert said in "".join(check.notes)


@pytest.mark.parametrize("text", ["", "三、（四）", "《》三、（四", "法治政府建设工作要点第三条"])
def test_text_that_is_no_citation_is_refused(service: SearchService, text: str) -> None:
    with pytest.raises(QueryError, match="文号") as refused:
        service.check_citation(text)
    assert refused.value.code == "bad_citation"


def test_too_long_a_citation_is_refused(service: SearchService) -> None:
    for arguments in (("《" + "甲" * 1000 + "》",), (RIGHT, "甲" * 20_001)):
        with pytest.raises(QueryError, match="请缩短"):
            service.check_citation(*arguments)


def test_every_citation_of_the_samples_leads_back_to_its_item(lexical: SearchService) -> None:
    missed: list[CitationCheck] = []
    for record in lexical.index.notices(Filters(), 0, 100)[1]:
        parsed = lexical.index.notice(record.notice.id)
        for one in parsed.items:
            check = lexical.check_citation(cite(parsed.notice, one).text, one.text)
            if check.state != "exact" or check.items[0].item.id != one.id:
                missed.append(check)
    assert missed == []
