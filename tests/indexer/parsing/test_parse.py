import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import BlockKind, Document, ItemKind, ParsedNotice, Provenance, Source
from indexer.parsing import parse
from indexer.reading import File, find_files, read_document

FOLDER = Path(__file__).parents[3] / "corpus" / "samples"
SAMPLES = [file.path for file in find_files([FOLDER]) if isinstance(file, File)]
PLAIN = [path for path in SAMPLES if path.suffix == ".txt"]
REAL = sorted((Path(__file__).parents[4] / "shared" / "notices").glob("*.txt"))


def parsed(text: str) -> ParsedNotice:
    return parse(Document(text, Source("a.txt", "0" * 64)))


def assert_lossless(notice: ParsedNotice) -> None:
    """Every character that is not white space lies in exactly one block, and every item's text in its blocks."""
    text = notice.document.text
    owner = [0] * len(text)
    for block in notice.blocks:
        assert 0 <= block.span.start < block.span.end <= len(text)
        for i in range(block.span.start, block.span.end):
            owner[i] += 1
    invisible = "\ufeff\u200b\u200c\u200d\u2060\u00ad"
    wrong = [i for i, c in enumerate(text) if not c.isspace() and c not in invisible and owner[i] != 1]
    assert wrong == [], [(i, text[max(0, i - 5) : i + 5], owner[i]) for i in wrong[:3]]
    for item in notice.items:
        mine = [block for block in notice.blocks if block.kind is BlockKind.TEXT and block.item_order == item.order]
        assert all(item.span.start <= block.span.start and block.span.end <= item.span.end for block in mine)
        source = "".join(text[block.span.start : block.span.end] for block in mine)
        assert "".join(item.text.split()) == "".join(source.split())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_character_of_a_sample_is_lost(path: Path) -> None:
    assert_lossless(parse(read_document(path)))


@pytest.mark.skipif(not REAL, reason="the real notices are not beside the project")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_no_character_of_a_real_notice_is_lost(path: Path) -> None:
    assert_lossless(parse(read_document(path)))


