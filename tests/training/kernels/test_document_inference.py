"""The kernel of inference does what the readable twin does, which comes to rest where the loss is least."""

import numpy as np
import pytest

from embedkit.training.kernels.document_inference import infer_documents
from embedkit.training.reference import document_vectors as reference
from tests.training.kernels.test_negative_sampling import frozen


def unit_rows(seed, rows, size):
    drawn = np.random.default_rng(seed).standard_normal((rows, size))
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_inference_is_that_of_the_twin():
    vectors, noise = unit_rows(4, 6, 7), unit_rows(5, 3, 7)
    offsets, ids = frozen(np.array([0, 3, 3, 6])), frozen(np.array([1, 4, 5, 0, 2, 1], np.int32))
    weights = frozen(np.array([1, 2, 0.5, 1, 1, 3], np.float32))
    found = np.full((3, 7), np.nan, np.float32)
    infer_documents(
        0, 3, offsets, ids, weights, *(frozen(rows.astype(np.float32)) for rows in (vectors, noise)),
        frozen(noise.mean(axis=0).astype(np.float32)), np.float32(6), np.float32(5), 4, found,
    )  # fmt: skip
    for number in (0, 2):
        own = slice(offsets[number], offsets[number + 1])
        expected = reference.infer(vectors[ids[own]], weights[own].astype(float), noise, 6.0, 5.0, 4)
        np.testing.assert_allclose(found[number], expected, atol=1e-5)
    np.testing.assert_array_equal(found[1], 0)


def test_inference_comes_to_rest_where_no_loss_nearby_is_less():
    targets, noise, weights = unit_rows(6, 5, 3), unit_rows(7, 4, 3), np.ones(5)
    found = reference.infer(targets, weights, noise, 6.0, 5.0, 300)
    others = found + 0.01 * np.random.default_rng(8).standard_normal((300, 3))
    others /= np.linalg.norm(others, axis=1, keepdims=True)
    loss, *nearby = (
        reference.mean_loss(document, targets, weights, noise, 6.0, 5.0) for document in [found, *others]
    )
    assert loss <= min(nearby)
    pairs = [reference.pair_loss(found, row, 1 / 5, 6.0) for row in targets]
    pairs += [reference.pair_loss(found, row, -5 / 4, 6.0) for row in noise]
    assert loss == pytest.approx(sum(pairs))
