"""A process that reindexes and can be killed: python -m tests.indexer.reindexer FOLDER MODEL [SECONDS a notice]."""

import sys
import time
from pathlib import Path

from analyzers.embedding import FloatArray
from analyzers.embedding.choice import ModelChoice
from analyzers.terms import Analyzer
from indexer.reindexing import reindex
from tests.indexer.embedders import NamedEmbedder


class SlowEmbedder(NamedEmbedder):
    """Takes its time for each notice."""

    seconds = 0.0

    def encode_items(self, texts: list[str]) -> FloatArray:
        """See Embedder."""
        time.sleep(self.seconds)
        return super().encode_items(texts)


def main(folder: Path, model: str, seconds: float) -> None:
    """Reindex, saying when it begins."""
    analyzer = Analyzer()
    analyzer.analyse("行政执法")
    embedder = SlowEmbedder(model)
    embedder.seconds = seconds
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in reindex(folder, embedder, analyzer, ModelChoice(Path(model))):
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
