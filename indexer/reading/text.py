"""Plain text and Markdown files in any encoding of Chinese: UTF-8, UTF-16, UTF-32, GB18030, Big5.

The text is decoded and otherwise left alone, line ends included, so that every offset leads back to the file.
"""

import codecs
import re

from corpus.errors import ReadError
from indexer.reading.content import Content

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OCR = "请先做文字识别（OCR），把文字存为 .txt 再收录"
_TO_DOCX = "请用 Word 或 WPS 打开，另存为 .docx 再收录"
# What a file is, by its first bytes, when no reader is made for it: the kind and what to do about it.
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "旧版 Word/WPS 文件（.doc、.wps）", _TO_DOCX),
    (b"{\\rtf", "RTF 文件", _TO_DOCX),
    (b"\x89PNG", "图片（PNG）", _OCR),
    (b"\xff\xd8\xff", "图片（JPEG）", _OCR),
    (b"GIF8", "图片（GIF）", _OCR),
    (b"BM", "图片（BMP）", _OCR),
    (b"II*\x00", "图片（TIFF）", _OCR),
    (b"MM\x00*", "图片（TIFF）", _OCR),
    (b"RIFF", "图片或音视频文件", "请只收录通知的文字"),
    (b"Rar!", "压缩包（RAR）", "请解压，或改用 .zip 压缩后再收录"),
    (b"7z\xbc\xaf", "压缩包（7z）", "请解压，或改用 .zip 压缩后再收录"),
    (b"\x1f\x8b", "压缩文件（gzip）", "请解压，或改用 .zip 压缩后再收录"),
)
# A Word file with a password is kept inside the old format, under this name.
_ENCRYPTED_WORD = "EncryptedPackage".encode("utf-16-le")
_WEB_ARCHIVE = re.compile(rb"\A(?:From|MIME-Version|Date|Subject|Content-Type):.*?multipart/related", re.I | re.S)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_SAMPLE = 200_000
_DETECTOR_SAMPLE = 20_000
_LEAST_KNOWN = 0.85
"""Share of characters of GB 2312, or of the first level of Big5, in a Chinese text; the rest are rare names and symbols."""
_DETECTED = {"big5", "big5hkscs", "cp950"}


def read_text(data: bytes, name: str) -> Content:
    """The text of a plain text file, unchanged."""
    text, encoding = decode(data, name)
    return Content(checked(text, name), encoding)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file and the encoding that it was in; raises ReadError naming the file and the way out."""
    if not data.strip(b"\x00 \t\r\n\x0c"):
        raise ReadError(f"{name}：文件是空的。请检查文件是否保存完整。", code="empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(data[len(bom) :], encoding, name), encoding
    _refuse_other_formats(data, name)
    guessed = _guess(data)
    if guessed is None:
        raise ReadError(
            f"{name}：无法识别文字编码（不是 UTF-8、UTF-16、GB18030 或 Big5）。请用记事本或 WPS 另存为 UTF-8 再收录。",
            code="unknown_encoding",
        )
    return _decoded(data, guessed, name), guessed


def checked(text: str, name: str) -> str:
    """The text itself; raises ReadError when it is binary data or has no Chinese."""
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 500:
        raise ReadError(f"{name}：内容是二进制数据，不是文本。请只收录通知的文字。", code="not_text")
    if not _CHINESE.search(text):
        raise ReadError(f"{name}：没有中文文字，不是通知。请检查文件。", code="not_text")
    return text


def _refuse_other_formats(data: bytes, name: str) -> None:
    for signature, kind, advice in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 2 or b"\x00" in data[:64]):
            if _ENCRYPTED_WORD in data:
                kind, advice = "加密的 Word 文件", "请用密码打开，取消密码后另存为 .docx 再收录"
            raise ReadError(f"{name}：这是{kind}，不能直接读取。{advice}。", code="not_text")
    if _WEB_ARCHIVE.match(data[:2000]):
        raise ReadError(
            f"{name}：这是网页存档（.mht）。请在浏览器中另存为“网页，仅 HTML”（.html）再收录。", code="not_text"
        )


def _guess(data: bytes) -> str | None:
    head = data[:_SAMPLE]
    for encoding in ("utf-8", "gb18030"):
        if 0 not in head and _plausible(head, encoding):
            return encoding
    # Without a byte order mark the wrong order of bytes gives rare characters, which tell.
    even = head[: len(head) // 2 * 2]
    utf16 = next((e for e in ("utf-16-le", "utf-16-be") if _plausible(even, e)), None)
    return utf16 or ("big5hkscs" if _is_big5(head) else None)


def _plausible(head: bytes, encoding: str) -> bool:
    """Whether bytes decode to text that a notice could consist of; the sample may end inside a character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        text = decoder.decode(head)
    except UnicodeDecodeError:
        return False
    if encoding == "utf-8":
        return True
    # Other encodings decode almost anything: real Chinese text is made of characters that GB 2312 has.
    known = len(text.encode("gb2312", "ignore").decode("gb2312"))
    return known >= len(text) * _LEAST_KNOWN and not _CONTROL.search(text)


def _is_big5(head: bytes) -> bool:
    """Whether bytes are Big5: by the detector's statistics, and made of the characters that its first level has."""
    from charset_normalizer import from_bytes  # slow to load, and hardly ever needed

    best = from_bytes(head[:_DETECTOR_SAMPLE]).best()
    if best is None or best.encoding not in _DETECTED:
        return False
    text = codecs.getincrementaldecoder("big5hkscs")("ignore").decode(head)
    known = [c for c in text if c < "\x7f" or b"\xa1" <= c.encode("big5", "ignore")[:1] <= b"\xc6"]
    return len(known) >= len(text) * _LEAST_KNOWN and not _CONTROL.search(text)


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{name}：第 {error.start} 字节处不是合法的 {encoding.upper()} 文字，文件可能已损坏。请重新保存为 UTF-8 再收录。",
            code="unknown_encoding",
        ) from None
