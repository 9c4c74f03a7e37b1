import pytest

from search_api.web.chips import standing


@pytest.mark.parametrize(
    ("plain", "queries", "expected"),
    [
        (["去年"], ["去年 备案"], ("去年",)),
        (["去年", "前年"], ["去年 备案"], ("去年",)),
        (["去年", "去年"], ["去年 备案"], ("去年",)),
        (["行政复议"], ["行政复义", "行政复议"], ("行政复议",)),
        (["app 备案"], ["ＡＰＰ备案"], ("app 备案",)),
        (["*"], ["备案"], ("*",)),
        (["", " ", "\u3000"], ["备案 审查"], ()),
        (["备案"], [""], ()),
    ],
)
def test_only_texts_of_the_query_stay_plain(plain: list[str], queries: list[str], expected: tuple[str, ...]) -> None:
    assert standing(plain, *queries) == expected
