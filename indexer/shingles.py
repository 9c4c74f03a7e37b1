"""Near-identical wording: the shingles of a text, a sketch of them, and the bands under which like texts meet.

Shingles are runs of three letters of the folded text, punctuation left out, so that 、 for ， makes no difference. Two texts
are near-identical when the Jaccard overlap of their sets of shingles is at least NEAR_IDENTICAL. A sketch estimates the
overlap without the text: of each of 512 hash functions one bit of the least value over the shingles (Li and König, "b-Bit
Minwise Hashing", WWW 2010). Bands find the candidates: each joins the least values of six functions, and two texts of overlap
s have one of the twelve in common with probability 1 − (1 − s⁶)¹², 0.997 at 0.85, 0.17 at 0.5 (Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", chapter 3). docs/similar.md has the measurements.

All of it follows from the text alone: the same on every machine and backend, whatever else is held.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analyzers.folding import fold

SHINGLES_VERSION = 1
"""Bump it, and with it what every backend stores, whenever the same text gives another sketch or other bands."""

NEAR_IDENTICAL = 0.85
"""Least overlap of near-identical texts."""
ESTIMATE_ERROR = 0.024
"""Standard deviation of the estimated overlap at 0.85, measured; in theory 0.023."""

_LETTERS = 3
"""Letters of a shingle: three code points of 21 bits fill one number, without collisions."""
_FUNCTIONS = 512
_BANDS = 12
_ROWS = 6
SKETCH_WORDS = _FUNCTIONS // 64
"""A sketch as numbers of 64 bits."""

Shingles = frozenset[int]
Sketches = NDArray[np.uint64]

_NO_LETTER = re.compile(r"[\W_]+")
_GOLDEN = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Wording:
    """What is stored of a text's wording: its sketch of 64 bytes, and its bands, which no text without letters has."""

    sketch: bytes
    bands: tuple[str, ...]


def shingles(text: str) -> Shingles:
    """The shingles of `text`; a text of fewer letters has one, and one without letters none."""
    return frozenset(_runs(text).tolist())


def overlap(one: Shingles, other: Shingles) -> float:
    """Jaccard overlap of two sets of shingles, 0 to 1; 0 where both are empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def near_identical(one: Shingles, other: Shingles) -> bool:
    """Whether two texts are near-identical by their shingles."""
    fewer, more = sorted((len(one), len(other)))
    return fewer >= NEAR_IDENTICAL * more and overlap(one, other) >= NEAR_IDENTICAL


def wording(text: str) -> Wording:
    """The sketch and the bands of a text."""
    runs = _runs(text)
    if not len(runs):
        return Wording(bytes(_FUNCTIONS // 8), ())
    least = _least(runs)
    bits = (least * np.uint32(0x9E3779B1)) >> np.uint32(31)
    sketch = np.packbits(bits.astype(np.uint8)).tobytes()
    rows = least[: _BANDS * _ROWS].reshape(_BANDS, _ROWS)
    keys = _mix((rows * _row_factors()).sum(axis=1, dtype=np.uint64)) >> np.uint64(16)
    return Wording(sketch, tuple(f"{key:012x}" for key in keys.tolist()))


def estimated_overlap(sketch: bytes, sketches: Sketches) -> NDArray[np.float64]:
    """Estimated Jaccard overlap of the text of `sketch` with each of those of `sketches`, uint64 [n, SKETCH_WORDS]."""
    different = np.bitwise_count(sketches ^ np.frombuffer(sketch, np.uint64)).sum(axis=1, dtype=np.int64)
    estimate: NDArray[np.float64] = 1 - 2 * different / _FUNCTIONS
    return estimate


def _runs(text: str) -> NDArray[np.uint64]:
    """The shingles of `text` in order, repeated as often as they occur."""
    letters = _NO_LETTER.sub("", fold(text))
    if not letters:
        return np.empty(0, np.uint64)
    code = letters.ljust(_LETTERS, "\0").encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(code, np.uint32).astype(np.uint64)
    runs: NDArray[np.uint64] = points[:-2] << np.uint64(42) | points[1:-1] << np.uint64(21) | points[2:]
    return runs


def _least(runs: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The least value of each hash function over the shingles, uint32 [512]."""
    mixed = (_mix(runs) >> np.uint64(32)).astype(np.uint32)
    least: NDArray[np.uint32] = np.multiply.outer(mixed, _factors()).min(axis=0)
    return least


@cache
def _factors() -> NDArray[np.uint32]:
    """The hash functions: a shingle's number, mixed, times one of these odd numbers, mod 2³²."""
    numbers = _mix(np.arange(_FUNCTIONS, dtype=np.uint64) + np.uint64(1000))
    return (numbers >> np.uint64(32)).astype(np.uint32) | np.uint32(1)


@cache
def _row_factors() -> NDArray[np.uint64]:
    """By what the least values of a band are multiplied, uint64 [12, 6]: other bands of the same values get other keys."""
    return _mix(np.arange(_BANDS * _ROWS, dtype=np.uint64)).reshape(_BANDS, _ROWS) | np.uint64(1)


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): numbers that are close become ones that look random."""
    z = (numbers + np.uint64(1)) * np.uint64(_GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
