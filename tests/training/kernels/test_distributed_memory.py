"""The kernel of distributed memory does what the readable twin does."""

import numpy as np
import pytest

from embedkit.simd.storage import aligned_matrix
from embedkit.training.kernels import distributed_memory
from embedkit.training.kernels.distributed_memory import memory_trainer
from embedkit.training.reference.document_vectors import train_memory
from embedkit.training.reference.negative_sampling import Draws, mix
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds

KEY, GOLDEN = 0x123456789ABCDEF, 0x9E3779B97F4A7C15
SIZE, NEGATIVE, WORDS, WINDOW, RATE = 20, 3, 30, 4, 0.05
NUMBERS = [3, 0, 7, 5]


class Setting:
    """Documents of 0 to 40 words, some of them unknown, behind words in a matrix of random vectors."""

    def __init__(self, documents=8):
        random = np.random.default_rng(1)
        lengths = random.integers(0, 40, documents)
        lengths[5] = 1
        self.offsets = np.concatenate([[0], np.cumsum(lengths)])
        self.ids = random.integers(0, WORDS + 3, self.offsets[-1]).astype(np.int32)
        counts = np.arange(WORDS, 0, -1)
        self.keep = thresholds(keep_probability(counts, 0.1))
        self.noise = alias_table(noise_probability(counts, 0.75))
        self.inputs, self.outputs = (aligned_matrix(rows, SIZE) for rows in (WORDS + documents + 2, WORDS))
        for matrix in (self.inputs, self.outputs):
            matrix[:, :SIZE] = random.standard_normal((len(matrix), SIZE)) / 2

    def run(self, frozen=False, own_streams=True, shares=(1.0, 1.0)):
        return memory_trainer(SIZE, NEGATIVE, frozen)(
            self.inputs.reshape(-1), self.outputs.reshape(-1), np.array(NUMBERS), 2, self.offsets, self.ids,
            self.keep, self.noise, WINDOW, RATE, *shares, np.uint64(KEY), own_streams,
        )  # fmt: skip

    def document(self, number):
        return self.ids[self.offsets[number] : self.offsets[number + 1]].tolist()


def test_training_is_that_of_the_twin():
    setting = Setting()
    inputs, outputs = (matrix[:, :SIZE].astype(float) for matrix in (setting.inputs, setting.outputs))
    predictions, loss = 0, 0.0
    for i, number in enumerate(NUMBERS):
        draws = Draws(setting.keep, setting.noise, mix(KEY + GOLDEN * (number + 3)))
        made, lost = train_memory(
            inputs, outputs, setting.document(number), WORDS + number + 2, draws, WINDOW, NEGATIVE,
            RATE * (1 - 0.6 * i / len(NUMBERS)),
        )  # fmt: skip
        predictions, loss = predictions + made, loss + lost
    assert setting.run(shares=(1.0, 0.4)) == (predictions, pytest.approx(loss, rel=1e-5))
    np.testing.assert_allclose(setting.inputs[:, :SIZE], inputs, atol=2e-5)
    np.testing.assert_allclose(setting.outputs[:, :SIZE], outputs, atol=2e-5)


def test_frozen_words_stay_and_documents_draw_alike():
    setting, number = Setting(), NUMBERS[0]
    before = setting.inputs.copy(), setting.outputs.copy()
    setting.run(frozen=True, own_streams=False)
    np.testing.assert_array_equal(setting.inputs[:WORDS], before[0][:WORDS])
    np.testing.assert_array_equal(setting.outputs, before[1])
    moved = np.flatnonzero((setting.inputs != before[0]).any(axis=1)) - WORDS - 2
    assert set(moved.tolist()) <= set(NUMBERS)
    first = setting.inputs[WORDS + number + 2].copy()
    setting.inputs[:], setting.offsets = before[0], setting.offsets.copy()
    setting.run(frozen=True, own_streams=True)
    assert not np.allclose(setting.inputs[WORDS + number + 2], first)


def test_long_documents_are_drawn_in_batches():
    setting = Setting(documents=8)
    words = np.random.default_rng(2).integers(0, WORDS, 3 * distributed_memory.BATCH // 2).astype(np.int32)
    setting.ids, setting.offsets = words, np.array([0, 0, 0, 0, len(words), *[len(words)] * 4])
    inputs, outputs = (matrix[:, :SIZE].astype(float) for matrix in (setting.inputs, setting.outputs))
    draws = Draws(setting.keep, setting.noise, mix(KEY + GOLDEN * 6))
    rate = RATE / 100
    made, lost = train_memory(inputs, outputs, words.tolist(), WORDS + 5, draws, WINDOW, NEGATIVE, rate)
    assert setting.run(shares=(0.01, 0.01)) == (made, pytest.approx(lost, rel=1e-4))
    np.testing.assert_allclose(setting.inputs[WORDS + 5, :SIZE], inputs[WORDS + 5], atol=1e-3)
