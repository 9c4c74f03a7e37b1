"""From files to documents: one module a format. Every character keeps its place in the source."""

from indexer.reading.files import find_files, read_bytes, read_document, sha256
from indexer.reading.text import decode

__all__ = ["decode", "find_files", "read_bytes", "read_document", "sha256"]
