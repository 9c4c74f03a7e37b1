from dataclasses import replace
from typing import Any

import pytest

from corpus.citation import citations, cite
from corpus.identity import item_id, notice_id
from corpus.model import ItemKind, Label, Notice, Provenance, Source, Span, TaskItem

NOTICE = Notice(
    id="0" * 12,
    title="甲区2018年法治政府建设工作安排",
    notice_title=None,
    document_number="甲政办〔2018〕7号",
    issuer="甲区人民政府办公室",
    date_issued="2018-05-09",
    province=None,
    city=None,
    district="甲区",
    plan_year_start=2018,
    plan_year_end=2018,
    doc_type="工作安排",
    aliases=(),
    source=Source("a.txt", "0" * 64),
)


def item(path: tuple[str, ...], labels: tuple[Label, ...]) -> TaskItem:
    return TaskItem(
        id="0" * 12 + "-001",
        notice_id="0" * 12,
        order=1,
        kind=ItemKind.TASK,
        label=labels[-1].text,
        path=path,
        labels=labels,
        heading=None,
        text="开展案卷评查。",
        units=(),
        units_raw=None,
        schedule=None,
        deadlines=(),
        targets=(),
        basis=(),
        mentions=(),
        span=Span(0, 7),
    )


INFERRED = Provenance.INFERRED


@pytest.mark.parametrize(
    ("path", "labels", "place"),
    [
        (("三、决策", "（四）"), (Label("三、"), Label("（四）")), "三、（四）"),
        (("一、职能", "（二）改革", "3."), (Label("一、"), Label("（二）"), Label("3.")), "一、（二）3"),
        (("一、总体目标",), (Label("一、"),), "一"),
        (
            ("三、制度", "（八）加强监督", "19."),
            (Label("三、"), Label("（八）", INFERRED), Label("19.")),
            "三、“加强监督”19",
        ),
        (("三、制度", "（八）"), (Label("三、"), Label("（八）", INFERRED)), "三、（原文序号缺失）"),
    ],
)
def test_citation_shows_printed_labels_and_never_an_inferred_one(
    path: tuple[str, ...], labels: tuple[Label, ...], place: str
) -> None:
    citation = cite(NOTICE, item(path, labels))
    assert citation.place == place
    assert str(citation) == f"《甲区2018年法治政府建设工作安排》（甲政办〔2018〕7号）{place}"


def test_citation_without_number_gives_the_date() -> None:
    citation = cite(replace(NOTICE, document_number=None), item(("一、",), (Label("一、"),)))
    assert str(citation) == "《甲区2018年法治政府建设工作安排》（2018-05-09）一"


def test_citation_nests_title_marks() -> None:
    citation = cite(replace(NOTICE, title="贯彻《纲要》实施方案"), item(("一、",), (Label("一、"),)))
    assert str(citation).startswith("《贯彻〈纲要〉实施方案》（")


def test_citation_holds_the_hash_of_the_text() -> None:
    changed = replace(item(("一、",), (Label("一、"),)), text="开展案卷评审。")
    assert cite(NOTICE, changed).sha256 != cite(NOTICE, item(("一、",), (Label("一、"),))).sha256


@pytest.mark.parametrize(
    ("changes", "entry"),
    [
        ({}, "甲区人民政府办公室. 甲区2018年法治政府建设工作安排: 甲政办〔2018〕7号[A]. 2018: 三、（四）."),
        ({"issuer": None}, "甲区2018年法治政府建设工作安排: 甲政办〔2018〕7号[A]. 2018: 三、（四）."),
        ({"document_number": None}, "甲区人民政府办公室. 甲区2018年法治政府建设工作安排[A]. 2018: 三、（四）."),
        (
            {"date_issued": None},
            "甲区人民政府办公室. 甲区2018年法治政府建设工作安排: 甲政办〔2018〕7号[A]. 三、（四）.",
        ),
        (
            {"issuer": None, "document_number": None, "date_issued": None},
            "甲区2018年法治政府建设工作安排[A]. 三、（四）.",
        ),
        (
            {"issuer": "甲区委、甲区政府", "title": "《纲要》方案"},
            "甲区委, 甲区政府. 《纲要》方案: 甲政办〔2018〕7号[A]. 2018: 三、（四）.",
        ),
        (
            {"issuer": "甲、乙、丙、丁", "document_number": None},
            "甲, 乙, 丙, 等. 甲区2018年法治政府建设工作安排[A]. 2018: 三、（四）.",
        ),
    ],
)
def test_reference_leaves_out_what_is_unknown(changes: dict[str, Any], entry: str) -> None:
    held = item(("三、决策", "（四）"), (Label("三、"), Label("（四）")))
    assert citations(replace(NOTICE, **changes), held).gbt7714 == entry


@pytest.mark.parametrize(
    ("path", "labels", "place"),
    [
        (("三、决策", "（四）"), (Label("三、"), Label("（四）")), "第三部分第（四）项"),
        (("一、职能", "（二）改革", "3."), (Label("一、"), Label("（二）"), Label("3.")), "第一部分第（二）项第3点"),
        (
            ("一、督察", "第一，", "（1）"),
            (Label("一、"), Label("第一，"), Label("（1）")),
            "第一部分第一项第（1）小点",
        ),
        (("第二章", "①"), (Label("第二章"), Label("①")), "第二章①"),
        (("12",), (Label("12"),), "第12项"),
        (
            ("三、制度", "（八）加强监督", "19."),
            (Label("三、"), Label("（八）", INFERRED), Label("19.")),
            "第三部分“加强监督”第19点",
        ),
        (("三、制度", "（八）"), (Label("三、"), Label("（八）", INFERRED)), "第三部分（原文序号缺失）"),
    ],
)
def test_phrase_in_a_sentence_names_each_level(path: tuple[str, ...], labels: tuple[Label, ...], place: str) -> None:
    forms = citations(NOTICE, item(path, labels))
    assert forms.in_text == f"《甲区2018年法治政府建设工作安排》（甲政办〔2018〕7号）{place}"
    assert forms.text == cite(NOTICE, item(path, labels)).text


def test_link_has_the_address_where_one_is_known() -> None:
    held = item(("一、",), (Label("一、"),))
    assert citations(NOTICE, held).link is None
    linked = citations(NOTICE, held, "http://localhost/items/a-001").link
    assert linked == "《甲区2018年法治政府建设工作安排》（甲政办〔2018〕7号）一 http://localhost/items/a-001"


def test_notice_id_ignores_width_and_white_space_but_not_the_title() -> None:
    same = notice_id("甲政办〔2018〕7号", None, "甲区 2018 年安排（试行）", None)
    assert notice_id("甲政办〔2018〕7号", "别的机关", "甲区2018年安排(试行)", "2018-01-01") == same
    assert notice_id("甲政办〔2018〕7号", None, "甲区2019年安排", None) != same


def test_notice_without_number_is_told_apart_by_issuer_and_date() -> None:
    one = notice_id(None, "甲区人民政府", "工作要点", "2018-01-01")
    assert notice_id(None, "乙区人民政府", "工作要点", "2018-01-01") != one
    assert notice_id(None, "甲区人民政府", "工作要点", "2019-01-01") != one


def test_item_ids_sort_in_document_order() -> None:
    assert [item_id("a", n) for n in (1, 20, 100)] == sorted(item_id("a", n) for n in (1, 20, 100))
