"""Plain text and Markdown files in UTF-8, UTF-16 and GB18030.

The text is decoded and otherwise left alone, line ends included, so that every offset leads back to the file.
"""

import codecs
import re

from corpus.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a file is, by its first bytes, when it is no text: the kind and what to do about it.
_SIGNATURES = (
    (b"%PDF", "PDF 文件", "请将文字另存为 .txt 再收录"),
    (b"PK\x03\x04", "压缩包或 Word（.docx）文件", "请在 Word 中另存为纯文本（.txt，UTF-8）再收录"),
    (
        b"\xd0\xcf\x11\xe0",
        "旧版 Word/WPS 文件（.doc、.wps）",
        "请用 Word 或 WPS 打开，另存为纯文本（.txt，UTF-8）再收录",
    ),
    (b"\x89PNG", "图片（PNG）", "请先做文字识别（OCR），把文字存为 .txt 再收录"),
    (b"\xff\xd8\xff", "图片（JPEG）", "请先做文字识别（OCR），把文字存为 .txt 再收录"),
    (b"GIF8", "图片（GIF）", "请先做文字识别（OCR），把文字存为 .txt 再收录"),
    (b"BM", "图片（BMP）", "请先做文字识别（OCR），把文字存为 .txt 再收录"),
    (b"II*\x00", "图片（TIFF）", "请先做文字识别（OCR），把文字存为 .txt 再收录"),
    (b"MM\x00*", "图片（TIFF）", "请先做文字识别（OCR），把文字存为 .txt 再收录"),
    (b"RIFF", "图片或音视频文件", "请只收录通知的文字"),
    (b"Rar!", "压缩包（RAR）", "请解压后收录其中的文本文件"),
    (b"7z\xbc\xaf", "压缩包（7z）", "请解压后收录其中的文本文件"),
    (b"\x1f\x8b", "压缩文件（gzip）", "请解压后收录其中的文本文件"),
)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.I)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_CHINESE = re.compile("[\u3400-\u9fff]")
_SAMPLE = 200_000
_LEAST_KNOWN = 0.85
"""Share of characters of GB 2312 in a Chinese text; the rest are rare names and symbols."""


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text of a file and the encoding that it was in; raises ReadError naming the file and the way out."""
    if not data.strip(b"\x00 \t\r\n\x0c"):
        raise ReadError(f"{name}：文件是空的。请检查文件是否保存完整。", code="empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(_decoded(data[len(bom) :], encoding, name), name), encoding
    for signature, kind, advice in _SIGNATURES:
        if data.startswith(signature) and (len(signature) > 2 or b"\x00" in data[:64]):
            raise ReadError(f"{name}：这是{kind}，不是文本。{advice}。", code="not_text")
    guessed = _guess(data)
    if guessed is None:
        raise ReadError(
            f"{name}：无法识别文字编码（不是 UTF-8、UTF-16 或 GB18030）。请用记事本或 WPS 另存为 UTF-8 再收录。",
            code="unknown_encoding",
        )
    return _checked(_decoded(data, guessed, name), name), guessed


def _guess(data: bytes) -> str | None:
    head = data[:_SAMPLE]
    for encoding in ("utf-8", "gb18030"):
        if 0 not in head and _plausible(head, encoding):
            return encoding
    # Without a byte order mark the wrong order of bytes gives rare characters, which tell.
    even = head[: len(head) // 2 * 2]
    return next((e for e in ("utf-16-le", "utf-16-be") if _plausible(even, e)), None)


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


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"{name}：第 {error.start} 字节处不是合法的 {encoding.upper()} 文字，文件可能已损坏。请重新保存为 UTF-8 再收录。",
            code="unknown_encoding",
        ) from None


def _checked(text: str, name: str) -> str:
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 500:
        raise ReadError(f"{name}：内容是二进制数据，不是文本。请只收录文本文件（.txt、.md）。", code="not_text")
    if _HTML.search(text[:2000]):
        raise ReadError(f"{name}：这是网页文件。请打开网页，复制正文存为 .txt 再收录。", code="not_text")
    if not _CHINESE.search(text):
        raise ReadError(f"{name}：没有中文文字，不是通知。请检查文件。", code="not_text")
    return text
