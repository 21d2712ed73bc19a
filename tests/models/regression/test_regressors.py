"""Regressors: what they predict, in which units and range; what they refuse; their files."""

import json

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import cross_val_score

from embedkit import (
    FormatError,
    InputError,
    TextClassifier,
    TextRegressor,
    TfidfClassifier,
    TfidfRegressor,
    load_model,
    load_predictor,
)
from embedkit.container.checked import open_tensors, write_tensors
from embedkit.models.files.content import check_content
from embedkit.models.files.model_file import _digest

NETWORK = {
    "embeddings": "random",
    "layers": "dropout:0.1 mean",
    "vector_size": 16,
    "epochs": 10,
    "learning_rate": 0.05,
    "batch_size": 32,
    "validation_fraction": 0.0,
    "decay": "none",
}


def test_ridge_regression_is_that_of_standardized_numbers(rated):
    texts, ratings = rated
    model = TfidfRegressor(alpha=0.5, ngrams=1).fit(texts, ratings)
    rows = model.transform(texts).toarray().astype(np.float64)
    ridge = Ridge(alpha=0.5).fit(rows, (ratings - ratings.mean()) / ratings.std())
    expected = ratings.mean() + ratings.std() * ridge.predict(rows)
    np.testing.assert_allclose(
        model.predict(texts), np.clip(expected, ratings.min(), ratings.max()), atol=1e-4
    )


def test_predictions_follow_the_units(rated):
    texts, ratings = rated
    plain = TfidfRegressor().fit(texts, ratings).predict(texts)
    scaled = TfidfRegressor().fit(texts, 1e6 * ratings - 7).predict(texts)
    np.testing.assert_allclose(scaled, 1e6 * plain - 7, rtol=1e-5)


def test_predictions_stay_in_the_range_that_was_seen_unless_told_otherwise(rated):
    texts, ratings = rated
    extreme = ["great great great", "awful awful awful"]
    bounded = TfidfRegressor(alpha=0.01).fit(texts, ratings)
    free = TfidfRegressor(alpha=0.01, bounded=False).fit(texts, ratings)
    best, worst = free.predict(extreme)
    assert best > ratings.max()
    assert worst < ratings.min()
    assert bounded.predict(extreme).tolist() == [ratings.max(), ratings.min()]
    assert free.targets_.scale.low is None


def test_score_is_r2_and_cross_validation_works(rated):
    texts, ratings = rated
    model = TfidfRegressor(alpha=0.1)
    assert cross_val_score(model, texts, ratings, cv=3).min() > 0.85
    model.fit(texts[:120], ratings[:120])
    assert model.score(texts[120:], ratings[120:]) == r2_score(ratings[120:], model.predict(texts[120:]))


def test_weights_of_texts(rated):
    texts, ratings = rated
    wrong = np.where(np.arange(240) % 3, ratings, 100.0)
    weights = (np.arange(240) % 3 > 0).astype(float)
    model = TfidfRegressor(alpha=0.1).fit(texts, wrong, sample_weight=weights)
    assert model.score(texts, ratings) > 0.9
    assert model.targets_.scale.high < 8  # a text of weight 0 is not seen
    np.testing.assert_allclose(model.targets_.scale.mean, ratings[weights > 0].mean())


