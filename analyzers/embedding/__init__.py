"""Embeddings behind one small protocol."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into L2-normalised vectors whose dot product is the cosine similarity."""

    @property
    def fingerprint(self) -> str:
        """Identifies the model and everything that changes its vectors; an index accepts one fingerprint only."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode_items(self, texts: list[str]) -> FloatArray:
        """Vectors of indexed texts, float32 [n, d]."""
        ...

    def encode_query(self, text: str) -> FloatArray:
        """The vector of a query, float32 [d]."""
        ...
