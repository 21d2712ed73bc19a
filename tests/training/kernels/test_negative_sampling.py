"""The compiled kernels against their numpy twin."""

import numpy as np
import pytest
from numba import njit

from embedkit.container.half_floats import from_bfloat16, to_bfloat16
from embedkit.simd.storage import aligned_matrix, padded
from embedkit.training.kernels import window_tiles
from embedkit.training.kernels.draws import REACH, draw_windows
from embedkit.training.kernels.negative_sampling import BATCH, window_trainer
from embedkit.training.kernels.window_tiles import (
    best_tile_rows,
    learn,
    mean_rows,
    predict,
    spread_change,
    tile_size,
)
from embedkit.training.reference import negative_sampling as reference
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds

KEY = np.uint64(0x123456789ABCDEF)


class Setting:
    """A small random shard with its vocabulary; every fifth id is outside the vocabulary."""

    def __init__(self, words=3000, vocabulary=40, seed=0, longest=60):
        random = np.random.default_rng(seed)
        lengths = random.integers(1, longest, size=words)
        self.offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.offsets = np.append(self.offsets[self.offsets < words], words)
        self.ids = random.integers(0, vocabulary * 5 // 4, size=words).astype(np.int32)
        counts = np.arange(vocabulary, 0, -1) * 7
        self.vocabulary = vocabulary
        self.keep = thresholds(keep_probability(counts, 1e-2))
        self.noise = alias_table(noise_probability(counts, 0.75))

    def windows(self, window, negative, shrink=True):
        draws = reference.Draws(self.keep, self.noise, int(KEY))
        return list(draws.windows(self.ids.tolist(), self.offsets.tolist(), window, negative, shrink))


def frozen(array):
    """A view that cannot be written to, as arrays of a corpus are: kernels are compiled for these alone."""
    view = array.view()
    view.flags.writeable = False
    return view


def drawn(setting, start, stop, window, negative, shrink=True):
    """The windows of [start, stop) as the kernel draws them."""
    ids, offsets = frozen(setting.ids), frozen(setting.offsets)
    capacity = stop - start + 2 * window
    words, begins, ends = np.zeros(capacity, np.int32), np.zeros(capacity, int), np.zeros(capacity, int)
    samples = np.zeros((capacity, negative + 1), np.int32)
    first, last = draw_windows(
        ids, offsets, start, stop, setting.keep, setting.noise, window, KEY,
        words, begins, ends, samples, shrink, None,
    )  # fmt: skip
    for i in range(first, last):
        contexts = [*words[begins[i] : i].tolist(), *words[i + 1 : ends[i]].tolist()]
        yield reference.Window(int(words[i]), contexts, samples[i, 1:].tolist())
        assert samples[i, 0] == words[i]


@pytest.mark.parametrize(("window", "piece"), [(1, 3000), (5, 3000), (5, 1), (5, 7), (40, 997)])
def test_windows_do_not_depend_on_how_the_shard_is_cut(window, piece):
    setting = Setting()
    found = [
        w
        for start in range(0, 3000, piece)
        for w in drawn(setting, start, min(start + piece, 3000), window, negative=3)
    ]
    assert found == setting.windows(window, negative=3)


@pytest.mark.parametrize(("away", "contexts"), [(REACH, [0]), (REACH + 1, [])])
def test_the_search_for_neighbors_beyond_the_range_is_bounded(away, contexts):
    setting = Setting(words=3 * REACH, longest=2)
    setting.offsets = np.array([0, 3 * REACH])
    setting.ids[:] = setting.vocabulary  # no word is in the vocabulary
    setting.ids[[2 * REACH - away, 2 * REACH]] = 0
    setting.keep[:] = 2**32 - 1
    (window,) = drawn(setting, 2 * REACH, 2 * REACH + 10, window=5, negative=1)
    assert window.contexts == contexts


def test_a_target_that_is_almost_all_there_is_still_gets_noise():
    setting = Setting(words=500, vocabulary=2)
    setting.noise = alias_table(np.array([1 - 1e-12, 1e-12]))
    setting.keep[:] = 2**32 - 1
    windows = list(drawn(setting, 0, 500, window=1, negative=2))
    assert all(noise == [1 - target] * 2 for target, _, noise in windows)
    assert windows == setting.windows(window=1, negative=2)


def test_noise_words_follow_their_distribution_and_are_never_the_target():
    setting = Setting(words=60_000)
    windows = setting.windows(window=1, negative=5)
    probability = noise_probability(np.arange(40, 0, -1) * 7, 0.75)
    seen = np.zeros(40)
    expected = np.zeros(40)
    for target, _, noise in windows:
        assert target not in noise
        np.add.at(seen, noise, 1)
        allowed = np.where(np.arange(40) == target, 0, probability)
        expected += len(noise) * allowed / allowed.sum()
    chi_square = ((seen - expected) ** 2 / expected).sum()
    assert chi_square < 73.4  # the 99.9th percentile of 40 - 1 degrees of freedom is 72.1


def test_words_are_kept_and_windows_sized_as_often_as_they_should_be():
    setting = Setting(words=100_000, longest=2000)
    windows = setting.windows(window=4, negative=1)
    kept = np.bincount([w.target for w in windows], minlength=40)
    present = np.bincount(setting.ids, minlength=50)[:40]
    expected = keep_probability(np.arange(40, 0, -1) * 7, 1e-2)
    np.testing.assert_allclose(kept / present, expected, atol=5 * np.sqrt(0.25 / present.min()))
    sizes = np.bincount([len(w.contexts) for w in windows], minlength=9)[2::2] / len(windows)
    np.testing.assert_allclose(sizes, 0.25, atol=0.02)


@pytest.mark.parametrize("tile_rows", [1, 2])
@pytest.mark.parametrize(
    ("samples", "blocks", "straight"), [(2, 1, 99), (6, 7, 99), (11, 2, 99), (21, 3, 99), (6, 7, 0)]
)
def test_a_tile_and_its_update_match_numpy(tile_rows, samples, blocks, straight, monkeypatch):
    """By straight code, and by the loop that long rows get."""
    monkeypatch.setattr(window_tiles, "_STRAIGHT", straight)
    random = np.random.default_rng(samples)
    contexts, outputs = aligned_matrix(5, 16 * blocks), aligned_matrix(30, 16 * blocks)
    contexts[:] = random.normal(size=contexts.shape)
    outputs[:] = random.normal(size=outputs.shape)
    context_rows, sample_rows = np.array([3, 1][:tile_rows]), np.arange(samples)[::-1].copy()
    size = tile_size(tile_rows, samples)
    steps, likelihoods = aligned_matrix(1, size)[0, :size], aligned_matrix(1, size)[0, :size]
    expected_contexts, expected_outputs = contexts.astype(np.float64), outputs.astype(np.float64)

    @njit
    def run(contexts, context_rows, outputs, sample_rows, steps, likelihoods):
        predict(
            contexts, context_rows, 0, outputs, sample_rows, np.float32(0.1),
            steps, likelihoods, 0, tile_rows, samples, blocks,
        )  # fmt: skip
        learn(contexts, context_rows, tile_rows, outputs, sample_rows, steps, tile_rows, samples, blocks)

    stride = 16 * blocks
    run(contexts.ravel(), context_rows * stride, outputs.ravel(), sample_rows * stride, steps, likelihoods)
    loss = reference.train_window(
        expected_contexts, expected_outputs, context_rows.tolist(), sample_rows.tolist(), 0.1, cbow=False
    )
    assert -np.log(likelihoods).sum() == pytest.approx(loss[1], rel=1e-4)
    np.testing.assert_allclose(contexts, expected_contexts, atol=1e-5)
    np.testing.assert_allclose(outputs, expected_outputs, atol=1e-5)


def test_means_of_long_rows_match_numpy(monkeypatch):
    monkeypatch.setattr(window_tiles, "_STRAIGHT", 0)
    blocks, stride = 3, 48
    matrix, mean = aligned_matrix(4, stride), aligned_matrix(1, 2 * stride).ravel()
    matrix[:] = np.random.default_rng(1).normal(size=matrix.shape)
    rows = np.array([3, 1])
    expected = matrix.copy()
    expected[rows] += 7

    @njit
    def run(matrix, rows, mean):
        mean_rows(matrix, rows, len(rows), mean, blocks)
        for i in range(stride):  # what assigns to a slice takes seconds to compile
            mean[i] += 7
        spread_change(matrix, rows, len(rows), mean, blocks)

    average = matrix[rows].mean(axis=0)
    run(matrix.ravel(), rows * stride, mean)
    np.testing.assert_allclose(mean[stride:], average, atol=1e-6)
    np.testing.assert_allclose(matrix, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("vector_size", "negative", "window", "cbow"),
    [(16, 5, 5, False), (16, 5, 5, True), (20, 1, 2, True), (33, 12, 9, False)],
)
def test_kernel_and_twin_agree_step_by_step(vector_size, negative, window, cbow):
    setting = Setting(words=300)
    random = np.random.default_rng(3)
    inputs, outputs = (aligned_matrix(setting.vocabulary, vector_size) for _ in range(2))
    inputs[:, :vector_size] = random.normal(size=(setting.vocabulary, vector_size)) / 4
    outputs[:, :vector_size] = random.normal(size=(setting.vocabulary, vector_size)) / 4
    twin_inputs, twin_outputs = inputs.astype(np.float64), outputs.astype(np.float64)
    ids, offsets = frozen(setting.ids), frozen(setting.offsets)
    train_range = window_trainer(vector_size, negative, cbow)
    for position in range(len(setting.ids)):
        made, loss = train_range(
            inputs.reshape(-1), outputs.reshape(-1), ids, offsets, position, position + 1,
            setting.keep, setting.noise, window, 0.1, 0.1, KEY, True, None, None, None,
        )  # fmt: skip
        single = list(drawn(setting, position, position + 1, window, negative))
        expected = reference.train_shard(twin_inputs, twin_outputs, iter(single), lambda: 0.1, cbow)
        assert made == expected[0]
        assert loss == pytest.approx(expected[1], rel=1e-5, abs=1e-5)
        np.testing.assert_allclose(inputs, twin_inputs, atol=2e-5)
        np.testing.assert_allclose(outputs, twin_outputs, atol=2e-5)
    assert not inputs[:, vector_size:].any()


@pytest.mark.parametrize("cbow", [False, True])
def test_rows_of_bfloat16_stay_within_a_step_of_the_twin(cbow):
    size = 16
    setting = Setting(words=300)
    random = np.random.default_rng(3)
    matrices = [aligned_matrix(setting.vocabulary, size, np.uint16) for _ in range(2)]
    for matrix in matrices:
        matrix[:] = to_bfloat16(random.normal(size=matrix.shape).astype(np.float32) / 4)
    ids, offsets = frozen(setting.ids), frozen(setting.offsets)
    train_range = window_trainer(size, 5, cbow)
    for position in range(len(ids)):
        twins = [from_bfloat16(matrix).astype(np.float64) for matrix in matrices]
        made, loss = train_range(
            *(matrix.reshape(-1) for matrix in matrices), ids, offsets, position, position + 1,
            setting.keep, setting.noise, 5, 0.1, 0.1, KEY, True, None, None, None,
        )  # fmt: skip
        single = list(drawn(setting, position, position + 1, 5, 5))
        expected = reference.train_shard(*twins, iter(single), lambda: 0.1, cbow)
        assert made == expected[0]
        assert loss == pytest.approx(expected[1], rel=1e-5, abs=1e-5)
        for matrix, twin in zip(matrices, twins, strict=True):
            np.testing.assert_allclose(from_bfloat16(matrix), twin, rtol=2**-6, atol=1e-3)


def test_the_learning_rate_falls_from_batch_to_batch():
    words = 3 * BATCH
    setting = Setting(words=words)
    inputs, outputs = (aligned_matrix(setting.vocabulary, 16) for _ in range(2))
    inputs[:] = np.random.default_rng(1).normal(size=inputs.shape) / 4
    twin_inputs, twin_outputs = inputs.astype(np.float64), outputs.astype(np.float64)
    window_trainer(16, 5, False)(
        inputs.reshape(-1), outputs.reshape(-1), frozen(setting.ids), frozen(setting.offsets), 0, words,
        setting.keep, setting.noise, 3, 0.03, 0.0, KEY, True, None, None, None,
    )  # fmt: skip
    for batch, rate in enumerate([0.03, 0.02, 0.01]):
        windows = drawn(setting, batch * BATCH, (batch + 1) * BATCH, 3, 5)
        reference.train_shard(twin_inputs, twin_outputs, windows, lambda rate=rate: rate, cbow=False)
    np.testing.assert_allclose(inputs, twin_inputs, atol=1e-3)


def test_rows_are_padded_to_whole_vectors_and_aligned():
    assert [padded(size) for size in (1, 16, 17, 100)] == [16, 16, 32, 112]
    assert aligned_matrix(3, 20).shape == (3, 32)
    assert aligned_matrix(3, 20).ctypes.data % 64 == 0
    assert best_tile_rows(13) == 1  # more sums than registers hold
