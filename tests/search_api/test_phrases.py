import pytest

from search_api import phrases
from search_api.phrases import LEAST_NOTICES, PhraseCounter


def counted(*notices: list[set[str]], names: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    """Phrases with their numbers of notices and items. A heading has its words between slashes."""
    counter = PhraseCounter(lambda text: [word for word in text.split("/") if word], names)
    for items in notices:
        counter.add(items)
    return {phrase.text: (phrase.notices, phrase.items) for phrase in counter.phrases()}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("规范性/文件", {"规范性文件"}),
        ("加强/规范性/文件", {"加强规范性文件"}),  # its parts are frequent only within it
        ("双随机一公开", {"双随机一公开"}),
        ("执法", set()),  # too short to be worth a suggestion
        ("的/执法/监督/和", {"执法监督"}),
        ("行政/执法/，/行政/复议", {"行政执法", "行政复议"}),
        ("2018/年/行政/执法", {"行政执法"}),
        ("青溪区/行政/执法", {"行政执法"}),
    ],
)
def test_phrases_of_a_heading_begin_and_end_with_a_word(heading: str, expected: set[str]) -> None:
    notices = [[{heading}]] * LEAST_NOTICES
    assert set(counted(*notices, names=("青溪区",))) == expected


def test_phrase_must_occur_in_several_notices_and_counts_items_once() -> None:
    once = [{"行政/复议"}] * 9
    twice_under = [{"行政/执法", "严格/行政/执法"}, {"行政/执法"}]
    assert counted(once, twice_under, [{"行政/执法"}], [{"行政/执法"}]) == {"行政执法": (3, 4)}


def test_part_of_a_phrase_stays_where_it_is_mostly_found_alone() -> None:
    whole, part = [{"重大/行政/决策"}], [{"行政/决策"}] * 5
    assert counted(whole, whole, whole, part) == {"行政决策": (4, 8), "重大行政决策": (3, 3)}


def test_phrases_of_one_notice_are_dropped_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "_MOST_COUNTED", 50)
    frequent = [{"行政/执法"}]
    rare = [[{f"第一/{number:c}{number:c}"}] for number in range(0x4E00, 0x4E00 + 200)]
    assert counted(frequent, frequent, frequent, *rare)["行政执法"] == (3, 3)
