"""The exceptions of the product: one small tree, each with a stable code.

`detail` is Chinese and for the reader: what went wrong, where, and what to do about it. `code` is for machines.
"""


class XianliError(Exception):
    """Any failure that the user can act on."""

    code = "error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class ReadError(XianliError):
    """A file could not be turned into text: empty, binary, too large, unknown encoding, no permission."""

    code = "unreadable"


class ParseError(XianliError):
    """A text is no notice that can be cut into items."""

    code = "no_items"


class ConflictError(XianliError):
    """A notice contradicts one that is held: the same document number under another title."""

    code = "conflict"


class QueryError(XianliError):
    """A query or a filter that can't be answered as asked."""

    code = "bad_query"


class NotFoundError(XianliError):
    """No item or notice has this id."""

    code = "not_found"


class ModelError(XianliError):
    """The embedding model is absent, damaged, or another one than the index was built with."""

    code = "model"


class LexiconError(XianliError):
    """A file of words is unreadable, or one of its rows says nothing usable."""

    code = "lexicon"


class StorageError(XianliError):
    """The index can't be opened or written."""

    code = "index"


class StorageTimeoutError(StorageError):
    """The server that holds the index did not answer in time."""

    code = "index_timeout"
