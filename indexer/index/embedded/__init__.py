"""The index in one folder, without a server: SQLite, tantivy and a flat file of vectors."""

from indexer.index.embedded.index import EmbeddedIndex

__all__ = ["EmbeddedIndex"]
