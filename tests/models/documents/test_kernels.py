"""The kernels do what the readable twin does, whose gradients are those of its loss."""

import numpy as np
import pytest

from embedkit.models.documents import reference
from embedkit.models.documents.document_kernels import draw_pairs, infer_documents, train_pairs
from embedkit.training.word2vec.sampling import alias_table, thresholds

ALWAYS = np.iinfo(np.uint32).max


def random_rows(seed, rows, size, unit=False):
    drawn = np.random.default_rng(seed).standard_normal((rows, size))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True) if unit else drawn


@pytest.mark.parametrize("weight", [2.0, -0.7])
def test_gradients_are_those_of_the_loss(weight):
    document, ngram = random_rows(1, 2, 5)
    found = reference.pair_gradients(document, ngram, weight, 6.0)
    step = 1e-6
    for which in range(2):
        for k in range(5):
            moved = [[document.copy(), ngram.copy()] for _ in range(2)]
            moved[0][which][k] += step
            moved[1][which][k] -= step
            losses = [reference.pair_loss(*pair, weight, 6.0) for pair in moved]
            assert found[which][k] == pytest.approx((losses[0] - losses[1]) / (2 * step), abs=1e-7)


def test_the_loss_of_a_pair_at_right_angles_is_that_of_a_coin():
    assert reference.pair_loss(np.array([1.0, 0]), np.array([0, 3.0]), 2.0, 6.0) == pytest.approx(
        2 * np.log(2)
    )


@pytest.mark.parametrize("rate", [0.01, 50.0])  # with the second, steps are cut
@pytest.mark.parametrize("dimensions", [3, 40])
def test_training_is_that_of_the_twin(dimensions, rate):
    document = random_rows(2, 1, dimensions, unit=True)[0]
    vectors = random_rows(3, 4, dimensions, unit=True)
    rows, weights = np.array([2, 0, 2, 3]), np.array([1.0, -4.0, 3.0, -0.5])
    ours, ours_vectors = document.astype(np.float32), vectors.astype(np.float32)
    settings = 6.0, rate, 2 * rate
    loss = train_pairs(
        ours, ours_vectors, rows, weights.astype(np.float32), *(np.float32(one) for one in settings)
    )
    assert loss == pytest.approx(reference.train_pairs(document, vectors, rows, weights, *settings), rel=1e-4)
    np.testing.assert_allclose(ours, document, atol=2e-5)
    np.testing.assert_allclose(ours_vectors, vectors, atol=2e-5, rtol=1e-4)
    assert np.linalg.norm(ours) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(ours_vectors, axis=1), 1, atol=1e-5)


def test_inference_is_that_of_the_twin():
    vectors, noise = random_rows(4, 6, 7, unit=True), random_rows(5, 3, 7, unit=True)
    offsets, ngrams = np.array([0, 3, 3, 6], np.int32), np.array([1, 4, 5, 0, 2, 1], np.int32)
    weights = np.array([1, 2, 0.5, 1, 1, 3], np.float32)
    found, kept = np.full((3, 7), np.nan, np.float32), vectors.astype(np.float32)
    kept.flags.writeable = False  # as the encoder hands them over: compiled once
    infer_documents(
        0, 3, offsets, ngrams, weights, kept, noise.astype(np.float32),
        noise.mean(axis=0).astype(np.float32), np.float32(6), np.float32(5), 4, found,
    )  # fmt: skip
    for number in (0, 2):
        own = slice(offsets[number], offsets[number + 1])
        expected = reference.infer(vectors[ngrams[own]], weights[own].astype(float), noise, 6.0, 5.0, 4)
        np.testing.assert_allclose(found[number], expected, atol=1e-5)
    np.testing.assert_array_equal(found[1], 0)


def test_inference_comes_to_rest_where_no_loss_nearby_is_less():
    ngrams, noise, weights = random_rows(6, 5, 3, unit=True), random_rows(7, 4, 3, unit=True), np.ones(5)
    found = reference.infer(ngrams, weights, noise, 6.0, 5.0, 300)
    others = found + 0.01 * random_rows(8, 300, 3)
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    loss, *nearby = (
        reference.mean_loss(document, ngrams, weights, noise, 6.0, 5.0) for document in [found, *others]
    )
    assert loss <= min(nearby)
    pairs = [reference.pair_loss(found, row, 1 / 5, 6.0) for row in ngrams]
    pairs += [reference.pair_loss(found, row, -5 / 4, 6.0) for row in noise]
    assert loss == pytest.approx(sum(pairs))


def test_pairs_are_the_ngrams_kept_and_noise_that_weighs_as_said():
    keep = np.array([ALWAYS, 0, ALWAYS, ALWAYS], np.uint32)
    keep[1] = 0  # but once in 2 ** 32
    noise = alias_table(np.array([0.0, 0.25, 0.75, 0.0]))
    rows, weights = np.empty(3 + 4000, np.int64), np.empty(3 + 4000, np.float32)
    size = draw_pairs(
        np.array([0, 1, 3], np.int32), np.array([2, 9, 1], np.float32), keep, noise, np.float32(5),
        np.uint64(7), rows, weights,
    )  # fmt: skip
    assert size == 4002
    rows, weights = rows[:size], weights[:size]
    positive = weights > 0
    assert sorted(zip(rows[positive].tolist(), weights[positive].tolist(), strict=True)) == [(0, 2), (3, 1)]
    assert weights[~positive].sum() == pytest.approx(-5 * 3, rel=1e-4)
    assert set(rows[~positive].tolist()) == {1, 2}
    assert np.mean(rows[~positive] == 2) == pytest.approx(0.75, abs=0.03)
    assert np.flatnonzero(positive).tolist() != [0, 1]


def test_a_document_of_which_nothing_is_kept_has_no_pairs():
    keep, noise = thresholds(np.zeros(1)), alias_table(np.ones(1))
    rows, weights = np.empty(9, np.int64), np.empty(9, np.float32)
    nothing = np.zeros(0, np.int32), np.zeros(0, np.float32)
    assert draw_pairs(*nothing, keep, noise, np.float32(5), np.uint64(1), rows, weights) == 0
