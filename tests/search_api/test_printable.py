import pytest

from search_api.printable import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("\t缩进", "\t缩进"),
        ("\x1b[31m红\x1b[0m", "[31m红[0m"),
        ("响\x07铃\x00", "响铃"),
        ("依法\u202e行政\u202c", "依法行政"),
        ("\u2066隔离\u2069\u200f\u061c", "隔离"),
        ("半\ud800个", "半个"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_what_steers_is_left_out_and_everything_else_stays(text: str, shown: str) -> None:
    assert printable(text) == shown
