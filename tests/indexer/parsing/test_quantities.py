import pytest

from corpus.model import ItemKind
from indexer.parsing.lines import FoldedText
from indexer.parsing.quantities import find_deadlines, find_targets


@pytest.mark.parametrize(
    ("text", "schedule", "expected"),
    [
        ("12月底前出台办法", None, ["12月底前"]),
        ("在2019年第一季度报告", None, ["2019年第一季度"]),
        ("于6月5日前报区法制办", None, ["6月5日前"]),
        ("并自公布之日起15日内备案", None, ["自公布之日起15日内"]),
        ("2022年10月底前完成", None, ["2022年10月底前"]),
        ("年底前完成", None, ["年底前"]),
        ("及时办理，定期通报，持续推进", None, []),
        ("巩固2016年清查成果", None, []),
        ("落实《纲要（2021-2025年）》", None, []),
        ("完善机制", "持续推进，到2024年取得重大进展", ["到2024年"]),
        ("完善机制", "2021底前实现全覆盖", ["2021底前"]),
        (
            "完善机制",
            "2022年第二季度成立小组，2022年内建立机制，2023年内取得进展",
            ["2022年第二季度", "2022年内", "2023年内"],
        ),
        ("完善机制", "2021年均建立；2025年进一步健全", ["2021年", "2025年"]),
    ],
)
def test_deadlines(text: str, schedule: str | None, expected: list[str]) -> None:
    folded = FoldedText(schedule).text if schedule else None
    assert list(find_deadlines(FoldedText(text).text, folded, ItemKind.TASK)) == expected


def test_goal_names_years_at_the_head_of_a_clause() -> None:
    text = "2022年，能力提升；到2023年，取得突破。"
    assert find_deadlines(text, None, ItemKind.GOAL) == ("2022年", "到2023年")
    assert find_deadlines(text, None, ItemKind.TASK) == ("到2023年",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("集体学法每年不少于9次", ["每年不少于9次"]),
        ("培训班不少于一期", ["不少于一期"]),
        ("持证率达到85%以上", ["达到85%以上"]),
        ("开展2次专项检查", ["2次"]),
        ("应当有一名以上公职律师", ["一名以上"]),
        ("每季度开展一次评查", ["每季度开展一次"]),
        ("实现公安等7个部门调解组织全覆盖", ["实现公安等7个部门调解组织全覆盖"]),
        ("推动7个部门调解组织全覆盖", ["7个部门调解组织全覆盖"]),
        ("推进“最多跑一次”改革", []),
        ("在市场监管等四个领域先行", []),
        ("分期分批举办，一批成熟一批公布", []),
        ("2018年第3次常务会议", []),
    ],
)
def test_targets(text: str, expected: list[str]) -> None:
    assert list(find_targets(FoldedText(text).text, None, ItemKind.TASK)) == expected


def test_what_a_report_counts_is_no_target() -> None:
    assert find_targets("共开展4次学法，办结率100%", None, ItemKind.RESULT) == ()
    assert find_deadlines("2022年底前完成", None, ItemKind.RESULT) == ()
