"""The codes of problem documents: stable names, with what an English reader is told.

Details are written in Chinese where a thing goes wrong, with the values that it is about. Who asks for English gets the general
sentence of the code instead, and the Chinese detail beside it (`detail_zh`).
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A code with the status under which it is answered, and its title and general sentence in English."""

    code: str
    status: int
    title: str
    detail: str


_ROWS = (
    # The request
    ("bad_request", 400, "Malformed request", "The request is incomplete or malformed."),
    ("key_required", 401, "Key required", "Give a key as Authorization: Bearer xl_…, or as the password of HTTP Basic."),
    ("bad_key", 401, "Wrong key", "The key is wrong, revoked or has expired."),
    ("not_allowed", 403, "Not allowed", "The scope of the key does not include this."),
    ("cross_site", 403, "Asked for by another site", "A page of another site may not ask for changes here."),
    ("no_such_route", 404, "No such address", "There is nothing at this address. See /api/v1/openapi.json."),
    ("method_not_allowed", 405, "Method not allowed", "This address does not answer this method; see the Allow header."),
    ("body_too_slow", 408, "Body too slow", "The body of the request did not come in whole in time."),
    ("body_too_large", 413, "Body too large", "The body of the request is too large."),
    (
        "unsupported_media_type",
        415,
        "Unsupported media type",
        "Send application/json or multipart/form-data; the address says which in /api/v1/openapi.json.",
    ),
    ("invalid_parameter", 422, "Invalid parameter", "A parameter is missing, unknown, or has a value that it can't have."),
    ("too_many_requests", 429, "Too many requests", "Try again after the seconds that Retry-After says."),
    # What is asked for
    (
        "bad_cursor",
        422,
        "Unusable cursor",
        "The cursor is damaged, belongs to another list, or was given with an offset; begin with the first page.",
    ),
    ("bad_comparison", 422, "Not comparable", "Give the ids of two to six different provisions."),
    ("bad_filter", 422, "Unreadable filter", "A filter has a value that can't be read, is too long, or has too many."),
    ("bad_format", 422, "Unknown format", "Files can be of the formats csv, xlsx and docx."),
    ("bad_page", 422, "Invalid page", "The number of hits must be positive, and the offset must not be negative."),
    ("bad_place", 422, "Unknown place", "The place is not known; give its full name, with city and province."),
    ("empty_query", 422, "Nothing to search for", "Give words to search for, or at least one filter."),
    ("query_too_long", 422, "Text too long", "The text to search for is too long."),
    ("too_deep", 422, "Paged too deep", "Only the first 1,000 hits can be paged through; narrow the search with filters."),
    ("not_found", 404, "Not found", "No provision, notice or job has this id."),
    # Files
    ("empty", 422, "Empty file", "The file is empty."),
    ("not_text", 422, "Unsupported format", "The file is of a format that can't be read; convert it to .docx, PDF or text."),
    ("unknown_encoding", 422, "Unknown encoding", "The file's encoding could not be determined; save it as UTF-8."),
    ("too_large", 413, "File too large", "The file is too large, or takes too much time or memory, to be one notice."),
    ("unreadable", 422, "Unreadable file", "The file can't be read."),
    ("damaged", 422, "Damaged file", "The file or archive is damaged."),
    ("encrypted", 422, "Encrypted file", "The file is protected by a password."),
    ("unsafe_path", 422, "Unsafe path", "A path in the archive leads out of it."),
    ("repeated", 422, "Repeated name", "The archive has several files of one name."),
    ("archive", 422, "Archive in an archive", "Archives in archives are not read; unpack them first."),
    ("no_items", 422, "No provisions", "No numbered provisions were found in the text."),
    ("several_files", 422, "Several files", "Send one file at a time here, and no archive."),
    ("conflict", 409, "Held with other content", "The same notice is held from another file with other content."),
    ("number_in_use", 409, "Document number in use", "The document number belongs to another notice that is held."),
    # The server
    ("overloaded", 503, "Overloaded", "Too many requests are being answered; try again in a moment."),
    ("timeout", 504, "Too slow", "The answer did not begin in time."),
    ("keys", 503, "Keys not usable", "The file of keys can't be read."),
    ("audit", 503, "Audit log not usable", "A change was made or tried, and the audit log of it can't be written."),
    ("internal", 500, "Internal error", "The server met an unexpected error and has logged it."),
    ("no_index", 503, "No index yet", "There is no index yet; index some notices first."),
    ("index", 503, "Index not usable", "The index can't be opened, read or written."),
    ("index_timeout", 504, "Index too slow", "The index did not answer in time."),
    ("busy", 503, "Busy", "Somebody else is writing to the index; try again after the seconds that Retry-After says."),
    ("model", 503, "Model not usable", "The embedding model is absent, damaged, or another one than the index was built with."),
    ("lexicon", 503, "Synonyms not usable", "The file of synonyms can't be read."),
)  # fmt: skip

CODES = {code: ProblemCode(code, status, title, detail) for code, status, title, detail in _ROWS}

HELD = ("no_index", "index", "busy", "model", "lexicon", "index_timeout")
"""What any route can answer that needs the index."""
UNREADABLE = (
    "empty",
    "not_text",
    "unknown_encoding",
    "unreadable",
    "damaged",
    "archive",
    "too_large",
)
"""What any route can answer that reads a file."""
_EVERYWHERE = ("key_required", "bad_key", "not_allowed", "too_many_requests", "overloaded", "timeout", "internal")
"""What any route can answer that has problems at all."""

_USUAL = {
    404: ("not_found",),
    422: ("invalid_parameter", "bad_filter", "empty_query", "query_too_long", "too_deep"),
    503: ("no_index", "index", "busy", "model", "lexicon"),
    504: ("index_timeout",),
}
"""The codes of routes that search, by status."""


def described(problems: Iterable[int | str]) -> list[ProblemCode]:
    """Codes as they are described: each by its name, or those that are usual under a status. Raises KeyError."""
    names = [name for one in problems for name in (_USUAL[one] if isinstance(one, int) else (one,))]
    return [CODES[name] for name in dict.fromkeys([*names, *(_EVERYWHERE if names else ())])]
