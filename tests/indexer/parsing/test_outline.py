import pytest

from indexer.parsing.lines import FoldedText
from indexer.parsing.numbering import number_nodes
from indexer.parsing.outline import build_outline


def outline(text: str) -> list[tuple[int, str, bool]]:
    """Depth, label and whether it was inferred, in document order."""
    folded = FoldedText(text)
    _, nodes = build_outline(folded.lines)
    number_nodes(nodes, folded)
    return [(len(node.ancestors()), node.label, node.inferred) for node in nodes]


def labels(text: str) -> list[str]:
    return [("*" if inferred else "") + label for _, label, inferred in outline(text)]


def test_levels_nest_and_restart() -> None:
    text = "一、甲\n（一）乙\n1.丙。\n2.丁。\n（二）戊\n1.己。\n二、庚\n（一）辛。"
    assert [(depth, label) for depth, label, _ in outline(text)] == [
        (1, "一、"), (2, "（一）"), (3, "1."), (3, "2."), (2, "（二）"), (3, "1."), (1, "二、"), (2, "（一）"),
    ]  # fmt: skip


def test_numbering_that_runs_on_across_sections_is_kept() -> None:
    assert labels("一、甲\n（一）乙。\n（二）丙。\n二、丁\n（三）戊。") == [
        "一、",
        "（一）",
        "（二）",
        "二、",
        "（三）",
    ]


def test_repeated_numeral_is_kept_as_printed() -> None:
    assert labels("一、甲\n（一）乙。\n（二）丙。\n（三）丁。\n（二）戊。\n二、己\n（一）庚。")[4] == "（二）"


@pytest.mark.parametrize(
    ("damaged", "restored"),
    [
        ("（十）丁", "*（十一）"),
        ("（十丁", "*（十一）"),
        ("十）丁", "*（十一）"),
        ("）丁", "*（十一）"),
        ("（十一）丁", "（十一）"),
    ],
)
def test_numeral_with_lost_characters_is_restored_and_marked(damaged: str, restored: str) -> None:
    before = "\n".join(f"（{n}）甲\n{i}.乙。" for i, n in enumerate("一二三四五六七八九十", 1))
    assert labels(f"一、总\n{before}\n{damaged}\n11.戊。\n（十二）己\n12.庚。")[-4] == restored


def test_heading_whose_label_is_lost_is_found_and_marked() -> None:
    text = "一、总\n（一）甲\n1.乙。\n（二）丙\n2.丁。\n加快推进戊\n3.己。\n（四）庚\n4.辛。"
    assert labels(text)[5:7] == ["*（三）", "3."]


def test_headings_without_numbers_above_numbered_provisions_are_headings() -> None:
    text = "加强组织领导\n1.清理文件。\n2.公开文件。\n规范执法行为\n3.加强培训。\n4.组织考试。"
    assert outline(text) == [
        (1, "", True), (2, "1.", False), (2, "2.", False), (1, "", True), (2, "3.", False), (2, "4.", False),
    ]  # fmt: skip


def test_one_short_line_before_the_provisions_is_no_heading() -> None:
    assert labels("现提出如下要求\n1.清理文件。\n2.公开文件。") == ["1.", "2."]


def test_introduction_between_heading_and_items_is_no_heading() -> None:
    text = "一、总\n（一）甲\n着力抓好以下工作\n1.乙。\n（二）丙\n着力抓好以下工作\n2.丁。"
    assert labels(text) == ["一、", "（一）", "1.", "（二）", "2."]


def test_page_broken_unit_clause_is_no_heading() -> None:
    text = "一、总\n（一）甲。\n责任单位：乙局牵头，各街道和\n区直各有关部门按职责分别负责（依据《方案》第1条）\n（二）丙。\n二、丁\n（三）戊。"
    assert labels(text) == ["一、", "（一）", "（二）", "二、", "（三）"]


def test_year_and_quantity_at_the_start_of_a_line_are_no_labels() -> None:
    assert labels("一、总\n1.甲\n2021年建成。\n36、这不是序号。\n2.乙。") == ["一、", "1.", "2."]


def test_label_without_stop_counts_only_in_sequence() -> None:
    assert labels("一、总\n1.甲。\n2完善乙。\n9完善丙。\n3.丁。") == ["一、", "1.", "2.", "3."]
