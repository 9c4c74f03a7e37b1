import pytest

from indexer.parsing import parse
from indexer.reading import read_document
from search_api.drafting.draft import MOST_ITEMS, read_draft
from tests.search_api.conftest import SAMPLES
from tests.search_api.drafting.conftest import draft_from, notice_text

HELD = SAMPLES / "青溪区2018年法治政府建设工作安排.txt"


def test_numbered_draft_is_its_provisions() -> None:
    document = read_document(HELD)
    draft, parsed = read_draft(document), parse(document)
    assert [item.text for item in draft.items] == [item.text for item in parsed.items]
    assert draft.items[0].path[-1] == "（一）做好机构改革的法治保障"
    assert (draft.notice.id, draft.title, draft.left_out) == (parsed.notice.id, parsed.notice.title, 0)


def test_draft_without_numbers_is_its_paragraphs_and_long_ones_are_cut_between_sentences() -> None:
    sentence = "各单位应当在决定作出之日起七个工作日内公开执法结果，并按季度汇总报送区司法局备查。"
    text = f"关于公开\n\n{sentence}\n  各镇街每半年组织一次执法人员培训。\n{sentence * 20}"
    draft = draft_from(text)
    assert [item.text for item in draft.items[:2]] == [sentence, "各镇街每半年组织一次执法人员培训。"]
    rest = draft.items[2:]
    assert "".join(item.text for item in rest) == sentence * 20
    assert all(len(item.text) <= 300 and item.text.endswith("。") for item in rest)
    assert [text[item.span.start : item.span.end] for item in draft.items] == [item.text for item in draft.items]


@pytest.mark.parametrize("text", ["", "\n \n", "关于公开"])
def test_text_that_says_nothing_has_no_provisions(text: str) -> None:
    assert draft_from(text).items == ()


def test_damaged_characters_do_not_get_into_the_search() -> None:
    [item] = draft_from("各镇街每半年组织一次\0执法人员\ud800培训。").items
    assert item.text == "各镇街每半年组织一次执法人员?培训。"


def test_provisions_beyond_the_limit_are_counted() -> None:
    draft = draft_from("各镇街每半年组织一次执法人员培训并考核。\n" * (MOST_ITEMS + 3))
    assert (len(draft.items), draft.left_out) == (MOST_ITEMS, 3)


def test_documents_are_named_once_with_all_articles_and_the_draft_does_not_name_itself() -> None:
    draft = draft_from(
        notice_text(
            "落实《甲市备案办法》第三条。（区司法局负责）",
            "依据《甲市备案办法》第五条清理文件，执行《行政处罚法》。（区司法局负责）",
        )
    )
    named = [(one.named.document, one.named.articles, one.orders) for one in draft.references]
    assert named == [("甲市备案办法", ("3", "5"), (1, 2)), ("行政处罚法", (), (2,))]


def test_draft_with_tables_cannot_be_read_again_from_its_text() -> None:
    assert read_draft(read_document(SAMPLES / "鹭洲区2020年法治政府建设工作要点.html")).text is None


def test_draft_can_be_read_again_from_its_text_without_what_frames_its_pages() -> None:
    draft = read_draft(read_document(SAMPLES / "石帆县2021年法治政府建设重点任务分工方案.docx"))
    assert draft.text
    assert "公报" not in draft.text
    assert [item.text for item in draft_from(draft.text).items] == [item.text for item in draft.items]
