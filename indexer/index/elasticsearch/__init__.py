"""The index on Elasticsearch, for holdings and writers that outgrow one machine."""

from indexer.index.elasticsearch.index import ElasticsearchIndex

__all__ = ["ElasticsearchIndex"]
