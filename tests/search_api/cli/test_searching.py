import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.search_api.cli.conftest import SAMPLES, SCRIPT, Run, environment, run_script

Answer = Callable[..., Any]


def test_search_with_json_prints_the_whole_answer(answer: Answer) -> None:
    found = answer("search", "备案审查", "--top", "3")
    assert list(found) == [
        *("query", "understood", "total", "hits", "facets", "took_ms", "mode", "partial", "groups", "none_found")
    ]
    assert (found["query"], found["mode"], len(found["hits"])) == ("备案审查", "lexical", 3)
    best = found["hits"][0]
    assert set(best) == {
        *("id", "score", "notice", "item", "citation", "citation_parts"),
        *("highlights", "explanation", "usage", "differences"),
    }
    assert "备案审查" in best["item"]["text"]
    assert best["notice"]["source"]["file"].endswith((".txt", ".md"))
    assert len(best["notice"]["source"]["sha256"]) == 64
    assert best["item"]["provenance"] in ("printed", "inferred")
    marked = [fragment["text"][start:end] for fragment in best["highlights"] for start, end in fragment["marks"]]
    assert "备案审查" in marked
    assert best["explanation"]["lexical"]["rank"] >= 1
    assert best["explanation"]["vector"] is None


def test_citation_stands_alone_on_a_line(xianli: Run, answer: Answer) -> None:
    citations = [hit["citation"] for hit in answer("search", "备案审查")["hits"]]
    lines = xianli("search", "备案审查").stdout.splitlines()
    assert citations
    assert [line for line in lines if line in citations] == citations


def test_hit_shows_place_units_text_and_reason(xianli: Run) -> None:
    shown = xianli("search", "从严备案审查", "--top", "1").stdout
    assert re.search(r"^1\. 临汐区 · 2017 · 工作要点  [0-9a-f]{12}-\d{3}", shown, re.M)
    assert "区法制办（牵头）" in shown
    assert "逐件出具备案审查结论" in shown
    assert "字词第 1 名" in shown
    assert re.search(r"^共 \d+ 条 · lexical · \d+ ms$", shown, re.M)