def test_equal_numbers_are_predicted():
    with pytest.warns(UserWarning, match="all texts have the number 3; there is nothing to learn"):
        model = TfidfRegressor(min_df=1).fit(["a b", "b c"], [3, 3])
    np.testing.assert_allclose(model.predict(["a", "other", ""]), 3)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["4", "5"], r"a number for each text, got '4' for text 0 .*; float\(\) makes numbers of texts"),
        ([4, None], "got None for text 1"),
        ([4, float("nan")], "finite numbers, got NaN or infinity for 1 of 2 texts, the first of them text 1"),
        ([np.inf, 1], "the first of them text 0"),
        ([True, False], "truth values are classes, which TextClassifier learns"),
        ([[1, 2], [3, 4]], "give one number a text"),
        (np.ones((2, 2)), "give one number a text"),
        ([1, 2, 3], "expected a number for each of 2 texts, got 3"),
        ([], "expected a number for each of 2 texts, got 0"),
        (None, "expected numbers to learn from, got none"),
        ("45", "expected a list of labels"),
        ([1e300, -1e308], "expected numbers whose variance can be told"),
        ([10**400, 1], "numbers that float64 can hold"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_are_no_numbers(numbers, message):
    with pytest.raises(InputError, match=message):
        TfidfRegressor(min_df=1).fit(["a b", "b c"], numbers)


@pytest.mark.parametrize("numbers", [np.array([[1], [2]]), (1, 2), iter([1.0, 2]), np.array([1, 2], "int8")])
def test_numbers_in_any_form(numbers):
    expected = TfidfRegressor(min_df=1).fit(["a b", "b c"], [1.0, 2.0]).predict(["a", "c"])
    np.testing.assert_array_equal(
        TfidfRegressor(min_df=1).fit(["a b", "b c"], numbers).predict(["a", "c"]), expected
    )


def test_classifiers_say_who_learns_numbers():
    with pytest.raises(InputError, match="or learn the numbers themselves with TextRegressor"):
        TfidfClassifier().fit(["a", "b"], [0.5, 1.5])


def test_a_model_of_numbers_has_no_probabilities(rated):
    model = TfidfRegressor().fit(*rated)
    assert not hasattr(model, "predict_proba")
    for ask in (model.predictor_.predict_proba, model.predictor_.decision_function):
        with pytest.raises(InputError, match="gives no probabilities of classes; ask predict"):
            ask(["fine"])
    with pytest.raises(InputError, match="a model of classes predicts no numbers"):
        TfidfClassifier(min_df=1).fit(["a", "b"], [0, 1]).predictor_.numbers_and_unknown(["a"])
    assert repr(model.predictor_) == "<NgramPredictor: numbers, 10 words>"


def test_ids_as_texts(rated):
    texts, ratings = rated
    numbers = {word: number for number, word in enumerate(sorted(set(" ".join(texts).split())), 1)}
    ids = [[numbers[word] for word in text.split()] for text in texts]
    model = TfidfRegressor(alpha=0.1).fit(ids, ratings)
    assert model.score(ids, ratings) > 0.9


@pytest.mark.tensorflow
@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber"])
def test_networks_learn_ratings_by_each_loss(rated, loss):
    texts, ratings = rated
    model = TextRegressor(**NETWORK, loss=loss, bounded=False)
    model.fit(texts[:180], 10 * ratings[:180], validation_data=(texts[180:], 10 * ratings[180:]))
    last = model.history_[-1]
    expected = model.score(texts[180:], 10 * ratings[180:])  # R² of these texts, by scikit-learn
    assert expected > 0.8
    assert last.validation_accuracy == pytest.approx(expected, abs=1e-4)
    assert model.transform(texts[:2]).shape == (2, 16)


@pytest.mark.tensorflow
def test_the_absolute_error_aims_at_the_median():
    texts, numbers = ["fine film"] * 50, [1.0] * 30 + [9.0] * 20
    squared, absolute = (
        TextRegressor(**{**NETWORK, "epochs": 40}, loss=loss).fit(texts, numbers).predict(texts[:1])[0]
        for loss in ("squared_error", "absolute_error")
    )
    assert squared == pytest.approx(4.2, abs=0.6)
    assert absolute == pytest.approx(1.0, abs=0.6)


@pytest.mark.tensorflow
def test_a_keras_model_gives_numbers_in_their_units(rated):
    texts, ratings = rated
    model = TextRegressor(**{**NETWORK, "epochs": 2}, bounded=False).fit(texts, 100 * ratings)
    given = model.to_keras().predict(model.token_ids(texts[:9]), verbose=0)[:, 0]
    np.testing.assert_allclose(given, model.predict(texts[:9]), rtol=1e-4)


@pytest.mark.tensorflow
def test_networks_hold_out_texts_and_weigh_them(rated):
    texts, ratings = rated
    settings = {**NETWORK, "validation_fraction": 0.25}
    model = TextRegressor(**settings).fit(texts, ratings, sample_weight=np.ones(240))
    again = TextRegressor(**settings).fit(texts, ratings)
    np.testing.assert_allclose(model.predict(texts), again.predict(texts), atol=1e-5)
    assert model.history_[-1].held_out_loss < 0.5
    assert model.history_[-1].validation_loss is None
    chosen = clone(model).fit(texts, ratings, validation_data=(texts, ratings), choose_by_validation=True)
    assert chosen.history_[-1].held_out_loss is None
    best = min(epoch.validation_loss for epoch in chosen.history_)
    assert 1 - best == pytest.approx(chosen.score(texts, ratings), abs=0.02)
    with pytest.raises(InputError, match="choose_by_validation needs validation_data"):
        clone(model).fit(texts, ratings, choose_by_validation=True)
    judged = clone(model).fit(texts, ratings, validation_data=(texts[:50], ratings[:50]))
    assert judged.history_[-1].held_out_loss == model.history_[-1].held_out_loss
    assert judged.history_[-1].validation_loss < 0.5


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"loss": "cross_entropy"}, "loss must be one of 'squared_error', 'absolute_error', 'huber'"),
        ({"label_smoothing": 0.1}, "label_smoothing is for classes, and a number has none"),
        ({"unlabeled": ["a"]}, 'unlabeled texts are for embeddings="corpus"'),
        ({"bounded": "yes"}, "bounded must be True or False"),
    ],
)
def test_parameters_of_networks_that_cannot_be(rated, parameters, message):
    with pytest.raises(InputError, match=message):
        TextRegressor(**{**NETWORK, **parameters}).fit(*rated)


