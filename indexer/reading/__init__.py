"""From files to documents: one module a format. Every character keeps its place in the text of its document."""

from indexer.reading.files import File, find_files, is_there, read_document, sha256
from indexer.reading.formats import read

__all__ = ["File", "find_files", "is_there", "read", "read_document", "sha256"]
