"""Synonyms: the file, its faults, and the phrases found in queries."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.folding import fold
from analyzers.lexicon.synonyms import (
    MOST_EXPANSIONS,
    Synonym,
    SynonymKind,
    SynonymTable,
    read_synonyms,
    shipped_synonyms,
)
from corpus.errors import LexiconError

HEAD = "phrase\texpansions\tkind\tboth\tsource"
SHIPPED = SynonymTable(shipped_synonyms())


def row(phrase: str, *expansions: str, both: bool = False) -> Synonym:
    return Synonym(phrase, expansions, SynonymKind.TERM, both, "通用")


def written(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "词表.tsv"
    file.write_text("\n".join((head, *lines)), encoding="utf-8")
    return file


def found(table: SynonymTable, query: str) -> list[tuple[str, int]]:
    folded = fold(query)
    return [(folded[match.start : match.end], match.start) for match in table.find(folded)]


# Reading a file


def test_a_row_is_read_folded_with_its_kind_direction_and_source(tmp_path: Path) -> None:
    file = written(tmp_path, "互联网＋监管\t非现场监管、Ａ级 信用\tterm\tyes\t某某条例第三条")
    wanted = Synonym("互联网+监管", ("非现场监管", "a级信用"), SynonymKind.TERM, True, "某某条例第三条")
    assert read_synonyms(file) == (wanted,)


@pytest.mark.parametrize(
    "text",
    [
        f"# 注释\n\n{HEAD}\n# 又一条\n\n踢皮球\t推诿\tcolloquial\tno\t通用\n",
        f"\ufeff{HEAD}\r\n踢皮球\t推诿\tcolloquial\tno\t通用\r\n",
        f"{HEAD}\n 踢皮球 \t推诿\tcolloquial \tno\t通用 ",
    ],
    ids=["comments and empty lines", "byte order mark and CRLF", "white space around fields"],
)
def test_what_editors_and_spreadsheets_leave_is_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "词表.tsv"
    file.write_bytes(text.encode())
    assert [(row.phrase, row.expansions, row.source) for row in read_synonyms(file)] == [("踢皮球", ("推诿",), "通用")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("踢皮球 推诿 colloquial no 通用", "有 1 栏，应有 5 栏"),
        ("踢皮球\t推诿\tcolloquial\tno", "有 4 栏，应有 5 栏"),
        ("\t推诿\tcolloquial\tno\t通用", "没有词语"),
        ("——\t推诿\tcolloquial\tno\t通用", "没有词语"),
        ("踢\t推诿\tcolloquial\tno\t通用", "有 1 字，应为 2 至 20 字"),
        (f"{'踢' * 21}\t推诿\tcolloquial\tno\t通用", "有 21 字，应为 2 至 20 字"),
        ("踢皮球\t推诿、、扯皮\tcolloquial\tno\t通用", "对应词有空缺"),
        ("踢皮球\t推诿、\tcolloquial\tno\t通用", "对应词有空缺"),
        (f"踢皮球\t{'推' * 41}\tcolloquial\tno\t通用", "有 41 字，应为 2 至 40 字"),
        ("踢皮球\t推诿、甲乙、丙丁、戊己、庚辛、壬癸\tcolloquial\tno\t通用", "有 6 个对应词，最多 5 个"),
        ("踢皮球\t推诿、踢 皮 球\tcolloquial\tno\t通用", "对应到它自己"),
        ("踢皮球\t推诿、推诿\tcolloquial\tno\t通用", "有重复"),
        ("踢皮球\t推诿\t口语\tno\t通用", "类别“口语”无效，应为 abbreviation、colloquial、term、agency 之一"),
        ("踢皮球\t推诿\tcolloquial\t是\t通用", "“是”无效"),
        ("踢皮球\t推诿\tcolloquial\tno\t", "没有写来源"),
        ("打 太 极\t推诿\tcolloquial\tno\t通用", "“打太极”在第 2 行已经有了"),
    ],
)
def test_a_faulty_row_is_refused_with_file_line_and_reason(tmp_path: Path, line: str, reason: str) -> None:
    file = written(tmp_path, "打太极\t推诿\tcolloquial\tno\t通用", "# 注释", line)
    with pytest.raises(LexiconError) as raised:
        read_synonyms(file)
    assert raised.value.code == "lexicon"
    assert raised.value.detail.startswith(f"{file} 第 4 行：")
    assert reason in raised.value.detail


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "缺少表头"),
        ("踢皮球\t推诿\tcolloquial\tno\t通用".encode(), "缺少表头"),
        (HEAD.replace("\t", ",").encode(), "缺少表头"),
        (f"{HEAD}\n踢皮球\t推诿\tcolloquial\tno\t通用".encode("gb18030"), "不是 UTF-8"),
        (f"{HEAD}\n踢皮球\t推诿\tcolloquial\tno\t通用".encode("utf-16"), "不是 UTF-8"),
    ],
    ids=["empty", "no head", "commas", "GB18030", "UTF-16"],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    file = tmp_path / "词表.tsv"
    file.write_bytes(content)
    with pytest.raises(LexiconError, match=reason):
        read_synonyms(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"没有\.tsv：无法读取"):
        read_synonyms(tmp_path / "没有.tsv")


def test_a_file_of_a_head_alone_has_no_rows(tmp_path: Path) -> None:
    assert read_synonyms(written(tmp_path)) == ()


# Finding phrases

TABLE = SynonymTable(
    [
        row("三项制度", "执法公示", "全过程记录", both=True),
        row("三项", "甲乙"),
        row("制度建设", "立规矩"),
        row("一把手", "主要负责人"),
        row("一把手述法", "年终述法"),
        row("互联网+监管", "非现场监管", both=True),
        row("执法公示", "信息公开"),
    ]
)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", []),
        ("量子力学", []),
        ("三项制度", [("三项制度", 0)]),
        ("落实三项制度的一把手", [("三项制度", 2), ("一把手", 7)]),
        ("一把手一把手述法", [("一把手", 0), ("一把手述法", 3)]),
        ("三项制度建设", [("三项制度", 0)]),
        ("三项，制度建设", [("三项", 0), ("制度建设", 3)]),
        ("三", []),
        ("ＩＮＴＥＲＮＥＴ 互联网＋监管", [("互联网+监管", 8)]),
        ("三 项 制 度", [("三项制度", 0)]),
        ("全过程记录", [("全过程记录", 0)]),
        ("主要负责人", []),
    ],
    ids=[
        "empty query",
        "nothing known",
        "alone",
        "several, with their places",
        "the longest at each place",
        "from the left, without overlap",
        "punctuation parts",
        "half a phrase",
        "full width and capitals",
        "spaced letters",
        "the other way round",
        "not the other way round",
    ],
)
def test_phrases_are_found_in_queries(query: str, wanted: list[tuple[str, int]]) -> None:
    assert found(TABLE, query) == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("三项制度", ("执法公示", "全过程记录")),
        ("全过程记录", ("三项制度",)),
        ("执法公示", ("信息公开", "三项制度")),
        ("非现场监管", ("互联网+监管",)),
    ],
    ids=["its own row", "a row turned round", "its own row before one turned round", "a term of two"],
)
def test_a_match_says_what_notices_write(query: str, wanted: tuple[str, ...]) -> None:
    (match,) = TABLE.find(query)
    assert match.expansions == wanted


@pytest.mark.parametrize(
    ("query", "bounds", "wanted"),
    [
        ("落实三项制度", {0, 2, 6}, [("三项制度", 2)]),
        ("落实三项制度", {0, 2, 4, 6}, [("三项制度", 2)]),
        ("第一把手", {0, 2, 4}, []),
        ("一把手腕", {0, 1, 2, 4}, []),
        ("一把手述法会", {0, 3, 6}, [("一把手述法", 0)]),
    ],
    ids=[
        "between bounds",
        "a bound inside",
        "begins inside a word",
        "ends inside a word",
        "a long one wherever words end",
    ],
)
def test_phrases_are_found_between_bounds(query: str, bounds: set[int], wanted: list[tuple[str, int]]) -> None:
    assert [(query[match.start : match.end], match.start) for match in TABLE.find(query, bounds)] == wanted


def test_a_match_names_the_rows_that_explain_it() -> None:
    (match,) = TABLE.find("执法公示")
    assert [(synonym.phrase, synonym.source) for synonym in match.synonyms] == [("执法公示", "通用")] * 2


def test_expansions_of_several_rows_are_distinct_and_few() -> None:
    table = SynonymTable(
        [row("甲乙", "丙丁"), row("丙丁", "甲乙", both=True), *(row(f"词{n}", "甲乙", both=True) for n in range(9))]
    )
    (match,) = table.find("甲乙")
    assert match.expansions == ("丙丁", "词0", "词1", "词2", "词3")
    assert len(match.expansions) == MOST_EXPANSIONS


def test_a_users_row_takes_the_place_of_the_shipped_one() -> None:
    shipped = [row("三统一", "统一登记", both=True), row("红头文件", "规范性文件")]
    table = SynonymTable(shipped, [row("三统一", "统一着装")])
    assert [match.expansions for match in table.find("三统一红头文件")] == [("统一着装",), ("规范性文件",)]
    assert found(table, "统一登记") == []


def test_a_row_without_expansions_leaves_its_phrase_alone(tmp_path: Path) -> None:
    shipped = [row("一把手", "主要负责人"), row("一把手述法", "年终述法"), row("放管服", "简政放权", both=True)]
    own = read_synonyms(written(tmp_path, "一把手述法\t\tterm\tno\t通用", "简政放权\t\tterm\tno\t通用"))
    table = SynonymTable(shipped, own)
    assert found(table, "一把手述法") == []
    assert found(table, "一把手") == [("一把手", 0)]
    assert found(table, "简政放权与放管服") == [("放管服", 5)]


def test_a_users_file_alone_leaves_the_shipped_rows_out(tmp_path: Path) -> None:
    table = SynonymTable(read_synonyms(written(tmp_path, "小红本\t执法证件\tcolloquial\tno\t通用")))
    assert found(table, "小红本和红头文件") == [("小红本", 0)]


def test_an_empty_table_finds_nothing() -> None:
    assert SynonymTable().find("三项制度") == []


def test_the_digest_follows_what_is_found_and_not_the_sources() -> None:
    rows = [row("甲乙", "丙丁"), row("戊己", "庚辛")]
    same = SynonymTable([replace(rows[0], source="某某条例"), rows[1]])
    others = [
        SynonymTable(rows[:1]),
        SynonymTable([rows[0], row("戊己", "壬癸")]),
        SynonymTable([rows[0], row("戊己", "庚辛", both=True)]),
        SynonymTable([rows[0], replace(rows[1], kind=SynonymKind.COLLOQUIAL)]),
    ]
    assert SynonymTable(rows).digest == same.digest
    assert len({SynonymTable(rows).digest, *(table.digest for table in others)}) == 5


@given(st.text(alphabet="三项制度建设一把手述法公示执，+a ", max_size=60))
def test_matches_lie_in_order_in_the_query_and_do_not_overlap(query: str) -> None:
    folded = fold(query)
    matches = TABLE.find(folded)
    ends = [0, *(match.end for match in matches)]
    assert all(end <= match.start < match.end <= len(folded) for end, match in zip(ends, matches, strict=False))
    assert all(TABLE.find(folded[match.start : match.end])[0].synonyms == match.synonyms for match in matches)


# The shipped rows


def test_the_shipped_rows_cover_each_kind() -> None:
    counts = Counter(synonym.kind for synonym in shipped_synonyms())
    assert counts[SynonymKind.ABBREVIATION] >= 100
    assert counts[SynonymKind.COLLOQUIAL] >= 250
    assert counts[SynonymKind.TERM] >= 120


def test_each_shipped_row_explains_its_phrase() -> None:
    assert [synonym.phrase for synonym in shipped_synonyms() if not synonym.expansions] == []


def test_no_shipped_expansion_holds_its_phrase_or_lies_in_it() -> None:
    # Words and grams find it without the row: 罚款 → 罚款处罚 would only count 罚款 twice.
    pairs = [(synonym.phrase, expansion) for synonym in shipped_synonyms() for expansion in synonym.expansions]
    assert [pair for pair in pairs if pair[0] in pair[1] or pair[1] in pair[0]] == []


def test_no_shipped_row_repeats_what_another_says_the_other_way_round() -> None:
    rows = {synonym.phrase: synonym for synonym in shipped_synonyms()}
    turned = [
        (expansion, synonym.phrase) for synonym in rows.values() if synonym.both for expansion in synonym.expansions
    ]
    assert [pair for pair in turned if pair[0] in rows and pair[1] in rows[pair[0]].expansions] == []


def test_everyday_words_hold_one_way_only() -> None:
    # Notices don't write them, so looking for them there finds nothing or something else.
    everyday = [synonym for synonym in shipped_synonyms() if synonym.kind == SynonymKind.COLLOQUIAL]
    assert [synonym.phrase for synonym in everyday if synonym.both] == []


@pytest.mark.parametrize(
    ("query", "phrase", "expansion"),
    [
        ("放管服改革怎么写", "放管服", "简政放权"),
        ("“双随机、一公开”监管", "双随机、一公开", "随机抽查"),
        ("落实 三项 制度", "三项制度", "重大执法决定法制审核"),
        ("清理红头文件", "红头文件", "规范性文件"),
        ("推行权力清单制度", "权力清单", "权责清单"),
        ("规范自由裁量权", "自由裁量权", "行政裁量权基准"),
        ("领导拍脑袋定项目", "拍脑袋", "重大行政决策"),
        ("窗口人员吃拿卡要", "吃拿卡要", "工作作风"),
        ("政府说过的话不算数", "不算数", "守信践诺"),
        ("告了政府没人去开庭", "开庭", "出庭应诉"),
        ("拆房子没走程序", "走程序", "法定程序"),
    ],
)
def test_shipped_rows_lead_from_what_is_typed_to_what_notices_write(query: str, phrase: str, expansion: str) -> None:
    folded = fold(query)
    matches = {folded[match.start : match.end]: match.expansions for match in SHIPPED.find(folded)}
    assert expansion in matches[phrase]


@pytest.mark.parametrize(
    "query",
    [
        "互联网平台",
        "通报批评",
        "举行会议",
        "报送法规",
        "扩大数据范围",
        "期限内行使",
        "法人治理结构",
        "分批地推进",
        "定制服务",
    ],
)
def test_shipped_phrases_do_not_stretch_over_other_words(query: str) -> None:
    assert found(SHIPPED, query) == []
