import random
import re
from pathlib import Path

import pytest

from corpus.model import Document, ParsedNotice, Source
from indexer.confidence import WEIGHTS, Assessment, assess
from indexer.doubts import find_doubts
from indexer.parsing import parse
from indexer.reading import read_document

FOLDER = Path(__file__).parents[2] / "corpus" / "samples"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".txt", ".md"})
WITH_ITEMS = [path for path in SAMPLES if not path.stem.startswith("不含任务")]
REAL = Path(__file__).parents[3] / "shared" / "notices"

GOOD = """甲市乙区人民政府办公室关于印发乙区2018年法治政府建设工作要点的通知

乙政办〔2018〕7号

各街道办事处，区直各部门：

《乙区2018年法治政府建设工作要点》已经区政府同意，现印发给你们，请认真贯彻执行。

甲市乙区人民政府办公室
2018年5月9日

乙区2018年法治政府建设工作要点

一、健全制度

（一）清理规范性文件。全面清理现行规范性文件，年底前公布目录。（区司法局牵头，区财政局配合）

（二）完善决策程序。严格执行重大行政决策程序规定，落实公众参与。（区政府办牵头，区司法局配合）

（三）加强备案审查。对报送备案的文件逐件审查，及时提出处理意见。（区司法局牵头，区教育局配合）

二、规范执法

（四）推行三项制度。执法过程全程记录，重大决定必须经法制审核。（区司法局牵头，区应急局配合）

（五）组织案卷评查。每季度抽查一次执法案卷，评查结果予以通报。（区司法局牵头，区民政局配合）

（六）开展执法培训。执法人员每年参加培训，考试不合格的不得上岗。（区司法局牵头，区人社局配合）
"""


def parsed(text: str) -> ParsedNotice:
    return parse(Document(text, Source("a.txt", "0" * 64)))


def assessed(text: str) -> Assessment:
    return assess(parsed(text))


def losing(pattern: str, text: str, strength: float) -> str:
    """The text without a share of what `pattern` finds, the same ones each time."""
    chance = random.Random(7)
    return re.sub(pattern, lambda found: "" if chance.random() < strength else found[0], text, flags=re.M)


@pytest.mark.parametrize(
    ("before", "after", "code", "words"),
    [
        ("（区司法局牵头，区应急局配合）", "", "no_units", "必须经法制审核。"),
        ("予以通报。（区司法局牵头", "予以（区司法局牵头", "unfinished", "评查结果予以"),
        ("组织案卷评查。每季度", "组织案卷（评查。每季度", "half_bracket", "组织案卷（评查"),
        ("每季度抽查一次", "每季度-12-抽查一次", "frame_line", "-12-"),
        ("组织案卷评查。每季度", "组织案卷评查，责任单位：区民政局，每季度", "unit_words", "责任单位："),
        ("及时提出处理意见。", "及时提出处理意见。（四）建立台账。", "inner_label", "（四）"),
        ("（二）完善决策程序", "（三）完善决策程序", "label_order", "（三）"),
        ("（四）推行三项制度", "（九）推行三项制度", "section_start", "（九）"),
        ("（区司法局牵头，区人社局配合）", "（区司法局牵头，区人社局区教育局区民政局区财政局区应急局配合）", "odd_unit", "区人社局区教育局"),
        ("执法过程全程记录，", "|执法过程|全程记录|，", "cells", "|全程记录|"),
        ("（五）组织案卷评查。", "（五）、组织案卷评查，", "no_heading", "予以通报。"),
        ("组织案卷评查。每季度", "组织案卷评查。" + "每季度抽查执法案卷。" * 60 + "每季度", "long", "每季度抽查执法案卷。"),
        ("《乙区2018年法治政府建设工作要点》已经区政府同意", "《要点》" + "已经区政府反复研究讨论" * 30, "outside", "反复研究讨论"),
    ],
)  # fmt: skip
def test_what_looks_wrong_is_found_at_its_place(before: str, after: str, code: str, words: str) -> None:
    assert GOOD.count(before) == 1
    text = GOOD.replace(before, after)
    found = [doubt for doubt in assessed(text).doubts if doubt.code == code]
    assert found, [doubt.code for doubt in assessed(text).doubts]
    spans = [doubt.span for doubt in found if doubt.span]
    assert any(words in text[span.start : span.end] for span in spans), [text[s.start : s.end] for s in spans]
    assert assessed(text).confidence < assessed(GOOD).confidence


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("乙政办〔2018〕7号\n", "number_missing"),
        ("甲市乙区人民政府办公室\n2018年5月9日\n", "date_missing"),
        ("（[一二三四五六]）|[一二]、", "no_items"),
        ("2018年", "years_missing"),
    ],
)
def test_what_a_notice_lacks_is_said_once_and_without_a_place(lost: str, code: str) -> None:
    found = [doubt for doubt in assessed(re.sub(lost, "", GOOD)).doubts if doubt.code == code]
    assert [doubt.span for doubt in found] == [None]


def test_notice_without_faults_has_no_doubt_about_its_items() -> None:
    assert {doubt.code for doubt in assessed(GOOD).doubts} <= {"province_unknown"}
    assert assessed(GOOD).confidence >= 0.98


def test_notice_without_items_is_not_trusted() -> None:
    text = (FOLDER / "不含任务的通知.txt").read_text(encoding="utf-8")
    assert assessed(text).confidence < 0.1


@pytest.mark.parametrize("path", WITH_ITEMS, ids=lambda path: path.stem)
def test_confidence_of_samples_is_high_unless_the_copy_is_damaged(path: Path) -> None:
    confidence = assess(parse(read_document(path))).confidence
    assert (confidence >= 0.9) is not path.stem.startswith("澄湖区")


@pytest.mark.skipif(not REAL.exists(), reason="the real notices are not beside the project")
def test_damaged_copy_is_the_least_trusted_of_the_real_notices() -> None:
    confidences = {path.stem: assess(parse(read_document(path))).confidence for path in sorted(REAL.glob("*.txt"))}
    assert min(confidences, key=confidences.__getitem__) == "001"
    assert all(confidence >= 0.95 for name, confidence in confidences.items() if name != "001")


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(r"\S", id="characters"),
        pytest.param(r"\n+", id="line-breaks"),
        pytest.param(r"^[（(]?[一二三四五六七八九十\d]+", id="labels"),
    ],
)
def test_confidence_falls_as_damage_grows(lost: str) -> None:
    texts = [read_document(path).text for path in WITH_ITEMS]
    means = [
        sum(assessed(losing(lost, text, strength)).confidence for text in texts) / len(texts)
        for strength in (0.0, 0.05, 0.2, 0.5)
    ]
    assert means == sorted(means, reverse=True)
    assert means[-1] < means[0] - 0.2


def test_every_doubt_lies_in_the_text_and_has_a_weight() -> None:
    for path in WITH_ITEMS:
        text = losing(r"[\n（）《》一二三四]", read_document(path).text, 0.2)
        for doubt in find_doubts(parsed(text)):
            assert doubt.code in WEIGHTS
            assert doubt.span is None or 0 <= doubt.span.start < doubt.span.end <= len(text)


def test_confidence_is_a_share_for_any_damage() -> None:
    for text in ("", "。", "一、", GOOD[: len(GOOD) // 2], GOOD * 3, GOOD[::-1]):
        assert 0 <= assessed(text).confidence <= 1
