import codecs
import os
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ReadError
from indexer.reading.formats import LONGEST_TEXT, read
from indexer.reading.text import decode, read_text
from tests.indexer.reading.making import zip_file

TEXT = "甲区人民政府关于印发2018年工作要点的通知\r\n一、健全制度。\n（一）落实责任，强化监督。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gb18030"), "gb18030"),
        ((TEXT + "㙍").encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-32"), "utf-32-le"),
    ],
)
def test_text_is_decoded_unchanged(data: bytes, encoding: str) -> None:
    text, found = decode(data, "a.txt")
    assert found == encoding
    assert text.rstrip("㙍") == TEXT


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs", "cp950"])
def test_traditional_text_in_big5_is_decoded(encoding: str) -> None:
    text = "甲區人民政府關於印發2018年法治政府建設工作要點的通知\r\n一、健全制度。\n（一）落實責任，強化監督。\n"
    assert decode(text.encode(encoding), "a.txt") == (text, "big5hkscs")


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "空"),
        (b"\n  \r\n\x00", "empty", "空"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "not_text", "图片"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 40, "not_text", "图片"),
        (b"%PDF-1.7\n", "damaged", "PDF"),
        (b"PK\x03\x04" + b"\x00" * 40, "damaged", ".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "not_text", ".doc"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "not_text", "密码"),
        (b"{\\rtf1\\ansi }", "not_text", "RTF"),
        (b"From: a\r\nContent-Type: multipart/related;\r\n\r\n", "not_text", ".mht"),
        (zip_file({"OFD.xml": b"<OFD/>"}), "not_text", "OFD"),
        (zip_file({"xl/workbook.xml": b"<w/>"}), "not_text", ".docx"),
        (zip_file({"a.txt": b"x"}), "archive", "压缩包"),
        (b"plain english, nothing else", "not_text", "中文"),
        (b"\x01\x02\x03" * 50 + "通知".encode(), "not_text", "二进制"),
        ("한국어 문서입니다. 정부 정책 공고".encode("johab") * 5, "unknown_encoding", "编码"),
        ("これは日本語の文書です。政府の政策に関する通知。".encode("shift_jis") * 5, "unknown_encoding", "编码"),
        (bytes(range(128, 256)) * 8, "unknown_encoding", "编码"),
    ],
)
def test_what_is_no_text_is_refused_with_the_file_and_the_way_out(data: bytes, code: str, words: str) -> None:
    with pytest.raises(ReadError) as raised:
        read(data, "坏文件.txt")
    assert raised.value.code == code
    assert raised.value.detail.startswith("坏文件.txt：")
    assert words in raised.value.detail
    assert "请" in raised.value.detail


def test_noise_is_refused() -> None:
    with pytest.raises(ReadError):
        read(os.urandom(300_000), "noise.bin")


@given(st.binary(max_size=2000))
def test_any_bytes_give_text_or_a_read_error(data: bytes) -> None:
    with suppress(ReadError):
        content = read_text(data, "x")
        assert content.text.strip()
        assert content.encoding in {"big5hkscs", "utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"}


def test_text_that_is_longer_than_any_notice_is_refused() -> None:
    with pytest.raises(ReadError) as raised:
        read(("一、健全制度。\n" * (LONGEST_TEXT // 8 + 1)).encode(), "长.txt")
    assert raised.value.code == "too_large"
    assert "200 万字" in raised.value.detail
