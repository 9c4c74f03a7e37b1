"""Digests: whether two indexes hold the same notice with the same vectors, whatever their backend.

Backends keep vectors differently rounded (int8, half precision), and a vector that goes from one to the other is rounded
again. Rounded so that the largest component is 127, it is the same before and after, so that is what the digest is taken of.
"""

import hashlib
from collections.abc import Iterable

import msgspec
import numpy as np

from analyzers.embedding import FloatArray
from corpus.model import ParsedNotice
from indexer.analysis import embedded_text
from indexer.index.embedded.vectors import quantise
from indexer.index.protocol import Index


def stored_vectors(index: Index, parsed: ParsedNotice) -> FloatArray | None:
    """The vectors that an index has for a notice's items, float32 [items, d]; None unless it has all of them."""
    texts = [embedded_text(item) for item in parsed.items]
    held = index.item_vectors(texts) if texts else {}
    if not held or any(text not in held for text in texts):
        return None
    return np.stack([held[text] for text in texts])


def notice_digest(parsed: ParsedNotice, path: str, vectors: FloatArray | None) -> bytes:
    """SHA-256 over path, notice (which has its id and the SHA-256 of its source) and the int8 components of its vectors."""
    digest = hashlib.sha256(msgspec.json.encode([path, parsed], order="deterministic"))
    if vectors is not None:
        digest.update(np.ascontiguousarray(quantise(vectors)["components"]).tobytes())
    return digest.digest()


def total_digest(digests: Iterable[bytes]) -> str:
    """SHA-256 over the digests of notices, which the caller gives in the order of the notices' ids, in hexadecimal."""
    return hashlib.sha256(b"".join(digests)).hexdigest()
