"""Projection, iterative null-space projection, half-sibling regression."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from embedkit import Embeddings, InputError, Vocabulary
from embedkit.bias.debiasing import debias
from embedkit.bias.methods.half_sibling import HalfSibling
from embedkit.bias.methods.inlp import Inlp
from embedkit.bias.methods.projection import Projection
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import Topic, topic
from tests.bias.spaces import GENDERED, PAIRS, direct_bias, random_space, space, three_classes


def test_projection_by_hand():
    found = Projection().apply(space(GENDERED), PAIRS)
    for word, (_, y, z) in GENDERED.items():
        assert found[word] == pytest.approx((0, y, z), abs=1e-7), word


@given(st.integers(0, 10_000))
def test_projection_leaves_nothing_along_and_all_else(seed):
    vectors, three = three_classes(seed)
    basis = subspace(vectors, three, components=2).basis
    after = Projection().apply(vectors, three).matrix.astype(np.float64)
    assert (np.abs(after @ basis.T) <= 1e-7 * vectors.norms[:, None]).all()
    outside = np.linalg.svd(basis)[2][2:]
    assert after @ outside.T == pytest.approx(vectors.matrix @ outside.T, abs=1e-5)


def test_projecting_off_a_direction_twice_is_once():
    """The sets differ in nothing else, so that a second direction is refused, not made of rounding."""
    once = Projection().apply(space(GENDERED), PAIRS)
    with pytest.raises(InputError, match="'she' and 'he' have the same vector"):
        Projection().apply(once, PAIRS)


def leaning(seed=0, words=600, size=12):
    """Words that lean along two dimensions: the direction of the pairs, and one that goes with it."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(0, 1, (words, size))
    lean = generator.normal(0, 2, words)
    matrix[:, 0] = lean
    matrix[:, 1] = lean + generator.normal(0, 0.2, words)
    matrix[:4] = 0
    matrix[:4, 0] = 1, -1, 1, -1
    matrix[:4, 2:4] = (1, 0), (1, 0), (0, 1), (0, 1)
    names = ["she", "he", "her", "his", *(f"word{i}" for i in range(words - 4))]
    return Embeddings(matrix, Vocabulary(names))


def test_inlp_takes_away_what_goes_with_the_direction_too():
    """Once x is gone, y still tells; INLP finds it, projection does not."""
    vectors = leaning()
    oppositions = np.sign(vectors.matrix[4:, 0])
    after = Inlp(labeled_words=100).apply(vectors, PAIRS)
    projected = Projection().apply(vectors, PAIRS)
    assert np.mean(np.sign(projected.matrix[4:, 1]) == oppositions) > 0.9
    provenance = after.metadata["transforms"][-1]
    assert provenance["accuracies"][-1] <= provenance["chance"] + 0.02 < provenance["accuracies"][0]
    assert np.linalg.norm(after.matrix[4:, :2], axis=1).mean() < 0.5
    assert np.linalg.norm(vectors.matrix[4:, :2], axis=1).mean() > 2


def test_inlp_is_a_projection():
    """What is taken away is orthogonal to what is left, in as many dimensions as the metadata say."""
    vectors = leaning(3)
    after = Inlp(labeled_words=100, iterations=2).apply(vectors, PAIRS)
    gone = vectors.matrix.astype(np.float64) - after.matrix
    assert np.abs(np.einsum("ij,ij->i", gone, after.matrix)).max() < 1e-4
    assert np.linalg.matrix_rank(gone, tol=1e-3) == after.metadata["transforms"][-1]["dimensions"]


def test_inlp_says_the_same_every_time():
    vectors = leaning(4)
    first, second = (Inlp(labeled_words=50, iterations=3).apply(vectors, PAIRS) for _ in range(2))
    np.testing.assert_array_equal(first.matrix, second.matrix)


def test_inlp_on_the_shipped_vectors(english):
    gender = topic("gender")
    words = [word for word in gender.neutral if word in english]
    direction = subspace(english, gender).direction
    after = debias(english, gender, "inlp", labeled_words=500)
    assert direct_bias(after, words, direction) < 0.25 * direct_bias(english, words, direction)


def test_inlp_refuses_to_take_everything_away():
    generator = np.random.default_rng(5)
    vectors = Embeddings(generator.normal(size=(300, 3)), Vocabulary([*GENDERED, *map(str, range(293))]))
    with pytest.raises(InputError, match="nothing would be left of 3 dimensions"):
        Inlp(labeled_words=90, tolerance=0).apply(vectors, PAIRS)


def test_inlp_needs_words():
    with pytest.raises(InputError, match=r"at least 30 words to label .* got 2"):
        Inlp().apply(space(GENDERED), PAIRS)


def test_inlp_needs_words_on_both_sides():
    vectors = leaning()
    shifted = np.where(np.arange(len(vectors))[:, None] < 4, vectors.matrix, vectors.matrix + 30)
    with pytest.raises(InputError, match=r"lean to each class of pairs and to none, got \[50, 0, 50\]"):
        Inlp(labeled_words=50).apply(Embeddings(shifted, vectors.vocabulary), PAIRS)


def test_half_sibling_is_ridge_regression():
    """Each dimension is a sample, each word of definition a predictor: scikit-learn's says the same."""
    vectors = random_space(7)
    defining = vectors.rows(["she", "he", "her", "his", "actress"]).astype(np.float64)
    penalty = 0.5 * np.square(defining).sum(axis=1).mean()
    others = vectors.matrix[5:].astype(np.float64)
    ridge = Ridge(alpha=penalty, fit_intercept=False).fit(defining.T, others.T)
    after = HalfSibling(alpha=0.5).apply(vectors, PAIRS).matrix
    assert after[5:] == pytest.approx(others - ridge.predict(defining.T).T, abs=1e-5)
    np.testing.assert_array_equal(after[:5], vectors.matrix[:5])


def test_half_sibling_by_hand():
    """One word of each class along x and y, both of length 1, and alpha 3: x and y shrink by 3 / 4."""
    rows = {"a": (1.0, 0, 0), "b": (0, 1.0, 0), "w": (4.0, -8.0, 5.0)}
    two = Topic(name="two", classes={"a": ["a"], "b": ["b"]}, definitional=[["a", "b"]])
    found = HalfSibling(alpha=3.0).apply(space(rows), two)
    assert found["w"] == pytest.approx((3, -6, 5))
    assert found["a"] == pytest.approx((1, 0, 0))


def test_half_sibling_does_not_depend_on_scale():
    vectors = random_space(8)
    longer = Embeddings(10 * vectors.matrix, vectors.vocabulary)
    after = [HalfSibling().apply(v, PAIRS).matrix for v in (vectors, longer)]
    assert after[1] == pytest.approx(10 * after[0], rel=1e-4, abs=1e-4)


def test_half_sibling_lowers_the_direct_bias_of_professions(english):
    gender = topic("gender")
    words = [word for word in gender.neutral if word in english]
    direction = subspace(english, gender).direction
    after = debias(english, gender, "half-sibling")
    assert direct_bias(after, words, direction) < 0.5 * direct_bias(english, words, direction)


def test_half_sibling_needs_words_of_definition():
    vectors = space({"nurse": (1.0, 0), "cook": (0, 1.0)})
    with pytest.raises(InputError, match="definitional sets of pairs, got 0 of 2; missing: 'she', 'he'"):
        HalfSibling().apply(vectors, PAIRS)
