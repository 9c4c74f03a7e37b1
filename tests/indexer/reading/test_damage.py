"""Hostile files of every format: what comes out is text with offsets that hold, or an error that says what to do."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import ReadError
from corpus.model import Span
from indexer.reading import File, find_files
from indexer.reading.content import Content
from indexer.reading.formats import read
from indexer.reading.pdf_process import _answer
from tests.indexer.reading.making import damaged, docx_file, html_page, pdf_file, zip_file

NOTICE = "关于印发要点的通知\n一、健全制度\n（一）清理文件，公布结果。（区司法局负责）\n1.公开文件。\n二、落实责任\n（一）加强监督。"
ODD = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_offsets_hold(content: Content) -> None:
    assert content.text.strip()
    end = 0
    for span in content.frame:
        assert end <= span.start < span.end <= len(content.text)
        end = span.end
    for table in content.tables:
        assert len({len(row) for row in table.rows}) == 1
        assert all(0 <= s.start <= s.end <= len(content.text) for row in table.rows for s in row)
        assert all("\n" not in content.text[s.start : s.end] for row in table.rows for s in row)
    assert all(a.end == b.start for a, b in zip(content.pages, content.pages[1:], strict=False))
    assert content.pages == () or content.pages[0].start == 0


def outcome(reading: Callable[[], Content]) -> Content | ReadError:
    try:
        return reading()
    except ReadError as error:
        return error


def assert_read_or_refused(data: bytes, name: str = "坏文件") -> None:
    result = outcome(lambda: read(data, name))
    if isinstance(result, ReadError):
        assert result.detail.startswith(name)
        assert "请" in result.detail
    else:
        assert_offsets_hold(result)


@pytest.mark.parametrize("make", [html_page, docx_file, lambda text: zip_file({"a.txt": text.encode()})])
def test_damaged_file_is_read_or_refused(make: Callable[[str], bytes]) -> None:
    data = make(NOTICE)
    for seed in range(150):
        assert_read_or_refused(damaged(data, seed))


@ODD
@given(st.integers(0, 2**32), st.sampled_from(["document", "numbering", "styles"]))
def test_damaged_part_of_a_word_document_is_read_or_refused(seed: int, part: str) -> None:
    with ZipFile(BytesIO(WORD)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert_read_or_refused(zip_file(members | {f"word/{part}.xml": damaged(members[f"word/{part}.xml"], seed)}))


WORD = docx_file(NOTICE)
TAGS = st.sampled_from([
    "<table>", "</table>", "<tr>", "<td rowspan=3>", "<td colspan=2>", "<th>", "</td>", "</tr>", "<div class=nav>", "<div id=zoom>", "</div>", "<p>", "</p>",
    "<br>", "<a href=x>", "</a>", "<h1>", "<pre>", "</pre>", "<script>", "</script>", "<div hidden>", "<caption>", "<!--", "-->", "<![CDATA[", "&nbsp;", "&#0;",
    "&#xd800;", "一、健全制度，落实责任。", "（一）清理文件。", "\n", " ", "\x0b", "<body>", "<html>", "<title>", "</title>", "<svg>", "<li>", "<nav>", "</nav>",
])  # fmt: skip


@ODD
@given(st.lists(TAGS, max_size=60).map("".join))
def test_any_mixture_of_tags_is_read_or_refused(page: str) -> None:
    assert_read_or_refused(f"<html>{page}".encode())


@ODD
@given(
    st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"PK\x05\x06", b"<html>", b"{\\rtf", b"\xef\xbb\xbf"]),
    st.binary(max_size=500),
)
def test_any_bytes_behind_a_signature_are_read_or_refused(signature: bytes, data: bytes) -> None:
    if signature.startswith(b"%PDF"):
        assert isinstance(_answer(signature + data), str)
    else:
        assert_read_or_refused(signature + data)


def test_damaged_pdf_is_read_or_refused() -> None:
    data = pdf_file(NOTICE)
    for seed in range(60):  # in this process, which is quicker; the limits are tested with the reader itself
        answer = _answer(damaged(data, seed))
        if isinstance(answer, Content) and answer.text.strip():
            assert_offsets_hold(answer)


def test_damaged_archive_gives_files_or_errors(tmp_path: Path) -> None:
    data = zip_file({"a.txt": NOTICE.encode(), "b/c.docx": WORD})
    for seed in range(60):
        (tmp_path / "a.zip").write_bytes(damaged(data, seed))
        for file in find_files([tmp_path / "a.zip"]):
            if isinstance(file, File):
                result = outcome(lambda file=file: read(file.read_bytes(), str(file)))  # type: ignore[misc]
                assert isinstance(result, Content) or "请" in result.detail


def test_spans_of_frame_lines_that_follow_each_other_are_one() -> None:
    content = read(html_page(NOTICE), "a")
    assert all(isinstance(span, Span) for span in content.frame)
    assert all(a.end + 1 < b.start for a, b in zip(content.frame, content.frame[1:], strict=False))
