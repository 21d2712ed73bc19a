"""What a text counts: twice is two texts, 0 is none, and whatever is no weight is refused."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from embedkit import (
    Emojifier,
    EnsembleClassifier,
    InputError,
    MeanVectorClassifier,
    TextClassifier,
    TfidfClassifier,
)

ROWS = np.random.default_rng(5).permutation(60)
WEIGHTS = np.random.default_rng(4).integers(0, 3, 60)  # 0, 1 and 2


@pytest.fixture
def noisy(reviews):
    """60 texts, some labels of which are wrong."""
    texts, labels = (np.array(column)[ROWS].tolist() for column in reviews)
    return texts, [label if number % 5 else "bad" for number, label in enumerate(labels)]


def repeated(texts, labels):
    """Each text as often as it counts."""
    rows = np.repeat(np.arange(60), WEIGHTS)
    return [texts[row] for row in rows], [labels[row] for row in rows]


def network(space, **changes):
    """A network without chance but its weights', trained on all texts at once."""
    plain = {"validation_fraction": 0.0, "batch_size": 200}
    small = {"layers": "conv:3:1 mean", "epochs": 5, "learning_rate": 0.1}
    return TextClassifier(**{**small, **plain, "embeddings": space, **changes})


def test_means_of_vectors(noisy, space):
    texts, labels = noisy
    found = MeanVectorClassifier(space).fit(texts, labels, sample_weight=WEIGHTS).predict_proba(texts)
    expected = MeanVectorClassifier(space).fit(*repeated(*noisy)).predict_proba(texts)
    np.testing.assert_allclose(found, expected, rtol=1e-3)
    ones = MeanVectorClassifier(space).fit(texts, labels, sample_weight=np.ones(60)).predict_proba(texts)
    plain = MeanVectorClassifier(space).fit(texts, labels).predict_proba(texts)
    np.testing.assert_allclose(ones, plain, rtol=1e-3)
    assert abs(found - plain).max() > 0.02


def test_n_grams_weigh_the_logistic_regression(noisy):
    """The features are those of all texts."""
    texts, labels = noisy
    model = TfidfClassifier(naive_bayes=False).fit(texts, labels, sample_weight=WEIGHTS)
    rows = model.transform(texts)
    np.testing.assert_array_equal(
        rows.toarray(), TfidfClassifier(naive_bayes=False).fit(texts, labels).transform(texts).toarray()
    )
    expected = LogisticRegression(C=30, max_iter=1000).fit(rows, labels, sample_weight=WEIGHTS)
    np.testing.assert_allclose(model.predict_proba(texts), expected.predict_proba(rows), atol=1e-4)


@pytest.mark.eager
@pytest.mark.tensorflow
@pytest.mark.parametrize("fine_tune", [False, True])
def test_networks(noisy, space, fine_tune):
    model = network(space, fine_tune=fine_tune)
    found = model.fit(*noisy, sample_weight=WEIGHTS).predict_proba(noisy[0])
    losses = [epoch.loss for epoch in model.history_]
    expected = model.fit(*repeated(*noisy)).predict_proba(noisy[0])
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_allclose(losses, [epoch.loss for epoch in model.history_], rtol=1e-4)
    assert abs(found - model.fit(*noisy).predict_proba(noisy[0])).max() > 0.02


@pytest.mark.tensorflow
def test_networks_do_not_train_on_texts_that_count_nothing(noisy, space):
    """In batches of two, many would have no text of any weight; the batches are those of the other texts."""
    weights = np.arange(60) % 3 // 2
    texts, labels = ([column[row] for row in np.flatnonzero(weights)] for column in noisy)
    model = network(space, batch_size=2)
    found = model.fit(*noisy, sample_weight=weights).predict_proba(noisy[0])
    np.testing.assert_array_equal(found, model.fit(texts, labels).predict_proba(noisy[0]))


