"""From files to documents: one module a format. Every character keeps its place in the text of its document."""

from indexer.reading.files import File, find_files, find_uploaded, is_there, read_document, sha256, was_uploaded
from indexer.reading.formats import read

__all__ = ["File", "find_files", "find_uploaded", "is_there", "read", "read_document", "sha256", "was_uploaded"]
