"""What every backend keeps to with the vectors of items: the key they are kept under, and the shape they must have."""

import hashlib

import numpy as np

from analyzers.embedding import FloatArray
from corpus.model import ParsedNotice


def vector_key(text: str, fingerprint: str) -> str:
    """Under which the vector of an embedded text is kept: it is the same wherever the text stands."""
    return hashlib.sha256(f"{fingerprint}\0{text}".encode()).hexdigest()


def check_shape(parsed: ParsedNotice, vectors: FloatArray | None, fingerprint: str | None) -> None:
    """Raise ValueError unless there are no vectors, or one of finite numbers for each item, of a named model."""
    if vectors is None:
        return
    if fingerprint is None:
        raise ValueError("vectors without the fingerprint of their model")
    if vectors.ndim != 2 or len(vectors) != len(parsed.items):
        raise ValueError(f"{len(parsed.items)} items, but vectors of shape {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError("vectors with components that are no numbers")