@pytest.mark.eager
@pytest.mark.tensorflow
def test_ensembles_weigh_both_parts(noisy, space):
    tfidf = TfidfClassifier(ngrams=1)
    model = EnsembleClassifier(network(space), tfidf).fit(*noisy, sample_weight=WEIGHTS)
    for part, alone in zip(model.parts_, (network(space), tfidf), strict=True):
        alone.fit(*noisy, sample_weight=WEIGHTS)
        np.testing.assert_array_equal(part.model.predict_proba(noisy[0]), alone.predict_proba(noisy[0]))


def in_emoji(labels):
    return [{"good": "👍", "bad": "👎"}.get(label, "🚢") for label in labels]


def test_emojifiers_of_means(noisy, space):
    """The shares of the emoji, which texts without a known word get, are weighted too."""
    asked = [*noisy[0], "xyzzy"]
    emoji = in_emoji(noisy[1])
    found = Emojifier(1, space).fit(noisy[0], emoji, sample_weight=WEIGHTS).predict_proba(asked)
    expected = Emojifier(1, space).fit(*repeated(noisy[0], emoji)).predict_proba(asked)
    np.testing.assert_allclose(found, expected, rtol=1e-3)
    assert abs(found - Emojifier(1, space).fit(noisy[0], emoji).predict_proba(asked)).max() > 0.02
    nothing = np.array(emoji) == "👍"
    assert Emojifier(1, space).fit(noisy[0], emoji, sample_weight=nothing).predict(["xyzzy"]) == "👍"


@pytest.mark.eager
@pytest.mark.tensorflow
def test_emojifiers_of_networks(noisy, space):
    model = Emojifier(3, space, network=network(space), augment=False)
    texts, emoji = noisy[0], in_emoji(noisy[1])
    found = model.fit(texts, emoji, sample_weight=WEIGHTS).predict_proba(texts)
    np.testing.assert_allclose(found, model.fit(*repeated(texts, emoji)).predict_proba(texts), atol=1e-3)
    assert abs(found - model.fit(texts, emoji).predict_proba(texts)).max() > 0.02


def test_scores(noisy):
    texts, labels = noisy
    model = TfidfClassifier().fit(texts, labels)
    right = model.predict(texts) == labels
    wrong = [label if number else "ugly" for number, label in enumerate(labels)]
    right[0] = False
    assert model.score(texts, wrong, WEIGHTS) == pytest.approx((right * WEIGHTS).sum() / WEIGHTS.sum())


REFUSED = [
    (np.ones(59), r"one weight for each of 60 texts, got an array of shape \(59,\)"),
    (np.ones((60, 1)), r"one weight for each of 60 texts, got an array of shape \(60, 1\)"),
    (3.0, r"one weight for each of 60 texts, got an array of shape \(\)"),
    ([-1.0] + [1.0] * 59, "finite numbers of at least 0"),
    ([float("nan")] + [1.0] * 59, "finite numbers of at least 0"),
    ([float("inf")] + [1.0] * 59, "finite numbers of at least 0"),
    ([0.0] * 60, "not all of them zero"),
    (["much"] * 60, "must be numbers, got"),
]


@pytest.mark.parametrize(("weights", "message"), REFUSED)
def test_what_are_no_weights(noisy, space, weights, message):
    tfidf = TfidfClassifier()
    for model in (tfidf, MeanVectorClassifier(space), network(space), EnsembleClassifier(network(space))):
        with pytest.raises(InputError, match=message):
            model.fit(*noisy, sample_weight=weights)
    with pytest.raises(InputError, match=message):
        Emojifier(1, space).fit(noisy[0], in_emoji(noisy[1]), sample_weight=weights)
    with pytest.raises(InputError, match=message):
        tfidf.fit(*noisy).score(*noisy, sample_weight=weights)


def test_weights_of_texts_that_are_held_out_alone(noisy, space):
    from embedkit.models.networks.examples import split_rows
    from embedkit.models.targets import read_targets

    model = network(space, validation_fraction=0.5)
    weights = np.zeros(60)
    weights[split_rows(read_targets(noisy[1]), 0.5, model.seed)[1]] = 1
    with pytest.raises(InputError, match="more than 0 for a text that is not held out, got 0 for all"):
        model.fit(*noisy, sample_weight=weights)
