"""The process that reads one PDF: `python -m indexer.reading.pdf_process` takes the file's bytes and gives its content.

What it writes is JSON: the content, or the name of a failure (`indexer.reading.pdf.FAILURES`).
"""

import logging
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import islice

import msgspec

from indexer.reading.content import Content
from indexer.reading.pdf import SECONDS
from indexer.reading.pdf_layout import Page, build_content, read_page

_MEMORY = 1_500_000_000
_MAX_PAGES = 500
_MAX_CHARACTERS = 20_000
"""Of one page; a page of small print has some 3,000."""
_UNMAPPED = "(cid:"


class Unreadable(Exception):
    """Why a PDF can't be read, by the name of the failure."""


def main() -> None:
    """Read standard input, write the content or a failure to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    logging.disable()
    sys.stdout.buffer.write(msgspec.json.encode(_answer(sys.stdin.buffer.read())))


def _answer(data: bytes) -> Content | str:
    try:
        return build_content(list(_pages(data)))
    except Unreadable as failure:
        return str(failure)
    except (MemoryError, RecursionError):
        return "too_large"
    # The library raises whatever a damaged file makes it stumble over.
    except Exception as error:
        return "encrypted" if "Password" in repr(error) or "Encrypt" in repr(error) else "damaged"


def _pages(data: bytes) -> Iterator[Page]:
    import pdfplumber  # behind the limits

    with pdfplumber.open(BytesIO(data)) as pdf:
        characters = unmapped = scanned = pages = 0
        for page in islice(pdf.pages, _MAX_PAGES + 1):
            pages += 1
            if pages > _MAX_PAGES:
                raise Unreadable("too_many_pages")
            if len(page.chars) > _MAX_CHARACTERS:
                raise Unreadable("too_large")
            characters += len(page.chars)
            unmapped += sum(char["text"].startswith(_UNMAPPED) for char in page.chars)
            scanned += not page.chars and bool(page.images)
            yield read_page(page)
            page.close()
        if unmapped * 10 > characters:
            raise Unreadable("no_characters")
        if not characters or scanned * 2 > pages:
            raise Unreadable("no_text_layer")


if __name__ == "__main__":
    main()
