"""The baselines learn what can be learned, in the manner of scikit-learn."""

import types
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from embedkit.errors import InputError
from embedkit.model_files import load_model
from embedkit.models.linear.mean_vectors import MeanVectorClassifier
from embedkit.models.linear.tfidf import TfidfClassifier
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.embeddings import Embeddings

KINDS = ["tfidf", "mean-vectors"]


@pytest.fixture(params=KINDS)
def model(request, space):
    return TfidfClassifier() if request.param == "tfidf" else MeanVectorClassifier(space)


def test_two_classes(model, reviews):
    texts, labels = reviews
    model.fit(texts[:80], labels[:80])
    assert model.score(texts[80:], labels[80:]) > 0.95
    assert model.classes_.tolist() == ["bad", "good"]
    likely = model.predict_proba(texts)
    np.testing.assert_allclose(likely.sum(axis=1), 1)
    assert likely.shape == (120, 2)
    np.testing.assert_array_equal(model.predict(texts) == "good", likely[:, 1] > 0.5)
    np.testing.assert_array_equal(model.decision_function(texts) > 0, likely[:, 1] > 0.5)


@pytest.mark.parametrize("numbers", [False, True])
def test_more_classes(model, topics, numbers):
    texts, labels = topics
    if numbers:
        labels = np.array([len(label) * 10 for label in labels]) + np.arange(270) % 3
    model.fit(texts[:60], labels[:60])
    assert model.score(texts[60:], labels[60:]) == 1
    assert model.predict(texts[60:]).tolist() == list(labels[60:])
    assert model.decision_function(texts).shape == model.predict_proba(texts).shape == (270, 3)


def test_several_labels(model, tagged):
    texts, labels = tagged
    model.set_params(C=100).fit(texts[:180], labels[:180])
    predicted = model.predict(texts[180:])
    right = np.mean([row == tuple(sorted(truth)) for row, truth in zip(predicted, labels[180:], strict=True)])
    assert model.score(texts[180:], labels[180:]) == right > 0.9
    matrix = np.array([["sea" in row, "sky" in row, "soil" in row] for row in labels], int)
    again = clone(model).fit(texts[:180], matrix[:180])
    np.testing.assert_array_equal(again.predict_proba(texts), model.predict_proba(texts))
    np.testing.assert_array_equal(again.predict(texts), again.predict_proba(texts) > 0.5)
    assert again.score(texts[180:], matrix[180:]) == right
    assert again.classes_.tolist() == [0, 1, 2]
    assert cross_val_score(again, texts, matrix, cv=3).mean() > 0.8


def test_labels_that_were_not_learned_are_wrong(model, reviews, tagged):
    texts, labels = reviews
    assert model.fit(texts, labels).score(texts[:2], ["ugly", labels[1]]) == 0.5
    texts, labels = tagged
    model.set_params(C=100).fit(texts, labels)
    assert model.score(texts[:2], [labels[0], (*labels[1], "new")]) == model.score(texts[:1], labels[:1]) / 2


def test_a_label_that_never_varies_is_warned_of_and_has_its_odds(model, tagged):
    texts, labels = tagged
    with pytest.warns(UserWarning, match="no text, or every text, has the label 'all'"):
        model.fit(texts, [(*row, "all") for row in labels])
    np.testing.assert_allclose(model.predict_proba(texts)[:, 0], 241 / 242, rtol=1e-6)


def test_tools_of_scikit_learn(model, reviews):
    texts, labels = reviews
    assert cross_val_score(model, texts, labels, cv=3).mean() > 0.9
    assert cross_val_score(model, np.array(texts), np.array(labels), cv=3, scoring="roc_auc").mean() > 0.9
    assert cross_val_score(model, texts, labels, cv=3, scoring="neg_log_loss").mean() > -0.5
    grid = {"C": np.array([1e-6, 10.0])}
    search = GridSearchCV(model, grid, cv=3, scoring="neg_log_loss").fit(texts, labels)
    assert search.best_params_ == {"C": 10.0}
    assert search.best_estimator_.score(texts, labels) > 0.95
    steps = Pipeline(
        [("upper", FunctionTransformer(lambda texts: [t.upper() for t in texts])), ("model", model)]
    )
    assert steps.fit(texts, labels).score(texts, labels) > 0.95


def test_fits_repeat(model, reviews):
    texts, labels = reviews
    first, second = clone(model).fit(texts, labels), model.fit(texts, labels)
    np.testing.assert_array_equal(first.predict_proba(texts), second.predict_proba(texts))


def test_a_text_is_judged_alone_as_among_others(model, reviews):
    texts, labels = reviews
    model.fit(texts, labels)
    alone = np.concatenate([model.predict_proba([text]) for text in texts[:10]])
    np.testing.assert_allclose(alone, model.predict_proba(texts)[:10], rtol=1e-6)


