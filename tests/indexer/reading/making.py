"""Files of other formats made of a plain text, as an office or a site would have made them."""

import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from zipfile import ZipFile

from docx import Document as new_docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from indexer.parsing.labels import Style, match_label, numeral

PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{title}_某某区人民政府</title>
<style>p {{ text-indent: 2em }}</style><script>document.write("<p>一、脚本里的文字，不是正文。</p>");</script></head>
<body><div class="header"><img src="logo.png"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zw">政务公开</a></li>
<li><a href="/fw">办事服务</a></li><li><a href="/hd">互动交流</a></li></ul></div>
<div class="container"><div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a> &gt; <a href="/wj">政府文件</a></div>
<table class="xxgk"><tr><td>索 引 号</td><td>QX0100-0302-2018-00012</td><td>主题分类</td><td>综合政务</td></tr>
<tr><td>发布机构</td><td>区政府办公室</td><td>发布日期</td><td>2018-05-10</td></tr></table>
<div class="toolbar">字体：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a> <a href="javascript:window.print()">打印</a></div>
{main}
<div class="share"><span>分享到：</span><a href="#">微信</a><a href="#">微博</a></div>
<p>上一篇：<a href="1.html">关于印发另一区2017年工作要点的通知</a></p><p>下一篇：<a href="2.html">关于做好2018年工作的通知</a></p></div>
<div class="related"><h3>相关阅读</h3><ul><li><a href="3.html">一图读懂：今年的重点工作，看这里</a></li><li><a href="4.html">《要点》政策解读</a></li></ul></div>
<div class="footer"><p>主办单位：某某区人民政府办公室　承办单位：某某区大数据中心</p><p>某ICP备12345678号　网站标识码：1234567890</p></div>
<div style="display:none"><p>三、给手机看的另一份正文，电脑上不显示。</p></div></body></html>
"""
_NUMBERED = (Style.CHINESE, Style.CHINESE_BRACKET, Style.ARABIC, Style.ARABIC_BRACKET, Style.CIRCLED)
_LEVELS = (
    ("chineseCounting", "%1、"),
    ("chineseCountingThousand", "（%2）"),
    ("decimal", "%3."),
    ("decimal", "（%4）"),
    ("decimalEnclosedCircle", "%5"),
)


def paragraphs(text: str) -> list[str]:
    """The lines of a text that have words, without indent and marks of Markdown."""
    return [re.sub(r"^#+ *|\*\*", "", line.strip()) for line in text.splitlines() if line.strip()]


def html_page(text: str, form: str = "p", charset: str = "utf-8") -> bytes:
    """A page of a site: each paragraph a `<p>`, a `<div>`, or ended by `<br>` inside a table that lays the page out."""
    lines = [escape(line).replace("　", "&#12288;") for line in paragraphs(text)]
    if form == "p":
        body = "".join(f"<p><span>&nbsp;&nbsp;</span>{line}</p>\n" for line in lines)
        main = f'<div class="article"><div class="TRS_Editor">{body}</div></div>'
    elif form == "div":
        main = f"<div>{''.join(f'<div>{line}</div>' for line in lines)}</div>"
    else:
        main = f"<table width=960><tr><td>&nbsp;</td></tr><tr><td>{'<br>&emsp;&emsp;'.join(lines)}</td></tr></table>"
    return PAGE.format(charset=charset, title=escape(lines[0]), main=main).encode(charset, "xmlcharrefreplace")


@dataclass
class _Numbers:
    """The lists of a document: a paragraph whose number does not follow gets a list that starts there."""

    numbering: Any
    counts: list[int] = field(default_factory=lambda: [0] * 5)
    number: int = 0

    def next(self, level: int, wanted: int) -> int:
        expected = self.counts[level] + 1
        self.counts[level:] = [wanted] + [0] * (4 - level)
        if wanted != expected or not self.number:
            self.number += 1
            start = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{wanted}"/></w:lvlOverride>'
            self.numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{100 + self.number}"><w:abstractNumId w:val="99"/>{start}</w:num>'
                )
            )
        return 100 + self.number


def docx_file(text: str) -> bytes:
    """A Word document in which the labels 一、 （一） 1. are automatic numbers."""
    document = new_docx()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(_LEVELS)
    )
    # Abstract lists stand before the lists that refer to them.
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="99">{levels}</w:abstractNum>'))
    numbers = _Numbers(numbering)
    document.sections[0].header.paragraphs[0].text = "某某区人民政府公报"
    for line in paragraphs(text):
        label = match_label(line)
        level = _NUMBERED.index(label.style) if label and label.intact and label.style in _NUMBERED else None
        if label and label.number and level is not None and line.startswith(_printed(level, label.number)):
            added = document.add_paragraph(line[len(_printed(level, label.number)) :])
            number = numbers.next(level, label.number)
            added._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')
            )
        else:
            document.add_paragraph(line)
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a Word document."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _printed(level: int, number: int) -> str:
    return _LEVELS[level][1].replace(f"%{level + 1}", numeral(_NUMBERED[level], number))


def pdf_file(text: str, *, size: int = 16, pages: bool = True) -> bytes:
    """A PDF in the layout of GB/T 9704: 28 characters a line, 22 lines a page, indents, page numbers at the foot."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    left, top = 79.0, A4[1] - 105
    begun = False
    row = page = 0
    for line in paragraphs(text):
        begun = begun or match_label(line) is not None
        centred = not begun and len(line) < 28 and line[-1] not in "：。"
        for i, part in enumerate(_wrapped(line if centred else "　　" + line, 28)):
            if row % 22 == 0:
                page += 1
                if page > 1:
                    canvas.showPage()
                canvas.setFont("STSong-Light", size)
                if pages:
                    canvas.drawCentredString(A4[0] / 2, 50, f"— {page} —")
            indent = 2 * size if i == 0 and not centred else 0
            y = top - (row % 22) * 28
            if centred:
                canvas.drawCentredString(A4[0] / 2, y, part)
            else:
                canvas.drawString(left + indent, y, part.strip("　") if i == 0 else part)
            row += 1
    canvas.save()
    return file.getvalue()


def _wrapped(line: str, width: int) -> Iterator[str]:
    """A line cut to the page's width in full-width characters; a closing mark hangs over."""
    part, used = "", 0.0
    for char in line:
        used += 0.5 if char.isascii() else 1
        if used > width and char not in "，。、；：）》”":
            yield part
            part, used = "", 0.5 if char.isascii() else 1
        part += char
    yield part


def zip_file(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def damaged(data: bytes, seed: int) -> bytes:
    """The bytes of a file, cut off or with random bytes in it."""
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    broken = bytearray(data)
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(len(broken))
        broken[at : at + chance.choice((1, 1, 4))] = chance.randbytes(chance.choice((0, 1, 4)))
    return bytes(broken)
