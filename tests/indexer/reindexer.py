"""A process that reindexes and can be killed: python -m tests.indexer.reindexer FOLDER|ADDRESS MODEL [SECONDS a notice].

On Elasticsearch it takes whoever is silent for two seconds to be dead.
"""

import sys
import time
from pathlib import Path

from analyzers.embedding import FloatArray
from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from indexer.index.elasticsearch import holding, state
from indexer.index.elasticsearch.versions import ElasticsearchVersions
from indexer.index.embedded.versions import EmbeddedVersions
from indexer.index.versions import Versions, Wanted
from indexer.reindexing import reindex
from tests.indexer.embedders import NamedEmbedder

SILENT_SECONDS = 2.0


class SlowEmbedder(NamedEmbedder):
    """Takes its time for each notice."""

    seconds = 0.0

    def encode_items(self, texts: list[str]) -> FloatArray:
        """See Embedder."""
        time.sleep(self.seconds)
        return super().encode_items(texts)


def main(place: str, model: str, seconds: float) -> None:
    """Reindex, saying when it begins."""
    state.HOLD_SECONDS, holding.RENEW_SECONDS, holding.DRAIN_SECONDS = SILENT_SECONDS, 0.3, 1.0
    analyzer = Analyzer()
    analyzer.analyse("行政执法")
    embedder = SlowEmbedder(model)
    embedder.seconds = seconds
    versions: Versions = (
        ElasticsearchVersions.open(place) if place.startswith("http") else EmbeddedVersions(Path(place))
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    wanted = Wanted(embedder.fingerprint, embedder.dimension, ModelChoice(Path(model)))
    for _ in reindex(versions, wanted, embedder, analyzer):
        pass


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
