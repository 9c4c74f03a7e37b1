import pytest

from indexer.parsing.labels import Style, match_damaged, match_label, numeral
from indexer.parsing.numerals import is_subsequence, to_chinese, to_int


@pytest.mark.parametrize(
    ("line", "style", "number", "rest"),
    [
        ("一、总体目标", Style.CHINESE, 1, "总体目标"),
        ("（二十一）加大培训", Style.CHINESE_BRACKET, 21, "加大培训"),
        ("1.切实履行", Style.ARABIC, 1, "切实履行"),
        ("12、完善机制", Style.ARABIC, 12, "完善机制"),
        ("1.12月底前出台办法", Style.ARABIC, 1, "12月底前出台办法"),
        ("3.2025年完成", Style.ARABIC, 3, "2025年完成"),
        ("（3）建立台账", Style.ARABIC_BRACKET, 3, "建立台账"),
        ("3）建立台账", Style.ARABIC_BRACKET, 3, "建立台账"),
        ("②建立台账", Style.CIRCLED, 2, "建立台账"),
        ("第三章法律责任", Style.CHAPTER, 3, "法律责任"),
    ],
)
def test_intact_label(line: str, style: Style, number: int, rest: str) -> None:
    match = match_label(line)
    assert match is not None
    assert (match.style, match.number, line[match.length :]) == (style, number, rest)


@pytest.mark.parametrize("line", ["3.1万条", "2021年完成", "十二届全会", "责任单位：甲局", "一是加强", "（甲局负责）"])
def test_text_is_no_intact_label(line: str) -> None:
    assert match_label(line) is None


@pytest.mark.parametrize(
    ("line", "printed", "rest"),
    [
        ("）推进协同", "", "推进协同"),
        ("（十深化改革", "十", "深化改革"),
        ("二十）加强监督", "二十", "加强监督"),
        ("11完善机制", "11", "完善机制"),
    ],
)
def test_damaged_label(line: str, printed: str, rest: str) -> None:
    match = match_damaged(line)
    assert match is not None
    assert not match.intact
    assert (match.numeral, line[match.length :]) == (printed, rest)


@pytest.mark.parametrize("line", ["11月底前完成", "7个部门", "100户企业", "（三）完整", "加快推进"])
def test_quantity_is_no_damaged_label(line: str) -> None:
    assert match_damaged(line) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十四", 34),
        ("一百零五", 105),
        ("二〇一八", 2018),
        ("甲", None),
    ],
)
def test_numeral_value(text: str, value: int | None) -> None:
    assert to_int(text) == value


def test_chinese_numerals_are_their_own_inverse() -> None:
    assert [to_int(to_chinese(n)) for n in range(1, 100)] == list(range(1, 100))


def test_lost_characters_leave_a_subsequence() -> None:
    assert is_subsequence("十", "十二")
    assert is_subsequence("", "七")
    assert not is_subsequence("二", "四")
    assert numeral(Style.CIRCLED, 3) == "③"
