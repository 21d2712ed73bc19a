"""Double-hard debiasing: the component it takes away, and the guarantees it shares with hard debiasing."""

import numpy as np
import pytest

from embedkit import Embeddings, InputError, Vocabulary
from embedkit.bias.debiasing import debias
from embedkit.bias.methods.double_hard import DoubleHard
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import topic
from tests.bias.spaces import GENDERED, PAIRS, direct_bias, space, three_classes


def hidden(seed=0, words=400, size=8):
    """Words that lean to a side along x, and along y too; z has the most variance."""
    generator = np.random.default_rng(seed)
    matrix = generator.normal(0, 0.3, (words, size))
    lean = np.where(np.arange(words) % 2 == 0, 1.0, -1.0)
    matrix[:, 0] += 2 * lean
    matrix[:, 1] += 3 * lean
    matrix[:, 2] += generator.normal(0, 10, words)
    matrix[:4] = 0
    matrix[:4, 0] = 1, -1, 1, -1
    matrix[:4, 3:5] = (1, 0), (1, 0), (0, 1), (0, 1)
    names = ["she", "he", "her", "his", *(f"word{i}" for i in range(words - 4))]
    return Embeddings(matrix, Vocabulary(names))


def test_the_component_that_tells_the_sides_is_taken_away():
    """Without x, y still parts the words of the two sides: hidden beneath z unless z is away, too.

    Components: z, then x and y together (variance 4 + 9). Without the second nothing tells the sides.
    """
    after = DoubleHard(candidates=4, biased_words=100).apply(hidden(), PAIRS)
    provenance = after.metadata["transforms"][-1]
    assert provenance["component"] == 2
    assert provenance["accuracies"][1] < 0.65
    assert len(provenance["accuracies"]) == 4


def test_the_result_is_hard_debiased(english):
    after = debias(english, "gender", "double-hard", candidates=2, biased_words=50)
    kept = set(after.metadata["transforms"][-1]["kept"])
    gender = topic("gender")
    neutral = [word for word in gender.neutral if word in english and word not in kept]
    pair = after.rows(["he", "she"]).astype(np.float64)
    assert np.linalg.norm(pair, axis=1) == pytest.approx(1, abs=1e-7)
    assert np.ptp(after.rows(neutral).astype(np.float64) @ pair.T, axis=1).max() < 3e-7
    direction = subspace(after, gender).direction
    assert direct_bias(after, neutral, direction) < 0.02


def test_the_same_seed_gives_the_same_vectors():
    first, second = (
        DoubleHard(candidates=2, biased_words=50, seed=3).apply(hidden(), PAIRS) for _ in range(2)
    )
    np.testing.assert_array_equal(first.matrix, second.matrix)


def test_there_are_no_more_candidates_than_dimensions():
    after = DoubleHard(candidates=20, biased_words=20).apply(hidden(), PAIRS)
    assert len(after.metadata["transforms"][-1]["accuracies"]) == 8


def test_it_is_for_two_classes():
    with pytest.raises(InputError, match="'double-hard' is for topics of two classes"):
        DoubleHard().apply(*three_classes())


def test_it_needs_words_to_cluster():
    with pytest.raises(InputError, match="at least 4 words neutral to pairs, got 2"):
        DoubleHard().apply(space(GENDERED), PAIRS)
