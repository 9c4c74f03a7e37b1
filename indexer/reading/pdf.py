"""PDF files with a text layer.

A PDF is a program for a page, and a hostile one can ask for any memory and time. So a process of its own reads it, with
limits on both that the system keeps, and hands the content over.
"""

import os
import subprocess
import sys

import msgspec

from corpus.errors import ReadError
from indexer.reading.content import Content
from indexer.reading.text import checked

SECONDS = 55
_OCR = "请先做文字识别（OCR），把文字存为 .txt 或 .docx 再收录"
# What the reading process says when it can't: the code of the error and its words.
FAILURES = {
    "no_text_layer": f"PDF 没有文字层，可能是扫描件。{_OCR}。",
    "no_characters": f"PDF 的字体没有文字对照表，取出的文字会是乱码。{_OCR}，或向发文单位索取 Word 文件。",
    "encrypted": "PDF 有密码保护。请用密码打开，另存为没有密码的 PDF 再收录。",
    "too_many_pages": "PDF 超过 500 页，不会是一份通知。请拆分后再收录。",
    "too_large": f"PDF 过于庞杂，在限定的时间（{SECONDS} 秒）和内存里读不完。请拆分，或复制文字存为 .txt 再收录。",
    "damaged": "PDF 已损坏，无法读取。请重新下载，或用阅读器打开后另存再收录。",
}


def read_pdf(data: bytes, name: str) -> Content:
    """The text of a PDF, one line a paragraph where that is sure; running headers and page numbers are named as frame."""
    answer = _read_apart(data)
    if isinstance(answer, str):
        raise ReadError(f"{name}：{FAILURES[answer]}", code=answer)
    checked(answer.text, name)
    return answer


def _read_apart(data: bytes) -> Content | str:
    """The content, or which failure there was."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "indexer.reading.pdf_process"]
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return "too_large"
    if done.returncode:  # killed by a limit, or by a fault in a library that the file set off
        return "too_large"
    return msgspec.json.decode(done.stdout, type=Content | str)
