"""Stable identifiers: the same notice gets the same ids on every machine and backend."""

import hashlib
import unicodedata


def notice_id(document_number: str | None, issuer: str | None, title: str, date_issued: str | None) -> str:
    """Twelve hexadecimal digits from the document number and the title; without a number also issuer and date.

    The title takes part because a number is not always unique: sections of one number are published separately, and
    numbers are misprinted.
    """
    named = (document_number, title) if document_number else (issuer, title, date_issued)
    key = "\x1f".join("".join(unicodedata.normalize("NFKC", part or "").split()) for part in named)
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:12]


def item_id(notice_id: str, order: int) -> str:
    """The id of the `order`-th item, counted from 1, of a notice."""
    return f"{notice_id}-{order:03d}"
