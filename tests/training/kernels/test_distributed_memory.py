"""The kernel of distributed memory does what the readable twin does."""

import numpy as np
import pytest

from embedkit.simd.storage import aligned_matrix
from embedkit.training.kernels import distributed_memory
from embedkit.training.kernels.distributed_memory import memory_trainer, put_in_places
from embedkit.training.reference.document_vectors import train_concatenated, train_memory
from embedkit.training.reference.negative_sampling import Draws, mix
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds
from tests.training.kernels.test_negative_sampling import frozen as read_only

KEY, GOLDEN = 0x123456789ABCDEF, 0x9E3779B97F4A7C15
SIZE, NEGATIVE, WORDS, WINDOW, RATE = 20, 5, 30, 2, 0.05
NUMBERS = [3, 0, 7, 5]


class Setting:
    """Documents of 0 to 40 words, some of them unknown, behind words in a matrix of random vectors."""

    def __init__(self, documents=8, places=1):
        random = np.random.default_rng(1)
        lengths = random.integers(0, 40, documents)
        lengths[5] = 1
        self.offsets = np.concatenate([[0], np.cumsum(lengths)])
        self.ids = random.integers(0, WORDS + 3, self.offsets[-1]).astype(np.int32)
        counts = np.arange(WORDS, 0, -1)
        self.keep = thresholds(keep_probability(counts, 0.1))
        self.noise = alias_table(noise_probability(counts, 0.75))
        self.places = places
        self.inputs = aligned_matrix(WORDS + documents + 2, SIZE)
        self.outputs = aligned_matrix(WORDS * places, SIZE)
        for matrix in (self.inputs, self.outputs):
            matrix[:, :SIZE] = random.standard_normal((len(matrix), SIZE)) / 2 / places**0.5

    def run(self, frozen=False, own_streams=True, shares=(1.0, 1.0)):
        return memory_trainer(SIZE, NEGATIVE, frozen, self.places)(
            self.inputs.reshape(-1), self.outputs.reshape(-1), np.array(NUMBERS), 2,
            read_only(self.offsets), read_only(self.ids),
            self.keep, self.noise, WINDOW, RATE, *shares, np.uint64(KEY), own_streams, None,
        )  # fmt: skip

    def document(self, number):
        return self.ids[self.offsets[number] : self.offsets[number + 1]].tolist()


@pytest.mark.parametrize(("places", "twin"), [(1, train_memory), (2 * WINDOW + 1, train_concatenated)])
def test_training_is_that_of_the_twin(places, twin):
    setting = Setting(places=places)
    inputs, outputs = (matrix[:, :SIZE].astype(float) for matrix in (setting.inputs, setting.outputs))
    outputs = outputs.reshape(WORDS, places * SIZE)
    predictions, loss = 0, 0.0
    for i, number in enumerate(NUMBERS):
        draws = Draws(setting.keep, setting.noise, mix(KEY + GOLDEN * (number + 3)))
        made, lost = twin(
            inputs, outputs, setting.document(number), WORDS + number + 2, draws, WINDOW, NEGATIVE,
            RATE * (1 - 0.6 * i / len(NUMBERS)),
        )  # fmt: skip
        predictions, loss = predictions + made, loss + lost
    assert setting.run(shares=(1.0, 0.4)) == (predictions, pytest.approx(loss, rel=1e-5))
    np.testing.assert_allclose(setting.inputs[:, :SIZE], inputs, atol=2e-5)
    np.testing.assert_allclose(setting.outputs[:, :SIZE].reshape(outputs.shape), outputs, atol=2e-5)


def test_a_document_moves_against_the_gradient_of_concatenated_vectors():
    random = np.random.default_rng(3)
    inputs, outputs = random.standard_normal((4, SIZE)), random.standard_normal((3, 5 * SIZE)) / 5
    draws = Draws(np.full(3, 2**32 - 1, np.uint32), alias_table(np.full(3, 1 / 3)), KEY)

    def loss(document):
        changed = inputs.copy()
        changed[3] = document
        return train_concatenated(changed, outputs.copy(), [1, 2], 3, draws, 2, NEGATIVE, 0.0)[1]

    moved, rate, step = inputs.copy(), 1e-6, 1e-5
    train_concatenated(moved, outputs.copy(), [1, 2], 3, draws, 2, NEGATIVE, rate)
    slopes = [(loss(inputs[3] + d) - loss(inputs[3] - d)) / (2 * step) for d in step * np.eye(SIZE)]
    np.testing.assert_allclose((moved[3] - inputs[3]) / -rate, slopes, rtol=1e-4, atol=1e-6)


def test_concatenated_words_have_their_places():
    rows = np.array([10, 20, 30, 40, 0, 0, 0])
    put_in_places(rows, 4, 1, 3)  # one word before the center, two behind it, then the document
    assert rows.tolist() == [40, -1, -1, 10, 20, 30, -1]
    full = np.array([1, 2, 3, 4, 9])
    put_in_places(full, 5, 2, 2)
    assert full.tolist() == [9, 1, 2, 3, 4]


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