def test_means_of_vectors_are_what_the_words_say(reviews, space):
    texts, labels = reviews
    means = np.array([space.rows(text.split()).mean(axis=0) for text in texts], np.float64)
    expected = make_pipeline(StandardScaler(), LogisticRegression(tol=1e-8)).fit(means, labels)
    found = MeanVectorClassifier(space).fit(texts, labels)
    np.testing.assert_allclose(found.predict_proba(texts), expected.predict_proba(means), atol=2e-3)


def test_rare_words_weigh_more_if_asked(reviews, space):
    counts = np.arange(len(space), 0, -1) ** 2
    counted = Embeddings(space.matrix, Vocabulary(list(space.vocabulary.words), counts))
    factors = 0.01 / (0.01 + counts / counts.sum())
    weighted = Embeddings(space.matrix * factors[:, None].astype(np.float32), counted.vocabulary)
    found = MeanVectorClassifier(counted, smoothing=0.01).fit(*reviews)
    expected = MeanVectorClassifier(weighted).fit(*reviews)
    np.testing.assert_allclose(found.predict_proba(reviews[0]), expected.predict_proba(reviews[0]), rtol=1e-5)
    with pytest.raises(InputError, match="smoothing must be more than 0, got 0"):
        MeanVectorClassifier(space, smoothing=0).fit(*reviews)


def test_unknown_words_leave_the_mean_as_it_is(reviews, space):
    model = MeanVectorClassifier(space).fit(*reviews)
    first, second = model.predict_proba(["fine film", "fine xyzzy film plugh"])
    np.testing.assert_allclose(first, second, rtol=1e-6)
    assert model.unknown_shares(["fine film", "fine xyzzy film plugh", "", "xyzzy"]).tolist() == [
        0,
        0.5,
        1,
        1,
    ]


def test_probabilities_and_unknown_shares_come_from_one_tokenization(model, reviews):
    model.fit(*reviews)
    texts = ["fine film", "fine xyzzy", "", *reviews[0]]
    expected = model.predict_proba(texts), model.unknown_shares(texts)
    tokenizer, passes = model.tokenizer_, []

    def tokenize_all(texts):
        passes.append(len(texts))
        return tokenizer.tokenize_all(texts)

    model.predictor_.tokenizer = types.SimpleNamespace(
        tokenizer=tokenizer.tokenizer, tokenize_all=tokenize_all
    )
    for found, separate in zip(model.proba_and_unknown(texts), expected, strict=True):
        np.testing.assert_array_equal(found, separate)
    assert passes == [len(texts)]


def test_a_clone_shares_the_vectors(space):
    assert clone(MeanVectorClassifier(space, C=2)).embeddings is space


def test_texts_without_known_words_have_an_answer(model, reviews):
    model.fit(*reviews)
    assert np.isfinite(model.predict_proba(["", "xyzzy"])).all()
    assert model.predict([]).tolist() == []
    assert model.predict_proba([]).shape == (0, 2)


def test_class_weights_move_the_line(model, reviews):
    texts, labels = reviews
    few = [number for number in range(120) if number % 2 or number < 20]
    texts, labels = [texts[n] for n in few], [labels[n] for n in few]
    plain = clone(model).set_params(C=0.01).fit(texts, labels).predict_proba(texts)[:, 0].mean()
    balanced = clone(model).set_params(C=0.01, class_weight="balanced").fit(texts, labels)
    assert balanced.predict_proba(texts)[:, 0].mean() > plain + 0.1
    heavy = clone(model).set_params(C=0.01, class_weight={"bad": 100, "good": 1}).fit(texts, labels)
    assert heavy.predict_proba(texts)[:, 0].mean() > balanced.predict_proba(texts)[:, 0].mean()
    with pytest.raises(InputError, match="class_weight names 'ugly'"):
        model.set_params(class_weight={"ugly": 1}).fit(texts, labels)


def test_vectors_are_found_by_file_and_shipped(reviews, space, tmp_path):
    texts, labels = reviews
    space.save(tmp_path / "v.safetensors")
    from_file = MeanVectorClassifier(tmp_path / "v.safetensors").fit(texts, labels)
    np.testing.assert_array_equal(
        from_file.predict_proba(texts), MeanVectorClassifier(space).fit(texts, labels).predict_proba(texts)
    )
    assert MeanVectorClassifier().fit(texts, labels).score(texts, labels) > 0.9


