import pytest

from corpus.errors import ReadError
from indexer.reading.content import Content
from indexer.reading.formats import read
from tests.indexer.reading.making import html_page

NOTICE = "\n".join((
    "关于印发甲区2018年法治政府建设工作要点的通知", "甲政办〔2018〕7号", "各镇人民政府，区政府各部门：", "现将要点印发给你们，请认真执行。",
    "甲区人民政府办公室", "2018年5月9日", "甲区2018年法治政府建设工作要点", "一、健全制度",
    *(f"（{n}）清理第{n}类文件，公布结果。（区司法局负责）" for n in "一二三四五六七八九"),
))  # fmt: skip


def page(body: str, title: str = "") -> Content:
    return read(f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), "a.html")


def kept(content: Content) -> list[str]:
    """The lines that are no frame."""
    text = content.text
    for span in content.frame:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return [line.strip() for line in text.split("\n") if line.strip()]


def cells(content: Content) -> list[list[list[str]]]:
    return [[[content.text[s.start : s.end] for s in row] for row in table.rows] for table in content.tables]


@pytest.mark.parametrize("form", ["p", "div", "br"])
@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb18030"])
def test_frame_of_a_site_is_named_and_the_notice_is_kept(form: str, charset: str) -> None:
    content = read(html_page(NOTICE, form, charset), "通知")
    assert kept(content) == NOTICE.split("\n")
    framed = [line for span in content.frame for line in content.text[span.start : span.end].split("\n")]
    assert {"首页", "分享到：微信微博", "相关阅读"} <= set(framed)
    assert "脚本" not in content.text
    assert "给手机看的" not in content.text


@pytest.mark.parametrize(
    ("head", "encoding", "found"),
    [
        ("", "gb18030", "gb18030"),
        ('<meta charset="gb2312">', "gb18030", "gb18030"),
        ('<meta charset="gb2312">', "utf-8", "utf-8"),
        ('<meta charset="big5">', "big5", "big5hkscs"),
        ('<meta charset="utf-8">', "utf-16", "utf-16-le"),
        ('<meta charset="no-such">', "utf-8", "utf-8"),
    ],
)
def test_encoding_of_a_page(head: str, encoding: str, found: str) -> None:
    text = f"<html><head>{head}</head><body><p>政府工作要求。</p></body></html>" * 3
    content = read(text.encode(encoding), "a")
    assert "政府工作要求。" in content.text
    assert content.encoding == found


def test_byte_that_a_site_lost_does_not_spoil_its_page() -> None:
    data = html_page(NOTICE, charset="gbk").replace("首页".encode("gbk"), "首页".encode("gbk")[:-1], 1)
    assert kept(read(data, "a"))[1:] == NOTICE.split("\n")[1:]


def test_title_above_the_main_text_is_kept() -> None:
    rest = "".join(f"<p>{line}</p>" for line in NOTICE.split("\n")[1:])
    title = NOTICE.split("\n")[0]
    body = f'<ul class="nav"><li><a href="/">首页</a></li></ul><h1>{title}</h1><p>时间：2018-05-10</p><div>{rest}</div>'
    assert kept(page(body, f"{title}_甲区政府"))[0] == title


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>一、甲。<br>（一）乙。</p>丙。", ["一、甲。", "（一）乙。", "丙。"]),
        ("<p>强化<b>监督</b>，\n   落实<span>责任</span>。</p>", ["强化监督，落实责任。"]),
        ("<p>Word  and\n words，见2018 年。</p>", ["Word and words，见2018 年。"]),
        ("<p>&nbsp;&nbsp;一、甲。</p>", ["\xa0\xa0一、甲。"]),
        ("<pre>一、甲。\n二、乙。</pre>", ["一、甲。", "二、乙。"]),
        ("<p>甲。</p><p hidden>乙。</p><p style='Display : None'>丙。</p><!-- 丁 --><noscript>戊</noscript>己。", ["甲。", "己。"]),
        ("<p>甲<script>乙</script>丙。", ["甲丙。"]),
    ],
)  # fmt: skip
def test_line_ends_and_white_space(body: str, lines: list[str]) -> None:
    assert page(body).text.rstrip("\n").split("\n") == lines


def test_table_is_a_line_a_row_and_merged_cells_stand_in_each_position() -> None:
    content = page(
        "<p>任务如下：</p><table><tr><th>序号</th><th>任务</th><th colspan=2>单位</th></tr>"
        "<tr><td rowspan=2>一</td><td>公开<b>文件</b></td><td><p>区司法局</p><p>区财政局</p></td><td>5月</td></tr>"
        "<tr><td>清理文件</td><td></td><td>6月</td></tr></table>"
    )
    assert cells(content) == [
        [
            ["序号", "任务", "单位", "单位"],
            ["一", "公开文件", "区司法局 区财政局", "5月"],
            ["一", "清理文件", "", "6月"],
        ]
    ]
    assert "\n一\t公开文件\t区司法局 区财政局\t5月\n\t清理文件\t\t6月\n" in content.text
    rows = content.tables[0].rows
    assert rows[1][0] == rows[2][0]
    assert rows[2][2].start == rows[2][2].end


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>一、甲。<br>二、乙。</td></tr></table>",
        "<table><tr><td>目录</td><td><table><tr><td>一、甲。</td></tr><tr><td>二、乙。</td></tr></table></td></tr></table>",
        f"<table><tr><td>左</td><td>右</td></tr><tr><td></td><td><p>一、甲。</p><p>二、乙。{'长文。' * 200}</p></td></tr></table>",
        "<table><tr><td>一、甲。</td><td>二、乙。</td></tr></table>",
    ],
)
def test_layout_is_no_table(table: str) -> None:
    content = page(table)
    assert content.tables == ()
    assert {line[:4] for line in content.text.split("\n")} >= {"一、甲。", "二、乙。"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<div>" * 5000 + "甲", "too_large"),
        ("<b>甲</b>" * 200_000, "too_large"),
        ("<p>plain english</p>", "not_text"),
        ("", "not_text"),
    ],
)
def test_page_that_cannot_be_read_is_refused(body: str, code: str) -> None:
    with pytest.raises(ReadError) as raised:
        page(body)
    assert raised.value.code == code
    assert raised.value.detail.startswith("a.html：")


def test_absurd_spans_are_bounded() -> None:
    rows = "<tr><td rowspan=999999999 colspan=99999>甲</td><td>乙</td></tr>" * 3000
    assert len(page(f"<table>{rows}</table>").text) < 1_000_000
