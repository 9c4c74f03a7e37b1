import pytest

from indexer.parsing.lines import FoldedText
from indexer.parsing.references import find_aliases, find_references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依据《实施方案》第7条规定", [("实施方案", None, ("7",))]),
        ("依据《实施方案》第12、13条规定", [("实施方案", None, ("12", "13"))]),
        ("《纲要》第十二至十四条", [("纲要", None, ("12", "13", "14"))]),
        ("《纲要》第三十四至三十六条", [("纲要", None, ("34", "35", "36"))]),
        ("《纲要》第12-14条", [("纲要", None, ("12", "13", "14"))]),
        ("《条例》第十二条第二款第（三）项", [("条例", None, ("12",))]),
        ("《条例》第五条、第九条", [("条例", None, ("5", "9"))]),
        ("《甲》第1条、《乙》", [("甲", None, ("1",)), ("乙", None, ())]),
        ("《关于某事的通知》（中办发〔2016〕71号）", [("关于某事的通知", "中办发〔2016〕71号", ())]),
        ("《甲区贯彻〈纲要（2015-2020年）〉方案》", [("甲区贯彻〈纲要（2015-2020年）〉方案", None, ())]),
        ("《甲区贯彻《纲要》方案》第3条", [("甲区贯彻《纲要》方案", None, ("3",))]),
        ("按国发〔2016〕9号第三条执行", [("", "按国发〔2016〕9号", ("3",))]),
        ("没有文件，2021-2025年", []),
        ("《没有结束", []),
    ],
)
def test_references_with_articles(text: str, expected: list[tuple[str, str | None, tuple[str, ...]]]) -> None:
    found = [(r.title, r.document_number, r.articles) for r in find_references(FoldedText(text).text)]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "short", "title", "number"),
    [
        (
            "《甲区法治实施方案》(甲发[2016]12号)(以下简称《实施方案》)的要求",
            "实施方案",
            "甲区法治实施方案",
            "甲发〔2016〕12号",
        ),
        ("《甲市督察细则》（甲法办〔2022〕9号，以下简称《细则》）", "细则", "甲市督察细则", None),
        ("《关于某事的规定》（以下简称“规定”）", "规定", "关于某事的规定", None),
        (
            "贯彻《法治政府建设实施纲要（2015-2020年）》，抓好《纲要》落实",
            "纲要",
            "法治政府建设实施纲要（2015-2020年）",
            None,
        ),
    ],
)
def test_short_names(text: str, short: str, title: str, number: str | None) -> None:
    aliases = {alias.short: alias for alias in find_aliases(FoldedText(text).text)}
    assert aliases[short].title == title
    if number:
        assert aliases[short].document_number == number


def test_title_that_ends_two_longer_ones_is_no_short_name() -> None:
    assert find_aliases("《甲市条例》《乙市条例》和《条例》") == ()