REFUSED = [
    (["a b", "b a"], ["x", "x"], "expected at least 2 classes to tell apart, got only \\['x'\\]"),
    (["a b", "b a"], ["x"], "expected a label for each of 2 texts, got 1|at least 2 classes"),
    (["a b", "b a", "c"], ["x", "y"], "expected a label for each of 3 texts, got 2"),
    (["a b", "b a"], None, "expected labels to learn from, got none"),
    (["a b", None], ["x", "y"], "got None as text 1"),
    (["a b", float("nan")], ["x", "y"], "got nan as text 1"),
    ("a b", ["x", "y", "z"], "expected a list of texts, got the string 'a b'"),
    (["a b", "b a"], ["x", None], "got none .* for 1 of 2, the first of them text 1"),
    (["a b", "b a"], [1.0, float("nan")], "for 1 of 2, the first of them text 1"),
    (["a b", "b a"], ["x", 1], "all strings or all numbers, got int, str"),
    (["a b", "b a"], [("x",), "y"], "expected a list of labels for each text"),
    (["a b", "b a"], np.array([[0, 2], [1, 0]]), "to hold 0 and 1"),
    (["a b", "b a"], [(), ()], "only empty lists"),
    (["...", "!"], [0, 1], "there is no word in the 2 texts$"),
    (["a b", "b a"], [0.5, 1.0], "expected labels of classes, got continuous numbers such as 0.5"),
    (["a b", "b a"], [float("inf"), 1.0], "expected labels of classes, got continuous numbers such as inf"),
]


@pytest.mark.filterwarnings("ignore:only one text")
@pytest.mark.parametrize(("texts", "labels", "message"), REFUSED)
def test_bad_input_is_refused(texts, labels, message):
    with pytest.raises(InputError, match=message):
        TfidfClassifier(min_df=1).fit(texts, labels)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"ngrams": 0}, "ngrams must be at least 1, got 0"),
        ({"min_df": 1.5}, "min_df must be a whole number"),
        ({"C": -1}, "C must be more than 0, got -1"),
        ({"tokenizer": "letters"}, "unknown tokenizer 'letters'"),
        ({"min_df": 1000}, "no word occurs in at least 1000 of 120 texts; lower min_df"),
    ],
)
def test_bad_parameters_are_refused(reviews, parameters, message):
    with pytest.raises(InputError, match=message):
        TfidfClassifier(**parameters).fit(*reviews)


def test_a_class_of_one_text_is_warned_of(model, reviews):
    texts, labels = reviews
    with pytest.warns(UserWarning, match="only one text is of class 'ugly'; it can hardly be learned"):
        model.fit([*texts, "an awful film"], [*labels, "ugly"])


def test_vectors_of_no_word_of_the_texts(space):
    with pytest.raises(InputError, match="no word of the texts has a vector"):
        MeanVectorClassifier(space).fit(["un deux", "trois", "un", "trois"], ["x", "y", "x", "y"])


def test_a_model_must_be_fitted(model, tmp_path):
    for ask in (
        model.predict,
        model.predict_proba,
        model.decision_function,
        model.unknown_shares,
        model.proba_and_unknown,
    ):
        with pytest.raises(NotFittedError):
            ask(["a"])
    with pytest.raises(NotFittedError):
        model.save(tmp_path / "m")


def test_a_fit_is_silent(model, reviews):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(*reviews).predict(reviews[0])


def test_n_grams_learn_from_what_they_guess():
    texts, labels = ["grand film", "awful film"] * 10, ["good", "bad"] * 10
    more = ["grand superb", "awful dire", "film"] * 10
    alone = TfidfClassifier().fit(texts, labels)
    taught = TfidfClassifier(unlabeled=more).fit(texts, labels)
    assert alone.unknown_shares(["superb"])[0] == 1
    assert taught.predict(["superb", "dire"]).tolist() == ["good", "bad"]
    assert taught.predict_proba(["superb"])[0, 1] > 0.8
    unknown = TfidfClassifier(unlabeled=["film"] * 20).fit(texts, labels)  # guesses that say nothing
    np.testing.assert_allclose(unknown.predict_proba(texts), alone.predict_proba(texts), atol=0.05)
    several = [("a", "b") if label == "good" else () for label in labels]
    found = TfidfClassifier(unlabeled=more).fit(texts, several)
    assert found.predict(["superb", "dire"]) == [("a", "b"), ()]
    three = TfidfClassifier(unlabeled=[*more, "odd strange"]).fit([*texts, "odd", "odd"], [*labels, "c", "c"])
    assert three.predict(["superb", "strange odd"]).tolist() == ["good", "c"]


def test_texts_without_labels_are_named_in_files(tmp_path):
    (tmp_path / "more.txt").write_text("grand superb\nawful dire\n" * 5)
    model = TfidfClassifier(unlabeled=tmp_path / "more.txt")
    model.fit(["grand film", "awful film"] * 5, ["good", "bad"] * 5).save(tmp_path / "m")
    assert load_model(tmp_path / "m").unlabeled == "more.txt"
