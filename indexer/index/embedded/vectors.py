"""Vectors as int8 in one file that is scanned from end to end; derived from the catalogue, which numbers them by slot.

The scan is plain numpy, 2,048 rows at a time turned into float32 in the cache. On one core at 512 dimensions it takes
1.7 ms for 20,000 vectors and 17 for 200,000; numkong's int8 products take 0.3 and 3.8. A search needs no more than the
former, which multiplies by the query as it is where numkong wants it as int8 too: better scores, one dependency less.
A row at a time (vecdot), because a product of matrices starts threads in BLAS: 4 ms for the 20,000 on two cores.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.embedding import FloatArray

Slots = NDArray[np.int64]
Records = NDArray[Any]

_CHUNK = 2048


def record_type(dimension: int) -> np.dtype[Any]:
    """A record of the file: slot, scale, and the components, which the scale turns back into numbers."""
    return np.dtype([("slot", "<i8"), ("scale", "<f4"), ("components", "i1", (dimension,))])


def quantise(vectors: FloatArray) -> Records:
    """float32 [n, d] as n records without slots. Each has its own scale, so that its largest component is 127."""
    records = np.zeros(len(vectors), record_type(vectors.shape[1]))
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    records["scale"] = scales
    records["components"] = np.rint(vectors / scales[:, None]).astype(np.int8)
    return records


def restore(components: bytes, scale: float) -> FloatArray:
    """The float32 [d] that was quantised."""
    return np.frombuffer(components, np.int8).astype(np.float32) * np.float32(scale)


def append(path: Path, published: int, records: Records) -> None:
    """Put records after the first `published` ones and on the disk; what an unfinished write left there is cut off."""
    end = published * records.dtype.itemsize
    with path.open("r+b" if published else "wb") as file:
        if file.seek(0, os.SEEK_END) < end:
            raise OSError(f"{path.name} is malformed: it holds fewer than {published} records")
        file.truncate(end)
        file.seek(end)
        file.write(records.tobytes())
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Vectors:
    """The published vectors, mapped into memory and in ascending order of their slots. Some may be dead already."""

    records: Records

    @classmethod
    def map(cls, path: Path, published: int, dimension: int, last_slot: int) -> "Vectors":
        """The first `published` records of a file; OSError where it does not hold them."""
        kind = record_type(dimension)
        if path.stat().st_size < published * kind.itemsize:
            raise OSError(f"{path.name} is malformed: it holds fewer than {published} records")
        records = np.memmap(path, kind, mode="r", shape=(published,)) if published else np.empty(0, kind)
        if published and int(records["slot"][-1]) != last_slot:
            raise OSError(f"{path.name} is malformed: it does not end with slot {last_slot}")
        return cls(records)

    @property
    def slots(self) -> Slots:
        """The slot of each record, int64 [n]."""
        slots: Slots = self.records["slot"]
        return slots

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.records["components"].shape[1])

    def positions(self, slots: Slots) -> Slots:
        """Where the records of `slots` lie, ascending, each once; slots without a record are left out."""
        wanted = np.unique(slots)
        held = self.slots
        places = np.searchsorted(held, wanted)
        inside = places < len(held)
        places, wanted = places[inside], wanted[inside]
        found: Slots = places[held[places] == wanted]
        return found

    def similarities(self, query: FloatArray, positions: Slots | None) -> FloatArray:
        """Cosine similarity of `query`, L2-normalised, to the records at `positions`, or to all."""
        records = self.records
        count = len(records) if positions is None else len(positions)
        scores = np.empty(count, np.float32)
        floats = np.empty((_CHUNK, len(query)), np.float32)
        for start in range(0, count, _CHUNK):
            stop = min(start + _CHUNK, count)
            chunk = records[start:stop] if positions is None else records[positions[start:stop]]
            np.copyto(floats[: stop - start], chunk["components"])
            np.vecdot(floats[: stop - start], query, out=scores[start:stop])
            scores[start:stop] *= chunk["scale"]
        return scores


def best(scores: FloatArray, k: int) -> Slots:
    """Indices of the `k` highest scores in no order, with all that equal the last of them."""
    if k >= len(scores):
        return np.arange(len(scores))
    threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.flatnonzero(scores >= threshold)
