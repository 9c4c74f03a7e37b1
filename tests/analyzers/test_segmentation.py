"""Segmentation, compared with jieba itself."""

import re
from importlib.util import find_spec
from pathlib import Path

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import segmentation
from analyzers.segmentation import Segmenter, load_segmenter

GENERAL = load_segmenter([])

PASSAGE = (
    "深化行政审批制度改革，全面推行行政执法公示制度、执法全过程记录制度、重大执法决定法制审核制度。"
    "各街道办事处、区直各有关部门要将统一公开的权责清单于2018年12月底前报送区政府法制办备案，"
    "并组织行政机关负责人出庭应诉，妥善化解矛盾纠纷，确保老百姓的合法权益不受侵害。"
    "市场监督管理局会同公安分局对辖区内小作坊开展专项检查，研究生命科学的乒乓球拍卖完了。"
)


def test_words_are_those_of_jieba_in_search_mode() -> None:
    tokenizer = jieba.Tokenizer()
    # Not initialize(), which would load what anyone left in the shared temporary folder.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    for block in re.findall(r"\w+", PASSAGE):
        assert list(GENERAL.cut_for_search(block)) == list(tokenizer.cut_for_search(block, HMM=False))


def test_probabilities_rest_on_the_total_of_the_installed_dictionary() -> None:
    package = find_spec("jieba")
    assert package is not None
    assert package.origin is not None
    rows = Path(package.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    assert sum(int(row.split(" ")[1]) for row in rows) == segmentation._TOTAL


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("推进放管服改革", ["推进", "放管服", "改革"]),
        ("统一公开", ["统一", "公开"]),
        ("双随机一公开监管", ["双随机", "一公开", "监管"]),
        ("互联网+监管", ["互联网+", "监管"]),
    ],
)
def test_added_words_stand_against_their_pieces_but_tear_no_neighbours(text: str, words: list[str]) -> None:
    segmenter = load_segmenter(["放管服", "双随机", "一公开", "互联网+"])
    assert segmenter.cut(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2018年", ["2018", "年"]),
        ("app2018上线", ["app2018", "上线"]),
        ("x射线", ["x射线"]),
        ("卡拉ok厅", ["卡拉", "ok", "厅"]),
        ("龘靐", ["龘", "靐"]),
        ("", []),
    ],
)
def test_latin_runs_stay_whole_and_unknown_characters_stand_alone(text: str, words: list[str]) -> None:
    assert GENERAL.cut(text) == words


def test_a_word_follows_the_shorter_words_inside_it() -> None:
    segmenter = Segmenter({"规": "规范 100 v\n", "文": "文件 100 n\n"}, ["规范性文件"])
    assert list(segmenter.cut_for_search("规范性文件")) == ["规范", "文件", "规范性文件"]


@given(st.text("行政调解复议一公开统放管服+a1é가", max_size=60))
def test_words_put_together_are_the_text(text: str) -> None:
    assert "".join(GENERAL.cut(text)) == text
