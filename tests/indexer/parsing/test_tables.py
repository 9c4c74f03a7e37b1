import pytest

from corpus.citation import cite
from corpus.model import Document, ParsedNotice, Role, Source, Span, Table
from indexer.parsing import parse

HEAD = "甲市乙区人民政府办公室关于印发乙区2018年工作要点的通知\n各单位：\n现印发给你们。\n2018年5月9日\n乙区2018年工作要点\n"


def drawn(table: str) -> ParsedNotice:
    return parse(Document(f"{HEAD}一、任务分解\n{table}\n二、保障措施\n加强领导。\n", Source("a.txt", "0" * 64)))


def told(rows: list[list[str]], merged: dict[tuple[int, int], tuple[int, int]] | None = None) -> ParsedNotice:
    """A notice whose table the file's format tells; `merged` cells repeat the cell of another row."""
    text = HEAD + "一、任务分解\n"
    spans: list[list[Span]] = []
    for r, row in enumerate(rows):
        line: list[Span] = []
        for c, cell in enumerate(row):
            if merged and (r, c) in merged:
                other = merged[r, c]
                line.append(spans[other[0]][other[1]])
                continue
            line.append(Span(len(text), len(text) + len(cell)))
            text += cell + "\t"
        text = text[:-1] + "\n"
        spans.append(line)
    return parse(Document(text, Source("a.html", "0" * 64), tables=(Table(tuple(map(tuple, spans))),)))


def test_each_row_of_a_drawn_table_is_an_item() -> None:
    notice = drawn(
        "序号|重点任务|牵头单位|责任单位|完成时限\n1|清理文件。|区司法局|区政府办、各镇|6月底前\n2|公开文件。|区政府办||持续推进"
    )
    first, second, last = notice.items
    assert (first.label, first.text, first.path) == ("1.", "清理文件。", ("一、任务分解", "1."))
    assert [(u.name, u.role) for u in first.units] == [
        ("区司法局", Role.LEAD), ("区政府办", Role.RESPONSIBLE), ("各镇", Role.RESPONSIBLE),
    ]  # fmt: skip
    assert (first.schedule, first.deadlines) == ("6月底前", ("6月底前",))
    assert [(u.name, u.role) for u in second.units] == [("区政府办", Role.LEAD)]
    assert last.path == ("二、保障措施",)


def test_two_columns_of_words_are_heading_and_text() -> None:
    item = drawn("工作任务|工作要求|责任单位\n文件管理|清理文件并公布结果。|区司法局").items[0]
    assert (item.heading, item.text) == ("文件管理", "清理文件并公布结果。")


def test_row_without_a_number_is_cited_by_its_heading() -> None:
    notice = drawn("工作任务|工作要求|责任单位\n文件管理|清理文件并公布结果。|区司法局")
    assert cite(notice.notice, notice.items[0]).place == "一、“文件管理”"


@pytest.mark.parametrize("cell", ["区司法局\u3000区政府办", "区司法局 区政府办", "区司法局、区政府办"])
def test_units_of_a_cell_stand_between_spaces_or_commas(cell: str) -> None:
    item = told([["任务内容", "责任单位"], ["清理文件。", cell]]).items[0]
    assert [unit.name for unit in item.units] == ["区司法局", "区政府办"]


def test_cell_merged_over_rows_makes_one_item_of_them() -> None:
    rows = [["任务内容", "责任单位"], ["清理文件。", "区司法局"], ["", "区政府办"], ["公开文件。", "区档案局"]]
    notice = told(rows, {(2, 0): (1, 0)})
    assert [(item.text, [unit.name for unit in item.units]) for item in notice.items] == [
        ("清理文件。", ["区司法局", "区政府办"]),
        ("公开文件。", ["区档案局"]),
    ]


def test_area_merged_over_rows_stands_in_the_path_of_each() -> None:
    rows = [
        ["重点领域", "任务内容", "责任单位"],
        ["制度建设", "清理文件。", "区司法局"],
        ["", "公开文件。", "区政府办"],
    ]
    notice = told(rows, {(2, 0): (1, 0)})
    assert [item.path[1] for item in notice.items] == ["制度建设", "制度建设"]


def test_persons_are_no_units() -> None:
    item = drawn("重点工作|责任领导|责任单位\n清理文件。|张三|区司法局").items[0]
    assert [unit.name for unit in item.units] == ["区司法局"]


def test_table_of_figures_is_no_task_table() -> None:
    notice = drawn("年份|案件数|办结率\n2018|20|95%\n2019|30|96%")
    assert [item.path for item in notice.items] == [("一、任务分解",), ("二、保障措施",)]


def test_table_with_one_cell_a_line_is_read_row_by_row() -> None:
    notice = drawn(
        "具体要求\n责任科室\n时限要求\n清理文件，公布结果。\n法规科、秘书科\n6月底前\n公开文件。\n信息科\n持续推进"
    )
    assert [(i.text, [u.name for u in i.units], i.schedule) for i in notice.items[:2]] == [
        ("清理文件，公布结果。", ["法规科", "秘书科"], "6月底前"),
        ("公开文件。", ["信息科"], "持续推进"),
    ]
    assert notice.items[2].path == ("二、保障措施",)


def test_listed_table_with_persons_loses_no_character() -> None:
    notice = drawn(
        "序号\n重点工作\n责任领导\n责任单位\n完成时限\n1\n清理文件。\n张三\n区司法局\n6月底前\n2\n公开文件。\n李四\n区政府办\n全年"
    )
    assert [(i.label, i.text, [u.name for u in i.units]) for i in notice.items[:2]] == [
        ("1.", "清理文件。", ["区司法局"]),
        ("2.", "公开文件。", ["区政府办"]),
    ]
    owned = sum(block.span.end - block.span.start for block in notice.blocks)
    assert owned == len("".join(notice.document.text.split()))


def test_short_lines_that_are_no_heads_make_no_table() -> None:
    notice = drawn("（一）工作任务\n清理文件，公布结果。\n（二）责任单位\n公开文件，加强培训。")
    assert [item.heading for item in notice.items[:2]] == ["工作任务", "责任单位"]
