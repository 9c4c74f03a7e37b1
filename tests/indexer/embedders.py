"""An embedder for tests that needs no model: vectors that depend on the text and the embedder's name alone."""

import numpy as np

from analyzers.embedding import FloatArray
from tests.contract.notices import DIMENSION, vector


class NamedEmbedder:
    """Unit vectors of 16 components; `encoded` counts the texts."""

    def __init__(self, name: str) -> None:
        self.fingerprint = name
        self.dimension = DIMENSION
        self.encoded = 0

    def encode_items(self, texts: list[str]) -> FloatArray:
        """See Embedder."""
        self.encoded += len(texts)
        return np.stack([self.encode_query(text) for text in texts])

    def encode_query(self, text: str) -> FloatArray:
        """See Embedder."""
        return vector(f"{self.fingerprint}\0{text}")
