"""The compiled passes over blocks against their numpy twin."""

import numpy as np
import pytest

from embedkit import GloVe
from embedkit.progress import SILENT
from embedkit.training.glove.trainer import GloVeTrainer
from embedkit.training.meter import Meter
from embedkit.training.reference import glove as reference
from tests.training.glove.test_blocks import cooccurrences, entries, zipfian


def twin_side(matrix, vector_size, bias):
    """A matrix of the kernels as the twin has it."""
    values = matrix[:, :, 0].reshape(len(matrix), -1).astype(np.float64)
    squares = matrix[:, :, 1].reshape(len(matrix), -1).astype(np.float64)
    column = vector_size + bias
    return reference.AdaGradState(
        values[:, :vector_size], values[:, column], squares[:, :vector_size], squares[:, column]
    )


def twin_sides(trainer):
    size = trainer.parameters.vector_size
    return twin_side(trainer.words, size, 0), twin_side(trainer.contexts, size, 1)


def in_order(trainer, epoch):
    """The nonzeros as an epoch meets them, rows by slot."""
    rows, columns, logs = entries(trainer.blocks)
    offsets = trainer.blocks.offsets
    parts = trainer.blocks.parts
    order = parts.columns(np.random.default_rng((trainer.parameters.seed, epoch)))
    for shift in range(parts.count):
        for number in parts.diagonal(order, shift):
            for i in range(offsets[number], offsets[number + 1]):
                yield reference.Nonzero(rows[i], columns[i], np.exp(np.float64(logs[i])))


@pytest.mark.parametrize("vector_size", [1, 15, 16, 200])
def test_two_passes_agree_with_the_twin(vector_size):
    settings = GloVe(vector_size=vector_size, x_max=3, alpha=0.6, learning_rate=0.07, seed=5)
    trainer = GloVeTrainer(settings, cooccurrences(zipfian(70)), 1, SILENT)
    words, contexts = twin_sides(trainer)
    for epoch in range(2):
        mean = trainer.train_epoch(epoch, 1, Meter(SILENT))
        costs = reference.train_pass(words, contexts, in_order(trainer, epoch), 3, 0.6, 0.07)
        assert mean == pytest.approx(np.mean(costs), rel=1e-3)
    for found, expected in zip(twin_sides(trainer), (words, contexts), strict=True):
        for name in reference.AdaGradState._fields:
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-2, atol=2e-3)


@pytest.mark.parametrize("scale", [1, 300])
def test_one_step_agrees_closely_also_where_gradients_are_clipped(scale):
    matrix = np.zeros((2, 2))
    matrix[0, 1] = 40
    trainer = GloVeTrainer(GloVe(vector_size=16), cooccurrences(matrix), 1, SILENT)
    trainer.words[:, 0, 0] *= 16 * scale
    before, (words, contexts) = twin_sides(trainer), twin_sides(trainer)
    trainer.train_epoch(0, 1, Meter(SILENT))
    reference.train_pass(words, contexts, in_order(trainer, 0), 100, 0.75, 0.05)
    clipped = np.isclose(np.abs(contexts.vectors - before[1].vectors), 0.05 * reference.GRADIENT_LIMIT)
    assert clipped.any() == (scale > 1)
    for found, expected, old in zip(twin_sides(trainer), (words, contexts), before, strict=True):
        for name in reference.AdaGradState._fields:
            step = np.abs(getattr(expected, name) - getattr(old, name))
            errors = np.abs(getattr(found, name) - getattr(expected, name))
            assert np.all(errors <= 1e-3 * step + 1e-5 * np.abs(getattr(expected, name)))


def test_columns_of_ones_and_padding_stay_as_they_are():
    trainer = GloVeTrainer(GloVe(vector_size=16, x_max=3), cooccurrences(zipfian(70)), 1, SILENT)
    trainer.train_epoch(0, 1, Meter(SILENT))
    used = trainer.blocks.parts.slots
    for matrix, ones in ((trainer.words, 17), (trainer.contexts, 16)):
        columns = matrix[used, :, 0].reshape(len(used), -1)
        assert np.all(columns[:, ones] == 1)
        assert not columns[:, 18:].any()


def test_an_error_beyond_float32_changes_nothing_and_is_told():
    matrix = np.zeros((3, 3))
    matrix[0, 1] = 40
    trainer = GloVeTrainer(GloVe(vector_size=16), cooccurrences(matrix), 1, SILENT)
    trainer.words[:, 0, 0] = trainer.contexts[:, 0, 0] = 1e30
    before = trainer.words.copy(), trainer.contexts.copy()
    cost = trainer.train_epoch(0, 1, Meter(SILENT))
    assert not trainer.is_sound(cost)
    np.testing.assert_array_equal(trainer.words, before[0])
    np.testing.assert_array_equal(trainer.contexts, before[1])
