"""The bundled network with another output layer: logistic regression on its states, and nothing else."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from embedkit import load_model
from embedkit.emoji.emojifier import Emojifier
from embedkit.emoji.pretrained import pretrained_network, with_output_layer
from embedkit.emoji.versions import BUNDLED_WEIGHT, PRETRAINED_C, VERSIONS, version_network

SHIP, SEED, CLOUD = "\U0001f6a2", "\U0001f331", "☁️"
TEXTS = [
    *("the ship is at sea", "we sail tomorrow", "a boat on the water", "the captain is here"),
    *("plants grow in the garden", "a tree and its leaves", "flowers in spring", "she sows the corn"),
    *("grey sky again", "no sun today", "the weather is dull", "it may rain"),
]
LABELS = [SHIP] * 4 + [SEED] * 4 + [CLOUD] * 4


@pytest.fixture(scope="module")
def network():
    return pretrained_network()


@pytest.mark.parametrize("count", [8, 12], ids=["two emoji", "three emoji"])
def test_scores_are_logistic_regression_on_the_states(network, count):
    texts, labels = TEXTS[:count], LABELS[:count]
    model = with_output_layer(network, texts, labels, 0.3)
    reference = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=1000))
    reference.fit(network.transform(texts), labels)
    asked = [*TEXTS, "my ship", "xyzzy"]
    expected = reference.predict_proba(network.transform(asked))
    np.testing.assert_allclose(model.predict_proba(asked), expected, atol=1e-3)
    np.testing.assert_array_equal(model.transform(asked), network.transform(asked))
    assert model.classes_.tolist() == sorted(set(labels))


def test_the_network_itself_stays_as_it_is(network):
    before = network.predict_proba(TEXTS)
    with_output_layer(network, TEXTS, LABELS, 0.3)
    np.testing.assert_array_equal(network.predict_proba(TEXTS), before)
    assert len(network.classes_) == 26


def test_a_weight_of_two_is_the_text_twice(network):
    weights = np.array([2.0, *[1.0] * 10, 0.0])
    texts, labels = [TEXTS[0], *TEXTS[:11]], [LABELS[0], *LABELS[:11]]
    found = with_output_layer(network, TEXTS, LABELS, 0.3, sample_weight=weights)
    expected = with_output_layer(network, texts, labels, 0.3)
    np.testing.assert_allclose(found.predict_proba(TEXTS), expected.predict_proba(TEXTS), atol=1e-3)


@pytest.mark.tensorflow
def test_version_2_starts_from_what_ships_and_comes_back(tmp_path, network):
    small = version_network(2, units=4, layers=1, epochs=1)
    model = Emojifier(2, network=small, augment=False).fit(TEXTS, LABELS)
    own, bundled, mean = (part.model for part in model.parts_)
    scores = own.decision_function(TEXTS) + BUNDLED_WEIGHT * (
        bundled.decision_function(TEXTS) + mean.decision_function(TEXTS)
    )
    np.testing.assert_allclose(model.decision_function(TEXTS), scores, rtol=1e-5, atol=1e-5)
    alone = with_output_layer(network, TEXTS, LABELS, PRETRAINED_C)
    np.testing.assert_allclose(bundled.predict_proba(TEXTS), alone.predict_proba(TEXTS))
    [part] = VERSIONS[1]
    assert mean.get_params()["C"] == part.parameters["C"]
    model.save(tmp_path / "m")
    loaded = load_model(tmp_path / "m")
    np.testing.assert_array_equal(loaded.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert loaded.embeddings == "everyday"


@pytest.mark.tensorflow
def test_other_vectors_stand_alone(tmp_path):
    small = version_network(2, units=4, layers=1, epochs=1)
    model = Emojifier(2, "english", network=small, augment=False).fit(TEXTS, LABELS)
    assert len(model.parts_) == 1
