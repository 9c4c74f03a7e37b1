"""The vector file: what is appended is what is scanned."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.embedding import FloatArray
from indexer.index.embedded.vectors import Records, Vectors, append, best, quantise, restore


def some(count: int, dimension: int = 8, seed: int = 1) -> FloatArray:
    found = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def with_slots(vectors: FloatArray, first: int) -> Records:
    records = quantise(vectors)
    records["slot"] = np.arange(first, first + len(records))
    return records


def test_a_quantised_vector_comes_back_within_half_a_step() -> None:
    vectors = some(50)
    for record, vector in zip(quantise(vectors), vectors, strict=True):
        restored = restore(record["components"].tobytes(), float(record["scale"]))
        assert np.abs(restored - vector).max() <= np.abs(vector).max() / 127 / 2 + 1e-6


def test_a_zero_vector_stays_zero() -> None:
    (record,) = quantise(np.zeros((1, 4), np.float32))
    assert restore(record["components"].tobytes(), float(record["scale"])).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("count", [1, 2_047, 2_048, 5_000])
@pytest.mark.parametrize("dimension", [3, 8, 512])
def test_the_scan_gives_exactly_the_nearest_of_the_rounded_vectors(tmp_path: Path, count: int, dimension: int) -> None:
    vectors, query = some(count, dimension), some(1, dimension, seed=2)[0]
    append(tmp_path / "v", 0, with_slots(vectors, 10))
    mapped = Vectors.map(tmp_path / "v", count, dimension, 9 + count)
    rounded = mapped.records["components"] * mapped.records["scale"][:, None]
    for k in (1, 10, 200):
        chosen, scores = mapped.nearest(query, None, k)
        assert set(np.argsort(-(rounded @ query), kind="stable")[:k].tolist()) <= set(chosen.tolist())
        assert len(chosen) == min(k, count)
        np.testing.assert_allclose(scores, (rounded @ query)[chosen], atol=1e-6)
        np.testing.assert_allclose(scores, (vectors @ query)[chosen], atol=0.01)


def test_a_scan_of_some_looks_at_no_others(tmp_path: Path) -> None:
    append(tmp_path / "v", 0, with_slots(some(3_000), 1))
    mapped = Vectors.map(tmp_path / "v", 3_000, 8, 3_000)
    query, odd = some(1, seed=2)[0], np.arange(0, 3_000, 3)
    everywhere = dict(zip(*(found.tolist() for found in mapped.nearest(query, None, 3_000)), strict=True))
    chosen, scores = mapped.nearest(query, odd, 5)
    assert sorted(scores.tolist()) == sorted(everywhere[place] for place in odd.tolist())[-5:]
    assert set(chosen.tolist()) <= set(odd.tolist())


def test_slots_are_found_once_and_unknown_ones_left_out(tmp_path: Path) -> None:
    append(tmp_path / "v", 0, with_slots(some(5), 10))
    mapped = Vectors.map(tmp_path / "v", 5, 8, 14)
    assert mapped.positions(np.array([14, -1, 11, 11, 15, 3])).tolist() == [1, 4]
    assert mapped.positions(np.array([], np.int64)).tolist() == []


def test_what_an_unfinished_write_left_is_cut_off(tmp_path: Path) -> None:
    append(tmp_path / "v", 0, with_slots(some(3), 1))
    append(tmp_path / "v", 3, with_slots(some(2, seed=5), 4))
    append(tmp_path / "v", 3, with_slots(some(1, seed=6), 4))
    mapped = Vectors.map(tmp_path / "v", 4, 8, 4)
    assert mapped.slots.tolist() == [1, 2, 3, 4]
    assert (tmp_path / "v").stat().st_size == mapped.records.nbytes
    chosen, scores = mapped.nearest(some(1, seed=6)[0], None, 1)
    assert chosen.tolist() == [3]
    np.testing.assert_allclose(scores, [1], atol=0.01)


def test_a_file_that_does_not_hold_what_was_published_is_refused(tmp_path: Path) -> None:
    append(tmp_path / "v", 0, with_slots(some(3), 1))
    for published, last_slot in ((4, 4), (3, 4), (2, 3)):
        with pytest.raises(OSError, match="malformed"):
            Vectors.map(tmp_path / "v", published, 8, last_slot)
    with pytest.raises(OSError, match="malformed"):
        append(tmp_path / "v", 9, with_slots(some(1), 10))


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 40))
def test_the_best_are_the_highest_with_all_their_equals(scores: list[int], k: int) -> None:
    chosen = best(np.array(scores, np.float32), k).tolist()
    lowest = sorted(scores, reverse=True)[:k][-1:]
    assert sorted(chosen) == [place for place, score in enumerate(scores) if [score] >= lowest]