PIECES = st.sampled_from([
    "甲区人民政府办公室关于印发甲区2018年工作要点的通知", "甲政办〔2018〕7号", "各单位：", "2018年5月9日", "甲区2018年工作要点",
    "一、健全制度", "（一）落实责任。", "（二", "）推进", "1.12月底前出台办法。", "2. 加强监督，", "十、", "（责任单位：区司法局、各镇（街道））",
    "责任单位：区法制办牵头，区财政局和", "区直各部门按职责分别负责（依据《方案》第1、2条）", "进度安排：持续推进", "《没有结束", "**粗体。**", "## ",
    "抄送：区委办。", "来源：某网", "（", "〕", "》", "\u3000", "\n", "\n\n", "\r\n", " ", "\ufeff", "\u200b", "\x0c", "😀", "①甲；②乙。", "序号|工作任务|责任单位\n", "序号\n重点工作\n责任领导\n责任单位\n", "1\n清理文件。\n张三\n区司法局\n", "1|清理文件|区司法局\n", "2||区政府办\n", "|", "第三条", "2021-2025年",
])  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_character_of_any_mixture_is_lost(text: str) -> None:
    assert_lossless(parsed(text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_character_of_any_text_is_lost(text: str) -> None:
    assert_lossless(parsed(text))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(PLAIN))
def test_no_character_of_a_damaged_sample_is_lost(seed: int, path: Path) -> None:
    chance = random.Random(seed)
    text = read_document(path).text
    for _ in range(20):
        at = chance.randrange(len(text))
        cut = chance.choice([0, 1, 1, 2, 5])
        text = text[:at] + chance.choice(["", "\n", "\n\n", "（", "）", " "]) + text[at + cut :]
    assert_lossless(parsed(text))


def test_parsing_is_repeatable() -> None:
    for path in SAMPLES[:4]:
        document = read_document(path)
        assert parse(document) == parse(document)


COVER = (
    "甲市乙区人民政府办公室关于印发乙区2018年法治政府建设工作要点的通知\n甲乙政办〔2018〕7号\n各镇政府：\n现将要点印发给你们。"
    "一并提出如下要求：\n一、加强领导。\n二、抓好落实。\n甲市乙区人民政府办公室\n2018年5月9日\n乙区2018年法治政府建设工作要点\n"
)


def test_requests_of_a_cover_letter_are_no_items() -> None:
    notice = parsed(COVER + "一、健全制度\n（一）清理文件。（区司法局负责）\n（二）公开文件。（区政府办负责）\n")
    assert [item.text for item in notice.items] == ["清理文件。", "公开文件。"]
    assert notice.notice.title == "乙区2018年法治政府建设工作要点"


def test_roles_in_running_text_are_no_unit_clause() -> None:
    notice = parsed(COVER + "一、健全制度\n（一）各责任单位要切实承担牵头责任，配合做好检查。\n")
    assert notice.items[0].units == ()
    assert notice.items[0].text.startswith("各责任单位")


def test_unit_clause_split_by_page_break_is_rejoined() -> None:
    notice = parsed(
        COVER
        + "一、健全制度\n（一）清理文件。\n责任单位：区司法局牵头，新区管委会、各\n\n街道办事处按职责分别负责（依据《方案》第3条）\n"
    )
    assert [unit.name for unit in notice.items[0].units] == ["区司法局", "新区管委会", "各街道办事处"]
    assert notice.items[0].basis[0].articles == ("3",)


def test_text_split_by_page_break_inside_a_word_is_rejoined() -> None:
    others = "（二）清理文件，公布结果。\n（三）加强培训，组织考试。\n"
    notice = parsed(COVER + "一、健全制度\n（一）推进管理公开、服务公\n\n开、结果公开。\n" + others)
    assert notice.items[0].text == "推进管理公开、服务公开、结果公开。"


@pytest.mark.parametrize("number", ["— 3 —", "-3-", "－ 3 －", "· 3 ·", "第 3 页", "第3页 共9页", "3/9"])
def test_page_number_inside_a_sentence_is_no_part_of_it(number: str) -> None:
    others = "（二）清理文件，公布结果。\n（三）加强培训，组织考试。\n"
    notice = parsed(f"{COVER}一、健全制度\n（一）推进管理公开、服务公\n\n{number}\n\n开、结果公开。\n{others}")
    assert notice.items[0].text == "推进管理公开、服务公开、结果公开。"
    assert len(notice.items) == 3


def test_basis_bracket_left_open_ends_with_its_paragraph() -> None:
    notice = parsed(
        COVER
        + "一、健全制度\n（一）清理文件。\n责任单位：区司法局（依据《关于清理的通知》（甲发〔2016〕1号）\n（二）公开文件。\n责任单位：区政府办\n"
    )
    assert [(b.document, b.document_number) for b in notice.items[0].basis] == [("关于清理的通知", "甲发〔2016〕1号")]
    assert notice.items[1].text == "公开文件。"


def test_closing_words_behind_the_last_item_are_not_its_text() -> None:
    notice = parsed(COVER + "一、健全制度\n（一）清理文件。\n责任单位：区司法局\n各单位要在2018年底前完成。\n")
    assert notice.items[-1].text == "清理文件。"
    assert notice.items[-1].deadlines == ()
    assert any(block.kind is BlockKind.CLOSING for block in notice.blocks)


def test_inferred_label_says_so_and_warns() -> None:
    notice = parsed(
        COVER
        + "一、健全制度\n（一）甲\n1.清理文件。\n（二）乙\n2.公开文件。\n加快推进丙\n3.加强培训。\n（四）丁\n4.加强考核。\n"
    )
    third = notice.items[2]
    assert third.path[1] == "（三）加快推进丙"
    assert third.labels[1].provenance is Provenance.INFERRED
    assert third.provenance is Provenance.PRINTED
    assert "label_inferred" in [warning.code for warning in notice.warnings]


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("一、总体目标\n到2025年，全面建成。", ItemKind.GOAL),
        ("一、指导思想\n坚持依法行政。", ItemKind.REQUIREMENT),
        ("一、工作要求\n（一）加强领导。", ItemKind.REQUIREMENT),
        ("一、主要任务\n（一）清理文件。（区司法局负责）", ItemKind.TASK),
        ("一、工作要求\n（一）制定计划。（区司法局负责）", ItemKind.TASK),
    ],
)
def test_kind_of_item(section: str, kind: ItemKind) -> None:
    assert parsed(COVER + section).items[0].kind is kind


def test_report_tells_results_from_plans() -> None:
    notice = parsed(
        "甲市乙区人民政府关于2022年法治政府建设情况的报告\n乙区人大常委会：\n现报告如下：\n一、2022年工作情况\n（一）清理文件50件。\n"
        "二、存在问题\n一是力量不足。\n三、2023年工作思路\n（一）加强培训。\n甲市乙区人民政府\n2023年1月5日\n"
    )
    assert notice.notice.doc_type == "情况报告"
    assert [item.kind for item in notice.items] == [ItemKind.RESULT, ItemKind.RESULT, ItemKind.TASK]


def test_text_without_numbered_provisions_gives_no_items_and_says_so() -> None:
    notice = parsed("甲区人民政府办公室关于转发某文件的通知\n各单位：\n现将文件转发给你们，请遵照执行。\n")
    assert notice.items == ()
    assert "no_items" in [warning.code for warning in notice.warnings]
