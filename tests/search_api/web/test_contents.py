import pytest

from corpus.model import TaskItem
from indexer.parsing import parse
from indexer.reading import read_document
from search_api.annotated import annotate
from search_api.web.contents import Heading, around, contents, title
from tests.contract.notices import item
from tests.search_api.conftest import SAMPLES

PARSED = parse(read_document(SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"))


def flat(headings: tuple[Heading, ...]) -> list[Heading]:
    return [one for heading in headings for one in (heading, *flat(heading.below))]


def test_every_line_of_the_outline_is_there_once_and_in_order() -> None:
    headings = flat(contents(PARSED.items))
    assert [one.number for one in headings] == list(range(len(headings)))
    assert [one.item_id for one in headings if one.item_id] == [one.id for one in PARSED.items]


def test_numbers_are_those_of_the_annotated_outline() -> None:
    entries = annotate(PARSED).entries
    for heading in flat(contents(PARSED.items)):
        entry = entries[heading.number]
        assert (entry.item.id if entry.item else None) == heading.item_id
        assert entry.inferred == heading.inferred


def test_around_an_item_only_its_branch_is_unfolded() -> None:
    whole = contents(PARSED.items)
    for wanted in PARSED.items:
        shown = flat(around(whole, wanted.id))
        assert [one.text for one in around(whole, wanted.id)] == [one.text for one in whole]
        assert wanted.id in [one.item_id for one in shown]
        unfolded = [one for one in shown if one.below]
        assert all(one.holds(wanted.id) for one in unfolded)
        assert len(unfolded) == len(wanted.path) - 1


@pytest.mark.parametrize(
    ("heading", "text", "shown"),
    [
        ("（一）清理文件", "清理文件。逐件审查。", "（一）清理文件"),
        ("（一）", "清理文件。", "（一）清理文件"),
        ("（一）", "清理文件。逐件审查。", "（一）清理文件…"),
        ("（一）", "逐" * 30, f"（一）{'逐' * 24}…"),
    ],
)
def test_item_without_a_heading_is_called_as_its_text_begins(heading: str, text: str, shown: str) -> None:
    assert title(item(text, heading)) == shown


def test_nothing_has_no_contents() -> None:
    assert contents(list[TaskItem]()) == ()
