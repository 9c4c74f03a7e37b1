from dataclasses import replace

import pytest

from corpus.model import TaskItem
from search_api.drafting.usual import Usual, usuals
from tests.search_api.drafting.conftest import draft_from, notice_text


def told(usual: tuple[Usual, ...]) -> list[tuple[str, int, bool]]:
    return [(one.value, len(one.item_ids), one.in_draft) for one in usual]


def held(*texts: str) -> list[TaskItem]:
    """A provision of each of several districts."""
    drafts = (draft_from(notice_text(text, "公开文件。", number=number)) for number, text in enumerate(texts, 1))
    found = [draft.items[0].parsed for draft in drafts]
    return [replace(item, id=str(number)) for number, item in enumerate(found) if item]


def test_units_are_counted_under_their_present_names_whatever_the_level() -> None:
    [draft, *_] = draft_from(notice_text("清理文件。（牵头单位：区司法局；配合单位：区财政局）")).items
    usual = usuals(
        draft,
        held(
            "清理文件。（牵头单位：区法制办；配合单位：区财政局）",
            "清理文件。（县司法局负责）",
            "清理文件。（牵头单位：市司法局、市政府办；配合单位：市财政局）",
        ),
    )
    assert told(usual.charged) == [("司法局", 3, True)]
    assert told(usual.supporting) == [("财政局", 2, True)]
    assert usual.charged[0].item_ids == ("0", "1", "2")


def test_deadlines_of_other_years_are_one_and_so_are_the_names_of_the_last_day() -> None:
    [draft, *_] = draft_from(notice_text("清理文件。")).items
    usual = usuals(draft, held("2018年12月底前清理文件。", "12月底前清理文件。", "年底前清理文件。"))
    assert told(usual.deadlines) == [("12月底前", 3, False)]


def test_targets_are_counted_where_two_agree() -> None:
    [draft, *_] = draft_from(notice_text("组织集体学法每年不少于4次。")).items
    usual = usuals(
        draft, held("组织集体学法每年不少于4次。", "集体学法，每年不少于4次。", "组织集体学法每年不少于6次。")
    )
    assert told(usual.targets) == [("每年不少于4次", 2, True)]


def test_basis_is_what_precedents_name_and_the_draft_does_not() -> None:
    [draft, *_] = draft_from(notice_text("按照《甲市备案办法》第三条清理文件。")).items
    usual = usuals(
        draft,
        held(
            "按照《甲市备案办法》清理文件。",
            "按照《甲市备案办法》第三条、《清理规定》第八条清理文件。",
            "按照《清理规定》第八条清理文件。",
        ),
    )
    assert told(usual.basis) == [("《清理规定》第8条", 2, False)]


def test_paragraph_that_was_not_parsed_still_names_its_documents() -> None:
    [draft] = draft_from("按照《甲市备案办法》清理全部规范性文件。").items
    assert draft.parsed is None
    usual = usuals(draft, held(*["按照《甲市备案办法》清理文件。"] * 3))
    assert usual.basis == ()


@pytest.mark.parametrize("precedents", [0, 2])
def test_from_too_few_precedents_nothing_is_told(precedents: int) -> None:
    [draft, *_] = draft_from(notice_text("清理文件。")).items
    assert usuals(draft, held(*["清理文件。（区司法局负责）"] * precedents)).charged == ()
