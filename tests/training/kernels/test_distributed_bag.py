"""The kernels of distributed bags of words do what the readable twin does, whose gradients are right."""

import numpy as np
import pytest

from embedkit.simd.storage import aligned_matrix
from embedkit.training.kernels.distributed_bag import FEW, bag_trainer, draw_targets
from embedkit.training.reference import document_vectors as reference
from embedkit.training.reference.negative_sampling import Draws
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds
from tests.training.kernels.test_negative_sampling import frozen as read_only

KEY = 0x123456789ABCDEF
SIZE = 20  # of vectors, in all tests: each other one would be compiled anew
SCALE = 6.0


class Setting:
    """Documents of 0 to 40 targets, some of them unknown, and random vectors."""

    def __init__(self, documents=12, targets=30, unit=False, seed=1):
        random = np.random.default_rng(seed)
        lengths = random.integers(0, 40, documents)
        lengths[3] = 200
        self.offsets = read_only(np.concatenate([[0], np.cumsum(lengths)]))
        self.ids = read_only(random.integers(0, targets + 3, self.offsets[-1]).astype(np.int32))
        counts = np.arange(targets, 0, -1)
        self.keep = thresholds(keep_probability(counts, 0.02))
        self.noise = alias_table(noise_probability(counts, 0.75))
        self.matrices = [aligned_matrix(rows, SIZE) for rows in (documents + 2, targets)]
        for matrix in self.matrices:
            matrix[:, :SIZE] = random.standard_normal((len(matrix), SIZE)) / 2
            if unit:
                matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)

    def run(self, cosine, numbers, rates, shares=(1.0, 1.0), frozen=False, own_streams=True):
        documents, targets = (matrix.reshape(-1) for matrix in self.matrices)
        return bag_trainer(SIZE, cosine, frozen)(
            documents, targets, np.array(numbers), 2, self.offsets, self.ids, self.keep, self.noise,
            np.float32(5), np.float32(SCALE), np.float32(rates[0]), np.float32(rates[1]), *shares,
            np.uint64(KEY), own_streams, None,
        )  # fmt: skip

    def expect(self, cosine, numbers, rates, shares=(1.0, 1.0), own_streams=True):
        documents, targets = (matrix[:, :SIZE].astype(float) for matrix in self.matrices)
        draws = Draws(self.keep, self.noise, KEY)
        predictions, loss = 0, 0.0
        for i, number in enumerate(numbers):
            stream = draws.stream(number + 2 if own_streams else -1)
            held = self.ids[self.offsets[number] : self.offsets[number + 1]].tolist()
            tiles = list(reference.tiles(held, draws, stream, 5.0, cosine))
            made = sum(weight > 0 for tile in tiles for weight in tile.weights)
            share = shares[0] + (shares[1] - shares[0]) * i / len(numbers)
            own = rates[0] * share / max(made, FEW) if cosine else rates[0] * share
            how = reference.Rates(own, rates[1] * share, SCALE if cosine else None)
            loss += sum(reference.train_tile(documents[number + 2], targets, tile, how) for tile in tiles)
            predictions += made
        return predictions, loss, documents, targets


@pytest.mark.parametrize("scale", [None, SCALE])
@pytest.mark.parametrize("weight", [2.0, -0.7])
def test_gradients_are_those_of_the_loss(weight, scale):
    document, target = np.random.default_rng(1).standard_normal((2, 5))
    found = reference.pair_gradients(document, target, weight, scale)
    step = 1e-6
    for which in range(2):
        for k in range(5):
            moved = [[document.copy(), target.copy()] for _ in range(2)]
            moved[0][which][k] += step
            moved[1][which][k] -= step
            losses = [reference.pair_loss(*pair, weight, scale) for pair in moved]
            assert found[which][k] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=1e-7)


@pytest.mark.parametrize("scale", [None, SCALE])
def test_a_small_step_is_one_along_the_gradients(scale):
    random = np.random.default_rng(2)
    document, targets = reference.unit(random.standard_normal(6)), random.standard_normal((3, 6))
    targets /= np.linalg.norm(targets, axis=1, keepdims=True)
    tile = reference.Tile([2, 0], [1.0, -2.5])
    pairs = [reference.pair_gradients(document, targets[row], w, scale) for row, w in zip(*tile, strict=True)]
    moved, moved_targets = document.copy(), targets.copy()
    rate = 1e-6
    loss = reference.train_tile(moved, moved_targets, tile, reference.Rates(rate, rate, scale))
    np.testing.assert_allclose((moved - document) / rate, -sum(by for by, _ in pairs), atol=1e-4)
    np.testing.assert_allclose((moved_targets[[2, 0]] - targets[[2, 0]]) / rate, [-pairs[0][1], -pairs[1][1]],
                               atol=1e-4)  # fmt: skip
    np.testing.assert_allclose(moved_targets[1], targets[1])
    expected = [reference.pair_loss(document, targets[row], w, scale) for row, w in zip(*tile, strict=True)]
    assert loss == pytest.approx(sum(expected))


@pytest.mark.parametrize(("cosine", "rates"), [(False, (0.05, 0.03)), (True, (1.0, 0.01)), (True, (10, 0.1))])
def test_training_is_that_of_the_twin(cosine, rates):
    setting = Setting(unit=cosine)
    numbers = [3, 0, 7, 11, 5]
    before = [matrix.copy() for matrix in setting.matrices]
    predictions, loss, *expected = setting.expect(cosine, numbers, rates, (1.0, 0.2))
    assert setting.run(cosine, numbers, rates, (1.0, 0.2)) == (predictions, pytest.approx(loss, rel=1e-5))
    for found, wanted in zip(setting.matrices, expected, strict=True):
        np.testing.assert_allclose(found[:, :SIZE], wanted, atol=3e-5)
        np.testing.assert_array_equal(found[:, SIZE:], 0)
    others = [row for row in range(len(before[0])) if row - 2 not in numbers]
    np.testing.assert_array_equal(setting.matrices[0][others], before[0][others])


def test_targets_that_stand_in_all_places_of_a_tile_keep_their_length():
    setting = Setting(targets=1, unit=True)
    setting.ids = read_only(np.zeros_like(setting.ids))
    setting.matrices[1][:] *= 5
    for _ in range(200):
        setting.run(True, range(12), (1.0, 0.01))
    assert np.linalg.norm(setting.matrices[1][0]) == pytest.approx(1, abs=0.3)


def test_frozen_targets_stay_and_documents_draw_alike():
    setting = Setting()
    _, _, documents, _ = setting.expect(False, [4], (0.05, 0.0), own_streams=False)
    before = setting.matrices[1].copy()
    setting.run(False, [4], (0.05, 0.0), frozen=True, own_streams=False)
    np.testing.assert_array_equal(setting.matrices[1], before)
    np.testing.assert_allclose(setting.matrices[0][6, :SIZE], documents[6], atol=1e-5)


def test_targets_are_kept_by_chance_in_random_order():
    keep = np.full(1000, 2**31, np.uint32)
    kept = np.zeros(1000, np.int32)
    size, state = draw_targets(np.arange(1200, dtype=np.int32), keep, np.uint64(5), kept)
    assert size == pytest.approx(500, abs=80)
    assert len(set(kept[:size].tolist())) == size
    assert kept[:size].max() < 1000
    assert abs(np.corrcoef(kept[:size], np.arange(size))[0, 1]) < 0.2
    assert state != 5