def test_lexical_search_says_so_and_how_to_get_the_model(xianli: Run) -> None:
    assert "xianli model fetch" in xianli("search", "备案审查").stderr


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (["--district", "青溪区"], lambda hit: hit["notice"]["district"] == "青溪区"),
        (["--district", "青溪、松岭县"], lambda hit: hit["notice"]["district"] in ("青溪区", "松岭县")),
        (["--year", "２０１６～２０１８"], lambda hit: hit["notice"]["plan_year_start"] in (2016, 2017, 2018)),
        (["--type", "工作要点"], lambda hit: hit["notice"]["doc_type"] == "工作要点"),
        (["--kind", "情况"], lambda hit: hit["item"]["kind"] == "result"),
        (
            ["--unit", "法制办", "--role", "牵头"],
            lambda hit: any("法制办" in u["name"] and u["role"] == "lead" for u in hit["item"]["units"]),
        ),
        (
            ["--basis", "《实施方案》第十一条"],
            lambda hit: any("11" in reference["articles"] for reference in hit["item"]["basis"]),
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_filter_keeps_only_what_satisfies_it(answer: Answer, options: list[str], holds: Callable[[Any], bool]) -> None:
    found = answer("search", "规范性文件 审查", "--top", "50", *options)
    assert found["hits"]
    assert all(holds(hit) for hit in found["hits"])


def test_filters_without_words_list_what_satisfies_them(answer: Answer) -> None:
    found = answer("search", "", "--district", "白榆县", "--top", "5")
    assert found["total"] == 19
    assert {hit["notice"]["district"] for hit in found["hits"]} == {"白榆县"}


def test_offset_goes_on_where_the_page_before_ended(answer: Answer) -> None:
    both = [hit["id"] for hit in answer("search", "备案审查", "--top", "6")["hits"]]
    second = [hit["id"] for hit in answer("search", "备案审查", "--top", "3", "--offset", "3")["hits"]]
    assert second == both[3:]


def test_at_most_so_many_of_a_district(answer: Answer) -> None:
    hits = answer("search", "备案审查", "--per-district", "1")["hits"]
    districts = [(hit["notice"]["province"], hit["notice"]["city"], hit["notice"]["district"]) for hit in hits]
    assert len(districts) == len(set(districts)) > 3


def test_what_was_understood_is_told_before_the_hits(xianli: Run, answer: Answer) -> None:
    query = "青溪区2018年 行政复义 红头文件"
    lines = xianli("search", query, "--top", "1").stdout.splitlines()
    notes = ["区县：青溪区", "年份：2018年", "已按“行政复议”检索（原输入“行政复义”）"]
    assert lines[:3] == [f"理解：{note}" for note in notes]
    assert lines[3] == "同义：红头文件 → 规范性文件"
    assert lines[4].startswith("1. 青溪区 · 2018")
    understood = answer("search", query)["understood"]
    assert understood["query"] == "青溪区2018年 行政复议 红头文件"
    assert understood["filters"] == {"district": ["青溪区"], "year": ["2018"]}
    assert understood["notes"] == [part["note"] for part in understood["parts"]] == notes
    assert [one["phrase"] for one in understood["synonyms"]] == ["红头文件"]


def test_what_is_left_as_words_is_told_too(xianli: Run) -> None:
    assert "理解：没有收录文号为“云政办〔2018〕5号”的文件" in xianli("search", "云政办〔2018〕5号 备案").stdout


@pytest.mark.parametrize(
    ("plain", "parts", "synonyms"),
    [
        (["青溪区"], ["2018年"], ["红头文件"]),
        (["2018年", "红头文件"], ["青溪区"], []),
        (["*"], [], []),
        (["三亚"], ["青溪区", "2018年"], ["红头文件"]),
    ],
    ids=" ".join,
)
def test_plain_words_are_not_understood(
    answer: Answer, plain: list[str], parts: list[str], synonyms: list[str]
) -> None:
    options = [part for text in plain for part in ("--plain", text)]
    understood = answer("search", "青溪区2018年 红头文件", *options)["understood"]
    assert [part["text"] for part in understood["parts"]] == parts
    assert [one["phrase"] for one in understood["synonyms"]] == synonyms


def test_same_wording_is_told_once_or_listed(xianli: Run, answer: Answer) -> None:
    def shown(*options: str) -> list[str]:
        return [hit["id"] for hit in answer("search", "压实出庭应诉责任", "--top", "50", *options)["hits"]]

    assert set(shown("--no-collapse")) - set(shown()) == {"a9f09fca2f54-017"}
    assert shown("--collapse") == shown()
    lines = xianli("search", "压实出庭应诉责任", "--top", "3").stdout.splitlines()
    told = [line.strip() for line in lines if line.strip().startswith("同文：")]
    assert told == [
        "同文：2 个地区的 2 份通知用了几乎相同的文字，最早见于澜海省2018《澜海省2018年法治政府建设工作计划》"
    ]


def test_none_found_tells_what_was_searched_what_is_missing_and_what_to_ask_instead(
    xianli: Run, answer: Answer
) -> None:
    asked = ("search", "备案审查", "--district", "青溪区", "--year", "2025")
    done = xianli(*asked)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    told = lines[lines.index("没有找到符合条件的条款。") :]
    assert told[1].startswith("检索范围：20 份通知、387 条条款，青溪区、")
    assert told[2:6] == [
        "缺少：所选条件各有条款，但没有同时符合的",
        "可改为：不限区县，检索“备案审查”（年份 2025）",
        "可改为：不限年份，检索“备案审查”（区县 青溪区）",
        "可改为：不限任何条件，检索“备案审查”",
    ]
    found = answer(*asked)
    assert (found["total"], found["hits"]) == (0, [])
    for broader in found["none_found"]["broader"]:
        options = [part for name, values in broader["filters"].items() for part in (f"--{name}", *values)]
        assert answer("search", broader["words"], *options)["hits"]


def test_none_found_without_a_broader_search_says_what_to_try(xianli: Run) -> None:
    shown = xianli("search", "zzzz").stdout
    assert "检索范围：20 份通知、387 条条款" in shown
    assert "可以换一种说法，或减少筛选条件。" in shown


@pytest.mark.parametrize(
    "query", ["😀", "AND OR NOT", '"(', "+-&&||!(){}[]^~*?:\\", "备\x01案", "<b>备案</b>", "%00", "'; --"]
)
def test_odd_query_is_answered(xianli: Run, query: str) -> None:
    done = xianli("search", query)
    assert done.returncode == 0
    assert re.search(r"^共 \d+ 条", done.stdout, re.M)


def test_reader_of_a_pipe_may_leave_early(data: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{SCRIPT}' search 备案审查 --top 100 --json | head -c 10"],
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_json_is_utf8_and_text_does_not_fail_where_the_locale_has_no_chinese(data: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    assert "备案审查" in run_script(data, "search", "备案审查", "--json", variables=plain).stdout
    text = run_script(data, "search", "备案审查", variables=plain)
    assert text.returncode == 0
    assert "\\u5907\\u6848" in text.stdout


def test_query_is_read_as_utf8_where_the_locale_is_not(data: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    shown = run_script(data, "search", "备案审查", "--json", variables=ascii_only).stdout
    assert '"query": "备案审查"' in shown


def test_similar_to_an_item_leaves_its_own_notice_out(answer: Answer) -> None:
    item = answer("search", "从严备案审查", "--top", "1")["hits"][0]["item"]
    hits = answer("similar", item["id"])["hits"]
    assert hits
    assert item["notice_id"] not in {hit["notice"]["id"] for hit in hits}


def test_similar_reads_a_text_or_the_whole_of_a_file(answer: Answer, tmp_path: Path) -> None:
    text = "文件印发之日起十五日内报送备案，备案机关发现与上位法抵触的，应当提出处理意见。"
    file = tmp_path / "条款.txt"
    file.write_text(text, encoding="gb18030")
    by_text, by_file = answer("similar", "--text", text), answer("similar", "--file", str(file))
    assert by_text["hits"]
    assert [hit["id"] for hit in by_text["hits"]] == [hit["id"] for hit in by_file["hits"]]


def test_notices_lists_what_is_held(answer: Answer, xianli: Run) -> None:
    found = answer("notices", "--district", "临汐区")
    assert found["total"] == 2
    assert {notice["items"] for notice in found["notices"]} == {18, 31}
    assert found["notices"][0]["id"] in xianli("notices").stdout


def test_show_item_prints_its_citation_first_and_its_source_marked(answer: Answer, xianli: Run) -> None:
    hit = answer("search", "从严备案审查", "--top", "1")["hits"][0]
    shown = xianli("show", hit["id"], "--source").stdout
    assert shown.splitlines()[0] == hit["citation"]
    [marked] = [line for line in shown.splitlines() if line.startswith("> ")]
    assert marked.startswith("> 2.从严备案审查。")
    detail = answer("show", hit["id"])
    source = (SAMPLES / detail["notice"]["source"]["file"]).read_text(encoding="utf-8")
    span = detail["item"]["span"]
    assert source[span["start"] : span["end"]] == detail["source_text"]


def test_show_notice_prints_its_outline(answer: Answer, xianli: Run) -> None:
    notice = answer("notices", "--district", "青溪区", "--year", "2018")["notices"][0]
    detail = answer("show", notice["id"])
    assert list(detail) == ["notice", "items", "outline", "warnings"]
    assert len(detail["items"]) == 22
    sections = [entry["label"] for entry in detail["outline"] if entry["item_id"] is None]
    assert sections == ["一、", "二、", "三、", "四、", "五、", "六、", "七、"]
    assert [entry["item_id"] for entry in detail["outline"] if entry["item_id"]] == [i["id"] for i in detail["items"]]
    assert "\n二、管好文件，守住制度源头\n" in xianli("show", notice["id"]).stdout


def test_hybrid_search_finds_what_shares_no_words(tmp_path: Path, model_folder: Path) -> None:
    notice = SAMPLES / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"
    indexed = run_script(tmp_path, "index", str(notice), model=model_folder)
    assert indexed.stderr == ""
    found = run_script(tmp_path, "search", "减少办理手续", model=model_folder)
    assert "语义第 1 名" in found.stdout
    assert " · hybrid · " in found.stdout
    assert found.stderr == ""
