import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from corpus.model import Document, ParsedNotice, Source
from indexer.parsing import parse
from indexer.reading import read_document
from search_api.web.parsed import parsed_page

FOLDER = Path(__file__).parents[3] / "corpus" / "samples"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".txt", ".md"})
DAMAGED = FOLDER / "澄湖区法治政府建设五年实施方案（2021-2025年）.txt"

HOSTILE = """甲区人民政府关于印发甲区2018年<script>alert(1)</script>工作要点的通知

甲政办〔2018〕7号

甲区2018年"><img src=x onerror=alert(2)>工作要点

一、健全 {{ 7 * 7 }} 制度

（一）清理<b>文件</b>。全面清理&amp;公布，落实'%}{% raw %}要求。（区</span>司法局牵头）

（二）完善程序。“><svg onload=alert(3)>严格执行程序规定。
"""


class Page(HTMLParser):
    """What a test asks of the page: its elements, ids, links, and the text of the source pane without what was added."""

    ADDED = frozenset({"name", "number", "place", "flag"})
    VOID = frozenset({"meta", "img", "input", "br", "link"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.ids, self.links = Counter[str](), Counter[str](), list[str]()
        self.source, self.classes = "", Counter[str]()
        self._open: list[tuple[str, bool, bool]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if "id" in given:
            self.ids[given["id"]] += 1
        if "href" in given:
            self.links.append(given["href"])
        classes = given.get("class", "").split()
        self.classes.update(classes)
        assert not [name for name in given if name.startswith("on") or name == "src"]
        if tag not in self.VOID:
            _, inside, added = self._open[-1] if self._open else ("", False, False)
            added = added or tag == "ins" or bool(self.ADDED & set(classes))
            self._open.append((tag, inside or given.get("id") == "source", added))

    def handle_endtag(self, tag: str) -> None:
        assert self._open
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1] and not self._open[-1][2]:
            self.source += data


def of(text: str) -> ParsedNotice:
    return parse(Document(text, Source("a.txt", "0" * 64)))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_link_leads_to_one_place_on_the_page(path: Path) -> None:
    page = Page(parsed_page(parse(read_document(path))))
    assert set(page.ids.values()) == {1}
    assert all(link.startswith("#") and page.ids[link[1:]] == 1 for link in page.links), page.links


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_source_is_shown_whole(path: Path) -> None:
    parsed = parse(read_document(path))
    shown = Page(parsed_page(parsed)).source
    assert "".join(shown.split()) == "".join(parsed.document.text.split())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_each_item_is_linked_with_its_place_in_both_directions(path: Path) -> None:
    parsed = parse(read_document(path))
    page = Page(parsed_page(parsed))
    for item in parsed.items:
        assert page.ids[f"i{item.order}"] == page.ids[f"s{item.order}"] == 1
        assert f"#i{item.order}" in page.links
        assert f"#s{item.order}" in page.links


def test_text_of_the_source_cannot_become_markup() -> None:
    html = parsed_page(of(HOSTILE))
    page = Page(html)
    for tag in ("script", "img", "svg", "b"):
        assert page.tags[tag] == (1 if tag == "b" else 0)  # the figure of the confidence is bold
    assert "{{ 7 * 7 }}" in page.source
    assert "".join(page.source.split()) == "".join(HOSTILE.split())


def test_page_stands_alone() -> None:
    html = parsed_page(parse(read_document(DAMAGED)))
    assert not re.findall(r"https?:|//|url\(|@import|<link|<script", html)


def test_inferred_labels_and_doubts_are_marked_where_they_stand() -> None:
    parsed = parse(read_document(DAMAGED))
    html = parsed_page(parsed)
    inferred = html.index('<ins title="推断的序号，原文没有">（三）</ins>')
    assert html[inferred:].index("基本要求") < 200
    number = re.search(r'<li id="n(\d+)">(?:(?!</li>).)*文号残缺', html)
    assert number
    assert re.search(rf'云澄委法〔20225</span><a class="flag" id="d{number[1]}" href="#n{number[1]}"', html)


def test_kinds_of_blocks_are_named_in_title_and_legend() -> None:
    html = parsed_page(parse(read_document(DAMAGED)))
    assert 'title="责任单位（第 9 条）"' in html
    assert '<li><span class="b units">责任单位</span></li>' in html


def test_place_that_ends_the_text_is_flagged() -> None:
    text = "甲区2018年工作要点\n\n" + "\n\n".join(f"{n}、落实任务。" for n in "一二三四") + "\n\n五、落实未完"
    page = Page(parsed_page(of(text)))
    assert page.classes["flag"] > 1
    assert "落实未完" in page.source
