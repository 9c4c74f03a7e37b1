"""The desk as a Word document."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document

from corpus.model import Document as Text
from corpus.model import Source
from indexer.index.filters import Filters
from search_api.drafting.desk import Desk, complete, item_desks
from search_api.drafting.draft import read_draft
from search_api.exports.desk_document import file_name, write_desk
from search_api.search import SearchService

DAY = date(2026, 3, 2)
DRAFT = (
    "甲溪区2018年法治政府建设工作要点\n按照《澜海省2018年法治政府建设工作计划》（澜政办〔2018〕99号），制定本要点。\n"
    "一、领导干部带头学法。区政府常务会议会前学法每季度不少于1次，各单位班子集中学法每年不少于4次。（区司法局负责）\n"
    "二、<b>养好</b>小区里的\u202e猫和狗\x07。\n"
)


@pytest.fixture(scope="module")
def desk(lexical: SearchService) -> Desk:
    draft = read_draft(Text(DRAFT, Source("draft.txt", "0" * 64)))
    return complete(draft, list(item_desks(draft, lexical, Filters())), lexical)


def test_document_has_references_provisions_and_their_sources(desk: Desk) -> None:
    written = BytesIO()
    write_desk(desk, 7, DAY, written)
    document = Document(written)
    text = "\n".join(one.text for one in document.paragraphs)
    assert "写稿对照：甲溪区2018年法治政府建设工作要点" in text
    assert "第 7 次改动后" in text
    assert "2026-03-02" in text
    references, items = document.tables[0], document.tables[-1]
    assert references.rows[1].cells[1].text == "与收录的不符"
    first, second = items.rows[1].cells, items.rows[2].cells
    assert "牵头或负责：司法局 " in first[1].text
    assert "（青溪区2018、" in first[1].text
    assert "《青溪区2018年法治政府建设工作安排》（云青政办〔2018〕36号）七、（二十）" in first[2].text
    assert "<b>养好</b>小区里的猫和狗。" in second[0].text
    assert "没有足够相近的先例" in second[1].text


def test_name_of_the_file_can_be_used_everywhere(desk: Desk) -> None:
    assert file_name(desk, DAY) == "写稿对照-甲溪区2018年法治政府建设工作要点-2026-03-02.docx"