def models():
    yield pytest.param(TfidfRegressor(), id="tfidf")
    yield pytest.param(TfidfRegressor(bounded=False, characters=3), id="characters")
    yield pytest.param(
        TextRegressor(**{**NETWORK, "epochs": 2}, loss="huber"), id="network", marks=pytest.mark.tensorflow
    )


@pytest.mark.parametrize("model", [*models()])
def test_files(model, rated, tmp_path):
    texts, ratings = rated
    expected = model.fit(texts, ratings).predict(texts)
    path = tmp_path / "model.safetensors"
    model.save(path, {"note": "rated"})
    read, predictor = load_model(path), load_predictor(path)
    assert type(read) is type(model)
    assert read.metadata_["note"] == "rated"
    assert read.targets_.scale == model.targets_.scale
    assert read.get_params() == model.get_params()
    np.testing.assert_allclose(read.predict(texts), expected, atol=1e-5)
    np.testing.assert_allclose(predictor.predict(texts), expected, atol=1e-5)
    assert predictor.unknown_shares(["xyzzy"]).tolist() == [1]


SCALE = {"mean": 3.0, "deviation": 1.0, "low": 1.0, "high": 5.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scale": {}}, "expected the scale of numbers, got"),
        ({"scale": None}, "expected the scale of numbers, and no labels"),
        ({"labels": ["a", "b"]}, "expected the scale of numbers, and no labels"),
        ({"form": "labels"}, "expected the scale of numbers, and no labels"),
        ({"scale": {**SCALE, "deviation": 0.0}}, "numbers cannot have the scale"),
        ({"scale": {**SCALE, "low": 6.0}}, "numbers cannot have the scale"),
        ({"scale": {**SCALE, "low": None}}, "expected the scale of numbers, got"),
        ({"scale": {**SCALE, "mean": True}}, "expected the scale of numbers, got"),
        ({"scale": {**SCALE, "more": 1}}, "expected the scale of numbers, got"),
        ({"task": "binary", "labels": ["a", "b"]}, "no task 'binary' of numbers"),
    ],
)
def test_damaged_scales_are_refused(change, message, rated, tmp_path):
    path = tmp_path / "model.safetensors"
    TfidfRegressor().fit(*rated).save(path)
    file = open_tensors(path)
    header = json.loads(file.metadata["embedkit-model"])
    content = json.loads(header["content"])
    check_content(content)
    with pytest.raises(FormatError, match=message):
        check_content({**content, **change})
    kind = json.dumps({**content, "kind": "mean-vectors"})
    tensors = {name: np.array(file.map(name)) for name in file.entries}
    header |= {"content": kind, "sha256": _digest(kind, tensors)}
    with path.open("wb") as stream:
        write_tensors(stream, tensors, {"embedkit-model": json.dumps(header)})
    with pytest.raises(FormatError, match="no model of the kind mean-vectors learns numbers"):
        load_model(path)


def test_parameters_of_classifiers_and_regressors_differ_only_where_they_must():
    classifier, regressor = TextClassifier().get_params(), TextRegressor().get_params()
    assert classifier.keys() - regressor.keys() == {"class_weight", "pseudo_labels"}
    assert regressor.keys() - classifier.keys() == {"bounded"}
