"""A network learns the mean of labels and of what others say of the texts."""

import numpy as np
import pytest

from embedkit import InputError, TextClassifier
from embedkit.models.networks.examples import make_examples
from embedkit.models.networks.soft_labels import softened
from embedkit.models.targets import read_targets
from embedkit.text.sequences.sequences import Sequences

pytestmark = pytest.mark.tensorflow

TEXTS = ["grand film", "dull plot", "grand plot"] * 40


def network(**changes):
    return TextClassifier(
        **{
            "embeddings": "random",
            "layers": "conv:8 max",
            "vector_size": 8,
            "epochs": 20,
            "batch_size": 24,
            "learning_rate": 0.08,
            "decay": "cosine",
            "validation_fraction": 0,
            **changes,
        }
    )


def test_the_targets_are_the_means_of_labels_and_probabilities():
    targets = read_targets([*"abcbac"])
    sequences = Sequences(np.full(7, 1, np.int32), np.arange(8))
    unlabeled = np.array([[0.1, 0.2, 0.7]])
    training, held = make_examples(
        sequences, targets, unlabeled, None, np.array([0, 1, 2, 4]), np.array([3, 5])
    )
    likely = np.array([[0, 1, 0], [0.2, 0.8, 0], [0.5, 0, 0.5], *[[1, 0, 0]] * 3])
    found = softened(training, likely, targets)
    expected = [
        [0.5, 0.5, 0],
        [0.1, 0.9, 0],
        [0.25, 0, 0.75],
        [0.5, 0.5, 0],
        [1, 0, 0],
        [0.5, 0, 0.5],
        [0.1, 0.2, 0.7],
    ]
    np.testing.assert_allclose(found.targets, expected, rtol=1e-6)
    assert held.targets[3].tolist() == [0, 1, 0]  # texts held out are judged by their labels alone


def test_a_network_says_what_labels_and_others_say_together():
    labels = ["good", "bad", "good"] * 40
    said = np.tile([[0.2, 0.8], [0.4, 0.6], [1.0, 0.0]], (40, 1))  # of bad and good
    likely = network().fit(TEXTS, labels, soft_targets=said).predict_proba(TEXTS[:3])[:, 1]
    np.testing.assert_allclose(likely, [0.9, 0.3, 0.5], atol=0.05)


def test_several_labels_are_softened_each_for_itself():
    labels = [("film", "good"), (), ("good",)] * 40
    said = np.tile([[0.6, 1.0], [0.4, 0.0], [0.0, 0.5]], (40, 1))  # of film and good
    likely = network().fit(TEXTS, labels, soft_targets=said).predict_proba(TEXTS[:3])
    np.testing.assert_allclose(likely, [[0.8, 1], [0.2, 0], [0, 0.75]], atol=0.07)


@pytest.mark.parametrize(
    ("likely", "message"),
    [
        (np.ones(3) / 2, r"of 2 classes for each of 4 texts, got an array of shape \(3,\)"),
        (np.full((2, 2), 0.5), r"got an array of shape \(2, 2\)"),
        (np.full((4, 2), np.nan), "from 0 to 1; give what predict_proba returns"),
        (np.array([[-1, 2]] * 4), "from 0 to 1"),
        (np.ones((4, 2)), "of each text to add up to 1"),
    ],
)
def test_what_are_no_probabilities_of_the_texts_is_refused(likely, message):
    with pytest.raises(InputError, match=message):
        network().fit(["a b", "b a", "a", "b"], [*"xyxy"], soft_targets=likely)
