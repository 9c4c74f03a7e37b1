from collections import Counter

import pytest

from search_api.understanding.data import read_words


@pytest.mark.parametrize(
    ("name", "columns"), [("confusions.tsv", 2), ("joint_offices.tsv", 3), ("look_alikes.tsv", 1), ("questions.tsv", 3)]
)
def test_rows_are_complete_and_none_is_twice(name: str, columns: int) -> None:
    rows = read_words(name)
    assert {len([cell for cell in row if cell]) for row in rows} == {columns}
    assert not [row for row, times in Counter(row[0] for row in rows).items() if times > 1 and columns != 3]


def test_corrections_are_not_confusions_themselves() -> None:
    typed = [wrong for wrong, _ in read_words("confusions.tsv")]
    assert not [right for _, right in read_words("confusions.tsv") if any(wrong in right for wrong in typed)]
