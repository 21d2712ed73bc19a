"""Nonzeros in blocks: nothing is lost, nothing overlaps, nothing depends on the threads."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import Vocabulary
from embedkit.progress import SILENT
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.glove.blocks import CACHED, Blocks, Parts
from embedkit.training.kernels.blocks import STRIP


def cooccurrences(matrix):
    """The counts of a dense matrix."""
    words = [f"w{i}" for i in range(len(matrix))]
    rows, columns = np.nonzero(matrix)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=len(matrix)))])
    arrays = offsets, columns.astype(np.int32), matrix[rows, columns].astype(np.float32)
    for array in arrays:
        array.flags.writeable = False  # as those of a file are: kernels are compiled for these alone
    return Cooccurrences(Vocabulary(words, np.arange(len(words), 0, -1)), *arrays, {})


def zipfian(words, seed=0):
    """A matrix whose rows and columns thin out like words do."""
    random = np.random.default_rng(seed)
    expected = 3 * words / np.outer(np.arange(1, words + 1), np.arange(1, words + 1))
    return random.poisson(expected) * random.uniform(0.5, 1.5, (words, words))


def built(matrix, row_bytes=896, seed=1, on_disk=False, workers=1):
    parts = Parts.deal(len(matrix), row_bytes, np.random.default_rng(seed))
    return Blocks.build(cooccurrences(matrix), parts, seed, on_disk, workers, SILENT)


def entries(blocks):
    """(word slot, context slot, logarithm) of each nonzero, in order."""
    count, size = blocks.parts.count, blocks.parts.size
    numbers = np.repeat(np.arange(count**2), np.diff(blocks.offsets))
    return (
        numbers // count * size + blocks.word_ids,
        numbers % count * size + blocks.context_ids,
        blocks.logs,
    )


@settings(max_examples=30)
@given(st.integers(1, 300), st.integers(1, 2**20), st.integers(0, 5))
def test_every_nonzero_is_in_the_block_of_its_word_and_context(words, row_bytes, seed):
    matrix = zipfian(words, seed)
    blocks = built(matrix, row_bytes, seed)
    rows, columns, logs = entries(blocks)
    found = np.zeros((blocks.parts.count * blocks.parts.size,) * 2)
    np.add.at(found, (rows, columns), np.exp(logs.astype(np.float64)))
    slots = blocks.parts.slots
    np.testing.assert_allclose(found[np.ix_(slots, slots)], matrix, rtol=1e-5)
    assert found.sum() == pytest.approx(matrix.sum(), rel=1e-5)


def test_each_word_has_a_slot_of_its_own_and_each_part_words_of_all_frequencies():
    parts = Parts.deal(1000, 64, np.random.default_rng(0))
    assert parts.count == 1000 // 16
    assert len(set(parts.slots.tolist())) == 1000
    for part in range(parts.count):
        words = parts.words(part)
        assert np.array_equal(words // parts.count, np.arange(len(words)))
    with_large_rows = Parts.deal(1000, CACHED // 5, np.random.default_rng(0))
    assert with_large_rows.size == 5


def test_blocks_of_a_diagonal_share_no_row_and_all_diagonals_are_all_blocks():
    parts = Parts.deal(700, 64, np.random.default_rng(0))
    seen = []
    orders = [parts.columns(np.random.default_rng(seed)) for seed in (1, 2)]
    for shift in range(parts.count):
        diagonal = parts.diagonal(orders[0], shift)
        assert len(set(diagonal // parts.count)) == len(set(diagonal % parts.count)) == parts.count
        seen.extend(diagonal.tolist())
    assert sorted(seen) == list(range(parts.count**2))
    first, second = (parts.diagonal(columns, 0) for columns in orders)
    assert set(first) != set(second)


def test_blocks_hold_about_as_many_nonzeros_each():
    blocks = built(zipfian(2000))
    rows = np.diff(blocks.offsets).reshape(blocks.parts.count, -1).sum(axis=1)
    assert rows.max() < 2.5 * rows.mean()


def test_within_a_block_strips_come_in_order_and_are_shuffled():
    blocks = built(np.ones((64, 64)), row_bytes=CACHED // 64)
    assert blocks.parts.count == 4  # blocks of 16 words: one strip each
    blocks = built(np.ones((256, 256)), row_bytes=CACHED // 256)
    assert (blocks.parts.count, blocks.parts.size) == (16, 16)
    large = Parts(2, 64, np.arange(128))
    blocks = Blocks.build(cooccurrences(np.ones((128, 128))), large, 1, False, 1, SILENT)
    for begin, end in zip(blocks.offsets[:-1], blocks.offsets[1:], strict=True):
        strips = blocks.word_ids[begin:end] // STRIP
        assert np.all(np.diff(strips.astype(int)) >= 0)
        moves = np.diff(blocks.context_ids[begin:end].astype(int))
        assert np.count_nonzero(moves == 1) < 0.1 * len(moves)


@pytest.mark.parametrize(("workers", "on_disk"), [(2, False), (3, False), (1, True), (2, True)])
def test_blocks_are_the_same_for_any_number_of_workers_and_on_disk(workers, on_disk):
    matrix = zipfian(500)
    expected, found = built(matrix), built(matrix, workers=workers, on_disk=on_disk)
    for name in ("offsets", "word_ids", "context_ids", "logs"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_blocks_on_the_disk_of_systems_that_cannot_reserve_it(monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    matrix = zipfian(100)
    np.testing.assert_array_equal(built(matrix, on_disk=True).logs, built(matrix).logs)


def test_another_seed_gives_another_order():
    matrix = zipfian(500)
    assert not np.array_equal(built(matrix, seed=1).logs, built(matrix, seed=2).logs)
